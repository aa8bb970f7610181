//! GitHub.

use crate::support::ending::{
    CANCELLED, DOWN, NOT_ADMITTED, REFUSED, SIGN_ON_FIRST, TOO_MANY, TURNED_AWAY, UNTRUSTED, assert_ended,
};
use crate::support::products::github::{GitHub, Mood};
use crate::support::products::visit;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor, parameter};
use crate::{BY_ADDRESS, EVERYBODY, declined, entered, moderators};

const MEMBERS: &str = "organizations = [\"example\"]";

struct Stage {
    github: GitHub,
    roomkey: Roomkey,
}

impl Stage {
    async fn set(more: &str, rules: &str) -> Self {
        Self::at(GitHub::dot_com().await, more, rules)
    }

    fn at(github: GitHub, more: &str, rules: &str) -> Self {
        let roomkey = Roomkey::start(&format!("{}{rules}", github.configuration(more)));
        Self { github, roomkey }
    }

    async fn log_in(&self) -> Page {
        self.visit(&mut Visitor::new()).await
    }

    async fn visit(&self, visitor: &mut Visitor) -> Page {
        visit(visitor, &self.link(), |request| self.github.agree(request)).await
    }

    fn link(&self) -> String {
        format!("{}/room/standup", self.roomkey.url)
    }
}

#[tokio::test]
async fn a_member_enters_and_their_team_on_the_second_page_counts() {
    let stage = Stage::set(MEMBERS, &moderators("github:example/board")).await;

    let user = entered(&stage.log_in().await, &stage.roomkey);

    assert_eq!((user["name"].as_str(), user["email"].as_str()), (Some("The Octocat"), Some("octocat@example.com")));
    assert_eq!(user["moderator"], true);
    let mut calls = stage.github.calls();
    calls.sort();
    assert_eq!(calls, ["/user", "/user/emails", "/user/memberships/orgs", "/user/teams", "/user/teams"]);
}

#[tokio::test]
async fn a_server_of_ones_own_is_asked_below_its_own_path() {
    let stage = Stage::at(GitHub::enterprise_server().await, MEMBERS, &moderators("example"));

    entered(&stage.log_in().await, &stage.roomkey);
}

#[tokio::test]
async fn the_request_holds_what_github_takes() {
    let stage = Stage::set(MEMBERS, EVERYBODY).await;

    let request = Visitor::new().get(&stage.link()).await.location();
    let again = Visitor::new().get(&format!("{}?other=1", stage.link())).await.location();

    assert_eq!(parameter(&request, "scope").as_deref(), Some("user:email read:org"));
    assert_eq!(parameter(&request, "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(parameter(&request, "nonce"), None);
    assert_eq!(parameter(&again, "prompt").as_deref(), Some("select_account"));
}

#[tokio::test]
async fn whoever_is_in_none_of_the_organizations_is_not_admitted() {
    let stage = Stage::set("organizations = [\"other\", \"invited\"]", EVERYBODY).await;

    assert_ended(&stage.log_in().await, &stage.roomkey, NOT_ADMITTED, "in none of the `organizations`");
}

#[tokio::test]
async fn an_organisation_behind_its_sign_on_is_explained() {
    let stage = Stage::set("organizations = [\"hidden\"]", EVERYBODY).await;

    for mood in [Mood::PartialResults, Mood::SignOnRequired] {
        stage.github.is(|person| person.mood = mood);
        let page = stage.log_in().await;
        assert_ended(&page, &stage.roomkey, SIGN_ON_FIRST, "asks for its own single sign-on first");
        assert!(!page.body.contains("authorization_request"), "nothing of GitHub's is repeated");
    }
}

#[tokio::test]
async fn a_limit_is_told_from_a_refusal() {
    let stage = Stage::set(MEMBERS, EVERYBODY).await;

    for mood in [Mood::LimitReached, Mood::SecondaryLimit] {
        stage.github.is(|person| person.mood = mood);
        assert_ended(&stage.log_in().await, &stage.roomkey, TOO_MANY, "takes no more calls for now");
    }
    stage.github.is(|person| person.mood = Mood::Broken);
    assert_ended(&stage.log_in().await, &stage.roomkey, DOWN, "status 502");
}

#[tokio::test]
async fn pages_are_followed_at_the_api_alone_and_to_an_end() {
    let stage = Stage::set(MEMBERS, EVERYBODY).await;

    stage.github.is(|person| person.mood = Mood::PagesElsewhere);
    assert_ended(&stage.log_in().await, &stage.roomkey, UNTRUSTED, "at another address than the API");
    stage.github.is(|person| person.mood = Mood::Endless);
    assert_ended(&stage.log_in().await, &stage.roomkey, UNTRUSTED, "more than 50 pages");
}

#[tokio::test]
async fn only_the_primary_address_counts_and_only_if_it_is_verified() {
    let stage = Stage::set(MEMBERS, BY_ADDRESS).await;

    entered(&stage.log_in().await, &stage.roomkey);
    stage.github.is(|person| person.emails[1]["verified"] = false.into());
    assert_ended(&stage.log_in().await, &stage.roomkey, REFUSED, "no rule fits");
    stage.github.is(|person| {
        person.emails[0]["email"] = "octocat@example.com".into();
        person.emails[1]["email"] = "octocat@example.net".into();
        person.emails[1]["verified"] = true.into();
    });
    assert_ended(&stage.log_in().await, &stage.roomkey, REFUSED, "no rule fits");
}

#[tokio::test]
async fn errors_with_status_200_are_errors() {
    let github = GitHub::dot_com().await;
    let wrong = github.configuration(MEMBERS).replace("a-secret-that", "another-secret-that");
    let roomkey = Roomkey::start(&format!("{wrong}{EVERYBODY}"));
    let link = format!("{}/room/standup", roomkey.url);

    let wrong_secret = visit(&mut Visitor::new(), &link, |request| github.agree(request)).await;
    assert_ended(&wrong_secret, &roomkey, TURNED_AWAY, "`incorrect_client_credentials`");

    let stage = Stage::at(GitHub::dot_com().await, MEMBERS, EVERYBODY);
    let code = |_: &url::Url| vec![("code".to_owned(), "made-up".to_owned())];
    let wrong_code = visit(&mut Visitor::new(), &stage.link(), code).await;
    assert_ended(&wrong_code, &stage.roomkey, CANCELLED, "`bad_verification_code`");
}

#[tokio::test]
async fn somebody_who_says_no_can_try_again_and_a_wrong_registration_is_the_operators() {
    let stage = Stage::set(MEMBERS, EVERYBODY).await;

    let no = visit(&mut Visitor::new(), &stage.link(), |_| declined("access_denied")).await;
    assert_ended(&no, &stage.roomkey, CANCELLED, "`access_denied`");
    let mismatch = visit(&mut Visitor::new(), &stage.link(), |_| declined("redirect_uri_mismatch")).await;
    assert_ended(&mismatch, &stage.roomkey, TURNED_AWAY, "`redirect_uri_mismatch`");
    let suspended = visit(&mut Visitor::new(), &stage.link(), |_| declined("application_suspended")).await;
    assert_ended(&suspended, &stage.roomkey, TURNED_AWAY, "`application_suspended`");
}

#[tokio::test]
async fn a_session_ends_when_the_grant_is_revoked_or_the_membership_is_over() {
    let session = "[session]\nsecret = \"eleven-paper-boats-drift-past-the-mill\"\nconfirm = \"1s\"\n";
    let stage = Stage::set(MEMBERS, &format!("{session}{EVERYBODY}")).await;
    let (mut one, mut other) = (Visitor::new(), Visitor::new());
    entered(&stage.visit(&mut one).await, &stage.roomkey);
    entered(&stage.visit(&mut other).await, &stage.roomkey);

    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    entered(&one.get(&stage.link()).await, &stage.roomkey);
    stage.github.is(|person| person.memberships.clear());
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    let left = one.get(&stage.link()).await.location();
    stage.github.revoke();
    let revoked = other.get(&stage.link()).await.location();

    assert!(left.path().ends_with("/login/oauth/authorize"), "{left}");
    assert!(revoked.path().ends_with("/login/oauth/authorize"), "{revoked}");
    stage.roomkey.wait_for_line("token_not_accepted", |line| line.contains("token_not_accepted"));
}
