use std::fs;

use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

const FEDERATION: &str = include_str!("../../../../../tests/data/saml/federation.xml");
const NORTH: &str = "https://north.example.edu/idp";
const SOUTH: &str = "https://south.example.edu/idp";

fn noon() -> Timestamp {
    "2026-12-01T12:00:00Z".parse().unwrap()
}

/// `FEDERATION` in which `north` is the only one.
fn single() -> String {
    FEDERATION.replace(":IDPSSODescriptor", ":Other").replacen(":Other", ":IDPSSODescriptor", 2)
}

struct Stage {
    idps: Arc<Idps>,
    clock: Clock,
    http: Http,
}

impl Stage {
    fn of(source: MetadataSource, adapt: impl FnOnce(&mut MetadataSettings)) -> Self {
        let clock = Clock::standing_at(noon());
        let mut settings = MetadataSettings {
            provider: "uni".parse().unwrap(),
            source,
            signed_by: Vec::new(),
            only: None,
            discovery: None,
        };
        adapt(&mut settings);
        Self { idps: Arc::new(Idps::new(settings, &clock)), clock, http: Http::new().unwrap() }
    }

    async fn at(server: &MockServer) -> Self {
        Self::of(MetadataSource::Url(format!("{}/metadata", server.uri()).parse().unwrap()), |_| {})
    }

    fn pass(&self, time: Duration) {
        self.clock.set(self.clock.now() + time);
    }

    async fn idp(&self, entity_id: Option<&str>) -> Result<Arc<IdpMetadata>, ProviderError> {
        self.idps.idp(&self.http, entity_id).await
    }

    async fn check(&self, entity_id: Option<&str>) -> FailedCheck {
        match self.idp(entity_id).await {
            Err(ProviderError::Untrusted { check, .. }) => check,
            other => panic!("{other:?}"),
        }
    }

    /// Asks again and again, as logins do, until `north` is called `name`.
    async fn north_becomes(&self, name: &str) {
        for _ in 0..500 {
            if self.idp(Some(NORTH)).await.unwrap().name("en") == name {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it is never called {name}");
    }
}

fn metadata(document: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(document.to_owned(), "application/samlmetadata+xml")
}

async fn serve(server: &MockServer, answer: ResponseTemplate) {
    server.reset().await;
    Mock::given(method("GET")).respond_with(answer).mount(server).await;
}

fn renamed(name: &str) -> String {
    FEDERATION.replace("University of the North", name)
}

#[tokio::test]
async fn one_of_several_has_to_be_named_and_known() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;

    assert_eq!(stage.idp(Some(NORTH)).await.unwrap().entity_id, NORTH);
    assert_eq!(stage.check(None).await, FailedCheck::Issuer);
    assert_eq!(stage.check(Some("https://evil.example.org")).await, FailedCheck::Issuer);
    assert!(matches!(stage.idps.to_choose(&stage.http).await, Ok(ToChoose::Idp(_))));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_only_one_need_not_be_named() {
    let server = MockServer::start().await;
    serve(&server, metadata(&single())).await;
    let stage = Stage::at(&server).await;

    assert_eq!(stage.idp(None).await.unwrap().entity_id, NORTH);
    assert!(matches!(stage.idps.to_choose(&stage.http).await, Ok(ToChoose::Nothing)));
}

#[tokio::test]
async fn the_operator_can_pick_one_of_a_federation() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let source = MetadataSource::Url(server.uri().parse().unwrap());
    let of = |only: &str| Stage::of(source.clone(), |settings| settings.only = Some(only.to_owned()));

    assert_eq!(of(SOUTH).idp(None).await.unwrap().entity_id, SOUTH);
    assert_eq!(of(SOUTH).check(Some(NORTH)).await, FailedCheck::Issuer);
    assert_eq!(of("https://nobody.example.edu").check(None).await, FailedCheck::Metadata);
}

#[tokio::test]
async fn many_who_come_first_share_one_fetch() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION).set_delay(Duration::from_millis(100))).await;
    let stage = Stage::at(&server).await;

    let all = futures_util::future::join_all((0..50).map(|_| stage.idp(Some(NORTH)))).await;

    assert!(all.iter().all(Result::is_ok));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_due_is_refreshed_behind_the_backs_of_those_who_use_it() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;
    stage.north_becomes("University of the North").await;
    serve(&server, metadata(&renamed("Polar University"))).await;

    // `cacheDuration` is twelve hours.
    stage.pass(Duration::from_hours(12) - Duration::from_secs(1));
    stage.idp(Some(NORTH)).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
    stage.pass(Duration::from_secs(1));

    assert_eq!(stage.idp(Some(NORTH)).await.unwrap().name("en"), "University of the North");
    stage.north_becomes("Polar University").await;
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_source_that_is_down_or_gives_rubbish_changes_nothing_until_what_is_known_expires() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;
    stage.idp(Some(NORTH)).await.unwrap();

    for answer in [ResponseTemplate::new(503), metadata("<html/>"), metadata("<!DOCTYPE a><a/>")] {
        serve(&server, answer).await;
        stage.pass(Duration::from_hours(13));
        stage.idp(Some(NORTH)).await.unwrap();
        while server.received_requests().await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            // The failure of the answer before may come only now, and puts the next try off.
            stage.pass(Duration::from_secs(31));
            stage.idp(Some(NORTH)).await.unwrap();
        }
        stage.idp(Some(NORTH)).await.unwrap();
    }
    stage.clock.set("2026-12-31T00:00:00Z".parse().unwrap());

    assert_eq!(stage.check(Some(NORTH)).await, FailedCheck::Metadata);
}

#[tokio::test]
async fn trust_in_one_ends_with_its_own_validity() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;
    stage.idp(Some(SOUTH)).await.unwrap();

    stage.clock.set("2026-12-15T00:00:00Z".parse().unwrap());

    assert_eq!(stage.check(Some(SOUTH)).await, FailedCheck::Metadata);
    assert!(stage.idp(Some(NORTH)).await.is_ok());
}

#[tokio::test]
async fn expired_metadata_are_fetched_anew_by_whoever_comes_next() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;
    stage.idp(Some(NORTH)).await.unwrap();
    serve(&server, metadata(&FEDERATION.replace("2026-12-31", "2027-12-31"))).await;

    stage.clock.set("2027-01-05T00:00:00Z".parse().unwrap());

    assert!(stage.idp(Some(NORTH)).await.is_ok());
}

#[tokio::test]
async fn a_source_that_was_never_reached_is_an_error_of_its_own() {
    let server = MockServer::start().await;
    let stage = Stage::at(&server).await;
    for status in [404, 302] {
        serve(&server, ResponseTemplate::new(status)).await;

        let error = stage.idp(Some(NORTH)).await.unwrap_err();

        assert!(matches!(error, ProviderError::Unreachable { leg: Leg::Metadata, .. }), "{error:?}");
        assert!(stage.idps.health().is_down());
        stage.pass(Duration::from_mins(2));
    }
}

#[tokio::test]
async fn what_nobody_trusted_has_signed_is_refused() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let pem = pem::parse(include_str!("../../../../../tests/data/saml/other.pem")).unwrap();
    let source = MetadataSource::Url(server.uri().parse().unwrap());
    let stage = Stage::of(source, |settings| settings.signed_by = vec![pem.into_contents()]);

    assert_eq!(stage.check(Some(NORTH)).await, FailedCheck::Metadata);
}

#[tokio::test]
async fn an_unchanged_document_is_not_sent_again() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION).insert_header("ETag", "\"one\"")).await;
    let stage = Stage::at(&server).await;
    stage.idp(Some(NORTH)).await.unwrap();
    server.reset().await;
    let unchanged = Mock::given(header("If-None-Match", "\"one\"")).respond_with(ResponseTemplate::new(304));
    unchanged.expect(1).mount(&server).await;

    stage.pass(Duration::from_hours(12));
    stage.idp(Some(NORTH)).await.unwrap();
    while server.received_requests().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    stage.pass(Duration::from_hours(11));
    assert!(stage.idp(Some(NORTH)).await.is_ok());
    server.verify().await;
}

#[tokio::test]
async fn a_signature_by_an_unknown_key_has_the_source_asked_once_a_minute() {
    let server = MockServer::start().await;
    serve(&server, metadata(FEDERATION)).await;
    let stage = Stage::at(&server).await;
    let seen = stage.idp(Some(NORTH)).await.unwrap();
    serve(&server, metadata(&renamed("Polar University"))).await;
    let newer = async || stage.idps.newer(&stage.http, &seen).await;

    assert_eq!(newer().await, None);
    stage.pass(REFETCH_INTERVAL);
    let all = futures_util::future::join_all((0..50).map(|_| newer())).await;

    assert!(all.iter().all(|idp| idp.as_ref().is_some_and(|idp| idp.name("en") == "Polar University")));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_is_read_again_once_it_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("federation.xml");
    fs::write(&path, FEDERATION).unwrap();
    let stage = Stage::of(MetadataSource::File(path.clone()), |_| {});
    stage.north_becomes("University of the North").await;

    fs::write(&path, renamed("Polar University")).unwrap();
    stage.pass(FILE_LIFETIME);

    stage.north_becomes("Polar University").await;
}

#[tokio::test]
async fn a_file_that_is_gone_serves_on_and_one_that_never_was_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("federation.xml");
    let stage = Stage::of(MetadataSource::File(path.clone()), |_| {});

    let error = stage.idp(Some(NORTH)).await.unwrap_err();
    assert!(error.to_string().contains("`idp_metadata_file` cannot be read: No such file"), "{error}");
    fs::write(&path, FEDERATION).unwrap();
    stage.pass(Duration::from_secs(1));
    stage.idp(Some(NORTH)).await.unwrap();
    fs::remove_file(&path).unwrap();

    stage.pass(Duration::from_hours(1));
    assert!(stage.idp(Some(NORTH)).await.is_ok());
}
