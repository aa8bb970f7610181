//! Referrals: a part of the directory is at another server. They are followed where the operator has named that server, and nowhere else.

use std::net::TcpListener;

use crate::stage::{ACCESS, is_wrong, log_in, outcome, provider};
use crate::support::roomkey::Roomkey;
use crate::support::slapd::{Authority, Manner, PASSWORD, SUFFIX, Slapd, group, person};
use crate::support::visitor::{Page, Visitor};

/// Where Zoe is, who is nowhere else.
const FAR: &str = "ou=far,ou=people,dc=example,dc=com";

/// An entry in whose place others have to be asked at `url`.
fn refer(dn: &str, url: &str) -> String {
    let name = dn.split(['=', ',']).nth(1).unwrap();
    format!("dn: {dn}\nobjectClass: referral\nobjectClass: extensibleObject\nou: {name}\nref: {url}\n\n")
}

/// The server that has Zoe, and `entries`.
fn far(authority: &Authority, entries: &str) -> Slapd {
    let zoe = person("zoe", "displayName: Zoe Zuse\n").replace("ou=people", "ou=far,ou=people");
    let unit = format!("dn: {FAR}\nobjectClass: organizationalUnit\nou: far\n\n");
    Slapd::start_in(authority, &Manner { entries: format!("{unit}{zoe}{entries}"), ..Manner::default() })
}

/// The server that refers to others by these entries.
fn near(authority: &Authority, entries: String) -> Slapd {
    Slapd::start_in(authority, &Manner { entries, ..Manner::default() })
}

fn roomkey(slapd: &Slapd, authority: &Authority, more: &str) -> Roomkey {
    let more = format!("timeout = \"2s\"\n{more}");
    Roomkey::start(&format!("{}{ACCESS}", provider(&[slapd.tls_url()], authority, &more)))
}

async fn zoe(roomkey: &Roomkey) -> Page {
    log_in(roomkey, &mut Visitor::new(), "zoe", PASSWORD).await
}

fn entered(name: &str) -> (u16, String) {
    (303, name.to_owned())
}

fn not_answering() -> (u16, String) {
    (502, "The login isn’t answering".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_at_another_server_enters_where_the_operator_has_named_it() {
    let authority = Authority::new();
    // As Active Directory writes them: in clear, and by the host's name alone, or with the port.
    let far = far(&authority, &group("board,ou=groups", &["uid=zoe,ou=far,ou=people"]));
    let people = refer(FAR, &format!("ldap://localhost:{}/{FAR}??sub", far.tls_port));
    let groups = format!("ldap://localhost/ou=groups,{SUFFIX}??sub");
    let near = near(&authority, format!("{people}{}", refer(&format!("ou=far,ou=groups,{SUFFIX}"), &groups)));
    let listed = format!("referrals = [\"{}\"]\ngroup_base_dn = \"ou=groups,{SUFFIX}\"\n", far.tls_url());
    let (followed, not_followed) = (roomkey(&near, &authority, &listed), roomkey(&near, &authority, ""));

    let page = zoe(&followed).await;
    let wrong = log_in(&followed, &mut Visitor::new(), "zoe", "another").await;
    let here = log_in(&followed, &mut Visitor::new(), "ada", PASSWORD).await;
    let by_default = zoe(&not_followed).await;

    assert_eq!(outcome(&page), entered("Zoe Zuse"), "{}", followed.log());
    assert_eq!(page.meeting_claims()["context"]["user"]["moderator"], true, "her group is there, too");
    assert_eq!(outcome(&here), entered("Ada Lovelace"));
    assert!(is_wrong(&wrong) && is_wrong(&by_default));
    assert!(!followed.log().contains(PASSWORD));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_to_a_server_that_the_operator_has_not_named() {
    let authority = Authority::new();
    let far = far(&authority, "");
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    stranger.set_nonblocking(true).unwrap();
    let address = format!("ldap://localhost:{}/{FAR}??sub", stranger.local_addr().unwrap().port());
    let near = near(&authority, refer(FAR, &address));
    let roomkey = roomkey(&near, &authority, &format!("referrals = \"{}\"\n", far.tls_url()));

    let page = zoe(&roomkey).await;
    let here = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;

    assert!(is_wrong(&page));
    assert_eq!(outcome(&here), entered("Ada Lovelace"));
    assert_eq!(stranger.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody has come");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_referral_leads_into_the_clear() {
    let authority = Authority::new();
    let far = far(&authority, "");
    let in_clear = near(&authority, refer(FAR, &format!("{}/{FAR}??sub", far.url())));
    let roomkey = roomkey(&in_clear, &authority, &format!("referrals = \"{}\"\n", far.tls_url()));

    assert!(is_wrong(&zoe(&roomkey).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_proves_nothing_or_is_down_ends_the_login() {
    let (authority, another) = (Authority::new(), Authority::new());
    let mut stranger = far(&another, "");
    let near = near(&authority, refer(FAR, &format!("{}/{FAR}??sub", stranger.tls_url())));
    let roomkey = roomkey(&near, &authority, &format!("referrals = \"{}\"\n", stranger.tls_url()));

    let untrusted = zoe(&roomkey).await;
    stranger.stop();
    let down = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!([outcome(&untrusted), outcome(&down)], [not_answering(), not_answering()], "{}", roomkey.log());
    assert!(roomkey.log().contains("invalid peer certificate"), "{}", roomkey.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_refer_to_each_other_are_asked_once() {
    let authority = Authority::new();
    let far = far(&authority, "");
    let near = near(&authority, refer(FAR, &format!("{}/{FAR}??sub", far.tls_url())));
    far.add(&refer(&format!("ou=back,{FAR}"), &format!("{}/ou=people,{SUFFIX}??sub", near.tls_url())));
    let both = format!("referrals = [\"{}\", \"{}\"]\n", far.tls_url(), near.tls_url());
    let roomkey = roomkey(&near, &authority, &both);

    assert_eq!(outcome(&zoe(&roomkey).await), entered("Zoe Zuse"), "{}", roomkey.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_without_an_end_is_broken_off() {
    let authority = Authority::new();
    let far = far(&authority, "");
    let link = |number: usize| format!("ou=link-{number},ou=elsewhere,{SUFFIX}");
    let to = |number: usize| format!("{}/{}??sub", far.tls_url(), link(number));
    for number in 1..6 {
        far.add(&refer(&link(number), &to(number + 1)));
    }
    let near = near(&authority, refer(&format!("ou=chain,ou=people,{SUFFIX}"), &to(1)));
    let roomkey = roomkey(&near, &authority, &format!("referrals = \"{}\"\n", far.tls_url()));

    let page = log_in(&roomkey, &mut Visitor::new(), "ada", PASSWORD).await;

    assert_eq!(page.status, 502, "{page:#?}");
    roomkey.wait_for_log("(`too-many-referrals`)");
}
