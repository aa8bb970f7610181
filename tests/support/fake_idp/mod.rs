//! A SAML identity provider of our own, which breaks whatever a test asks it to.
//!
//! It needs no address: the browser's request is read from where Roomkey sends it, and the answer is posted by the test. Everything it
//! writes is in canonical form already, so that it signs and digests its own letters with no help of a library that Roomkey uses.

pub mod encryption;
pub mod keys;
pub mod message;
pub mod signing;
pub mod xml;

use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::visitor::{Page, parameter};
use keys::IdpKey;
use message::Message;

pub const ENTITY_ID: &str = "https://idp.example.com/metadata";
pub const SSO: &str = "https://idp.example.com/sso";

/// What the provider knows of the person; none of it may stand in a log.
pub const NAME_ID: &str = "grace-4711-persistent";

/// A provider whose metadata stand in a file.
pub struct FakeIdp {
    pub key: IdpKey,
    folder: tempfile::TempDir,
}

/// What Roomkey asked for.
pub struct Asked {
    pub document: String,
    pub id: String,
    pub acs: String,
    pub sp: String,
    pub relay_state: String,
}

impl FakeIdp {
    pub fn new() -> Self {
        Self::with(|metadata| metadata)
    }

    /// One whose metadata are otherwise than usual.
    pub fn with(change: impl FnOnce(String) -> String) -> Self {
        let idp = Self { key: keys::idp(), folder: tempfile::tempdir().unwrap() };
        idp.publish(&change(idp.metadata()));
        idp
    }

    /// Puts other metadata into the file.
    pub fn publish(&self, metadata: &str) {
        std::fs::write(self.folder.path().join("idp.xml"), metadata).unwrap();
    }

    pub fn metadata(&self) -> String {
        let certificate = STANDARD.encode(self.key.certificate());
        format!(
            r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY_ID}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{SSO}"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{SSO}"/></md:IDPSSODescriptor></md:EntityDescriptor>"#
        )
    }

    /// Roomkey's table for it, with a key of Roomkey's own.
    pub fn configuration(&self, more: &str) -> String {
        let folder = self.folder.path();
        std::fs::write(folder.join("own.key"), keys::roomkey().pem()).unwrap();
        std::fs::set_permissions(folder.join("own.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(folder.join("own.pem"), keys::roomkey().certificate_pem()).unwrap();
        let folder = folder.display();
        let key = if more.contains("key_file") {
            String::new()
        } else {
            format!("key_file = \"{folder}/own.key\"\ncertificate_file = \"{folder}/own.pem\"\n")
        };
        let more = more.replace("key_file = \"\"\n", "");
        format!(
            "[[providers]]\nid = \"fake\"\nkind = \"saml\"\nidp_metadata_file = \"{folder}/idp.xml\"\n{key}{more}\n\
             [providers.claims]\nname = \"displayName\"\ngroups = \"urn:oid:1.3.6.1.4.1.5923.1.5.1.1\"\n"
        )
    }

    /// Reads the request in a redirect to the provider.
    pub fn read(&self, request: &Url) -> Asked {
        assert!(request.as_str().starts_with(&format!("{SSO}?")), "{request}");
        let deflated = STANDARD.decode(parameter(request, "SAMLRequest").unwrap()).unwrap();
        let mut document = String::new();
        flate2::read::DeflateDecoder::new(deflated.as_slice()).read_to_string(&mut document).unwrap();
        Asked::of(document, parameter(request, "RelayState").unwrap())
    }

    /// Reads the request in a page that posts it to the provider.
    pub fn read_posted(&self, page: &Page) -> Asked {
        assert!(page.body.contains(&format!("action=\"{SSO}\"")), "{}", page.body);
        let document = STANDARD.decode(field(page, "SAMLRequest")).unwrap();
        Asked::of(String::from_utf8(document).unwrap(), field(page, "RelayState"))
    }

    /// The good answer to a request, to be broken.
    pub fn message(&self, asked: &Asked) -> Message {
        Message::good(asked, &self.key)
    }
}

impl Asked {
    fn of(document: String, relay_state: String) -> Self {
        let root = document.split_once('>').unwrap().0.to_owned();
        let attribute = |name: &str| {
            let after = root.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("{name}: {document}")).1;
            after.split_once('"').unwrap().0.to_owned()
        };
        let issuer = document.split_once("</saml:Issuer>").unwrap().0.rsplit_once('>').unwrap().1;
        Self {
            id: attribute("ID"),
            acs: attribute("AssertionConsumerServiceURL"),
            sp: issuer.to_owned(),
            relay_state,
            document,
        }
    }
}

/// The value of a hidden field.
pub fn field(page: &Page, name: &str) -> String {
    let after =
        page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{name}: {page:#?}")).1;
    let value = after.split_once('"').unwrap().0;
    value.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'")
}
