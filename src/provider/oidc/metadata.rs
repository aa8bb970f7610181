//! What is known of a provider before anybody logs in: its endpoints and how it signs (OpenID Connect Discovery 1.0).

use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Endpoints, IdTokenAlgorithm, Settings};
use crate::provider::FailedCheck;
use crate::provider::cache::{FetchError, Fetched};
use crate::provider::http::{Http, HttpError, is_secure};

/// How long a discovery document is used before it is fetched anew, when its headers do not say.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(12);

/// Bounds on what headers may say.
const SHORTEST_LIFETIME: Duration = Duration::from_mins(5);
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);

/// A provider's endpoints and habits, checked.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) authorization: Url,
    pub(super) token: Url,
    pub(super) jwks: Url,
    pub(super) userinfo: Option<Url>,
    /// Where a browser logs out (RP-Initiated Logout 1.0, section 2.1).
    pub(super) end_session: Option<Url>,
    /// `iss` stands in every authorization response (RFC 9207, section 3).
    pub(super) response_iss: bool,
    /// The algorithms an ID Token may be signed by; at least one.
    pub(super) algorithms: Vec<IdTokenAlgorithm>,
}

/// A discovery document, by the types of `openidconnect`.
type Document = ProviderMetadata<
    Extension,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// RFC 9207, section 3, and RP-Initiated Logout 1.0, section 2.1.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Extension {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    end_session_endpoint: Option<Url>,
}

impl AdditionalProviderMetadata for Extension {}

impl Metadata {
    /// Fetches and checks the discovery document of `settings.issuer` (section 4).
    pub(super) async fn discover(http: &Http, settings: &Settings) -> Result<Fetched<Self>, FetchError> {
        let base = settings.habits.discovery.as_ref().unwrap_or(&settings.issuer);
        let address = format!("{}/.well-known/openid-configuration", base.trim_end_matches('/'));
        let address = Url::parse(&address).map_err(|_| unusable("the issuer is no address"))?;
        let answer = http.get_json(&address).await?;
        let document: Document = serde_json::from_slice(&answer.body)
            .map_err(|_| HttpError::Unreadable { expected: "an OpenID provider's discovery document" })?;
        let lifetime = lifetime(&answer.headers, DEFAULT_LIFETIME);
        Ok(Fetched { value: Self::check(&document, settings)?, lifetime })
    }

    /// Endpoints that the operator gives by hand.
    pub(super) fn by_hand(endpoints: &Endpoints, settings: &Settings) -> Self {
        let algorithms = match settings.id_token_algorithms.as_slice() {
            // The default of `id_token_signed_response_alg` (OpenID Connect Dynamic Registration 1.0, section 2).
            [] => vec![IdTokenAlgorithm::RS256],
            given => given.to_vec(),
        };
        Self {
            authorization: endpoints.authorization.clone(),
            token: endpoints.token.clone(),
            jwks: endpoints.jwks.clone(),
            userinfo: endpoints.userinfo.clone(),
            end_session: endpoints.end_session.clone(),
            response_iss: endpoints.response_iss,
            algorithms,
        }
    }

    fn check(document: &Document, settings: &Settings) -> Result<Self, FetchError> {
        if document.issuer().as_str() != settings.issuer {
            return Err(FetchError::Untrusted {
                check: FailedCheck::DiscoveredIssuer,
                detail: "the document is another issuer's: write `issuer` exactly as the provider does".to_owned(),
            });
        }
        let token = document.token_endpoint().ok_or_else(|| unusable("`token_endpoint` is missing"))?;
        let algorithms: Vec<_> = match settings.id_token_algorithms.as_slice() {
            [] => document.id_token_signing_alg_values_supported().iter().filter_map(by_core_name).collect(),
            given => given.to_vec(),
        };
        if algorithms.is_empty() {
            return Err(unusable("`id_token_signing_alg_values_supported` holds no algorithm that Roomkey takes"));
        }
        Ok(Self {
            authorization: endpoint("authorization_endpoint", document.authorization_endpoint().url())?,
            token: endpoint("token_endpoint", token.url())?,
            jwks: endpoint("jwks_uri", document.jwks_uri().url())?,
            userinfo: document
                .userinfo_endpoint()
                .map(|userinfo| endpoint("userinfo_endpoint", userinfo.url()))
                .transpose()?,
            end_session: document
                .additional_metadata()
                .end_session_endpoint
                .as_ref()
                .map(|end_session| endpoint("end_session_endpoint", end_session))
                .transpose()?,
            response_iss: document.additional_metadata().authorization_response_iss_parameter_supported,
            algorithms,
        })
    }
}

/// An endpoint is reached by `https`, or by `http` on this very machine, and has no fragment (RFC 6749, section 3.1).
fn endpoint(name: &str, url: &Url) -> Result<Url, FetchError> {
    if !is_secure(url) || url.fragment().is_some() {
        return Err(unusable(format!("`{name}` is not an https address")));
    }
    Ok(url.clone())
}

fn unusable(detail: impl Into<String>) -> FetchError {
    FetchError::Untrusted { check: FailedCheck::Metadata, detail: detail.into() }
}

fn by_core_name(algorithm: &CoreJwsSigningAlgorithm) -> Option<IdTokenAlgorithm> {
    use CoreJwsSigningAlgorithm as C;
    use IdTokenAlgorithm as A;
    Some(match algorithm {
        C::RsaSsaPkcs1V15Sha256 => A::RS256,
        C::RsaSsaPkcs1V15Sha384 => A::RS384,
        C::RsaSsaPkcs1V15Sha512 => A::RS512,
        C::RsaSsaPssSha256 => A::PS256,
        C::RsaSsaPssSha384 => A::PS384,
        C::RsaSsaPssSha512 => A::PS512,
        C::EcdsaP256Sha256 => A::ES256,
        C::EcdsaP384Sha384 => A::ES384,
        C::EcdsaP521Sha512 => A::ES512,
        C::EdDsa => A::EdDSA,
        _ => return None,
    })
}

/// `max-age` of `Cache-Control` (RFC 9111, section 5.2.2.1) within bounds, or `default`.
pub(super) fn lifetime(headers: &HeaderMap, default: Duration) -> Duration {
    headers
        .get(CACHE_CONTROL)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok()))
        .map_or(default, Duration::from_secs)
        .clamp(SHORTEST_LIFETIME, LONGEST_LIFETIME)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn cache_headers_count_within_bounds() {
        let lifetime_of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
            lifetime(&headers, DEFAULT_LIFETIME)
        };

        assert_eq!(lifetime_of("public, max-age=3600"), Duration::from_hours(1));
        assert_eq!(lifetime_of("max-age=0"), SHORTEST_LIFETIME);
        assert_eq!(lifetime_of("max-age=99999999"), LONGEST_LIFETIME);
        assert_eq!(lifetime_of("no-store"), DEFAULT_LIFETIME);
        assert_eq!(lifetime_of("max-age=x"), DEFAULT_LIFETIME);
        assert_eq!(lifetime(&HeaderMap::new(), DEFAULT_LIFETIME), DEFAULT_LIFETIME);
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let endpoint = |text| endpoint("e", &Url::parse(text).unwrap()).is_ok();

        assert!(endpoint("https://id.example.com/token"));
        assert!(endpoint("http://localhost:1/token"));
        assert!(endpoint("http://127.0.0.1:1/token"));
        assert!(endpoint("http://[::1]:1/token"));
        assert!(!endpoint("http://id.example.com/token"));
        assert!(!endpoint("http://localhost.example.com/token"));
        assert!(!endpoint("file:///etc/passwd"));
        assert!(!endpoint("https://id.example.com/token#x"));
    }
}
