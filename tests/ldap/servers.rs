//! Several servers: one stops in the midst, one is slow, all are gone.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::stage::{ACCESS, bare_provider, is_wrong, log_in, outcome, provider};
use crate::support::active_directory::answering;
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{Authority, Manner, PASSWORD, SUFFIX, Slapd, counted, person, slow};
use crate::support::visitor::Visitor;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_answers_while_one_is_down() {
    let authority = Authority::new();
    let (mut first, mut second) = (Slapd::start(&authority), Slapd::start(&authority));
    let urls = [first.tls_url(), second.tls_url()];
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider(&urls, &authority, "timeout = \"2s\"\n")));
    let entered = (303, "Ada Lovelace".to_owned());
    let login = async || outcome(&log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await);

    let both = login().await;
    first.stop();
    let one = login().await;
    let wrong = log_in(&roomkey, &mut Visitor::new(), "grace", "not-the-password").await;
    second.stop();
    let none = login().await;
    first.start_again();
    let again = login().await;

    assert_eq!([both, one, again], [entered.clone(), entered.clone(), entered], "{}", roomkey.log());
    assert!(is_wrong(&wrong));
    assert_eq!(none, (502, "The login isn’t answering".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_speaks_nonsense_ends_a_login_and_nothing_else() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    let answers: [&[u8]; 7] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        // Nothing in the answer to a bind; parts of other types; a result that is none; an answer to a question nobody asked.
        &[0x30, 5, 0x02, 1, 1, 0x61, 0],
        &[0x30, 12, 0x02, 1, 1, 0x61, 7, 0x04, 1, b'x', 0x0a, 1, 0, 0x04, 0],
        &[0x30, 12, 0x02, 1, 1, 0x61, 7, 0x0a, 1, 49, 0x04, 1, 0xff, 0x04, 0],
        &[0x30, 12, 0x02, 1, 99, 0x61, 7, 0x0a, 1, 0, 0x04, 0, 0x04, 0],
        &[0x30, 0],
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02],
    ];
    for answer in answers {
        let nonsense = format!("ldap://localhost:{}", answering(move |_| answer.to_vec()).await);
        let by_dn = format!("user_dn = \"uid={{name}},ou=people,{SUFFIX}\"\ntimeout = \"1s\"\n");
        let alone = format!("{}{by_dn}{ACCESS}", bare_provider(std::slice::from_ref(&nonsense), &authority));
        let beside = format!("{}{by_dn}{ACCESS}", bare_provider(&[nonsense, slapd.tls_url()], &authority));
        let (alone, beside) = (Roomkey::start(&alone), Roomkey::start(&beside));

        let ended = log_in(&alone, &mut Visitor::new(), "ada", PASSWORD).await;
        let again = log_in(&alone, &mut Visitor::new(), "ada", PASSWORD).await;
        let at_the_other = log_in(&beside, &mut Visitor::new(), "grace", PASSWORD).await;
        let once_more = log_in(&beside, &mut Visitor::new(), "grace", PASSWORD).await;

        let told = (502, "The login isn’t answering".to_owned());
        assert_eq!([outcome(&ended), outcome(&again)], [told.clone(), told], "{answer:x?}\n{}", alone.log());
        let entered = [&at_the_other, &once_more].map(|page| page.status == 303);
        assert!(entered[0] || entered[1], "{answer:x?}\n{}", beside.log());
        assert!(!alone.log().contains(PASSWORD) && !beside.log().contains(PASSWORD));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_login_after_another_goes_by_the_same_connections() {
    let authority = Authority::new();
    let slapd = Slapd::start(&authority);
    let (address, connections) = counted(([127, 0, 0, 1], slapd.tls_port).into(), Duration::ZERO).await;
    let url = format!("ldaps://localhost:{}", address.port());
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider(&[url], &authority, "")));

    for _ in 0..5 {
        let page = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;
        assert_eq!(page.status, 303, "{}", roomkey.log());
    }

    assert_eq!(connections.load(Ordering::SeqCst), 2, "one to look for people, one for passwords");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_log_in_at_once_while_one_server_is_slow() {
    const PEOPLE: usize = 1000;
    let authority = Authority::new();
    let entries: String = (0..PEOPLE).map(|number| person(&format!("u{number}"), "")).collect();
    let manner = Manner { entries, ..Manner::default() };
    let (first, second) = (Slapd::start_in(&authority, &manner), Slapd::start_in(&authority, &manner));
    let slow = slow(([127, 0, 0, 1], first.tls_port).into(), Duration::from_secs(3)).await;
    let urls = [format!("ldaps://localhost:{}", slow.port()), second.tls_url()];
    let roomkey = Roomkey::start(&format!("{}{ACCESS}", provider(&urls, &authority, "timeout = \"1s\"\n")));
    let began = Instant::now();

    let logins = (0..PEOPLE).map(|number| {
        let roomkey = &roomkey;
        async move { log_in(roomkey, &mut Visitor::new(), &format!("u{number}"), PASSWORD).await }
    });
    let pages = join_all(logins).await;

    let entered = pages
        .iter()
        .enumerate()
        .filter(|(number, page)| page.status == 303 && outcome(page).1 == format!("u{number} the First"));
    assert_eq!(entered.count(), PEOPLE, "{}", roomkey.log());
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}
