//! The signature of an ID Token, and the form that carries it (RFC 7515).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::script::{claim, decode, forged_by, header, id_token, rewritten, signature};
use crate::support::ending::UNTRUSTED;
use crate::support::fake::{CLIENT_SECRET, keys};

const NO_JWS: &str = "fails the ID Token check";

broken! {
    an_unsigned_token: id_token(|token| {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        *token = format!("{header}.{}.", token.split('.').nth(1).unwrap());
    }) => UNTRUSTED, "fails the `alg` check";
    an_unsigned_token_in_other_letters: id_token(|token| {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"nOnE"}"#);
        *token = format!("{header}.{}.", token.split('.').nth(1).unwrap());
    }) => UNTRUSTED, "fails the `alg` check";
    a_token_by_the_client_secret: forged_by(CLIENT_SECRET.into()) => UNTRUSTED, "fails the `alg` check";
    a_token_by_the_public_key_as_secret: forged_by(keys::key("RS256").jwk().to_string().into()) => UNTRUSTED, "fails the `alg` check";
    a_token_by_the_modulus_as_secret: forged_by(
        URL_SAFE_NO_PAD.decode(keys::key("RS256").jwk()["n"].as_str().unwrap()).unwrap(),
    ) => UNTRUSTED, "fails the `alg` check";
    an_algorithm_the_client_is_not_registered_for: |script| script.alg = "RS512" => UNTRUSTED, "fails the `alg` check", with "id_token_signed_response_alg = \"RS256\"";
    an_algorithm_in_small_letters: rewritten(|header, _| *header = header.replace("RS256", "rs256")) => UNTRUSTED, "fails the `alg` check";
    an_algorithm_in_a_list: rewritten(|header, _| *header = header.replace("\"RS256\"", "[\"RS256\"]")) => UNTRUSTED, "the header is not a JOSE header";
    an_algorithm_given_twice: rewritten(|header, _| *header = header.replacen('{', "{\"alg\":\"none\",", 1)) => UNTRUSTED, "the header is not a JOSE header";
    no_algorithm: rewritten(|header, _| *header = "{\"kid\":\"rsa\"}".to_owned()) => UNTRUSTED, "the header is not a JOSE header";

    a_flipped_bit_in_the_signature: signature("RS256", |signature| signature[100] ^= 1) => UNTRUSTED, "fails the signature check";
    an_empty_signature: signature("RS256", Vec::clear) => UNTRUSTED, "fails the signature check";
    a_signature_cut_short: signature("RS256", |signature| signature.truncate(255)) => UNTRUSTED, "fails the signature check";
    a_signature_with_more_behind_it: signature("RS256", |signature| signature.push(0)) => UNTRUSTED, "fails the signature check";
    a_signature_of_zeros_on_a_curve: signature("ES256", |signature| signature.fill(0)) => UNTRUSTED, "fails the signature check";
    a_signature_of_zeros_on_edwards_curve: signature("EdDSA", |signature| signature.fill(0)) => UNTRUSTED, "fails the signature check";
    a_signature_on_a_curve_in_der: signature("ES256", |signature| {
        let integer = |bytes: &[u8]| [&[2, 33, 0], bytes].concat();
        let (r, s) = signature.split_at(32);
        *signature = [vec![0x30, 70], integer(r), integer(s)].concat();
    }) => UNTRUSTED, "fails the signature check";
    a_signature_with_the_padding_of_another_algorithm: id_token(|token| {
        let signed = keys::key("RS256").sign_text("PS256", r#"{"alg":"RS256","kid":"rsa"}"#, decode(token).to_string());
        *token = signed;
    }) => UNTRUSTED, "fails the signature check";
    a_signature_over_another_hash: id_token(|token| {
        *token = keys::key("RS256").sign_text("RS512", r#"{"alg":"RS256","kid":"rsa"}"#, decode(token).to_string());
    }) => UNTRUSTED, "fails the signature check";
    a_signature_by_a_key_of_another_type: id_token(|token| {
        *token = keys::key("ES256").sign_text("ES256", r#"{"alg":"RS256","kid":"rsa"}"#, decode(token).to_string());
    }) => UNTRUSTED, "fails the signature check";
    a_signature_of_another_token: id_token(|token| {
        let other = keys::key("RS256").sign_text("RS256", r#"{"alg":"RS256","kid":"rsa"}"#, "{}");
        let (input, _) = token.rsplit_once('.').unwrap();
        *token = format!("{input}.{}", other.rsplit_once('.').unwrap().1);
    }) => UNTRUSTED, "fails the signature check";
    a_changed_payload: id_token(|token| {
        let mut claims = decode(token);
        claims["groups"] = json!(["board"]);
        let payload = URL_SAFE_NO_PAD.encode(claims.to_string());
        let parts: Vec<_> = token.split('.').collect();
        *token = format!("{}.{payload}.{}", parts[0], parts[2]);
    }) => UNTRUSTED, "fails the signature check";
    a_strangers_key_by_the_providers_name: |script| script.key = Some(keys::stranger("rsa")) => UNTRUSTED, "fails the signature check";

    an_unknown_key: |script| script.key = Some(keys::stranger("new")) => UNTRUSTED, "fails the `kid` check";
    a_strangers_key_without_a_name: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| drop(header.as_object_mut().unwrap().remove("kid")));
    } => UNTRUSTED, "fails the `kid` check";
    a_key_of_another_algorithm: header("kid", json!("p256")) => UNTRUSTED, "fails the `kid` check";
    a_key_named_like_a_file: header("kid", json!("../../../../dev/null")) => UNTRUSTED, "fails the `kid` check";
    a_key_named_like_a_query: header("kid", json!("rsa' OR '1'='1")) => UNTRUSTED, "fails the `kid` check";
    a_key_named_by_a_number: header("kid", json!(1)) => UNTRUSTED, "the header is not a JOSE header";
    a_key_brought_along_in_the_header: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| header["jwk"] = keys::stranger("mine").jwk());
    } => UNTRUSTED, "fails the `kid` check";
    a_key_brought_along_by_the_providers_name: |script| {
        script.key = Some(keys::stranger("rsa"));
        script.header = Box::new(|header| header["jwk"] = keys::stranger("rsa").jwk());
    } => UNTRUSTED, "fails the signature check";
    a_key_pointed_to_by_the_header: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| header["jku"] = json!("http://localhost:9/jwks"));
    } => UNTRUSTED, "fails the `kid` check";
    a_certificate_pointed_to_by_the_header: |script| {
        script.key = Some(keys::stranger("mine"));
        script.header = Box::new(|header| header["x5u"] = json!("http://localhost:9/chain.pem"));
    } => UNTRUSTED, "fails the `kid` check";

    a_critical_extension: header("crit", json!(["exp"])) => UNTRUSTED, "demands an extension (`crit`)";
    a_detached_payload: |script| {
        script.header = Box::new(|header| {
            header["b64"] = json!(false);
            header["crit"] = json!(["b64"]);
        });
    } => UNTRUSTED, "demands an extension (`crit`)";
    an_access_token_in_place_of_an_id_token: header("typ", json!("at+jwt")) => UNTRUSTED, "`typ` is that of another kind of token";
    a_logout_token_in_place_of_an_id_token: header("typ", json!("logout+jwt")) => UNTRUSTED, "`typ` is that of another kind of token";
    a_header_that_is_no_json: rewritten(|header, _| *header = "alg=RS256".to_owned()) => UNTRUSTED, "the header is not a JOSE header";
    a_header_that_is_a_list: rewritten(|header, _| *header = format!("[{header}]")) => UNTRUSTED, "the header is not a JOSE header";

    an_empty_id_token: id_token(String::clear) => UNTRUSTED, NO_JWS;
    a_token_of_two_parts: id_token(|token| token.truncate(token.rfind('.').unwrap())) => UNTRUSTED, NO_JWS;
    an_encrypted_token: id_token(|token| token.push_str(".AAAA.AAAA")) => UNTRUSTED, "it is encrypted, or no JWS";
    a_token_with_padding: id_token(|token| *token = token.replacen('.', "==.", 1)) => UNTRUSTED, "a part is not base64url";
    a_token_with_a_line_break: id_token(|token| token.push('\n')) => UNTRUSTED, "a part is not base64url";
    a_token_with_stray_bits_in_its_signature: id_token(|token| {
        let last = token.pop().unwrap();
        let next = char::from(u8::try_from(last).unwrap() + 1);
        assert!("AQgw".contains(last), "256 bytes leave four bits of the last character unused");
        token.push(next);
    }) => UNTRUSTED, "a part is not base64url";
    a_token_in_the_other_serialization: id_token(|token| {
        let parts: Vec<_> = token.split('.').collect();
        *token = json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string();
    }) => UNTRUSTED, NO_JWS;
    a_token_too_long: claim("story", json!("long ".repeat(20_000))) => UNTRUSTED, "the token is too long";
    a_payload_that_is_a_list: rewritten(|_, payload| *payload = format!("[{payload}]")) => UNTRUSTED, "the payload is not a JSON object";
    a_payload_that_is_cut_short: rewritten(|_, payload| payload.truncate(payload.len() - 1)) => UNTRUSTED, "the payload is not a JSON object";
    a_payload_that_is_deep: rewritten(|_, payload| *payload = format!("{{\"a\":{}", "[".repeat(10_000))) => UNTRUSTED, "the payload is not a JSON object";
    an_issuer_given_twice: rewritten(|_, payload| {
        *payload = format!("{},\"iss\":\"https://evil.example\"}}", payload.trim_end_matches('}'));
    }) => UNTRUSTED, "fails the `iss` check";
}
