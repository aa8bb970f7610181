//! Signatures within XML, in the one form that SAML gives them (SAML 2.0 Core, section 5.4).
//!
//! The signature of an element stands directly in it and refers to it by its `ID`; two transforms, no objects, no second reference.
//! Whatever else XML Signature would allow is refused before anything is computed, so that there is nothing to resolve: no look-up
//! by `ID`, no address, no style sheet, and no key but those of the metadata.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::digest as hash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bergshamra::c14n::{C14nMode, canonicalize_doc};
use bergshamra::xml::NodeSet;

use super::algorithm::{self, ENVELOPED, EXCLUSIVE, SignatureMethod};
use super::check::SamlCheck;
use super::document::Element;
use super::key::VerifyingKey;
use crate::provider::error::Untrusted;

/// The namespace of XML Signature.
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The namespace of exclusive canonicalisation's parameters.
const EC: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Most prefixes of a `PrefixList`.
const MAX_PREFIXES: usize = 32;

/// Longest value in base64, in characters: an RSA signature by the longest key has 1,366.
const MAX_VALUE: usize = 2048;

/// A signature as it claims to be.
struct Claimed<'d> {
    signature: Element<'d>,
    signed_info: Element<'d>,
    method: SignatureMethod,
    value: Vec<u8>,
    /// Prefixes that count in the canonical form of `signed_info`.
    info_prefixes: Vec<&'d str>,
    digest: &'static aws_lc_rs::digest::Algorithm,
    digest_value: Vec<u8>,
    /// Prefixes that count in the canonical form of the element.
    prefixes: Vec<&'d str>,
}

/// Whether `element` has a signature of its own.
pub(super) fn is_signed(element: Element<'_>) -> bool {
    element.child(DS, "Signature").is_some()
}

/// Checks that `element` is, letter for letter, what one of `keys` has signed. SHA-1 counts only if `sha1` is taken.
///
/// # Errors
/// [`SamlCheck`] of the first thing that is not as it has to be, from [`SamlCheck::Signed`] to [`SamlCheck::Digest`].
pub(super) fn verify(element: Element<'_>, keys: &[VerifyingKey], sha1: bool) -> Result<(), Untrusted> {
    let claimed = read(element, sha1)?;
    let info = canonical(claimed.signed_info, None, &claimed.info_prefixes)?;
    if !keys.iter().any(|key| key.has_signed(claimed.method, &info, &claimed.value)) {
        return Err(SamlCheck::Signature.failed("no key of the provider's metadata has made it"));
    }
    let content = canonical(element, Some(claimed.signature), &claimed.prefixes)?;
    verify_slices_are_equal(hash(claimed.digest, &content).as_ref(), &claimed.digest_value)
        .map_err(|_| SamlCheck::Digest.failed("the element was changed after it was signed"))
}

fn read(element: Element<'_>, sha1: bool) -> Result<Claimed<'_>, Untrusted> {
    let form = |detail: &'static str| SamlCheck::SignatureForm.failed(detail);
    let signature = match element.only_child(DS, "Signature") {
        Some(signature) => signature,
        None if is_signed(element) => return Err(form("there are two")),
        None => return Err(SamlCheck::Signed.failed("there is no signature in it")),
    };
    let parts: Vec<_> = signature.elements().collect();
    let (signed_info, value) = match parts.as_slice() {
        [info, value] => (*info, *value),
        [info, value, key_info] if key_info.is(DS, "KeyInfo") => (*info, *value),
        _ => return Err(form("it holds something else than it should")),
    };
    if !signed_info.is(DS, "SignedInfo") || !value.is(DS, "SignatureValue") {
        return Err(form("it holds something else than it should"));
    }
    let info: Vec<_> = signed_info.elements().collect();
    let &[canonicalization, method, reference] = info.as_slice() else {
        return Err(form("it has no reference, or several"));
    };
    if !canonicalization.is(DS, "CanonicalizationMethod")
        || !method.is(DS, "SignatureMethod")
        || !reference.is(DS, "Reference")
    {
        return Err(form("`SignedInfo` holds something else than it should"));
    }
    let info_prefixes = exclusive(canonicalization)?;
    let unknown = |what: &str| SamlCheck::SignatureAlgorithm.failed(format!("{what} is none that is taken"));
    let method = method.attribute("Algorithm").and_then(|uri| SignatureMethod::from_uri(uri, sha1));
    let method = method.ok_or_else(|| unknown("`SignatureMethod`"))?;
    let id = element.attribute("ID").filter(|id| !id.is_empty());
    let refers_to = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
    if id.is_none() || refers_to != id {
        return Err(SamlCheck::SignatureReference.failed("it is about another element than it stands in"));
    }
    let parts: Vec<_> = reference.elements().collect();
    let &[transforms, digest_method, digest_value] = parts.as_slice() else {
        return Err(form("`Reference` holds something else than it should"));
    };
    if !transforms.is(DS, "Transforms") || !digest_method.is(DS, "DigestMethod") || !digest_value.is(DS, "DigestValue")
    {
        return Err(form("`Reference` holds something else than it should"));
    }
    let prefixes = transformed(transforms)?;
    let digest = digest_method.attribute("Algorithm").and_then(|uri| algorithm::digest(uri, sha1));
    Ok(Claimed {
        signature,
        signed_info,
        method,
        value: bytes(value)?,
        info_prefixes,
        digest: digest.ok_or_else(|| unknown("`DigestMethod`"))?,
        digest_value: bytes(digest_value)?,
        prefixes,
    })
}

/// The two transforms of SAML 2.0 Core, section 5.4.4, in their order; gives the prefixes of the second.
fn transformed(transforms: Element<'_>) -> Result<Vec<&str>, Untrusted> {
    let all: Vec<_> = transforms.elements().collect();
    match all.as_slice() {
        [enveloped, canonicalization]
            if all.iter().all(|transform| transform.is(DS, "Transform"))
                && enveloped.attribute("Algorithm") == Some(ENVELOPED)
                && enveloped.elements().next().is_none() =>
        {
            exclusive(*canonicalization)
        }
        _ => Err(SamlCheck::SignatureForm.failed("its transforms are not those of SAML")),
    }
}

/// The prefixes of exclusive canonicalisation's `InclusiveNamespaces`; there is no other algorithm.
fn exclusive(method: Element<'_>) -> Result<Vec<&str>, Untrusted> {
    if method.attribute("Algorithm") != Some(EXCLUSIVE) {
        return Err(SamlCheck::SignatureAlgorithm.failed("its canonicalization is not the exclusive one"));
    }
    let mut parameters = method.elements();
    let list = match (parameters.next(), parameters.next()) {
        (None, _) => return Ok(Vec::new()),
        (Some(list), None) if list.is(EC, "InclusiveNamespaces") => list.attribute("PrefixList").unwrap_or_default(),
        _ => return Err(SamlCheck::SignatureForm.failed("its canonicalization has parameters of another kind")),
    };
    let prefixes: Vec<_> = list.split_ascii_whitespace().take(MAX_PREFIXES + 1).collect();
    if prefixes.len() > MAX_PREFIXES {
        return Err(SamlCheck::SignatureForm.failed("its `PrefixList` is too long"));
    }
    Ok(prefixes)
}

fn bytes(element: Element<'_>) -> Result<Vec<u8>, Untrusted> {
    let wrong = || SamlCheck::SignatureForm.failed("a value of it is not base64");
    let mut text = element.text().map_err(|_| wrong())?;
    text.retain(|c| !c.is_ascii_whitespace());
    if text.len() > MAX_VALUE {
        return Err(wrong());
    }
    STANDARD.decode(text).map_err(|_| wrong())
}

/// The canonical form of `element`, without `left_out` in it.
pub(super) fn canonical(
    element: Element<'_>,
    left_out: Option<Element<'_>>,
    prefixes: &[&str],
) -> Result<Vec<u8>, Untrusted> {
    let (tree, node) = element.place();
    let mut nodes = NodeSet::tree_without_comments(node, tree);
    if let Some((_, left_out)) = left_out.map(Element::place) {
        nodes.remove_id(left_out);
        tree.descendants(left_out).into_iter().for_each(|node| nodes.remove_id(node));
    }
    canonicalize_doc(tree, C14nMode::Exclusive, Some(&nodes), prefixes)
        .map_err(|_| SamlCheck::SignatureForm.failed("the element has no canonical form"))
}
