//! The way in: by every kind of connection, and by nothing but the right name and password.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::stage::{ACCESS, Stage, bare_provider, fill, is_wrong, log_in, outcome, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{Authority, Manner, PASSWORD, SUFFIX, Slapd};
use crate::support::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_and_its_password_open_the_meeting_and_stand_in_no_log() {
    let mut stage = Stage::set("attributes = [\"departmentNumber\"]\n");
    let mut visitor = Visitor::new();

    let entered = stage.log_in(&mut visitor, " Ada ", PASSWORD).await;
    let again = visitor.get(&format!("{}/room/other", stage.roomkey.url)).await;

    let claims = entered.meeting_claims();
    assert_eq!((&claims["context"]["user"]["name"], &claims["room"]), (&"Ada Lovelace".into(), &"standup".into()));
    assert!(claims["context"]["user"].get("email").is_none(), "nobody has vouched for the address");
    assert_eq!(again.meeting_claims()["room"], "other", "the session opens the next link");
    let log = stage.roomkey.whole_log();
    for secret in [PASSWORD, "Lovelace", "ada", "Türkis"] {
        assert!(!log.contains(secret), "`{secret}` stands in the log:\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_tls_comes_before_any_password() {
    let authority = Authority::new();
    // The server takes no password in clear.
    let slapd = Slapd::start_in(&authority, &Manner { global: "security simple_bind=128\n", ..Manner::default() });
    let encrypted = provider(&[slapd.url()], &authority, "start_tls = true\n");
    let roomkey = Roomkey::start(&format!("{encrypted}{ACCESS}"));
    let in_clear = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.url()], &authority, "")));

    let entered = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;
    let refused = log_in(&in_clear, &mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!(outcome(&entered), (303, "Ada Lovelace".to_owned()), "{}", roomkey.log());
    assert_eq!(outcome(&refused), (502, "The login isn’t set up right".to_owned()));
    in_clear.wait_for_log("turned Roomkey away at the directory (`13-confidentialityRequired`)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_certificate_of_another_authority_is_not_believed() {
    let (authority, other) = (Authority::new(), Authority::new());
    let slapd = Slapd::start(&authority);
    let mut outcomes = Vec::new();
    for (url, more) in [(slapd.tls_url(), ""), (slapd.url(), "start_tls = true\n")] {
        let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider(&[url], &other, more)));

        outcomes.push(outcome(&log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await));

        roomkey.wait_for_log("invalid peer certificate");
    }
    assert_eq!(
        outcomes,
        [(502, "The login isn’t answering".to_owned()), (502, "The login isn’t answering".to_owned())]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_shown_to_a_server_that_wants_one() {
    let authority = Authority::new();
    let slapd = Slapd::start_in(&authority, &Manner { global: "TLSVerifyClient demand\n", ..Manner::default() });
    let (cert, key) = (authority.file("client.pem"), authority.file("client.key"));
    let shown = format!("client_cert_file = \"{cert}\"\nclient_cert_key_file = \"{key}\"\n");
    let with = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, &shown)));
    let without = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, "")));

    let entered = log_in(&with, &mut Visitor::new(), "ada", PASSWORD).await;
    let refused = log_in(&without, &mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!(outcome(&entered), (303, "Ada Lovelace".to_owned()), "{}", with.log());
    assert_eq!(outcome(&refused), (502, "The login isn’t answering".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_of_roomkeys_somebody_is_bound_by_the_dn_of_their_name() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    let by_dn = format!("user_dn = \"uid={{name}},ou=people,{SUFFIX}\"\n");
    let roomkey = Roomkey::start(&format!("{}{by_dn}{ACCESS}", bare_provider(&[slapd.tls_url()], &authority)));

    let entered = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;
    let wrong = log_in(&roomkey, &mut Visitor::new(), "ada", "another").await;
    let unknown = log_in(&roomkey, &mut Visitor::new(), "nobody", PASSWORD).await;

    assert_eq!(outcome(&entered), (303, "Ada Lovelace".to_owned()), "{}", roomkey.log());
    assert!(is_wrong(&wrong) && is_wrong(&unknown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_name_and_a_wrong_password_get_the_same_answer_at_the_same_time() {
    let stage = Stage::set("");
    let mut answers = Vec::new();
    for name in ["ada", "nobody"] {
        let mut visitor = Visitor::new();
        let form = visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;
        let began = Instant::now();

        let page = fill(&stage.roomkey, &mut visitor, &form, name, "not-the-password").await;

        let took = began.elapsed();
        let (state, cookies) = (crate::stage::state(&page), visitor.cookies().len());
        let body = page.body.replace(&state, "STATE").replace(name, "NAME");
        answers.push((page.status, body, cookies));
        assert!((Duration::from_millis(1490)..Duration::from_millis(1900)).contains(&took), "{name}: {took:?}");
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_password_never_reaches_the_server() {
    let mut stage = Stage::set("");
    stage.slapd.stop();

    let page = stage.log_in(&mut Visitor::new(), "ada", "").await;

    assert_eq!(outcome(&page), (422, "Enter your user name and your password.".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_stands_in_a_name_finds_nobody_else() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    let by_dn = format!("user_dn = \"uid={{name}},ou=people,{SUFFIX}\"\n");
    let by_search = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, "")));
    let by_dn = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, &by_dn)));
    let names = [
        "*",
        "a*",
        "ad?",
        "ada)(uid=*",
        "*)(uid=*",
        "*))(|(uid=*",
        "ada)(objectClass=*",
        "x)(|(uid=ada)",
        "\\61da",
        "ada\\",
        "\\",
        "ada,ou=people",
        "ada+cn=ada the First",
        "ada#",
        "#ada",
        "uid=ada",
        "ada;ada",
        "\"ada\"",
        "<ada>",
        "ada,",
        "ada=",
        "ada\\00",
        "ada\\,",
        "adá",
        "$(id)",
        "ada'--",
        "ada\u{0}",
        "{name}",
        "(",
        ")",
        "&",
        "|",
        "!",
    ];
    for roomkey in [&by_search, &by_dn] {
        let tries = names.map(|name| async move {
            let page = log_in(roomkey, &mut Visitor::new(), name, PASSWORD).await;
            let is_empty = name.contains('\0') && page.status == 422;
            assert!(is_empty || is_wrong(&page) || page.status == 429, "{name:?}: {:?}", outcome(&page));
        });
        futures_util::future::join_all(tries).await;

        let entered = log_in(roomkey, &mut Visitor::new(), "grace", PASSWORD).await;
        assert_eq!(outcome(&entered), (303, "Grace Hopper".to_owned()), "{}", roomkey.log());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_password_goes_where_a_referral_leads() {
    let authority = Authority::new();
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let referral = format!(
        "dn: ou=branch,ou=people,{SUFFIX}\nobjectClass: referral\nobjectClass: extensibleObject\nou: branch\n\
         ref: ldap://127.0.0.1:{port}/ou=branch,ou=people,{SUFFIX}\n\n"
    );
    let slapd = Slapd::start_in(&authority, &Manner { entries: referral, ..Manner::default() });
    let by_dn = format!("user_dn = \"uid={{name}},ou=branch,ou=people,{SUFFIX}\"\n");
    let by_search = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, "")));
    let by_dn = Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], &authority, &by_dn)));

    let beside = log_in(&by_search, &mut Visitor::new(), "ada", PASSWORD).await;
    let searched = log_in(&by_search, &mut Visitor::new(), "eve", PASSWORD).await;
    let bound = log_in(&by_dn, &mut Visitor::new(), "eve", PASSWORD).await;

    assert_eq!(outcome(&beside), (303, "Ada Lovelace".to_owned()), "{}", by_search.log());
    assert!(is_wrong(&searched));
    assert!(is_wrong(&bound) || bound.status == 502, "{bound:#?}");
    assert!(elsewhere.accept().is_err(), "nobody has called there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_is_good_for_one_answer_and_for_the_browser_it_was_given_to() {
    let stage = Stage::set("");
    let (mut visitor, mut another) = (Visitor::new(), Visitor::new());
    let form = visitor.get(&format!("{}/room/standup", stage.roomkey.url)).await;

    let elsewhere = fill(&stage.roomkey, &mut another, &form, "ada", PASSWORD).await;
    let first = fill(&stage.roomkey, &mut visitor, &form, "ada", PASSWORD).await;
    let second = fill(&stage.roomkey, &mut visitor, &form, "ada", PASSWORD).await;

    assert_eq!([elsewhere.status, first.status, second.status].map(|status| status.as_u16()), [400, 303, 400]);
}
