//! Metadata from an address: had before anybody logs in, without holding up the start.

use std::time::{Duration, Instant};

use crate::support::ending::STAFF_MODERATE;
use crate::support::fake_idp::FakeIdp;
use crate::support::roomkey::Roomkey;
use crate::support::visitor::Visitor;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn published(idp: &FakeIdp, slow: Duration) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_string(idp.metadata()).set_delay(slow);
    Mock::given(path("/metadata")).respond_with(answer).mount(&server).await;
    server
}

fn provider(server: &MockServer) -> String {
    let url = format!("{}/metadata", server.uri());
    format!("[[providers]]\nid = \"fake\"\nkind = \"saml\"\nidp_metadata_url = \"{url}\"\n{STAFF_MODERATE}")
}

async fn wait_for_requests(server: &MockServer, count: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.received_requests().await.unwrap().len() < count {
        assert!(Instant::now() < deadline, "nobody asks for the metadata");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_are_fetched_once_at_the_start_which_does_not_wait_for_them() {
    let idp = FakeIdp::new();
    let server = published(&idp, Duration::from_secs(3)).await;
    let began = Instant::now();

    let roomkey = Roomkey::start(&provider(&server));
    roomkey.wait_until_ready();
    let ready = began.elapsed();
    wait_for_requests(&server, 1).await;
    let page = Visitor::new().get(&format!("{}/room/standup", roomkey.url)).await;

    assert!(ready < Duration::from_secs(3), "{ready:?}");
    idp.read(&page.location());
    assert_eq!(server.received_requests().await.unwrap().len(), 1, "the login waited for the same fetch");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_are_fetched_anew_when_the_file_is_read_again() {
    let idp = FakeIdp::new();
    let (first, second) = (published(&idp, Duration::ZERO).await, published(&idp, Duration::ZERO).await);
    let roomkey = Roomkey::start(&provider(&first));
    wait_for_requests(&first, 1).await;

    roomkey.rewrite(&provider(&second));
    roomkey.signal("HUP");

    wait_for_requests(&second, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metadata_that_cannot_be_had_at_the_start_are_told_of_and_had_by_the_next_login() {
    let idp = FakeIdp::new();
    let server = MockServer::start().await;
    let roomkey = Roomkey::start(&provider(&server));
    let line = roomkey.wait_for_log("could not have the metadata of `fake`");
    let answer = ResponseTemplate::new(200).set_body_string(idp.metadata());
    Mock::given(path("/metadata")).respond_with(answer).mount(&server).await;
    // A failure answers all who come within a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;

    let page = Visitor::new().get(&format!("{}/room/standup", roomkey.url)).await;

    assert!(line.contains("the answer has status 404"), "{line}");
    idp.read(&page.location());
}
