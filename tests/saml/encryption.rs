//! Encrypted assertions and name identifiers.

use crate::support::fake_idp::encryption::{CBC, Encryption, OAEP_SHA256, PKCS1};
use crate::support::fake_idp::message::Message;
use crate::support::fake_idp::{NAME_ID, keys};

/// Encrypts the assertion, otherwise than usual.
fn encrypted(change: impl FnOnce(&mut Encryption)) -> impl FnOnce(&mut Message) {
    move |message| {
        let mut encryption = Encryption::for_key(&keys::roomkey());
        change(&mut encryption);
        message.encryption = Some(encryption);
    }
}

/// The same within a signed response; the assertion itself is not.
fn within_signed(change: impl FnOnce(&mut Encryption)) -> impl FnOnce(&mut Message) {
    move |message| {
        encrypted(change)(message);
        message.sign_response = message.assertion.sign.take();
        // The wrapper is written as it is canonical.
        let encryption = message.encryption.take().unwrap();
        let assertion = encryption.encrypt("saml:EncryptedAssertion", &message.assertion.write());
        let document = message.around(&canonical(&assertion));
        message.document = Box::new(move |_| document.clone());
    }
}

/// In canonical form: no empty elements, and each prefix where it is used first.
fn canonical(encrypted: &str) -> String {
    let xenc = " xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"";
    let mut text =
        encrypted.replacen(xenc, "", 1).replacen("<xenc:EncryptedData", &format!("<xenc:EncryptedData{xenc}"), 1);
    while let Some(end) = text.find("/>") {
        let start = text[..end].rfind('<').unwrap();
        let name = text[start + 1..end].split(' ').next().unwrap().to_owned();
        text.replace_range(end..end + 2, &format!("></{name}>"));
    }
    text
}

broken! {
    an_assertion_encrypted_for_another: encrypted(|e| e.key = keys::idp()) => "fails the decryption check: it was not encrypted for Roomkey's key";
    an_encrypted_assertion_that_was_changed: encrypted(|e| e.broken = true) => "fails the decryption check: it was not encrypted for Roomkey's key";
    an_assertion_with_a_key_by_pkcs1: encrypted(|e| e.transport = PKCS1) => "fails the decryption check: its key transport is none that is taken";
    an_assertion_in_cbc_within_a_response_that_is_not_signed: encrypted(|e| e.cipher = CBC) => "fails the decryption check: its cipher is CBC";
    an_encrypted_assertion_that_nobody_signed: |m: &mut Message| {
        encrypted(|_| {})(m);
        m.assertion.sign = None;
    } => "fails the signed check";
    an_encrypted_assertion_that_a_stranger_signed: |m: &mut Message| {
        encrypted(|_| {})(m);
        m.assertion.sign.as_mut().unwrap().key = keys::stranger();
    } => "fails the signature key check";
    an_encrypted_assertion_beside_a_signed_one: |m: &mut Message| {
        let mut forged = m.assertion.clone();
        forged.id = "_forged".to_owned();
        m.after = Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedAssertion", &forged.unsigned());
    } => "fails the one assertion check: there are several";
    two_assertions_encrypted_together: |m: &mut Message| {
        let mut forged = m.assertion.clone();
        forged.id = "_forged".to_owned();
        let both = format!("{}{}", forged.unsigned(), m.assertion.write());
        let document = m.around(&Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedAssertion", &both));
        m.document = Box::new(move |_| document.clone());
    } => "fails the decryption check: what was in it is not one `Assertion`";
    something_else_that_was_encrypted: |m: &mut Message| {
        let document = m.around(&Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedAssertion", "<x></x></decrypted><y>"));
        m.document = Box::new(move |_| document.clone());
    } => "fails the decryption check: what was in it: it is not well-formed";
    a_bomb_that_was_encrypted: |m: &mut Message| {
        let bomb = "<!DOCTYPE x [<!ENTITY y \"z\">]><x>&y;</x>";
        let document = m.around(&Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedAssertion", bomb));
        m.document = Box::new(move |_| document.clone());
    } => "fails the decryption check: what was in it: it has a document type";
    an_encrypted_assertion_where_there_is_no_key: encrypted(|_| {}) => "fails the decryption check: there is no `key_file`", with "key_file = \"\"\n";
    an_encrypted_transient_name_id: |m: &mut Message| {
        let id = m.assertion.name_id.replace("persistent", "transient").replace("<saml:NameID", "<saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"");
        m.assertion.name_id = canonical_id(&Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedID", &id));
    } => "fails the `NameID` format check";
}

/// Within the assertion, which declares its prefix already.
fn canonical_id(encrypted: &str) -> String {
    canonical(&encrypted.replacen(" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"", "", 1))
}

unbroken! {
    an_encrypted_assertion_enters: encrypted(|_| {}), with "want_assertions_encrypted = true\n";
    an_assertion_whose_key_stands_beside_it_enters: encrypted(|e| e.beside = true);
    an_assertion_with_a_key_by_sha256_enters: encrypted(|e| e.transport = OAEP_SHA256);
    an_encrypted_assertion_within_a_signed_response_enters: within_signed(|_| {});
    an_assertion_in_cbc_within_a_signed_response_enters: within_signed(|e| e.cipher = CBC);
    an_encrypted_name_id_enters: |m: &mut Message| {
        assert!(m.assertion.name_id.contains(NAME_ID));
        m.assertion.name_id = canonical_id(&Encryption::for_key(&keys::roomkey()).encrypt("saml:EncryptedID", &m.assertion.name_id));
    };
}
