//! Asks a provider everything that it tells without a person: its documents, its keys, whether it knows Roomkey's client and
//! redirect URI, and whether it takes Roomkey's word for who it is.

mod diagnosis;

pub use diagnosis::diagnose;

use futures_util::future::join;
use http::Request;
use http::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use super::clock::{Reading, Whose};
use crate::clock::Clock;
use crate::config::{ProviderConfig, ProviderKind};
use crate::login::{LoginAttempt, NewAttempt, Sealer};
use crate::provider::github::GitHubProvider;
use crate::provider::http::{Http, HttpError};
use crate::provider::oidc::OidcProvider;
use crate::provider::{AuthenticationRequest, AuthenticationResponse, PostedRequest, ProviderError, RedirectProvider};
use crate::room::JoinRequest;

/// A code that no provider has given.
const NO_CODE: &str = "roomkey-doctor-0000000000000000";

/// What a provider did.
#[derive(Debug)]
pub struct Observed {
    /// Whether its endpoints are known.
    pub discovery: Result<(), ProviderError>,
    /// Whether it has keys that can be used; `None` where it needs none.
    pub keys: Option<Result<(), ProviderError>>,
    /// How a login with a code of Roomkey's own making ended.
    pub exchange: Option<ProviderError>,
    /// Where somebody gets who is sent to log in.
    pub authorization: Option<Result<Arrived, HttpError>>,
    /// Its clock.
    pub clock: Option<Reading>,
}

/// What an authorization endpoint showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The status.
    pub status: u16,
    /// Where it sends the browser on.
    pub location: Option<Url>,
    /// Error codes of Entra's on its page, which has status 200.
    pub entra_error: Option<&'static str>,
}

/// Asks `provider`; `None` for kinds that the browser is not sent to.
pub async fn observe(provider: &ProviderConfig, http: &Http, sealer: &Sealer, clock: &Clock) -> Option<Observed> {
    let visit = Visit { provider, http, sealer, clock };
    match &provider.kind {
        ProviderKind::Oidc(settings) | ProviderKind::Google(settings) | ProviderKind::Entra(settings) => {
            let asked = OidcProvider::new(settings.clone(), clock);
            let observed = visit.observe(&asked, Some(settings.issuer.clone())).await;
            let keys = match &observed.discovery {
                Ok(()) => Some(asked.fetch_keys(http).await),
                Err(_) => None,
            };
            Some(Observed { keys, ..observed })
        }
        ProviderKind::GitHub(settings) => {
            Some(visit.observe(&GitHubProvider::new(settings.clone(), clock), None).await)
        }
        ProviderKind::Saml(_) | ProviderKind::Ldap(_) | ProviderKind::Guest => None,
    }
}

/// The client id and redirect URI as they have to be registered.
pub(super) fn registration(kind: &ProviderKind) -> Option<(&str, &Url)> {
    match kind {
        ProviderKind::Oidc(settings) | ProviderKind::Google(settings) | ProviderKind::Entra(settings) => {
            Some((&settings.client_id, &settings.redirect_uri))
        }
        ProviderKind::GitHub(settings) => Some((&settings.client_id, &settings.redirect_uri)),
        ProviderKind::Saml(_) | ProviderKind::Ldap(_) | ProviderKind::Guest => None,
    }
}

/// A login of nobody's.
pub(super) struct Visit<'a> {
    pub(super) provider: &'a ProviderConfig,
    pub(super) http: &'a Http,
    pub(super) sealer: &'a Sealer,
    pub(super) clock: &'a Clock,
}

impl Visit<'_> {
    async fn observe(&self, asked: &dyn RedirectProvider, iss: Option<String>) -> Observed {
        let nothing = |discovery| Observed { discovery, keys: None, exchange: None, authorization: None, clock: None };
        let attempt = self.attempt();
        let request = match asked.request(self.http, &attempt).await {
            Ok(request) => request,
            Err(error) => return nothing(Err(error)),
        };
        let ((authorization, clock), exchange) = join(self.arrive(&request), self.exchange(asked, attempt, iss)).await;
        Observed { exchange, authorization: Some(authorization), clock, ..nothing(Ok(())) }
    }

    pub(super) fn attempt(&self) -> NewAttempt {
        let request = JoinRequest::from_link(None, "roomkey-doctor", None).expect("letters and hyphens make a name");
        NewAttempt::begin(request, self.provider.id.clone(), 0, self.sealer, self.clock.now())
            .expect("a request without options fits a cookie")
    }

    /// Answers in the provider's place, with a code that it never gave.
    async fn exchange(
        &self,
        asked: &dyn RedirectProvider,
        attempt: NewAttempt,
        iss: Option<String>,
    ) -> Option<ProviderError> {
        let now = self.clock.now();
        let cookie = |_: &str| Some(attempt.sealed().value.clone());
        let login = LoginAttempt::open(attempt.state().secret(), &self.provider.id, cookie, self.sealer, now).ok()?;
        let response =
            AuthenticationResponse { code: Some(NO_CODE.to_owned()), iss, ..AuthenticationResponse::default() };
        asked.verify(self.http, login, response, now).await.err()
    }

    /// Goes where a browser would be sent, without a person.
    pub(super) async fn arrive(
        &self,
        request: &AuthenticationRequest,
    ) -> (Result<Arrived, HttpError>, Option<Reading>) {
        let unusable = |_| HttpError::Connection { cause: "unusable address".to_owned() };
        let asked = self.clock.now();
        let sent = match request {
            AuthenticationRequest::Redirect(address) => Request::get(address).body(Vec::new()),
            AuthenticationRequest::Posted(PostedRequest { action, fields }) => {
                let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                let form = "application/x-www-form-urlencoded";
                Request::post(action.as_str()).header(CONTENT_TYPE, form).body(body.into_bytes())
            }
        };
        let answer = match sent.map_err(unusable) {
            Ok(request) => self.http.look(request).await,
            Err(error) => Err(error),
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return (Err(error), None),
        };
        let clock =
            Reading::of(Whose::Provider(self.provider.id.to_string()), &answer.headers, asked, self.clock.now());
        let base = Url::parse(request.address()).ok();
        let location = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let location = location.and_then(|location| base?.join(location).ok());
        let page = String::from_utf8_lossy(&answer.body);
        let entra_error = diagnosis::ENTRA_ERRORS.into_iter().find(|code| page.contains(code));
        (Ok(Arrived { status: answer.status.as_u16(), location, entra_error }), clock)
    }
}
