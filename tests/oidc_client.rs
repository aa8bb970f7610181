//! Roomkey as a client of an OpenID provider: how it proves itself, where it sends people, and how they come back.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test stops at the first thing amiss")]

mod support;

use serde_json::json;
use support::fake::{CLIENT_ID, CLIENT_SECRET, FakeProvider, NAME, Registration, Reply, keys};
use support::login::{begin, log_in};
use support::roomkey::Roomkey;
use support::visitor::{Page, Visitor, parameter};
use url::Url;

const ACCESS: &str = "[[access]]\nname = \"all\"\nrooms = [\"*\"]\nproviders = [\"fake\"]\nrole = \"moderator\"\n";

async fn stage(registration: Registration, more: &str) -> (Roomkey, FakeProvider) {
    let provider = FakeProvider::registered(registration).await;
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(more)));
    (roomkey, provider)
}

fn link(roomkey: &Roomkey) -> String {
    format!("{}/room/standup", roomkey.url)
}

fn assert_entered(page: &Page, roomkey: &Roomkey) {
    assert_eq!(page.status, 303, "{}\n{}", page.body, roomkey.log());
    assert_eq!(page.meeting_claims()["context"]["user"]["name"], NAME);
}

/// Two logins, since a proof may be good for once.
async fn logs_people_in(registration: Registration) {
    let (mut roomkey, provider) = stage(registration, "").await;

    let pages = [
        log_in(&mut Visitor::new(), &link(&roomkey), &provider).await,
        log_in(&mut Visitor::new(), &link(&roomkey), &provider).await,
    ];

    pages.iter().for_each(|page| assert_entered(page, &roomkey));
    let log = roomkey.whole_log();
    for secret in provider.secrets() {
        assert!(!log.contains(&secret), "`{secret}` stands in the log");
    }
}

/// A client that is registered as `registration` and set up otherwise is turned away.
async fn is_turned_away(registration: Registration, change: impl FnOnce(String) -> String) {
    let provider = FakeProvider::registered(registration).await;
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", change(provider.configuration(""))));

    let page = log_in(&mut Visitor::new(), &link(&roomkey), &provider).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (502, "The login isn’t set up right"));
    roomkey.wait_for_log("turned Roomkey away at the token endpoint (`invalid_client`)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_in_the_header_proves_the_client() {
    logs_people_in(Registration::SecretBasic).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_in_the_body_proves_the_client() {
    logs_people_in(Registration::SecretPost).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assertion_by_an_rsa_key_proves_the_client() {
    logs_people_in(Registration::PrivateKey(keys::stranger("client"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assertion_by_a_key_on_a_curve_proves_the_client() {
    logs_people_in(Registration::PrivateKey(keys::key("ES256"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_client_proves_itself_by_pkce_alone() {
    logs_people_in(Registration::Public).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_in_the_header_is_told() {
    is_turned_away(Registration::SecretBasic, |file| file.replace(CLIENT_SECRET, "another-secret-than-theirs")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_in_the_body_is_told() {
    is_turned_away(Registration::SecretPost, |file| file.replace(CLIENT_SECRET, "another-secret-than-theirs")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_is_told() {
    let registered = keys::stranger("client");
    let (right, wrong) = (registered.pem(), keys::key("RS256").pem());
    is_turned_away(Registration::PrivateKey(registered), |file| file.replace(&right, &wrong)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_in_the_wrong_place_is_told() {
    let post = "client_auth = \"client_secret_post\"\n";
    is_turned_away(Registration::SecretBasic, |file| format!("{file}{post}")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_discovered_where_the_endpoints_are_given() {
    let provider = FakeProvider::start().await;
    provider.script(|script| {
        script.discovery = Box::new(|_| Reply::Gone);
        script.in_user_info = &["name"];
        script.response_iss = false;
    });
    let issuer = &provider.issuer;
    let by_hand = format!(
        "authorization_endpoint = \"{issuer}/authorize?tenant=seven\"\ntoken_endpoint = \"{issuer}/token\"\n\
         jwks_uri = \"{issuer}/jwks\"\nuserinfo_endpoint = \"{issuer}/userinfo\"\n"
    );
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(&by_hand)));
    let mut visitor = Visitor::new();

    let request = visitor.get(&link(&roomkey)).await.location();
    let page = log_in(&mut visitor, &link(&roomkey), &provider).await;

    assert_entered(&page, &roomkey);
    assert_eq!(parameter(&request, "tenant").as_deref(), Some("seven"), "a query of the endpoint's own stays");
    assert_eq!(provider.count("/.well-known/openid-configuration"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_signed_by_rs256_unless_the_operator_or_discovery_says_so() {
    for (more, enters) in [("", false), ("id_token_signed_response_alg = \"ES256\"\n", true)] {
        let provider = FakeProvider::start().await;
        provider.script(|script| script.alg = "ES256");
        let issuer = &provider.issuer;
        let by_hand = format!(
            "authorization_endpoint = \"{issuer}/authorize\"\ntoken_endpoint = \"{issuer}/token\"\n\
             jwks_uri = \"{issuer}/jwks\"\n{more}"
        );
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(&by_hand)));

        let page = log_in(&mut Visitor::new(), &link(&roomkey), &provider).await;

        assert_eq!(page.status, if enters { 303 } else { 400 }, "{more}");
        if !enters {
            roomkey.wait_for_log("fails the `alg` check");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_of_iss_given_by_hand_is_held_to() {
    let provider = FakeProvider::start().await;
    provider.script(|script| script.response_iss = false);
    let issuer = &provider.issuer;
    let by_hand = format!(
        "authorization_endpoint = \"{issuer}/authorize\"\ntoken_endpoint = \"{issuer}/token\"\n\
         jwks_uri = \"{issuer}/jwks\"\nauthorization_response_iss_parameter_supported = true\n"
    );
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider.configuration(&by_hand)));

    let page = log_in(&mut Visitor::new(), &link(&roomkey), &provider).await;

    assert_eq!(page.status, 400);
    roomkey.wait_for_log("fails the response `iss` check: it is missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_asks_for_is_asked_for() {
    let more = "scopes = [\"openid\", \"groups\"]\nprompt = \"login consent\"\nmax_age = \"90s\"\n\
                acr_values = [\"gold\", \"silver\"]\nlogin_hint = \"someone&state=x\"\nresponse_mode = \"form_post\"\n";
    let (roomkey, _provider) = stage(Registration::SecretBasic, more).await;

    let request = Visitor::new().get(&link(&roomkey)).await.location();

    let expected = [
        ("response_type", "code"),
        ("response_mode", "form_post"),
        ("client_id", CLIENT_ID),
        ("redirect_uri", &format!("{}/callback/fake", roomkey.url)),
        ("scope", "openid groups"),
        ("prompt", "login consent"),
        ("max_age", "90"),
        ("acr_values", "gold silver"),
        ("login_hint", "someone&state=x"),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in expected {
        assert_eq!(parameter(&request, name).as_deref(), Some(value), "{name}");
    }
    let names: Vec<_> = request.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names.len(), expected.len() + 3, "besides `state`, `nonce` and `code_challenge`: {names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_leaves_to_the_provider_is_not_sent() {
    let (roomkey, _provider) = stage(Registration::SecretBasic, "").await;

    let request = Visitor::new().get(&link(&roomkey)).await.location();

    for name in ["response_mode", "prompt", "max_age", "acr_values", "login_hint", "client_secret"] {
        assert_eq!(parameter(&request, name), None, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_one_login_recurs_in_the_next() {
    let (roomkey, _provider) = stage(Registration::SecretBasic, "").await;
    let mut visitor = Visitor::new();

    let (first, second) =
        (visitor.get(&link(&roomkey)).await.location(), visitor.get(&link(&roomkey)).await.location());

    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&first, name), parameter(&second, name), "{name}");
    }
}

/// A login whose response is about to be posted: the visitor, the address, the fields.
async fn about_to_post(roomkey: &Roomkey, provider: &FakeProvider) -> (Visitor, String, Vec<(String, String)>) {
    let mut visitor = Visitor::new();
    let callback: Url = begin(&mut visitor, &link(roomkey), provider).await.unwrap().parse().unwrap();
    let fields = callback.query_pairs().into_owned().collect();
    (visitor, callback.as_str().split('?').next().unwrap().to_owned(), fields)
}

/// The hidden fields of the form in `page`, as a browser would send them.
fn fields(page: &Page) -> Vec<(String, String)> {
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
        Some(value.replace("&#38;", "&").replace("&#x26;", "&").replace("&amp;", "&"))
    };
    let tags = page.body.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap());
    tags.filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?))).collect()
}

fn form(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_posted_from_another_site_is_sent_on_and_enters() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (mut visitor, address, sent) = about_to_post(&roomkey, &provider).await;

    let relay = visitor.post_from_elsewhere(&address, &form(&sent)).await;
    let sent_on = fields(&relay);
    let before = provider.count("/token");
    let page = visitor.post(&address, &form(&sent_on)).await;

    assert_eq!((relay.status.as_u16(), before), (200, 0), "the code stays unused without the cookie");
    assert!(relay.body.contains("action=\"/callback/fake\""), "{}", relay.body);
    assert!(sent.iter().all(|field| sent_on.contains(field)), "{sent_on:?}");
    assert_eq!(relay.headers["cache-control"], "no-store");
    assert_entered(&page, &roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_posted_with_its_cookie_enters_at_once() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (mut visitor, address, sent) = about_to_post(&roomkey, &provider).await;

    let page = visitor.post(&address, &form(&sent)).await;

    assert_entered(&page, &roomkey);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_sent_on_without_its_cookie_is_lost_and_sent_on_no_more() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (_, address, sent) = about_to_post(&roomkey, &provider).await;
    let mut somebody_else = Visitor::new();

    let relay = somebody_else.post_from_elsewhere(&address, &form(&sent)).await;
    let page = somebody_else.post(&address, &form(&fields(&relay))).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "Your login got lost on the way"));
    assert_eq!(provider.count("/token"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posted_error_is_an_error() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (mut visitor, address, mut sent) = about_to_post(&roomkey, &provider).await;
    sent.retain(|(name, _)| name != "code");
    sent.push(("error".to_owned(), "access_denied".to_owned()));
    sent.push(("error_description".to_owned(), "<b>no</b>".to_owned()));

    let page = visitor.post(&address, &form(&sent)).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (403, "You weren’t logged in"));
    assert!(!page.body.contains("<b>no</b>"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posted_response_with_a_forged_state_is_not_sent_on() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (mut visitor, address, mut sent) = about_to_post(&roomkey, &provider).await;
    sent[1].1 = "A".repeat(60);

    let page = visitor.post_from_elsewhere(&address, &form(&sent)).await;

    assert_eq!((page.status.as_u16(), page.heading().as_str()), (400, "This answer belongs to another login"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn markup_in_a_posted_response_stays_text() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let (mut visitor, address, mut sent) = about_to_post(&roomkey, &provider).await;
    sent[0].1 = "\"><script>alert(1)</script>".to_owned();

    let page = visitor.post_from_elsewhere(&address, &form(&sent)).await;

    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_posted_body_has_its_limits() {
    let (roomkey, _provider) = stage(Registration::SecretBasic, "response_mode = \"form_post\"\n").await;
    let address = format!("{}/callback/fake", roomkey.url);

    let huge = Visitor::new().post(&address, &[("state", &"s".repeat(100_000))]).await;
    let twice = Visitor::new().post(&address, &[("state", "a"), ("state", "b")]).await;

    assert_eq!((huge.status.as_u16(), twice.status.as_u16()), (413, 400));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn user_info_is_asked_only_for_what_is_missing() {
    let (roomkey, provider) = stage(Registration::SecretBasic, "").await;
    provider.script(|script| script.claims = Box::new(|claims| claims["picture"] = json!("https://example.com/p.png")));

    assert_entered(&log_in(&mut Visitor::new(), &link(&roomkey), &provider).await, &roomkey);
    let when_complete = provider.count("/userinfo");
    provider.script(|script| script.in_user_info = &["name"]);
    assert_entered(&log_in(&mut Visitor::new(), &link(&roomkey), &provider).await, &roomkey);

    assert_eq!((when_complete, provider.count("/userinfo")), (0, 1));
}
