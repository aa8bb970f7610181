//! Logins from the meeting link to the meeting, by way of the real Roomkey.

use std::future::Future;

use futures_util::FutureExt;
use reqwest::StatusCode;
use tokio::sync::oneshot;
use url::Url;

use crate::browser::{Browser, Page};
use crate::demo::guide::{MEETINGS, Outcome};
use crate::demo::provider::people::PEOPLE;
use crate::demo::start::{Demo, Ports};

/// Any free ports.
const ANY: Ports = Ports { meetings: 0, roomkey: 0, provider: 0 };

/// Runs the demonstration for as long as `test` takes.
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

/// Follows the link of `meeting` and logs in as `person`.
async fn enter(meetings: &Url, meeting: &str, person: &str) -> Page {
    let mut browser = Browser::new();
    let link = browser.open(meetings.join(meeting).unwrap()).await;
    let login = browser.open(link.between("id=\"log-in\" href=\"", "\"").parse().unwrap()).await;
    let ticket = login.between("name=\"ticket\" value=\"", "\"").to_owned();
    browser.post(login.url.join("/choose").unwrap(), &[("ticket", &ticket), ("person", person)]).await
}

#[actix_web::test]
async fn everybody_fares_as_the_guide_says() {
    with_demo(async |meetings| {
        for meeting in &MEETINGS {
            for (person, outcome) in PEOPLE.iter().zip(meeting.outcomes) {
                let page = enter(&meetings, meeting.name, person.id).await;

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
                        assert_eq!(page.between("<p class=\"role ", "\""), outcome.class(), "{place}");
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
        let page = enter(&meetings, "standup", "").await;

        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.body.contains("You weren’t logged in"), "{}", page.body);
    })
    .await;
}

#[actix_web::test]
async fn a_token_opens_its_own_room_and_no_other() {
    with_demo(async |meetings| {
        let page = enter(&meetings, "standup", "ada").await;
        let (_, token) = page.url.query_pairs().find(|(name, _)| name == "jwt").unwrap();
        let mut browser = Browser::new();

        // The way that a token in the fragment takes, by the page's script.
        let own = browser.post(meetings.join("standup").unwrap(), &[("jwt", &token)]).await;
        let other = browser.post(meetings.join("board").unwrap(), &[("jwt", &token)]).await;
        let altered = browser.post(meetings.join("standup").unwrap(), &[("jwt", &token.replacen("e", "f", 1))]).await;

        assert_eq!(own.status, StatusCode::OK);
        assert_eq!(other.status, StatusCode::FORBIDDEN);
        assert!(other.body.contains("<tr class=\"bad\"><th scope=\"row\">room</th>"), "{}", other.body);
        assert_eq!(altered.status, StatusCode::FORBIDDEN);
    })
    .await;
}

#[actix_web::test]
async fn a_port_that_is_taken_is_replaced_by_another() {
    let first = Demo::bind(&ANY).unwrap();
    let taken = first.meetings().parse::<Url>().unwrap().port().unwrap();

    let second = Demo::bind(&Ports { meetings: taken, ..ANY }).unwrap();

    assert_ne!(second.meetings(), first.meetings());
}
