//! Mistakes in `[[providers]]`.

use super::assert_reports;

#[test]
fn each_mistake_in_a_provider_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "providers",
            r#"id = "Work""#,
            &[
                r#"9:6: providers[0].id: `W` cannot stand in a provider id: use a-z, 0-9 and -; give it as in `id = "work"`"#,
            ],
        ),
        (
            "providers",
            r#"id = "a-very-long-id-of-more-than-32-characters""#,
            &[
                r#"9:6: providers[0].id: a provider id has 1 to 32 characters, this one has 41; give it as in `id = "work"`"#,
            ],
        ),
        (
            "providers",
            r#"name = "  ""#,
            &[
                "9:8: providers[0].name: is empty, has a control character, or more than 64 characters; give the name that people know it by",
            ],
        ),
        ("providers", r#"kind = "odic""#, &["9:8: providers[0].kind: `odic` is unknown here; did you mean `oidc`?"]),
        (
            "providers",
            r#"kind = "facebook""#,
            &[
                "9:8: providers[0].kind: `facebook` is unknown here; choose from `oidc`, `google`, `entra`, `github`, `saml`, `ldap`, `guest`",
            ],
        ),
        (
            "providers",
            r#"isuer = "https://id.example.com""#,
            &["9:1: providers[0].isuer: is no key that Roomkey knows; did you mean `issuer`?"],
        ),
        (
            "providers",
            r#"issuer = "https://id.example.com/.well-known/openid-configuration""#,
            &[
                "9:10: providers[0].issuer: is the address of the discovery document; leave out `/.well-known/openid-configuration`: `https://id.example.com`",
            ],
        ),
        (
            "providers",
            r#"issuer = "http://id.example.com""#,
            &[
                "9:10: providers[0].issuer: is plain `http`; use `https`; plain `http` is for loopback hosts (`127.0.0.1`, `[::1]`, `localhost`) only",
            ],
        ),
        (
            "providers",
            r#"client_id = """#,
            &["9:13: providers[0].client_id: is empty or not printable ASCII; give it as the provider shows it"],
        ),
        (
            "providers",
            r#"client_secret_env = "s3cr3t!""#,
            &[
                "9:21: providers[0].client_secret_env: is no name of an environment variable; give the name of a variable, not its value: letters, digits and `_`",
            ],
        ),
        (
            "providers",
            r#"client_secret = "a"
client_secret_env = "WORK""#,
            &[
                "9:17: providers[0].client_secret: is given more than once; keep one of `client_secret`, `client_secret_file` and `client_secret_env`",
            ],
        ),
        (
            "providers",
            r#"client_auth = "client_secret_basic""#,
            &[
                "8:1: providers[0].client_secret: is missing; give it as `client_secret_file` (a path), `client_secret_env` (a variable's name) or `client_secret`",
            ],
        ),
        (
            "providers",
            r#"client_auth = "none"
client_secret = "a""#,
            &[
                "10:17: providers[0].client_secret: is not used by client authentication `none`; leave it out, or choose another `client_auth`",
            ],
        ),
        (
            "providers",
            r#"client_auth = "private_key_jwt"
client_secret = "a""#,
            &[
                "8:1: providers[0].client_key: is missing; give it as `client_key_file` (a path), `client_key_env` (a variable's name) or `client_key`",
                "10:17: providers[0].client_secret: is not used by client authentication `private_key_jwt`; leave it out, or choose another `client_auth`",
            ],
        ),
        (
            "providers",
            r#"client_auth = "client_secret_jwt""#,
            &[
                "9:15: providers[0].client_auth: `client_secret_jwt` is unknown here; did you mean `client_secret_post`?",
            ],
        ),
        (
            "providers",
            r#"client_key = "no key""#,
            &[
                "9:14: providers[0].client_key: cannot be used: the key is neither an RSA key nor a P-256 key in PEM (PKCS#8, or PKCS#1 for RSA); give the client's own private key",
            ],
        ),
        (
            "providers",
            r#"client_key_id = "2026""#,
            &[
                "9:17: providers[0].client_key_id: is not used by client authentication `none`; leave it out, or choose another `client_auth`",
            ],
        ),
        (
            "providers",
            r#"scopes = ["profile", "e mail"]"#,
            &[
                "9:10: providers[0].scopes: lacks `openid`, without which there is no ID Token; add it",
                r#"9:22: providers[0].scopes[1]: `e mail` is no scope; give each scope as a string of its own, as in `["openid", "profile"]`"#,
            ],
        ),
        (
            "providers",
            r#"scopes = ["profile"]"#,
            &["9:10: providers[0].scopes: lacks `openid`, without which there is no ID Token; add it"],
        ),
        ("providers", r#"prompt = "logn""#, &["9:10: providers[0].prompt: `logn` is no prompt; did you mean `login`?"]),
        (
            "providers",
            r#"prompt = "none login""#,
            &["9:10: providers[0].prompt: has `none` beside others; `none` stands alone"],
        ),
        (
            "providers",
            r#"max_age = "2y""#,
            &[
                "9:11: providers[0].max_age: `2y` is no duration; give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`",
            ],
        ),
        (
            "providers",
            r#"acr_values = "a\u0000""#,
            &["9:14: providers[0].acr_values: has a control character; give the provider's own names"],
        ),
        (
            "providers",
            r#"response_mode = "fragment""#,
            &["9:17: providers[0].response_mode: `fragment` is unknown here; choose from `query`, `form_post`"],
        ),
        (
            "providers",
            r#"id_token_signed_response_alg = "HS256""#,
            &["9:32: providers[0].id_token_signed_response_alg: `HS256` is unknown here; did you mean `ES256`?"],
        ),
        (
            "providers",
            r#"id_token_signed_response_alg = ["RS256", "none"]"#,
            &[
                "9:42: providers[0].id_token_signed_response_alg[1]: `none` is unknown here; choose from `RS256`, `RS384`, `RS512`, `PS256`, `PS384`, `PS512`, `ES256`, `ES384`, `ES512`, `EdDSA`",
            ],
        ),
        (
            "providers",
            r#"token_endpoint = "https://id.example.com/token""#,
            &[
                "8:1: providers[0].authorization_endpoint: is missing; endpoints are given by hand all together, or left to discovery",
                "8:1: providers[0].jwks_uri: is missing; endpoints are given by hand all together, or left to discovery",
            ],
        ),
        (
            "providers",
            r#"userinfo_endpoint = "https://id.example.com/me""#,
            &[
                "9:21: providers[0].userinfo_endpoint: is given without the other endpoints; leave it to discovery, or give `authorization_endpoint`, `token_endpoint` and `jwks_uri` too",
            ],
        ),
        (
            "providers",
            r#"authorization_response_iss_parameter_supported = "yes""#,
            &[
                "9:50: providers[0].authorization_response_iss_parameter_supported: is a string; write `true` or `false`, without quotes",
            ],
        ),
        (
            "providers",
            "authorization_response_iss_parameter_supported = true",
            &[
                "9:50: providers[0].authorization_response_iss_parameter_supported: is given without the other endpoints; leave it to discovery, or give `authorization_endpoint`, `token_endpoint` and `jwks_uri` too",
            ],
        ),
    ]);
}

#[test]
fn each_mistake_in_claim_mapping_is_told_with_its_remedy() {
    assert_reports(&[
        (
            "providers.claims",
            r#"email_verified = "true""#,
            &[
                "17:18: providers[0].claims.email_verified: is a word in quotes; write `true` or `false` without quotes, or a claim's name",
            ],
        ),
        (
            "providers.claims",
            "email_verified = 1",
            &["17:18: providers[0].claims.email_verified: is a number, not a string; write it in quotes"],
        ),
        (
            "providers.claims",
            r#"groups = "/a~2b""#,
            &[
                "17:10: providers[0].claims.groups: `/a~2b` is no JSON pointer; write `~0` for `~` and `~1` for `/` within a name",
            ],
        ),
        (
            "providers.claims",
            r#"name = ["name", ""]"#,
            &[
                "17:17: providers[0].claims.name[1]: is an empty name; give a claim's name, or a JSON pointer as in `/realm_access/roles`",
            ],
        ),
        (
            "providers.claims",
            r#"nam = "name""#,
            &["17:1: providers[0].claims.nam: is no key that Roomkey knows; did you mean `name`?"],
        ),
    ]);
}
