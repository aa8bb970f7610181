//! Who signed a document of metadata (SAML 2.0 Metadata, section 3.1).

use bergshamra::core::algorithm;
use bergshamra::dsig::verify::verify_document_with_source;
use bergshamra::xml::uppsala::Document;
use bergshamra::{DsigContext, KeysManager, VerifyResult};

use super::element::{Element, SIGNATURE};

/// How the signed element may be written before it is hashed.
const CANONICAL: [&str; 3] = [algorithm::EXC_C14N, algorithm::C14N, algorithm::C14N11];

const ALGORITHMS: [&str; 9] = [
    algorithm::RSA_SHA256,
    algorithm::RSA_SHA384,
    algorithm::RSA_SHA512,
    algorithm::RSA_PSS_SHA256,
    algorithm::RSA_PSS_SHA384,
    algorithm::RSA_PSS_SHA512,
    algorithm::ECDSA_SHA256,
    algorithm::ECDSA_SHA384,
    algorithm::ECDSA_SHA512,
];

const DIGESTS: [&str; 3] = [algorithm::SHA256, algorithm::SHA384, algorithm::SHA512];

/// Why a signature does not vouch for a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The root element holds none.
    #[error("they are not signed")]
    Missing,
    /// It is not one over the root element alone.
    #[error("their signature is not one over the whole document")]
    Shape,
    /// SHA-1, an HMAC, or something else than RSA and ECDSA with SHA-2.
    #[error("their signature or its digest is of an algorithm that is not taken")]
    Algorithm,
    /// None of the trusted keys made it, or something was changed since.
    #[error("their signature is not by a certificate of `metadata_certificate_file`, or they were changed since")]
    Wrong,
    /// A trusted certificate holds no key that can check a signature.
    #[error("a certificate of `metadata_certificate_file` cannot be used")]
    Certificate,
}

/// Checks that `document`, which was read from `text`, is signed as a whole by one of the `trusted` DER certificates. What a signature
/// says of its own key is not looked at.
pub(super) fn check(document: &Document<'_>, text: &str, trusted: &[Vec<u8>]) -> Result<(), SignatureError> {
    let root = Element::root(document).ok_or(SignatureError::Missing)?;
    let signature = root.child(SIGNATURE, "Signature").ok_or(SignatureError::Missing)?;
    check_shape(root, signature)?;
    for certificate in trusted {
        let key = bergshamra::keys::loader::load_x509_cert_der(certificate).map_err(|_| SignatureError::Certificate)?;
        let mut keys = KeysManager::new();
        keys.add_key(key);
        // The operator trusts this very certificate, so no chain is built for it and its own dates do not count.
        let context = DsigContext::new(keys)
            .with_trusted_keys_only(true)
            .with_strict_verification(true)
            .with_require_reference_digests(true)
            .with_insecure(true);
        if let Ok(VerifyResult::Valid { signature_node, references, .. }) =
            verify_document_with_source(&context, document, Some(text))
            && signature_node == signature.id()
            && matches!(references.as_slice(), [only] if only.digest_verified && only.resolved_node == Some(root.id()))
        {
            return Ok(());
        }
    }
    Err(SignatureError::Wrong)
}

/// Everything that the check of the signature itself leaves to the document is as SAML prescribes it.
fn check_shape(root: Element<'_>, signature: Element<'_>) -> Result<(), SignatureError> {
    let shape = || -> Option<_> {
        root.only_child(SIGNATURE, "Signature")?;
        let info = signature.only_child(SIGNATURE, "SignedInfo")?;
        let reference = info.only_child(SIGNATURE, "Reference")?;
        let id = reference.attribute("URI")?.strip_prefix('#')?;
        (!id.is_empty() && root.attribute("ID") == Some(id)).then_some((info, reference))
    };
    let (info, reference) = shape().ok_or(SignatureError::Shape)?;
    let algorithm = |parent: Element<'_>, name| -> Option<String> {
        Some(parent.only_child(SIGNATURE, name)?.attribute("Algorithm")?.to_owned())
    };
    let is_one_of = |found: Option<String>, taken: &[&str]| found.is_some_and(|found| taken.contains(&found.as_str()));
    let transforms = reference.only_child(SIGNATURE, "Transforms").ok_or(SignatureError::Shape)?;
    let are_taken = transforms.elements().all(|transform| {
        let taken = [&CANONICAL[..], &[algorithm::ENVELOPED_SIGNATURE]].concat();
        transform.is(SIGNATURE, "Transform") && is_one_of(transform.attribute("Algorithm").map(str::to_owned), &taken)
    });
    if is_one_of(algorithm(info, "CanonicalizationMethod"), &CANONICAL)
        && is_one_of(algorithm(info, "SignatureMethod"), &ALGORITHMS)
        && is_one_of(algorithm(reference, "DigestMethod"), &DIGESTS)
        && are_taken
    {
        Ok(())
    } else {
        Err(SignatureError::Algorithm)
    }
}
