//! What is right, or no business of Roomkey's, lets people in.

use std::time::Duration;

use serde_json::{Value, json};

use crate::script::{
    claim, claims, discovery, each_key, header, key_set, parameters, rewritten, signed_user_info, tokens_with,
    user_info_of_name,
};
use crate::support::fake::{CLIENT_ID, Reply, keys, now};

unbroken! {
    a_good_login_enters: |_| {};
    an_id_token_by_rs384_enters: |script| script.alg = "RS384";
    an_id_token_by_rs512_enters: |script| script.alg = "RS512";
    an_id_token_by_ps256_enters: |script| script.alg = "PS256";
    an_id_token_by_ps384_enters: |script| script.alg = "PS384";
    an_id_token_by_ps512_enters: |script| script.alg = "PS512";
    an_id_token_by_es256_enters: |script| script.alg = "ES256";
    an_id_token_by_es384_enters: |script| script.alg = "ES384";
    an_id_token_by_es512_enters: |script| script.alg = "ES512";
    an_id_token_by_eddsa_enters: |script| script.alg = "EdDSA";
    a_list_of_this_audience_alone_enters: claim("aud", json!([CLIENT_ID]));
    several_audiences_with_this_client_as_party_enter: claims(|claims| {
        claims["aud"] = json!([CLIENT_ID, "other"]);
        claims["azp"] = json!(CLIENT_ID);
    });
    a_token_without_at_hash_enters: claim("at_hash", Value::Null);
    a_clock_half_a_minute_ahead_enters: claim("iat", json!(now() + 30));
    an_asked_for_acr_enters: |_| {}, with "acr_values = [\"gold\", \"silver\"]";
    a_recent_authentication_enters: |_| {}, with "max_age = \"1m\"";
    a_name_from_user_info_enters: user_info_of_name(Reply::Json);
    user_info_with_a_charset_enters: user_info_of_name(|claims| {
        Reply::Raw(200, "Application/JSON; charset=utf-8", claims.to_string().into_bytes())
    });
    a_signed_user_info_enters: user_info_of_name(signed_user_info(keys::key("RS256"), |_| {}));
    a_signed_user_info_for_several_enters: user_info_of_name(signed_user_info(keys::key("RS256"), |claims| {
        claims["aud"] = json!([CLIENT_ID, "other"]);
    }));
    useless_keys_in_the_set_hide_no_good_one: key_set(|mut set| {
        let list = set["keys"].as_array_mut().unwrap();
        list.insert(0, json!({"kty": "oct", "k": "AAAA", "kid": "rsa"}));
        list.insert(0, json!({"kty": "QUANTUM", "kid": "rsa"}));
        list.insert(0, json!(7));
        Reply::Json(set)
    });
    a_strangers_key_by_the_same_name_hides_no_good_one: key_set(|mut set| {
        set["keys"].as_array_mut().unwrap().insert(0, keys::stranger("rsa").jwk());
        Reply::Json(set)
    });
    a_token_that_names_no_key_enters: |script| {
        script.header = Box::new(|header| drop(header.as_object_mut().unwrap().remove("kid")));
    };
    keys_without_names_serve_a_token_without_one: |script| {
        script.header = Box::new(|header| drop(header.as_object_mut().unwrap().remove("kid")));
        each_key(|key| drop(key.as_object_mut().unwrap().remove("kid")))(script);
    };
    keys_whose_use_is_not_told_enter: each_key(|key| drop(key.as_object_mut().unwrap().remove("use")));
    a_header_without_a_type_enters: |script| {
        script.header = Box::new(|header| drop(header.as_object_mut().unwrap().remove("typ")));
    };
    a_token_that_expired_within_the_leeway_enters: claim("exp", json!(now() - 30));
    a_token_that_is_valid_forever_enters: claim("exp", json!(u64::MAX));
    times_with_fractions_enter: claims(|claims| {
        claims["iat"] = json!(now() as f64 + 0.25);
        claims["exp"] = json!(now() as f64 + 60.75);
    });
    claims_nobody_knows_enter: claim("https://example.com/claim", json!({"nested": [null, {"deep": true}]}));
    a_token_type_in_small_letters_enters: tokens_with("token_type", json!("bearer"));
    members_of_the_token_response_nobody_knows_enter: tokens_with("refresh_expires_in", json!({"days": 1}));
    a_slow_token_response_in_time_enters: |script| {
        script.token = Box::new(|tokens| Reply::After(Duration::from_secs(2), Box::new(Reply::Json(tokens))));
    };
    parameters_of_the_response_nobody_knows_enter: parameters(|response| {
        for (name, value) in [("session_state", "0815"), ("scope", "openid"), ("id_token", "a.b.c"), ("hd", "")] {
            response.push((name.to_owned(), value.to_owned()));
        }
    });
    a_discovery_document_of_another_type_enters: discovery(|document| {
        Reply::Raw(200, "text/plain", document.to_string().into_bytes())
    });
    a_discovery_document_of_everything_enters: discovery(|mut document| {
        document["claims_supported"] = json!(["sub", "name"]);
        document["grant_types_supported"] = json!(["authorization_code", "urn:example:own"]);
        document["token_endpoint_auth_methods_supported"] = json!(["client_secret_basic", "tls_client_auth"]);
        document["request_parameter_supported"] = json!(true);
        document["https://example.com/own"] = json!({"a": 1});
        Reply::Json(document)
    });
    a_silent_provider_of_responses_without_iss_enters: |script| script.response_iss = false;
    a_header_with_members_nobody_knows_enters: rewritten(|header, _| {
        *header = header.replacen('{', "{\"x5t\":\"AAAA\",\"own\":{\"a\":1},", 1);
    });
    keys_that_come_with_the_token_are_not_looked_at: header("jwk", json!({"kty": "oct", "k": "AAAA"}));
}
