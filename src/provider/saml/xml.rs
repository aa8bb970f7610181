//! The XML that Roomkey writes, and its signature over it.

use std::borrow::Cow;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::algorithm::{self, ENVELOPED, EXCLUSIVE};
use super::document::{Document, Limits};
use super::own_key::OwnKey;
use super::signature::{DS, canonical};

/// More than Roomkey ever writes.
const LIMITS: Limits = Limits { bytes: 64 * 1024, depth: 16 };

/// A text that can stand between tags, and in an attribute's value.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"', '\'', '\t', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

/// An instant as SAML writes it: in UTC, to the second (SAML 2.0 Core, section 1.3.3).
pub(super) fn instant(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// The document `head` and `tail` make together, with the signature of `key` between them (SAML 2.0 Core, section 5.4). `id` is the
/// `ID` of its root.
pub(super) fn signed(head: &str, tail: &str, id: &str, key: &OwnKey) -> String {
    let whole = format!("{head}{tail}");
    let document = Document::parse(whole.as_bytes(), LIMITS).expect("what Roomkey writes is well-formed");
    let content = canonical(document.root(), None, &[]).expect("a whole element has a canonical form");
    let digest = STANDARD.encode(digest(&SHA256, &content));
    let (method, id) = (key.method(), escaped(id));
    let info = |namespace: &str| {
        format!(
            "<ds:SignedInfo{namespace}><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform>\
             </ds:Transforms><ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue>\
             </ds:Reference></ds:SignedInfo>",
            algorithm::SHA256
        )
    };
    // Its canonical form declares the prefix that the whole signature declares for it.
    let value = STANDARD.encode(key.sign(info(&format!(" xmlns:ds=\"{DS}\"")).as_bytes()));
    let certificate = STANDARD.encode(key.certificate());
    format!(
        "{head}<ds:Signature xmlns:ds=\"{DS}\">{}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>{tail}",
        info("")
    )
}
