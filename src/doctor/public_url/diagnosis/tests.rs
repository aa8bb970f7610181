use super::*;
use crate::doctor::public_url::{LoginCookie, Plain};
use crate::login::{LoginError, Mismatch};
use crate::room::JoinRequest;

const BACK: Returned = Returned { status: 403, cookie_came: true };
const COOKIE: LoginCookie = LoginCookie { host_only: true, keeps_host_only: true, is_lax: true };

fn to_provider(redirect_uri: &str) -> Option<Url> {
    let mut url: Url = "https://id.example.com/authorize?state=s".parse().unwrap();
    url.query_pairs_mut().append_pair("redirect_uri", redirect_uri);
    Some(url)
}

fn good() -> Begun {
    Begun {
        status: 303,
        location: to_provider("https://sso.example.com/callback/work"),
        cookie: Some(COOKIE),
        is_ours: false,
        is_choice: false,
        request: Some(Ok(request())),
    }
}

fn page(status: u16, is_ours: bool) -> Begun {
    Begun { status, location: None, cookie: None, is_ours, is_choice: false, request: None }
}

fn checks_of(observed: &Observed) -> Vec<&'static str> {
    let public_url = "https://sso.example.com".parse().unwrap();
    let findings = diagnose(observed, &public_url, &"work".parse().unwrap());
    findings.iter().map(|finding| finding.check).collect()
}

fn checks(begun: Begun) -> Vec<&'static str> {
    checks_of(&Observed { begun: Ok(begun), returned: Some(Ok(BACK)), plain: None })
}

#[test]
fn a_way_that_is_as_it_should_be_gives_no_finding() {
    assert_eq!(checks(good()), [""; 0]);
}

#[test]
fn whoever_has_to_choose_first_has_reached_roomkey() {
    assert_eq!(checks(Begun { is_choice: true, ..page(200, true) }), [""; 0]);
}

#[test]
fn what_is_not_reached_is_told() {
    let observed = Observed { begun: Err(HttpError::Timeout), returned: None, plain: None };

    assert_eq!(checks_of(&observed), ["public.unreachable"]);
}

#[test]
fn whoever_answers_in_roomkeys_place_is_told_apart() {
    let away = Begun { status: 301, location: Some("https://www.example.com/".parse().unwrap()), ..page(301, false) };

    assert_eq!(checks(page(200, false)), ["public.not_roomkey"]);
    assert_eq!(checks(page(404, false)), ["public.not_roomkey"]);
    assert_eq!(checks(page(404, true)), ["public.route"]);
    assert_eq!(checks(page(400, true)), ["public.path"]);
    assert_eq!(checks(page(502, false)), ["public.down"]);
    assert_eq!(checks(page(502, true)), [""; 0]);
    assert_eq!(checks(away), ["public.redirect"]);
}

#[test]
fn a_proxy_that_changes_the_cookie_is_told() {
    let with = |cookie| Begun { cookie: Some(cookie), ..good() };

    assert_eq!(checks(with(LoginCookie { keeps_host_only: false, ..COOKIE })), ["public.cookie_changed"]);
    assert_eq!(checks(with(LoginCookie { is_lax: false, ..COOKIE })), ["public.cookie_changed"]);
}

#[test]
fn a_roomkey_of_another_configuration_is_told() {
    let loopback = LoginCookie { host_only: false, ..COOKIE };
    let elsewhere = to_provider("https://old.example.com/callback/work");
    let other_secret = Some(Err(LoginError::NotYours(Mismatch::State)));

    assert_eq!(checks(Begun { cookie: Some(loopback), ..good() }), ["public.another_url"]);
    assert_eq!(checks(Begun { location: elsewhere, ..good() }), ["public.another_url"]);
    assert_eq!(checks(Begun { request: other_secret, ..good() }), ["public.another_secret"]);
}

#[test]
fn a_proxy_that_decodes_the_path_is_told() {
    let other = JoinRequest::from_link(None, "roomkey", None).unwrap();

    assert_eq!(checks(Begun { request: Some(Ok(other)), ..good() }), ["public.path"]);
}

#[test]
fn a_cookie_that_does_not_come_back_is_told() {
    let came_back = |returned| checks_of(&Observed { begun: Ok(good()), returned: Some(returned), plain: None });

    assert_eq!(came_back(Ok(Returned { status: 400, cookie_came: false })), ["public.cookie_lost"]);
    assert_eq!(came_back(Ok(Returned { status: 404, cookie_came: false })), ["public.callback"]);
    assert_eq!(came_back(Err(HttpError::Timeout)), ["public.callback"]);
}

#[test]
fn plain_http_has_to_lead_to_https() {
    let with = |leads_to_https, is_ours| {
        checks_of(&Observed {
            begun: Ok(good()),
            returned: Some(Ok(BACK)),
            plain: Some(Ok(Plain { leads_to_https, is_ours })),
        })
    };

    assert_eq!(with(false, true), ["public.plain_http"]);
    assert_eq!(with(true, false), [""; 0]);
    assert_eq!(with(false, false), [""; 0]);
}
