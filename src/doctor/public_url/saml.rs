//! The way back from a SAML identity provider, without one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use url::Url;

use super::{is_ours, parameter};
use crate::config::ProviderKind;
use crate::login::{LoginAttempt, ProviderId};
use crate::provider::http::Answer;
use crate::provider::saml::PROTOCOL;

/// Where the response of somebody who does not want to log in after all is posted, and its fields. Such a response is believed without
/// a signature: it lets nobody in.
pub(super) fn declined(
    provider: &ProviderId,
    attempt: Option<&LoginAttempt>,
    state: &str,
    now: Timestamp,
) -> (String, [(&'static str, String); 3]) {
    let request = attempt.map_or_else(|| "unknown".to_owned(), |attempt| attempt.nonce().secret().clone());
    let document = format!(
        "<samlp:Response xmlns:samlp=\"{PROTOCOL}\" ID=\"_roomkey-doctor\" Version=\"2.0\" IssueInstant=\"{now}\" \
         InResponseTo=\"_{request}\"><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></samlp:StatusCode></samlp:Status>\
         </samlp:Response>"
    );
    let fields = [
        ("SAMLResponse", STANDARD.encode(document)),
        ("RelayState", state.to_owned()),
        // As from the page of Roomkey's own that sends it on.
        ("relayed", "1".to_owned()),
    ];
    (format!("saml/{provider}/acs"), fields)
}

/// Whether people are asked first which identity provider is theirs: on a page of Roomkey's, or by a discovery service.
pub(super) fn is_choice(kind: &ProviderKind, answer: &Answer, location: Option<&Url>) -> bool {
    let is_asked_elsewhere = || location.is_some_and(|location| parameter(location, "entityID").is_some());
    matches!(kind, ProviderKind::Saml(_)) && (answer.status == 200 && is_ours(answer) || is_asked_elsewhere())
}
