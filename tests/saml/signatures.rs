//! Signatures that are missing, somebody else's, or of another kind.

use crate::support::fake_idp::keys;
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::signing::{EXCLUSIVE, Signing};

/// Signs the assertion otherwise than usual.
fn assertion(change: impl FnOnce(&mut Signing)) -> impl FnOnce(&mut Message) {
    move |message| change(message.assertion.sign.as_mut().unwrap())
}

/// Signs the response instead of the assertion, otherwise than usual.
fn response(change: impl FnOnce(&mut Signing)) -> impl FnOnce(&mut Message) {
    move |message| {
        let mut signing = message.assertion.sign.take().unwrap();
        change(&mut signing);
        message.sign_response = Some(signing);
    }
}

fn transforms(list: &[&str]) -> String {
    list.iter().map(|uri| format!("<ds:Transform Algorithm=\"{uri}\"></ds:Transform>")).collect()
}

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const NONE: &str = "http://www.w3.org/2000/09/xmldsig#none";
const HMAC: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const ECDSA: &str = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const XSLT: &str = "http://www.w3.org/TR/1999/REC-xslt-19991116";
const XPATH: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";

broken! {
    nothing_signed: |m| m.assertion.sign = None => "fails the signed check";
    a_strangers_signature: assertion(|s| *s = Signing::by(&keys::stranger())) => "fails the signature key check";
    a_strangers_signature_on_the_response: response(|s| *s = Signing::by(&keys::stranger())) => "fails the signature key check";
    a_strangers_signature_that_names_the_provider: assertion(|s| s.key = keys::stranger()) => "fails the signature key check";
    a_good_assertion_in_a_response_that_a_stranger_signed: |m| m.sign_response = Some(Signing::by(&keys::stranger())) => "fails the signature key check";
    a_public_key_as_a_secret: assertion(|s| s.method = HMAC.to_owned()) => "fails the signature algorithm check";
    a_public_key_as_a_secret_on_the_response: response(|s| s.method = HMAC.to_owned()) => "fails the signature algorithm check";
    no_algorithm: assertion(|s| s.method = NONE.to_owned()) => "fails the signature algorithm check";
    a_signature_with_sha1: assertion(|s| s.method = RSA_SHA1.to_owned()) => "fails the signature algorithm check";
    a_digest_with_sha1: assertion(|s| s.digest = SHA1.to_owned()) => "fails the signature algorithm check";
    an_rsa_signature_that_says_it_is_none: assertion(|s| s.info = |info| info.replace("rsa-sha256", "ecdsa-sha256")) => "fails the signature key check";
    an_rsa_signature_of_another_hash: assertion(|s| s.info = |info| info.replace("rsa-sha256", "rsa-sha512")) => "fails the signature key check";
    an_elliptic_key_that_is_not_the_providers: assertion(|s| {
        *s = Signing::by(&keys::idp_p256());
        s.method = ECDSA.to_owned();
    }) => "fails the signature key check";
    another_canonicalization: assertion(|s| s.canonicalization = INCLUSIVE.to_owned()) => "fails the signature algorithm check";
    a_style_sheet: assertion(|s| s.transforms = transforms(&[ENVELOPED, XSLT])) => "fails the signature algorithm check";
    a_path_that_selects_what_is_signed: assertion(|s| s.transforms = transforms(&[ENVELOPED, XPATH, EXCLUSIVE])) => "fails the signature form check";
    no_transforms: assertion(|s| s.transforms.clear()) => "fails the signature form check";
    a_reference_to_everything: assertion(|s| s.uri = Some(String::new())) => "fails the signature `Reference` check";
    a_reference_to_a_file: assertion(|s| s.uri = Some("file:///etc/passwd".to_owned())) => "fails the signature `Reference` check";
    a_reference_to_an_address: assertion(|s| s.uri = Some("http://127.0.0.1:9/".to_owned())) => "fails the signature `Reference` check";
    a_reference_by_pointer: |m: &mut Message| {
        let uri = format!("#xpointer(id('{}'))", m.assertion.id);
        m.assertion.sign.as_mut().unwrap().uri = Some(uri);
    } => "fails the signature `Reference` check";
    a_reference_to_another_element: |m: &mut Message| {
        let uri = format!("#{}", m.id);
        m.assertion.sign.as_mut().unwrap().uri = Some(uri);
    } => "fails the signature `Reference` check";
    two_references: assertion(|s| s.info = |info| {
        let (head, rest) = info.split_once("<ds:Reference").unwrap();
        let (reference, tail) = rest.split_once("</ds:Reference>").unwrap();
        format!("{head}{0}{0}{tail}", format!("<ds:Reference{reference}</ds:Reference>"))
    }) => "fails the signature form check: it has no reference, or several";
    two_signatures: |m: &mut Message| m.document = Box::new(|xml| {
        let (head, rest) = xml.split_once("<ds:Signature ").unwrap();
        let (signature, tail) = rest.split_once("</ds:Signature>").unwrap();
        format!("{head}{0}{0}{tail}", format!("<ds:Signature {signature}</ds:Signature>"))
    }) => "fails the signature form check: there are two";
    an_object_in_the_signature: assertion(|s| s.whole = |xml| xml.replace("</ds:Signature>", "<ds:Object></ds:Object></ds:Signature>")) => "fails the signature form check";
    a_value_that_is_no_base64: assertion(|s| s.whole = |xml| xml.replace("<ds:SignatureValue>", "<ds:SignatureValue>!")) => "fails the signature form check";
    a_comment_in_the_value: assertion(|s| s.whole = |xml| xml.replace("<ds:SignatureValue>", "<ds:SignatureValue><!---->")) => "fails the signature form check";
    a_name_changed_afterwards: |m: &mut Message| m.document = Box::new(|xml| xml.replace("grace-4711", "admin-4711")) => "fails the `DigestValue` check";
    a_group_changed_afterwards: |m: &mut Message| m.document = Box::new(|xml| xml.replace("nurses", "board")) => "fails the `DigestValue` check";
    a_digest_changed_with_it: |m: &mut Message| m.document = Box::new(|xml| {
        xml.replace("grace-4711", "admin-4711").replace("<ds:DigestValue>", "<ds:DigestValue>AAAA")
    }) => "fails the signature key check";
    a_status_changed_in_a_signed_response: |m: &mut Message| {
        response(|_| {})(m);
        m.document = Box::new(|xml| xml.replace("</samlp:Status>", "<samlp:StatusDetail></samlp:StatusDetail></samlp:Status>"));
    } => "fails the `DigestValue` check";
    a_signed_response_without_destination: |m: &mut Message| {
        response(|_| {})(m);
        m.destination = None;
    } => "fails the `Destination` check: the signed response has none";
    a_signed_assertion_beside_an_unsigned_one: |m: &mut Message| {
        let mut forged = m.assertion.clone();
        forged.id = "_forged".to_owned();
        forged.name_id = forged.name_id.replace("grace-4711", "admin-4711");
        m.after = forged.unsigned();
    } => "fails the one assertion check: there are several";
    an_unsigned_assertion_before_a_signed_one: |m: &mut Message| {
        let mut forged = m.assertion.clone();
        forged.id = "_forged".to_owned();
        m.before = forged.unsigned();
    } => "fails the one assertion check: there are several";
}

unbroken! {
    a_signed_response_enters: response(|_| {});
    response_and_assertion_both_signed_enter: |m| m.sign_response = m.assertion.sign.clone();
    sha512_throughout_enters: assertion(|s| {
        s.method = s.method.replace("sha256", "sha512");
        s.digest = "http://www.w3.org/2001/04/xmlenc#sha512".to_owned();
    });
    pss_enters: assertion(|s| s.method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1".to_owned());
    a_digest_with_sha1_enters_where_the_operator_takes_it: assertion(|s| s.digest = SHA1.to_owned()), with "insecure_sha1 = true\n";
    the_certificate_that_a_signature_names_does_not_matter: assertion(|s| s.named = keys::stranger());
    a_signature_without_key_info_enters: assertion(|s| s.whole = |xml| {
        let (head, rest) = xml.split_once("<ds:KeyInfo>").unwrap();
        format!("{head}{}", rest.split_once("</ds:KeyInfo>").unwrap().1)
    });
}
