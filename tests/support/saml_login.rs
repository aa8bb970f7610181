//! A login at a SAML identity provider that was begun once and written down, so that its responses stay good: for what measures how
//! long they take, and for what changes them. `UPDATE_SAML_LOGIN=1 cargo nextest run --test saml written` writes another.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use roomkey::clock::Clock;
use roomkey::login::{LoginAttempt, ProviderId, Sealer, SealingKeys};
use roomkey::provider::http::Http;
use roomkey::provider::saml::idp::{MetadataSettings, MetadataSource};
use roomkey::provider::saml::{OwnKey, SamlProvider, Settings, SubjectSource};
use roomkey::provider::{AuthenticationResponse, ClaimMap, ClaimSource, Login, ProviderError, RedirectProvider};
use secrecy::{SecretSlice, SecretString};
use tokio::runtime::{Builder, Runtime};

/// Its files, below the repository.
pub const FOLDER: &str = "tests/data/saml/login";

/// Who logs in: the entity id, and the name there.
pub const SUBJECT: &str = "https://idp.example.com/metadata grace-4711-persistent";

const STATE: &str = include_str!("../data/saml/login/state");
const COOKIE: &str = include_str!("../data/saml/login/cookie");
const BEGAN: &str = include_str!("../data/saml/login/began");
const KEY: &str = include_str!("../data/keys/rsa-2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../data/saml/roomkey.pem");

/// The login, as it stands when the browser comes back from the identity provider.
pub struct SamlLogin {
    provider: SamlProvider,
    sealer: Sealer,
    now: Timestamp,
    http: Http,
    runtime: Runtime,
}

impl SamlLogin {
    /// With the metadata read; `repository` is where this repository is.
    pub fn read(repository: &str) -> Self {
        let now = Timestamp::from_second(BEGAN.trim().parse().unwrap()).unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let provider = SamlProvider::new(settings(repository), &Clock::standing_at(now));
        let login = Self { provider, sealer: sealer(), now, http: Http::new().unwrap(), runtime };
        assert!(login.verify(b"nothing").is_err());
        login
    }

    /// What Roomkey makes of this document, as it comes from the browser.
    pub fn verify(&self, document: &[u8]) -> Result<Login, ProviderError> {
        let cookie = |_: &str| Some(COOKIE.to_owned());
        let attempt = LoginAttempt::open(STATE, &id(), cookie, &self.sealer, self.now).unwrap();
        let response = AuthenticationResponse {
            saml_response: Some(STANDARD.encode(document)),
            ..AuthenticationResponse::default()
        };
        self.runtime.block_on(self.provider.verify(&self.http, attempt, response, self.now))
    }
}

/// The provider's.
pub fn id() -> ProviderId {
    ProviderId::try_from("kept".to_owned()).unwrap()
}

/// What seals the cookie.
pub fn sealer() -> Sealer {
    Sealer::new(&SealingKeys { current: SecretSlice::from(vec![7; 32]), previous: Vec::new() }).unwrap()
}

fn settings(repository: &str) -> Settings {
    let own = |path: &str| format!("https://sso.example.com/saml/kept/{path}");
    Settings {
        id: id(),
        entity_id: own("metadata"),
        acs: own("acs").parse().unwrap(),
        slo: own("slo").parse().unwrap(),
        metadata: MetadataSettings {
            provider: id(),
            source: MetadataSource::File(format!("{repository}/{FOLDER}/idp.xml").into()),
            signed_by: Vec::new(),
            only: None,
            discovery: None,
        },
        own_key: Some(OwnKey::from_pem(&SecretString::from(KEY), CERTIFICATE).unwrap().into()),
        sign_requests: false,
        sign_metadata: false,
        request_binding: None,
        want_assertions_encrypted: false,
        authn_context: Vec::new(),
        force_authn: false,
        idp_initiated: false,
        insecure_sha1: false,
        subject: SubjectSource::NameId,
        claims: ClaimMap { groups: ClaimSource(vec!["isMemberOf".to_owned()]), ..ClaimMap::default() },
    }
}
