//! Microsoft Entra ID.

use serde_json::{Value, json};

use crate::support::ending::{CANCELLED, NOT_ADMITTED, REFUSED, TOO_MANY, TURNED_AWAY, UNTRUSTED, assert_ended};
use crate::support::fake::keys;
use crate::support::products::entra::{CLIENT_KEY, Entra, Graph, OURS, THEIRS, member, member_of_many_groups};
use crate::support::products::visit;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::{Page, Visitor};
use crate::{BY_ADDRESS, EVERYBODY, declined, entered, moderators};

const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

struct Stage {
    entra: Entra,
    roomkey: Roomkey,
}

impl Stage {
    async fn set(more: &str, rules: &str) -> Self {
        let entra = Entra::start().await;
        let roomkey = Roomkey::start(&format!("{}{rules}", entra.configuration(more)));
        Self { entra, roomkey }
    }

    async fn many_tenants(rules: &str) -> Self {
        Self::set(&format!("tenant = \"organizations\"\nallowed_tenants = [\"{OURS}\"]"), rules).await
    }

    async fn with_groups(rules: &str) -> Self {
        Self::set(&format!("tenant = \"{OURS}\"\ngroups = \"groups\""), rules).await
    }

    async fn log_in(&self, claims: Value) -> Page {
        self.entra.is(claims);
        let link = format!("{}/room/standup", self.roomkey.url);
        visit(&mut Visitor::new(), &link, |request| self.entra.agree(request)).await
    }
}

fn but(claim: &str, value: Value) -> Value {
    let mut claims = member();
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().remove(claim)),
        value => claims[claim] = value,
    }
    claims
}

#[tokio::test]
async fn somebody_of_the_tenant_enters_in_their_app_role() {
    let stage = Stage::set(&format!("tenant = \"{OURS}\""), &moderators("Meeting.Host")).await;

    let user = entered(&stage.log_in(member()).await, &stage.roomkey);

    assert_eq!((user["name"].as_str(), user["moderator"].as_bool()), (Some("Ada Lovelace"), Some(true)));
}

#[tokio::test]
async fn of_many_tenants_only_those_allowed_are_let_in() {
    let stage = Stage::many_tenants(EVERYBODY).await;

    entered(&stage.log_in(member()).await, &stage.roomkey);
    let other = stage.log_in(but("tid", json!(THEIRS))).await;
    assert_ended(&other, &stage.roomkey, NOT_ADMITTED, "`tid` is not among `allowed_tenants`");
    let personal = stage.log_in(but("tid", json!(CONSUMERS))).await;
    assert_ended(&personal, &stage.roomkey, NOT_ADMITTED, "`tid` is not among `allowed_tenants`");
}

#[tokio::test]
async fn a_token_by_the_issuer_of_another_tenant_is_not_believed() {
    let stage = Stage::many_tenants(EVERYBODY).await;
    let issuer = |tenant: &str| json!(format!("{}/{tenant}/v2.0", stage.entra.url));

    for iss in [issuer(THEIRS), issuer("{tenantid}"), issuer(&OURS.to_uppercase()), json!("https://sts.windows.net/x/")]
    {
        let page = stage.log_in(but("iss", iss.clone())).await;
        assert_ended(&page, &stage.roomkey, UNTRUSTED, "`iss` check");
    }
    let nameless = stage.log_in(but("tid", json!(null))).await;
    assert_ended(&nameless, &stage.roomkey, UNTRUSTED, "there is no `tid` beside it");
}

#[tokio::test]
async fn one_tenant_takes_no_other() {
    let stage = Stage::set(&format!("tenant = \"{OURS}\""), EVERYBODY).await;

    let by_their_issuer = stage.log_in(but("tid", json!(THEIRS))).await;
    assert_ended(&by_their_issuer, &stage.roomkey, UNTRUSTED, "`iss` check");
    let mut claims = but("tid", json!(THEIRS));
    claims["iss"] = json!(format!("{}/{OURS}/v2.0", stage.entra.url));
    let by_our_issuer = stage.log_in(claims).await;
    assert_ended(&by_our_issuer, &stage.roomkey, NOT_ADMITTED, "`tid` is not among `tenant`");
}

#[tokio::test]
async fn personal_accounts_enter_where_they_are_wanted() {
    let stage = Stage::set("tenant = \"consumers\"", EVERYBODY).await;

    entered(&stage.log_in(but("tid", json!(CONSUMERS))).await, &stage.roomkey);
    let work = stage.log_in(member()).await;
    assert_ended(&work, &stage.roomkey, UNTRUSTED, "`iss` check");
}

#[tokio::test]
async fn an_address_that_any_administrator_could_set_counts_for_nothing() {
    let stage = Stage::many_tenants(BY_ADDRESS).await;

    let plain = stage.log_in(member()).await;
    assert_ended(&plain, &stage.roomkey, REFUSED, "no rule fits");
    let claimed = stage.log_in(but("email_verified", json!(true))).await;
    assert_ended(&claimed, &stage.roomkey, REFUSED, "no rule fits");
    let unproved = stage.log_in(but("xms_edov", json!(false))).await;
    assert_ended(&unproved, &stage.roomkey, REFUSED, "no rule fits");
    for proved in [json!(true), json!(1), json!("1")] {
        entered(&stage.log_in(but("xms_edov", proved)).await, &stage.roomkey);
    }
}

#[tokio::test]
async fn the_operator_may_vouch_for_the_addresses_of_a_tenant() {
    let more = format!("tenant = \"{OURS}\"\n[providers.claims]\nemail_verified = true");
    let stage = Stage::set(&more, BY_ADDRESS).await;

    entered(&stage.log_in(member()).await, &stage.roomkey);
}

#[tokio::test]
async fn a_person_is_tenant_and_object_and_both_are_needed() {
    let stage = Stage::many_tenants(EVERYBODY).await;

    let page = stage.log_in(but("oid", json!(null))).await;

    assert_ended(&page, &stage.roomkey, UNTRUSTED, "`sub` check");
}

#[tokio::test]
async fn groups_in_the_token_are_taken_from_there() {
    let stage = Stage::with_groups(&moderators("8f6b1c9e-0000-4000-8000-000000000001")).await;

    let page = stage.log_in(but("groups", json!(["8f6b1c9e-0000-4000-8000-000000000001"]))).await;

    assert_eq!(entered(&page, &stage.roomkey)["moderator"], true);
    assert!(stage.entra.graph_calls().is_empty());
}

#[tokio::test]
async fn groups_too_many_for_the_token_are_fetched_page_by_page() {
    let stage = Stage::with_groups(&moderators("8f6b1c9e-0000-4000-8000-000000000201")).await;
    let ids = |from: u32, to: u32| (from..to).map(|id| format!("8f6b1c9e-0000-4000-8000-{id:012}")).collect();
    stage.entra.graph(Graph::Pages(vec![ids(0, 200), ids(200, 250)]));

    for claims in [member_of_many_groups(), but("hasgroups", json!(true))] {
        let page = stage.log_in(claims).await;
        assert_eq!(entered(&page, &stage.roomkey)["moderator"], true);
    }

    let calls = stage.entra.graph_calls();
    assert_eq!(calls[0], r#"{"securityEnabledOnly":false} /v1.0/me/getMemberObjects"#);
    assert_eq!((calls[1].as_str(), calls.len()), (" /v1.0/me/getMemberObjects?$skiptoken=1", 4));
}

#[tokio::test]
async fn a_graph_that_does_not_tell_ends_the_login() {
    let stage = Stage::with_groups(EVERYBODY).await;
    let outcomes = [
        (Graph::Denied, TURNED_AWAY, "`Authorization_RequestDenied`"),
        (Graph::Busy, TOO_MANY, "wait 20 s"),
        (Graph::Elsewhere, UNTRUSTED, "at another address than the API"),
        (Graph::Pages(vec![Vec::new(); 60]), UNTRUSTED, "more than 50 pages"),
    ];

    for (graph, page, cause) in outcomes {
        stage.entra.graph(graph);
        assert_ended(&stage.log_in(member_of_many_groups()).await, &stage.roomkey, page, cause);
    }
}

#[tokio::test]
async fn somebody_who_says_no_can_try_again() {
    let stage = Stage::many_tenants(EVERYBODY).await;
    let link = format!("{}/room/standup", stage.roomkey.url);

    let page = visit(&mut Visitor::new(), &link, |_| declined("access_denied")).await;

    assert_ended(&page, &stage.roomkey, CANCELLED, "`access_denied`");
}

#[tokio::test]
async fn an_application_proves_itself_by_its_certificate() {
    let entra = Entra::start().await;
    let tenant = format!("tenant = \"{OURS}\"");
    let file = entra.configuration_by(&format!("client_key_file = \"{CLIENT_KEY}\""), &tenant);
    let roomkey = Roomkey::start(&format!("{file}{EVERYBODY}"));

    let link = format!("{}/room/standup", roomkey.url);
    let page = visit(&mut Visitor::new(), &link, |request| entra.agree(request)).await;

    entered(&page, &roomkey);
}

#[tokio::test]
async fn a_certificate_that_is_not_registered_is_for_the_operator_to_mend() {
    let entra = Entra::start().await;
    let pair = std::fs::read_to_string(CLIENT_KEY).unwrap();
    let (_, certificate) = pair.split_at(pair.find("-----BEGIN CERTIFICATE").unwrap());
    let proof = format!("client_key = '''\n{}{certificate}'''", keys::key("RS256").pem());
    let file = entra.configuration_by(&proof, &format!("tenant = \"{OURS}\""));
    let roomkey = Roomkey::start(&format!("{file}{EVERYBODY}"));

    let link = format!("{}/room/standup", roomkey.url);
    let page = visit(&mut Visitor::new(), &link, |request| entra.agree(request)).await;

    assert_ended(&page, &roomkey, TURNED_AWAY, "`invalid_client`");
}
