//! OpenID providers that need no kind of their own: the configuration of each one's page in the guide, against the answers that it gives.

use std::fs;

use serde_json::{Map, Value, json};

use crate::support::fake::{CLIENT_ID, CLIENT_SECRET, FakeProvider, Reply, SUBJECT};
use crate::support::login::log_in;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;
use crate::{entered, moderators};

/// What one product answers, beside what the protocol asks for.
struct Product {
    /// Its page in the guide.
    page: &'static str,
    id_token: Value,
    user_info: Value,
    /// A group that Roomkey makes of it.
    group: &'static str,
}

/// The first example of a page, for a provider that is here.
fn configuration(page: &str, issuer: &str) -> String {
    let text = fs::read_to_string(format!("{}/docs/providers/{page}.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let example = text.split_once("```toml\n").unwrap().1.split_once("```").unwrap().0;
    let here = |line: &str| match line.split_once(" = ").map(|(key, _)| key) {
        Some("issuer") => format!("issuer = \"{issuer}\"\n"),
        Some("client_id") => format!("client_id = \"{CLIENT_ID}\"\n"),
        Some("client_secret_file") => format!("client_secret = \"{CLIENT_SECRET}\"\n"),
        _ => format!("{line}\n"),
    };
    example.lines().map(here).collect()
}

/// Whether the issuer of a page ends in a slash.
fn has_slash(page: &str) -> bool {
    configuration_line(page, "issuer").ends_with("/\"")
}

fn configuration_line(page: &str, key: &str) -> String {
    let text = fs::read_to_string(format!("{}/docs/providers/{page}.md", env!("CARGO_MANIFEST_DIR"))).unwrap();
    text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap().to_owned()
}

/// Logs somebody in, who has to be Ada Lovelace, of a verified address, and in the group.
async fn check(product: Product) {
    let provider = FakeProvider::start().await;
    let issuer = format!("{}{}", provider.issuer, if has_slash(product.page) { "/" } else { "" });
    let Product { page, id_token, user_info, group } = product;
    provider.script(|script| {
        let (own, told) = (issuer.clone(), issuer.clone());
        script.response_iss = false;
        script.discovery = Box::new(move |mut document| {
            document["issuer"] = own.clone().into();
            Reply::Json(document)
        });
        script.claims = Box::new(move |claims| {
            let claims = claims.as_object_mut().unwrap();
            for standard in ["name", "email", "email_verified", "groups", "acr"] {
                claims.remove(standard);
            }
            claims.insert("iss".to_owned(), told.clone().into());
            claims.extend(id_token.as_object().unwrap().clone());
        });
        script.user_info = Box::new(move |_| {
            let mut claims = Map::from_iter([("sub".to_owned(), Value::from(SUBJECT))]);
            claims.extend(user_info.as_object().unwrap().clone());
            Reply::Json(claims.into())
        });
    });
    let by_group = moderators(group);
    let by_address = "email_domains = [\"example.com\"]\nrole =";
    let rule = by_group.replace("role =", by_address);
    let roomkey = Roomkey::start(&format!("{}{rule}", configuration(page, &issuer)));

    let entered =
        entered(&log_in(&mut Visitor::new(), &format!("{}/room/standup", roomkey.url), &provider).await, &roomkey);

    assert_eq!((entered["name"].as_str(), entered["email"].as_str()), (Some("Ada Lovelace"), Some("ada@example.com")));
    assert_eq!(entered["moderator"], true);
}

#[tokio::test]
async fn keycloak_nests_roles() {
    check(Product {
        page: "keycloak",
        id_token: json!({
            "jti": "e0b5c5b0-4a53-4a2f-8d7c-5d4b7e2c9a10", "typ": "ID", "azp": CLIENT_ID, "sid": "2f1c7c1e-9b1f-4d3a-8e55-0d1f6a7b8c9d",
            "acr": "1", "email_verified": true, "realm_access": { "roles": ["default-roles-main", "offline_access", "staff"] },
            "name": "Ada Lovelace", "preferred_username": "ada", "given_name": "Ada", "family_name": "Lovelace",
            "email": "ada@example.com",
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn authentik_has_a_slash_at_its_issuers_end() {
    check(Product {
        page: "authentik",
        id_token: json!({
            "acr": "goauthentik.io/providers/oauth2/default", "amr": ["pwd"], "sid": "b1946ac92492d2347c6235b4d2611184",
            "email": "ada@example.com", "email_verified": true, "name": "Ada Lovelace", "given_name": "Ada Lovelace",
            "preferred_username": "ada", "nickname": "ada", "groups": ["authentik Admins", "staff"], "uid": "2b00042f7481c7b056c4b410d28f33cf",
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn zitadel_has_several_audiences_and_roles_by_key() {
    check(Product {
        page: "zitadel",
        id_token: json!({
            "aud": [CLIENT_ID, "69234230193872955", "69234237810729019"], "azp": CLIENT_ID, "amr": ["pwd", "mfa", "otp"],
            "client_id": CLIENT_ID, "email": "ada@example.com", "email_verified": true, "name": "Ada Lovelace", "given_name": "Ada",
            "family_name": "Lovelace", "locale": "en", "preferred_username": "ada@example.com", "updated_at": 1_700_000_000,
            "urn:zitadel:iam:org:project:roles": { "staff": { "69234237810729001": "example.zitadel.cloud" } },
            "urn:zitadel:iam:org:project:69234237810729019:roles": { "staff": { "69234237810729001": "example.zitadel.cloud" } },
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn okta_leaves_the_rest_to_user_info() {
    check(Product {
        page: "okta",
        id_token: json!({
            "ver": 1, "jti": "ID.4eAWJOCMB3SX8XewDfVR", "amr": ["pwd"], "idp": "00o1n8sbwArJ7OQRw406",
            "preferred_username": "ada@example.com", "groups": ["Everyone", "staff"],
        }),
        user_info: json!({
            "name": "Ada Lovelace", "locale": "en-US", "email": "ada@example.com", "preferred_username": "ada@example.com",
            "given_name": "Ada", "family_name": "Lovelace", "zoneinfo": "America/Los_Angeles", "updated_at": 1_700_000_000,
            "email_verified": true,
        }),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn auth0_names_its_claims_by_address() {
    check(Product {
        page: "auth0",
        id_token: json!({
            "https://sso.example.com/roles": ["staff"], "nickname": "ada", "name": "Ada Lovelace",
            "picture": "https://s.gravatar.com/avatar/ada.png", "updated_at": "2026-11-24T12:00:00.000Z", "email": "ada@example.com",
            "email_verified": true, "sid": "abc123def456",
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn gitlab_tells_all_groups_by_user_info_alone() {
    check(Product {
        page: "gitlab",
        id_token: json!({
            "sub_legacy": "0a1b2c3d", "name": "Ada Lovelace", "nickname": "ada", "preferred_username": "ada",
            "email": "ada@example.com", "email_verified": true, "profile": "https://gitlab.com/ada",
            "picture": "https://gitlab.com/uploads/ada.png", "groups_direct": ["example/board/minutes"],
        }),
        user_info: json!({
            "sub_legacy": "0a1b2c3d", "name": "Ada Lovelace", "nickname": "ada", "email": "ada@example.com", "email_verified": true,
            "groups": ["example", "example/board", "example/board/minutes"],
            "https://gitlab.org/claims/groups/owner": ["example/board/minutes"],
        }),
        group: "example/board",
    })
    .await;
}

#[tokio::test]
async fn nextcloud_calls_groups_roles() {
    check(Product {
        page: "nextcloud",
        id_token: json!({
            "preferred_username": "ada", "scope": "openid profile email roles", "nbf": 1_700_000_000, "azp": CLIENT_ID,
            "jti": "42", "roles": ["admin", "staff"], "name": "Ada Lovelace", "updated_at": 1_700_000_000,
            "email": "ada@example.com", "email_verified": true, "quota": "5 GB",
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}

#[tokio::test]
async fn dex_passes_on_what_its_connector_says() {
    check(Product {
        page: "dex",
        id_token: json!({
            "email": "ada@example.com", "email_verified": true, "groups": ["staff"], "name": "Ada Lovelace",
            "preferred_username": "ada", "federated_claims": { "connector_id": "ldap", "user_id": "ada" },
        }),
        user_info: json!({}),
        group: "staff",
    })
    .await;
}
