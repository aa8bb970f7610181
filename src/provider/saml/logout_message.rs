//! Messages about logouts as the browser brings them, unverified: by HTTP-Redirect (SAML 2.0 Bindings, section 3.4) or HTTP-POST
//! (section 3.5).

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use percent_encoding::percent_decode_str;

use super::algorithm::SignatureMethod;
use super::check::SamlCheck;
use super::idp::Binding;
use super::key::VerifyingKey;
use super::response::MAX_RESPONSE_BYTES;
use crate::provider::LogoutMessage;
use crate::provider::error::Untrusted;

/// Longest `RelayState` that is sent back, in bytes. Section 3.4.3 has 80; some providers take more.
const MAX_RELAY_STATE_BYTES: usize = 512;

/// A message, taken out of its wrapping.
pub(super) struct Received<'a> {
    pub(super) xml: Vec<u8>,
    /// `SAMLRequest`, not `SAMLResponse`.
    pub(super) is_request: bool,
    pub(super) relay_state: String,
    pub(super) carried: Carried<'a>,
}

/// How it came, which says where its signature is.
pub(super) enum Carried<'a> {
    /// Beside it.
    Query(QuerySignature<'a>),
    /// Within it.
    Form,
}

/// A signature over the parameters of a query, letter for letter (section 3.4.4.1). They need not be in this order in the query.
pub(super) struct QuerySignature<'a> {
    message: &'a str,
    relay_state: Option<&'a str>,
    algorithm: Option<&'a str>,
    signature: Option<&'a str>,
}

impl Received<'_> {
    pub(super) fn binding(&self) -> Binding {
        match self.carried {
            Carried::Query(_) => Binding::Redirect,
            Carried::Form => Binding::Post,
        }
    }
}

/// Takes a message out of its wrapping.
pub(super) fn decode(message: LogoutMessage<'_>) -> Result<Received<'_>, Untrusted> {
    let wrong = |detail: &'static str| SamlCheck::Encoding.failed(detail);
    let (LogoutMessage::Query(encoded) | LogoutMessage::Form(encoded)) = message;
    let parameter = |name: &str| -> Result<Option<&str>, Untrusted> {
        let mut all = encoded.split('&').filter(|pair| pair.split('=').next() == Some(name));
        match (all.next(), all.next()) {
            (first, None) => Ok(first),
            _ => Err(wrong("a parameter is given twice")),
        }
    };
    let (carrier, is_request) = match (parameter("SAMLRequest")?, parameter("SAMLResponse")?) {
        (Some(request), None) => (request, true),
        (None, Some(response)) => (response, false),
        _ => return Err(wrong("there is no message, or there are two")),
    };
    let relay_state = parameter("RelayState")?;
    let mut base64 = value(carrier).ok_or_else(|| wrong("it is not UTF-8"))?;
    base64.retain(|c| !c.is_ascii_whitespace());
    let bytes = STANDARD.decode(base64).map_err(|_| wrong("it is not base64"))?;
    let (xml, carried) = match message {
        LogoutMessage::Form(_) => (bytes, Carried::Form),
        LogoutMessage::Query(_) => {
            if parameter("SAMLEncoding")?.is_some_and(|encoding| !encoding.ends_with("DEFLATE")) {
                return Err(wrong("its encoding is another than DEFLATE"));
            }
            let signature = QuerySignature {
                message: carrier,
                relay_state,
                algorithm: parameter("SigAlg")?,
                signature: parameter("Signature")?,
            };
            (inflate(&bytes)?, Carried::Query(signature))
        }
    };
    let relay_state =
        relay_state.map_or(Some(String::new()), value).ok_or_else(|| wrong("`RelayState` is not UTF-8"))?;
    if relay_state.len() > MAX_RELAY_STATE_BYTES {
        return Err(wrong("`RelayState` is too long"));
    }
    Ok(Received { xml, is_request, relay_state, carried })
}

/// Stops where a message has been as long as one may be: a few bytes can become gigabytes.
fn inflate(deflated: &[u8]) -> Result<Vec<u8>, Untrusted> {
    let mut xml = Vec::new();
    let mut limited = DeflateDecoder::new(deflated).take(MAX_RESPONSE_BYTES as u64 + 1);
    limited.read_to_end(&mut xml).map_err(|_| SamlCheck::Encoding.failed("it is not deflated"))?;
    if xml.len() > MAX_RESPONSE_BYTES {
        return Err(SamlCheck::Size.failed(format!("it is longer than {MAX_RESPONSE_BYTES} bytes")));
    }
    Ok(xml)
}

/// The value of `name=value`, decoded once.
fn value(pair: &str) -> Option<String> {
    let (_, value) = pair.split_once('=').unwrap_or((pair, ""));
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8().ok()?.into_owned())
}

impl QuerySignature<'_> {
    /// Checks that one of `keys` made it.
    pub(super) fn verify(&self, keys: &[VerifyingKey], sha1: bool) -> Result<(), Untrusted> {
        let (Some(algorithm), Some(signature)) = (self.algorithm, self.signature) else {
            return Err(SamlCheck::Signed.failed("`SigAlg` or `Signature` is missing"));
        };
        let method = value(algorithm).and_then(|uri| SignatureMethod::from_uri(&uri, sha1));
        let method = method.ok_or_else(|| SamlCheck::SignatureAlgorithm.failed("`SigAlg` is none that is taken"))?;
        let bytes = value(signature).map(|text| text.replace([' ', '\n', '\r'], ""));
        let bytes = bytes.and_then(|text| STANDARD.decode(text).ok());
        let bytes = bytes.ok_or_else(|| SamlCheck::SignatureForm.failed("`Signature` is not base64"))?;
        let parts = [Some(self.message), self.relay_state, Some(algorithm)];
        let signed: Vec<_> = parts.into_iter().flatten().collect();
        let signed = signed.join("&");
        if keys.iter().any(|key| key.has_signed(method, signed.as_bytes(), &bytes)) {
            Ok(())
        } else {
            Err(SamlCheck::Signature.failed("no key of the provider's metadata has made it"))
        }
    }
}
