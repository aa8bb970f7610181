//! Logins from the meeting link to the meeting, by way of the real Roomkey.

use std::future::Future;

use futures_util::FutureExt;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use tokio::sync::oneshot;
use url::Url;

use crate::demo::guide::{MEETINGS, Outcome};
use crate::demo::provider::people::PEOPLE;
use crate::demo::start::{Demo, Ports};
use crate::visitor::{Page, Visitor, parameter};

/// Longest chain of redirects.
const MAX_REDIRECTS: usize = 10;

/// Any free ports.
const ANY: Ports = Ports { meetings: 0, roomkey: 0, provider: 0 };

/// Runs the demonstration for as long as `test` takes, which is told where the meetings are.
async fn with_demo<F: Future<Output = ()>>(test: impl FnOnce(Url) -> F) {
    let demo = Demo::bind(&ANY).unwrap();
    let meetings = demo.meetings().parse().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = demo.run(stopped.map(|_| ()));
    let test = async {
        test(meetings).await;
        drop(stop);
    };
    let (ended, ()) = tokio::join!(running, test);
    ended.unwrap();
}

/// Follows the link of `meeting` and logs in as `person`: the redirects on the way, and the page at its end.
async fn enter(meetings: &Url, meeting: &str, person: &str) -> (Vec<Url>, Page) {
    let mut visitor = Visitor::new();
    let link = visitor.get(meetings.join(meeting).unwrap().as_str()).await;
    let roomkey = between(&link, "id=\"log-in\" href=\"").to_owned();
    let begun = visitor.get(&roomkey).await;
    let (way, login) = follow(&mut visitor, begun).await;
    let ticket = between(&login, "name=\"ticket\" value=\"").to_owned();
    let choose = way.last().unwrap().join("/choose").unwrap();
    let chosen = visitor.post(choose.as_str(), &[("ticket", &ticket), ("person", person)]).await;
    follow(&mut visitor, chosen).await
}

/// Goes where redirects lead.
async fn follow(visitor: &mut Visitor, mut page: Page) -> (Vec<Url>, Page) {
    let mut way = Vec::new();
    while page.headers.contains_key(LOCATION) {
        assert!(way.len() < MAX_REDIRECTS, "in circles: {way:?}");
        way.push(page.location());
        page = visitor.get(page.location().as_str()).await;
    }
    (way, page)
}

/// The attribute's value that begins after `before`.
fn between<'a>(page: &'a Page, before: &str) -> &'a str {
    let (_, rest) = page.body.split_once(before).unwrap_or_else(|| panic!("no `{before}` in {page:#?}"));
    rest.split_once('"').unwrap().0
}

#[actix_web::test]
async fn everybody_fares_as_the_guide_says() {
    with_demo(async |meetings| {
        for meeting in &MEETINGS {
            for (person, outcome) in PEOPLE.iter().zip(meeting.outcomes) {
                let (_, page) = enter(&meetings, meeting.name, person.id).await;

                let place = format!("{} in {}: {}", person.id, meeting.name, page.body);
                match outcome {
                    Outcome::Refused => {
                        assert_eq!(page.status, StatusCode::FORBIDDEN, "{place}");
                        assert!(page.body.contains("You can’t enter this meeting"), "{place}");
                    }
                    Outcome::Moderator | Outcome::Participant => {
                        assert_eq!(page.status, StatusCode::OK, "{place}");
                        assert!(page.body.contains("You are in the meeting"), "{place}");
                        assert!(page.body.contains(person.name), "{place}");
                        assert_eq!(between(&page, "<p class=\"role "), outcome.class(), "{place}");
                    }
                }
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn somebody_who_cancels_is_not_let_in() {
    with_demo(async |meetings| {
        let (_, page) = enter(&meetings, "standup", "").await;

        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("You weren’t logged in"), "{}", page.body);
    })
    .await;
}

#[actix_web::test]
async fn a_token_opens_its_own_room_and_no_other() {
    with_demo(async |meetings| {
        let (way, _) = enter(&meetings, "standup", "ada").await;
        let token = parameter(way.last().unwrap(), "jwt").unwrap();
        let mut visitor = Visitor::new();

        // The way that a token in the fragment takes, by the page's script.
        let own = visitor.post(&format!("{meetings}standup"), &[("jwt", &token)]).await;
        let other = visitor.post(&format!("{meetings}board"), &[("jwt", &token)]).await;
        let altered = visitor.post(&format!("{meetings}standup"), &[("jwt", &alter(&token))]).await;

        assert_eq!(own.status, StatusCode::OK);
        assert_eq!(other.status, StatusCode::FORBIDDEN);
        assert!(other.body.contains("<tr class=\"bad\"><th scope=\"row\">room</th>"), "{}", other.body);
        assert_eq!(altered.status, StatusCode::FORBIDDEN);
        assert!(altered.body.contains("<tr class=\"bad\"><th scope=\"row\">signature</th>"), "{}", altered.body);
    })
    .await;
}

/// The token with another signature of the same form.
fn alter(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{signed}.{first}{}", &signature[1..])
}

#[actix_web::test]
async fn a_port_that_is_taken_is_replaced_by_another() {
    let first = Demo::bind(&ANY).unwrap();
    let taken = first.meetings().parse::<Url>().unwrap().port().unwrap();

    let second = Demo::bind(&Ports { meetings: taken, ..ANY }).unwrap();

    assert_ne!(second.meetings(), first.meetings());
}
