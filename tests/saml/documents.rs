//! Documents that are no messages, or more than one may be.

use crate::stage::breaks;
use crate::support::ending::DAMAGED;
use crate::support::fake_idp::message::Message;

fn document(change: impl Fn(String) -> String + 'static) -> impl FnOnce(&mut Message) {
    move |message| message.document = Box::new(change)
}

/// `Extensions` with this in them, before anything is signed.
fn extensions(content: &str) -> impl FnOnce(&mut Message) + use<> {
    let extensions = format!("<samlp:Extensions>{content}</samlp:Extensions>");
    move |message| message.before = extensions
}

broken! {
    a_bomb_of_entities: document(|xml| {
        let entities: String = (1..9).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
        format!("<!DOCTYPE r [<!ENTITY e0 \"boom\">{entities}]>{}", xml.replace("grace-4711", "&e8;"))
    }) => "fails the document type check";
    an_external_entity: document(|xml| {
        format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", xml.replace("grace-4711", "&x;"))
    }) => "fails the document type check";
    a_document_type_elsewhere: document(|xml| format!("<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/evil.dtd\">{xml}")) => "fails the document type check";
    an_entity_nobody_declared: document(|xml| xml.replace("grace-4711", "&x;")) => "fails the XML check";
    a_document_that_is_deep: extensions(&format!("{}{}", "<x>".repeat(40), "</x>".repeat(40))) => "fails the XML check";
    a_document_that_is_very_deep: extensions(&format!("{}{}", "<x>".repeat(20_000), "</x>".repeat(20_000))) => "fails the XML check";
    a_document_that_is_huge: extensions(&"x".repeat(266_000)) => "fails the document size check";
    a_document_cut_short: document(|mut xml| {
        xml.truncate(xml.len() / 2);
        xml
    }) => "fails the XML check";
    a_document_with_something_behind_it: document(|xml| format!("{xml}<x/>")) => "fails the XML check";
    an_empty_document: document(|_| String::new()) => "fails the `SAMLResponse` check: it is missing";
    a_document_that_is_text: document(|_| "{\"sub\": \"ada\"}".to_owned()) => "fails the XML check";
    two_elements_with_one_id: |m| m.assertion.id.clone_from(&m.id) => "fails the unique `ID` check";
    an_id_in_other_letters: |m: &mut Message| {
        let id = m.assertion.id.clone();
        m.before = format!("<samlp:Extensions><x xmlns=\"urn:x\" Id=\"{id}\"></x></samlp:Extensions>");
    } => "fails the unique `ID` check";
    a_parameter_that_is_no_base64: |m: &mut Message| m.encoded = |_| "%%%".to_owned() => "fails the `SAMLResponse` check: it is not base64";
    a_parameter_that_is_deflated: |m: &mut Message| m.encoded = |encoded| {
        use base64::Engine;
        use std::io::Write;
        let xml = base64::engine::general_purpose::STANDARD.decode(encoded).unwrap();
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&xml).unwrap();
        base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap())
    } => "fails the XML check";
    a_bomb_that_is_deflated: |m: &mut Message| m.encoded = |_| {
        use base64::Engine;
        use std::io::Write;
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 100_000_000]).unwrap();
        base64::engine::general_purpose::STANDARD.encode(encoder.finish().unwrap())
    } => "fails the XML check";
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parameter_longer_than_any_document_is_not_even_decoded() {
    breaks("", |m| m.encoded = |_| "A".repeat(400_000), DAMAGED, "bad parameters").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_end_is_not_read_to_its_end() {
    breaks("", |m| m.encoded = |_| "A".repeat(3_000_000), (413, "The link is damaged"), "the body is too long").await;
}
