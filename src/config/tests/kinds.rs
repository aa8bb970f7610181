//! The kinds of provider beside `oidc`.

use super::{AROUND, Loaded, ProviderKind, Report, check};
use crate::provider::entra::CONSUMERS;
use crate::provider::oidc::{ClientAuth, IssuerRule, Settings};

const TENANT: &str = "11111111-2222-3333-4444-5555aaaabbbb";

fn load(lines: &str) -> Result<Loaded, Report> {
    check(&format!("{AROUND}{lines}"), &[("SECRET", "a-client-secret-of-theirs")])
}

/// The kind and the name on the button.
fn kind(lines: &str) -> (ProviderKind, String) {
    let loaded = load(lines).unwrap_or_else(|report| panic!("{report}"));
    let provider = loaded.config.providers.into_iter().next().unwrap();
    (provider.kind, provider.name)
}

/// What each mistake is told, without its place.
fn mistakes(lines: &str) -> Vec<String> {
    let report = load(lines).err().map(|report| report.to_string()).unwrap_or_default();
    report.lines().filter_map(|line| Some(line.split_once("providers[0]")?.1.to_owned())).collect()
}

fn google(more: &str) -> String {
    format!("kind = \"google\"\nclient_id = \"c\"\nclient_secret_env = \"SECRET\"\n{more}")
}

fn entra(more: &str) -> String {
    format!("kind = \"entra\"\nclient_id = \"c\"\nclient_secret_env = \"SECRET\"\n{more}")
}

fn github(more: &str) -> String {
    format!("kind = \"github\"\nclient_id = \"c\"\nclient_secret_env = \"SECRET\"\n{more}")
}

fn entra_settings(more: &str) -> Settings {
    match kind(&entra(more)) {
        (ProviderKind::Entra(settings), _) => settings,
        other => panic!("{other:?}"),
    }
}

#[test]
fn google_is_known_by_its_issuer_and_admits_by_domain() {
    let (ProviderKind::Google(settings), name) = kind(&google(r#"hosted_domains = ["Example.com"]"#)) else {
        panic!("another kind")
    };

    assert_eq!((settings.issuer.as_str(), name.as_str()), ("https://accounts.google.com", "Google"));
    assert_eq!(settings.habits.required[0].values, ["example.com"]);
    assert!(matches!(settings.client_auth, ClientAuth::SecretPost(_)));
    assert_eq!(settings.redirect_uri.as_str(), "https://sso.example.com/callback/them");
}

#[test]
fn a_wrong_domain_does_not_open_the_door_to_any_account() {
    assert_eq!(
        mistakes(&google(r#"hosted_domains = ["@example.com"]"#)),
        [".hosted_domains[0]: `@example.com` is no domain; leave out `@` and what stands before it: `example.com`"]
    );
}

#[test]
fn one_tenant_needs_no_list() {
    let settings = entra_settings(&format!("tenant = \"{}\"", TENANT.to_uppercase()));

    assert_eq!(settings.issuer, format!("https://login.microsoftonline.com/{TENANT}/v2.0"));
    assert_eq!(settings.habits.issuer, IssuerRule::Exact);
    assert_eq!(settings.habits.required[0].values, [TENANT]);
    assert_eq!(settings.scopes, ["openid", "profile", "email"]);
    assert!(settings.habits.completion.is_none());
}

#[test]
fn several_tenants_need_one() {
    let settings = entra_settings(&format!("tenant = \"organizations\"\nallowed_tenants = [\"{TENANT}\"]"));
    let missing = mistakes(&entra(r#"tenant = "common""#));
    let empty = mistakes(&entra("tenant = \"organizations\"\nallowed_tenants = []"));

    assert!(matches!(settings.habits.issuer, IssuerRule::Template { claim: "tid", .. }));
    assert_eq!(settings.habits.required[0].values, [TENANT]);
    assert_eq!(
        missing,
        [".allowed_tenants: is missing: without it, anybody with a Microsoft account could log in; add \
          `allowed_tenants = [\"…\"]` with the ids of the tenants whose people are admitted"]
    );
    assert_eq!(empty, [".allowed_tenants: is an empty list, which admits nobody; add the ids of tenants"]);
}

#[test]
fn personal_accounts_are_one_tenant() {
    let settings = entra_settings(r#"tenant = "consumers""#);

    assert_eq!(settings.habits.required[0].values, [CONSUMERS]);
}

#[test]
fn other_tenants_beside_the_only_one_are_a_contradiction() {
    let lines = format!("tenant = \"{TENANT}\"\nallowed_tenants = [\"{CONSUMERS}\"]");

    assert_eq!(
        mistakes(&entra(&lines)),
        [".allowed_tenants: names other tenants than `tenant`, which is one; leave it out"]
    );
}

#[test]
fn a_tenant_is_named_by_its_id() {
    assert_eq!(
        mistakes(&entra(r#"tenant = "contoso.onmicrosoft.com""#)),
        [".tenant: `contoso.onmicrosoft.com` is no tenant's id; give the tenant's id (Overview, Tenant ID), \
          `organizations`, `consumers` or `common`"]
    );
}

#[test]
fn a_key_with_its_certificate_stands_in_place_of_a_secret() {
    let pem = include_str!("../../../tests/support/products/entra-client.pem");
    let (key, _) = pem.split_at(pem.find("-----BEGIN CERTIFICATE").unwrap());
    let entra = |proof: &str| format!("kind = \"entra\"\nclient_id = \"c\"\ntenant = \"{TENANT}\"\n{proof}");

    let (ProviderKind::Entra(settings), _) = kind(&entra(&format!("client_key = '''\n{pem}'''"))) else {
        panic!("another kind");
    };
    let alone = mistakes(&entra(&format!("client_key = '''\n{key}'''")));
    let both = mistakes(&entra(&format!("client_secret_env = \"SECRET\"\nclient_key = '''\n{pem}'''")));

    assert!(matches!(settings.client_auth, ClientAuth::PrivateKey(_)));
    assert_eq!(
        alone,
        [
            ".client_key: cannot be used: there is no certificate in it; give the private key and its certificate, one after \
          the other, in PEM"
        ]
    );
    assert_eq!(both, [".client_secret_env: is given beside `client_key`; keep one of the two"]);
}

#[test]
fn groups_by_id_are_fetched_and_asked_for() {
    let settings = entra_settings(&format!("tenant = \"{TENANT}\"\ngroups = \"groups\""));
    let doubled =
        mistakes(&entra(&format!("tenant = \"{TENANT}\"\ngroups = \"groups\"\n[providers.claims]\ngroups = \"wids\"")));

    assert!(settings.habits.completion.is_some());
    assert_eq!(settings.scopes.last().map(String::as_str), Some("User.Read"));
    assert_eq!(settings.claims.groups.0, ["groups"]);
    assert_eq!(doubled.len(), 1, "{doubled:?}");
}

#[test]
fn github_is_github_unless_it_is_another() {
    let (ProviderKind::GitHub(public), public_name) = kind(&github(r#"organizations = ["example"]"#)) else {
        panic!("another kind")
    };
    let (ProviderKind::GitHub(own), own_name) = kind(&github(r#"base_url = "https://git.example.com""#)) else {
        panic!("another kind")
    };

    assert_eq!((public.api_url.as_str(), public_name.as_str()), ("https://api.github.com/", "GitHub"));
    assert_eq!((own.api_url.as_str(), own_name.as_str()), ("https://git.example.com/api/v3", "git.example.com"));
    assert_eq!(public.organizations, ["example"]);
    assert_eq!(public.scopes, ["user:email", "read:org"]);
}

#[test]
fn organizations_need_the_scope_that_shows_them() {
    assert_eq!(
        mistakes(&github("organizations = [\"example\"]\nscopes = [\"user:email\"]")),
        [".organizations: cannot be found out by these `scopes`; add `read:org` to `scopes`, or leave `scopes` out"]
    );
}

#[test]
fn a_kind_without_its_secret_is_told_so() {
    for kind in ["google", "entra", "github"] {
        let told = mistakes(&format!("kind = \"{kind}\"\nclient_id = \"c\"\ntenant = \"consumers\""));

        assert!(told.iter().any(|mistake| mistake.starts_with(".client_secret: is missing")), "{kind}: {told:?}");
    }
}

#[test]
fn a_guest_provider_has_nothing_to_set() {
    let (guest, name) = kind(r#"kind = "guest""#);

    assert!(matches!(guest, ProviderKind::Guest));
    assert_eq!(name, "Guest");
    assert!(mistakes("kind = \"guest\"\nissuer = \"https://id.example.com\"")[0].starts_with(".issuer: is no key"));
}

#[test]
fn a_secret_that_is_signed_needs_its_key_and_its_names() {
    let pem = format!("{}/tests/data/keys/ec-p256.pem", env!("CARGO_MANIFEST_DIR"));
    let apple = |more: &str| {
        format!(
            "kind = \"oidc\"\nissuer = \"https://appleid.apple.com\"\nclient_id = \"com.example.sso\"\n\
             client_auth = \"signed_client_secret\"\nclient_key_file = \"{pem}\"\n{more}"
        )
    };

    let (ProviderKind::Oidc(settings), _) = kind(&apple("client_key_id = \"K\"\nclient_key_issuer = \"T\"")) else {
        panic!("another kind")
    };
    assert!(matches!(settings.client_auth, ClientAuth::SignedSecret { .. }));
    let without_issuer = mistakes(&apple("client_key_id = \"K\""));
    assert!(without_issuer[0].starts_with(".client_key_issuer: is missing"), "{without_issuer:?}");
    let without_id = mistakes(&apple("client_key_issuer = \"T\""));
    assert!(without_id[0].starts_with(".client_key_id: is missing"), "{without_id:?}");
}

#[test]
fn a_rule_for_guests_is_not_hidden_by_one_that_passes_them_over() {
    let rule = |more: &str| format!("kind = \"guest\"\n[[access]]\nrooms = [\"*\"]\nrole = \"participant\"\n{more}");
    let warnings = |more: &str| load(&rule(more)).unwrap_or_else(|report| panic!("{report}")).warnings.to_string();

    assert_eq!(warnings("providers = [\"them\"]"), "");
    assert!(warnings("").contains("never decides"));
    assert!(warnings("providers = [\"them\"]\ngroups = [\"staff\"]").contains("fits nobody"));
}
