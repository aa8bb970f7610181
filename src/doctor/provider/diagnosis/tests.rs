use super::*;
use crate::doctor::testing::{FILE, load};

fn provider(file: &str) -> ProviderConfig {
    load(file).unwrap().config.providers.remove(0)
}

fn arrived(status: u16, location: Option<&str>) -> Arrived {
    Arrived { status, location: location.map(|url| url.parse().unwrap()), entra_error: None }
}

/// A provider that is as it should be.
fn good() -> Observed {
    Observed {
        discovery: Ok(()),
        keys: Some(Ok(())),
        exchange: Some(ProviderError::Refused { code: "invalid_grant".to_owned() }),
        authorization: Some(Ok(arrived(302, Some("https://id.example.com/login")))),
        clock: None,
    }
}

fn checks_of(file: &str, observed: &Observed) -> Vec<&'static str> {
    diagnose(&provider(file), observed).iter().map(|finding| finding.check).collect()
}

fn checks(observed: &Observed) -> Vec<&'static str> {
    checks_of(FILE, observed)
}

fn with_discovery(error: ProviderError) -> Observed {
    Observed { discovery: Err(error), ..good() }
}

fn with_exchange(error: ProviderError) -> Observed {
    Observed { exchange: Some(error), ..good() }
}

fn with_authorization(arrived: Arrived) -> Observed {
    Observed { authorization: Some(Ok(arrived)), ..good() }
}

fn unreachable(cause: &str) -> ProviderError {
    ProviderError::Unreachable { leg: Leg::Discovery, cause: HttpError::Connection { cause: cause.to_owned() } }
}

fn turned_away(code: &str) -> ProviderError {
    ProviderError::TurnedAway { leg: Leg::Token, code: code.to_owned() }
}

#[test]
fn a_good_provider_gives_no_finding() {
    assert_eq!(checks(&good()), [""; 0]);
    assert_eq!(checks(&with_authorization(arrived(200, None))), [""; 0]);
}

#[test]
fn each_way_not_to_be_reached_is_told_apart() {
    for (cause, named) in [
        ("failed to lookup address information: Name or service not known", "provider.dns"),
        ("invalid peer certificate: UnknownIssuer", "provider.tls"),
        ("Connection refused (os error 111)", "provider.unreachable"),
    ] {
        assert_eq!(checks(&with_discovery(unreachable(cause))), [named], "{cause}");
    }
    let status = ProviderError::Unreachable { leg: Leg::Discovery, cause: HttpError::Status(404) };
    assert_eq!(checks(&with_discovery(status)), ["provider.answer"]);
}

#[test]
fn documents_that_do_not_fit_are_named() {
    let issuer = ProviderError::Untrusted { check: FailedCheck::DiscoveredIssuer, detail: "another".to_owned() };
    let metadata = ProviderError::Untrusted { check: FailedCheck::Metadata, detail: "no endpoint".to_owned() };
    let keys = ProviderError::Unreachable { leg: Leg::Keys, cause: HttpError::Status(500) };

    assert_eq!(checks(&with_discovery(issuer)), ["provider.issuer"]);
    assert_eq!(checks(&with_discovery(metadata)), ["provider.discovery"]);
    assert_eq!(checks(&Observed { keys: Some(Err(keys)), ..good() }), ["provider.keys"]);
}

#[test]
fn a_wrong_secret_is_told_from_a_wrong_code() {
    assert_eq!(checks(&with_exchange(turned_away("invalid_client"))), ["provider.client_secret"]);
    assert_eq!(checks(&with_exchange(turned_away("incorrect_client_credentials"))), ["provider.client_secret"]);
    assert_eq!(checks(&with_exchange(turned_away("redirect_uri_mismatch"))), ["provider.redirect_uri"]);
    // Entra finds the code malformed before it looks at the secret.
    assert_eq!(checks(&with_exchange(turned_away("invalid_request"))), [""; 0]);
}

#[test]
fn a_public_client_is_told_that_a_secret_is_wanted() {
    let public = FILE.replace("client_secret = ", "# ");

    let findings = diagnose(&provider(&public), &with_exchange(turned_away("invalid_client")));

    assert!(findings[0].trouble.contains("wants a secret"), "{findings:?}");
}

#[test]
fn a_redirect_uri_that_is_not_registered_is_named_with_the_uri() {
    let google = arrived(302, Some("https://accounts.google.com/signin/oauth/error?authError=Cg"));
    let entra = Arrived { entra_error: Some("AADSTS50011"), ..arrived(200, None) };

    for seen in [arrived(400, None), arrived(404, None), google, entra] {
        let findings = diagnose(&provider(FILE), &with_authorization(seen.clone()));

        assert_eq!(findings.len(), 1, "{seen:?}");
        assert_eq!(findings[0].check, "provider.redirect_uri");
        assert!(findings[0].remedy.contains("https://sso.example.com/callback/work"), "{findings:?}");
    }
}

#[test]
fn a_page_that_turns_programs_away_is_a_warning() {
    let findings = diagnose(&provider(FILE), &with_authorization(arrived(403, None)));

    assert_eq!(findings[0].severity, Severity::Warning);
}

#[test]
fn a_login_that_is_sent_back_at_once_says_why() {
    let back = |code: &str| arrived(302, Some(&format!("https://sso.example.com/callback/work?error={code}")));

    assert_eq!(checks(&with_authorization(back("invalid_scope"))), ["provider.scopes"]);
    assert_eq!(checks(&with_authorization(back("unauthorized_client"))), ["provider.request"]);
    assert_eq!(checks(&with_authorization(back("login_required"))), [""; 0]);
}

#[test]
fn what_two_answers_say_is_told_once() {
    let observed = Observed {
        exchange: Some(turned_away("redirect_uri_mismatch")),
        authorization: Some(Ok(arrived(400, None))),
        ..good()
    };

    assert_eq!(checks(&observed), ["provider.redirect_uri"]);
}

#[test]
fn nothing_of_a_secret_is_told() {
    let observed = with_exchange(turned_away("invalid_client"));

    let told = format!("{:?}", diagnose(&provider(FILE), &observed));

    assert!(!told.contains("herons"));
}
