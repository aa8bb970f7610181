//! The request for a login (SAML 2.0 Core, section 3.4.1), by HTTP-Redirect or HTTP-POST (Bindings, sections 3.4 and 3.5).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::idp::{Binding, Endpoint, IdpMetadata};
use super::own_key::OwnKey;
use super::settings::{Settings, SubjectSource};
use super::xml::{escaped, instant, signed};
use super::{ASSERTION, PERSISTENT, POST_BINDING, PROTOCOL};
use crate::login::{Manner, NewAttempt};
use crate::provider::error::Untrusted;
use crate::provider::{AuthenticationRequest, FailedCheck, PostedRequest};

/// The `ID` of an attempt's request: an `NCName` of 128 random bits, known to the provider and to the browser's sealed cookie alone.
pub(super) fn id(nonce: &str) -> String {
    format!("_{nonce}")
}

/// What the browser takes to `idp` for `attempt`.
pub(super) fn request(
    settings: &Settings,
    idp: &IdpMetadata,
    attempt: &NewAttempt,
) -> Result<AuthenticationRequest, Untrusted> {
    let endpoint = endpoint(settings, idp)?;
    let key = signing_key(settings, idp)?;
    let (head, tail) = document(settings, idp, endpoint, attempt);
    let id = id(attempt.nonce().secret());
    let state = attempt.state();
    Ok(match endpoint.binding {
        Binding::Redirect => {
            let query = signed_query("SAMLRequest", &format!("{head}{tail}"), state.secret(), key);
            AuthenticationRequest::Redirect(redirect(&endpoint.location, &query))
        }
        Binding::Post => {
            let document = match key {
                Some(key) => signed(&head, &tail, &id, key),
                None => format!("{head}{tail}"),
            };
            AuthenticationRequest::Posted(PostedRequest {
                action: endpoint.location.clone(),
                fields: vec![("SAMLRequest", STANDARD.encode(document)), ("RelayState", state.secret().clone())],
            })
        }
    })
}

fn endpoint<'a>(settings: &Settings, idp: &'a IdpMetadata) -> Result<&'a Endpoint, Untrusted> {
    let wanted = match settings.request_binding {
        Some(binding) => idp.single_sign_on_by(binding),
        None => idp.single_sign_on_by(Binding::Redirect).or_else(|| idp.single_sign_on_by(Binding::Post)),
    };
    wanted.ok_or_else(|| {
        Untrusted::new(FailedCheck::Metadata, "they have no `SingleSignOnService` for `request_binding`")
    })
}

/// What signs, if something has to.
fn signing_key<'a>(settings: &'a Settings, idp: &IdpMetadata) -> Result<Option<&'a OwnKey>, Untrusted> {
    match settings.own_key.as_deref() {
        Some(key) => Ok((settings.sign_requests || idp.wants_signed_requests).then_some(key)),
        None if idp.wants_signed_requests => {
            Err(Untrusted::new(FailedCheck::Metadata, "they want signed requests, and there is no `key_file`"))
        }
        None => Ok(None),
    }
}

/// The document in two parts: a signature stands behind the issuer.
fn document(settings: &Settings, idp: &IdpMetadata, endpoint: &Endpoint, attempt: &NewAttempt) -> (String, String) {
    let id = id(attempt.nonce().secret());
    let now = instant(attempt.began());
    let (force, passive) = match attempt.manner() {
        Manner::Silent => ("", " IsPassive=\"true\""),
        Manner::Plain if !settings.force_authn => ("", ""),
        Manner::Afresh | Manner::Plain => (" ForceAuthn=\"true\"", ""),
    };
    let head = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\" AssertionConsumerServiceURL=\"{}\" Destination=\"{}\"{force} \
         ID=\"{id}\"{passive} IssueInstant=\"{now}\" ProtocolBinding=\"{POST_BINDING}\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"{ASSERTION}\">{}</saml:Issuer>",
        escaped(settings.acs.as_str()),
        escaped(endpoint.location.as_str()),
        escaped(&settings.entity_id),
    );
    let knows_persistent = idp.name_id_formats.iter().any(|format| format == PERSISTENT);
    let policy = match settings.subject {
        SubjectSource::NameId if knows_persistent => {
            format!("<samlp:NameIDPolicy AllowCreate=\"true\" Format=\"{PERSISTENT}\"></samlp:NameIDPolicy>")
        }
        // Whatever it gives is looked at when it comes: a format that it does not know would be an error of its own.
        _ => "<samlp:NameIDPolicy AllowCreate=\"true\"></samlp:NameIDPolicy>".to_owned(),
    };
    let mut tail = policy;
    if !settings.authn_context.is_empty() {
        tail.push_str("<samlp:RequestedAuthnContext Comparison=\"exact\">");
        for class in &settings.authn_context {
            let class = escaped(class);
            tail.push_str(&format!(
                "<saml:AuthnContextClassRef xmlns:saml=\"{ASSERTION}\">{class}</saml:AuthnContextClassRef>"
            ));
        }
        tail.push_str("</samlp:RequestedAuthnContext>");
    }
    tail.push_str("</samlp:AuthnRequest>");
    (head, tail)
}

/// `location` with this query behind it, or behind its own.
pub(super) fn redirect(location: &Url, query: &str) -> String {
    let separator = if location.query().is_some() { '&' } else { '?' };
    format!("{location}{separator}{query}")
}

/// A message by HTTP-Redirect: deflated, and signed letter for letter as it stands in the query (Bindings, section 3.4.4.1).
pub(super) fn signed_query(parameter: &str, document: &str, relay_state: &str, key: Option<&OwnKey>) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(document.as_bytes()).expect("a vector takes all bytes");
    let deflated = encoder.finish().expect("a vector takes all bytes");
    let encoded = |bytes: &[u8]| byte_serialize(STANDARD.encode(bytes).as_bytes()).collect::<String>();
    let mut query = format!("{parameter}={}", encoded(&deflated));
    if !relay_state.is_empty() {
        query.push_str("&RelayState=");
        query.extend(byte_serialize(relay_state.as_bytes()));
    }
    if let Some(key) = key {
        query.push_str("&SigAlg=");
        query.extend(byte_serialize(key.method().as_bytes()));
        let signature = key.sign(query.as_bytes());
        query.push_str("&Signature=");
        query.push_str(&encoded(&signature));
    }
    query
}
