//! From a meeting link to the provider.

use actix_web::http::header::SET_COOKIE;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::answer::{page, see_other};
use super::app::{App, Current};
use super::cookies::Attempts;
use super::discovery::{self, Peer};
use super::error::{Ended, PageError, UnderWay};
use super::join::{Join, join};
use super::language::Language;
use super::link::{Link, link_through};
use super::problem::readable;
use super::view::{Choice, Choose};
use super::visitor::Visitor;
use super::{guest, kind, last_used, onward, password, welcome};
use crate::login::{Course, Manner, NewAttempt};
use crate::metrics::RequestKind;
use crate::provider::http::Http;
use crate::provider::saml::idp::mark;
use crate::provider::{AuthenticationRequest, Entry, Provider};

/// `GET /room/…` and `GET /login/{provider}`: into the meeting for whoever is signed in; to the one provider there is or that
/// is asked for; else to the choice.
pub(super) async fn enter(
    mut link: Link,
    visitor: Visitor,
    attempts: Attempts,
    app: Current,
    http: Data<Http>,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let mut offered = match &link.provider {
        Some(provider) => vec![app.provider(provider)?],
        None => app.offer(&link.request)?,
    };
    let joined = join(&app, &http, &link, &visitor).await?;
    if link.wanted.no_page && !matches!(joined, Join::In(_)) {
        return Err(PageError::login_required(link.request.door));
    }
    match joined {
        Join::In(entered) => {
            let (login, admission) = *entered;
            kind::is(RequestKind::Join);
            return welcome::back(&app, login, admission, &visitor, &request).await;
        }
        Join::Silently(provider) => {
            return begin(link, Manner::Silent, app.provider(&provider)?, &attempts, &app, &http, &request).await;
        }
        Join::Login => {}
        Join::Elsewhere => offered.retain(|entry| visitor.session().is_none_or(|s| !s.is_signed_in_at(&entry.id))),
    }
    // A provider that still knows somebody would say so, and not when they logged in there.
    link.other |= link.wanted.max_age.is_some();
    let manner = if link.other { Manner::Afresh } else { Manner::Plain };
    match offered.as_slice() {
        [only] => begin(link, manner, only, &attempts, &app, &http, &request).await,
        several => Ok(choose(&link, several, &app, &request)),
    }
}

async fn begin(
    link: Link,
    manner: Manner,
    entry: &Entry,
    attempts: &Attempts,
    app: &App,
    http: &Http,
    asked: &HttpRequest,
) -> Result<HttpResponse, PageError> {
    let peer = match &entry.provider {
        Provider::Redirect(provider) if let Some(idps) = provider.federation() => {
            match discovery::peer(idps, &link, manner, entry, app, http, asked).await? {
                Peer::Known(peer) => peer,
                Peer::Ask(answer) => return Ok(answer),
            }
        }
        _ => None,
    };
    let Link { request, lost_before, .. } = link;
    let door = request.door.clone();
    let mut attempt = NewAttempt::begin_by(
        Course { manner, peer },
        request,
        entry.id.clone(),
        lost_before,
        &app.sealer,
        app.clock.now(),
    )
    .map_err(|cause| PageError::beginning(door, cause))?;
    app.tally.begun(&entry.id);
    kind::is(RequestKind::Begin);
    let provider = match &entry.provider {
        Provider::Redirect(provider) => provider,
        Provider::Password(_) => return Ok(password::ask(&attempt, attempts, app, asked)),
        Provider::Guest(_) => return Ok(guest::ask(&attempt, None, attempts, app, asked)),
    };
    if provider.service_provider().is_some() {
        attempt = attempt.with_short_state(lost_before, &app.sealer);
    }
    match provider.request(http, &attempt).await {
        Ok(taken) => {
            let mut answer = match &taken {
                AuthenticationRequest::Redirect(address) => see_other(address),
                AuthenticationRequest::Posted(posted) => {
                    onward::post(posted, "relay.onward", Some(attempt.request()), app, asked)
                }
            };
            attempts.keep_by(&mut answer, app.cookies, attempt.sealed());
            if let Some(peer) = attempt.peer() {
                let remembered = last_used::remember_peer(app.cookies, &entry.id, &mark(peer));
                answer.headers_mut().append(SET_COOKIE, remembered);
            }
            Ok(answer)
        }
        Err(cause) => Err(UnderWay::beginning(&attempt).ended(Ended::Provider(cause))),
    }
}

fn choose(link: &Link, offered: &[&Entry], app: &App, request: &HttpRequest) -> HttpResponse {
    let last_used = last_used::recall(request.headers(), app.cookies);
    let choices = offered.iter().map(|entry| Choice {
        name: &entry.name,
        kind: entry.kind,
        href: format!("{}{}", app.root, link_through(link, &entry.id, app.inline.as_ref())),
        last_used: last_used.as_ref() == Some(&entry.id),
        down: entry.is_down(),
    });
    let mut choices: Vec<_> = choices.collect();
    choices.sort_by_key(|choice| (choice.down, !choice.last_used));
    page(&Choose {
        frame: app.frame(Language::of_reader(request, Some(&link.request))),
        meeting: readable(&link.request),
        choices,
    })
}

#[cfg(test)]
mod tests {
    use crate::clock::Clock;
    use crate::web::testing::{Browser, app, browser, noon};

    async fn site(providers: &[&str]) -> Browser {
        browser(app(providers, &Clock::standing_at(noon()))).await
    }

    #[actix_web::test]
    async fn a_link_leads_straight_to_the_only_provider() {
        let mut browser = site(&["work"]).await;

        let answer = browser.get("/room/standup").await;

        assert!(answer.location().starts_with("https://work.invalid/authorize?"), "{}", answer.location());
        assert!(answer.header("set-cookie").starts_with("__Host-roomkey-login-"));
        assert!(answer.header("set-cookie").ends_with("; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600"));
    }

    #[actix_web::test]
    async fn logins_side_by_side_each_have_a_cookie_up_to_a_limit() {
        let mut browser = site(&["work"]).await;

        for room in 0..8 {
            browser.get(&format!("/room/room{room}")).await;
        }

        assert_eq!(browser.held(), crate::login::MAX_SIDE_BY_SIDE);
    }

    #[actix_web::test]
    async fn several_providers_are_offered_and_lead_to_the_same_meeting() {
        let mut browser = site(&["work", "school"]).await;

        let page = browser.get("/room/R%C3%A9union?state=%7B%22ios%22%3Atrue%7D").await;

        assert_eq!(page.status.as_u16(), 200);
        assert!(page.body.contains("<bdi>The work login</bdi>") && page.body.contains("<bdi>réunion</bdi>"));
        let link = "/room/r%c3%a9union?provider=school&#38;state=%7B%22ios%22%3Atrue%7D";
        assert!(page.body.contains(link), "{}", page.body);
        let chosen = browser.get(&link.replace("&#38;", "&")).await;
        assert!(chosen.location().starts_with("https://school.invalid/authorize?"));
    }

    #[actix_web::test]
    async fn the_provider_used_last_stands_first() {
        let mut browser = site(&["work", "school"]).await;
        browser.cookies.push(("__Host-roomkey-provider".to_owned(), "school".to_owned()));

        let page = browser.get("/room/standup").await.body;

        let (work, school) = (page.find("The work login").unwrap(), page.find("The school login").unwrap());
        assert!(school < work);
        assert_eq!(page.matches("Used last time").count(), 1);
        assert!((school..work).contains(&page.find("Used last time").unwrap()));
    }

    #[actix_web::test]
    async fn a_provider_that_is_down_is_shown_as_such_after_the_others() {
        let mut browser = site(&["work", "school"]).await;
        let state = browser.begin("/room/standup?provider=work").await;
        let before = browser.get("/room/standup").await.body;

        let failed = browser.get(&format!("/callback/work?code=c&state={state}")).await;
        let after = browser.get("/room/standup").await.body;

        assert_eq!((failed.status.as_u16(), before.matches("Not answering").count()), (502, 0));
        let (work, school) = (after.find("The work login").unwrap(), after.find("The school login").unwrap());
        assert!(school < work && work < after.find("Not answering at the moment").unwrap());
        assert!(browser.get("/room/standup?provider=work").await.location().starts_with("https://work.invalid/"));
    }

    #[actix_web::test]
    async fn only_providers_that_some_rule_lets_in_are_offered() {
        let mut browser = site(&["work", "staff"]).await;

        let board = browser.get("/room/board").await;
        let vault = browser.get("/room/vault").await;

        assert!(board.location().starts_with("https://staff.invalid/authorize?"));
        assert_eq!(vault.status.as_u16(), 403);
        assert!(vault.body.contains("Nobody can enter this meeting now"));
    }

    #[actix_web::test]
    async fn a_provider_that_is_not_there_cannot_be_chosen() {
        let mut browser = site(&["work"]).await;

        for uri in ["/room/standup?provider=school", "/login/school?room=standup"] {
            let answer = browser.get(uri).await;
            assert_eq!(answer.status.as_u16(), 404, "{uri}");
            assert!(answer.body.contains("This login doesn’t exist"));
        }
    }

    #[actix_web::test]
    async fn a_bad_name_is_told_by_its_character() {
        let mut browser = site(&["work"]).await;

        let star = browser.get("/room/a*b").await;
        let hidden = browser.get("/room/%E2%80%AEevil").await;

        assert_eq!((star.status.as_u16(), hidden.status.as_u16()), (400, 400));
        assert!(star.body.contains("<dt>Not allowed</dt><dd><bdi>* (U+002A)</bdi></dd>"), "{}", star.body);
        assert!(hidden.body.contains("<dd><bdi>U+202E</bdi></dd>"), "{}", hidden.body);
    }
}
