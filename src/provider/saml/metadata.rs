//! What Roomkey publishes of itself for the operators of identity providers (SAML 2.0 Metadata, section 2.4.4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::settings::Settings;
use super::signature::DS;
use super::xml::{escaped, signed};
use super::{POST_BINDING, PROTOCOL, REDIRECT_BINDING};

/// The namespace of metadata.
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";

/// The namespace and the binding of the discovery service's answer (Identity Provider Discovery Service Protocol and Profile, section
/// 2.5).
const DISCOVERY: &str = "urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol";

/// The `ID` that a signature refers to.
const ID: &str = "_roomkey";

/// The metadata of Roomkey at one provider.
pub(super) fn document(settings: &Settings) -> String {
    let head = format!(
        "<md:EntityDescriptor xmlns:md=\"{METADATA}\" ID=\"{ID}\" entityID=\"{}\">",
        escaped(&settings.entity_id)
    );
    let mut tail = format!(
        "<md:SPSSODescriptor AuthnRequestsSigned=\"{}\" WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"{PROTOCOL}\">",
        settings.own_key.is_some() && settings.sign_requests
    );
    if settings.metadata.discovery.is_some() {
        let back = settings.acs.join("discovery").unwrap_or_else(|_| settings.acs.clone());
        tail.push_str(&format!(
            "<md:Extensions><idpdisc:DiscoveryResponse xmlns:idpdisc=\"{DISCOVERY}\" Binding=\"{DISCOVERY}\" Location=\"{}\" \
             index=\"0\"></idpdisc:DiscoveryResponse></md:Extensions>",
            escaped(back.as_str())
        ));
    }
    if let Some(key) = &settings.own_key {
        let certificate = STANDARD.encode(key.certificate());
        for usage in ["signing", "encryption"] {
            tail.push_str(&format!(
                "<md:KeyDescriptor use=\"{usage}\"><ds:KeyInfo xmlns:ds=\"{DS}\"><ds:X509Data><ds:X509Certificate>\
                 {certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
            ));
            if usage == "encryption" {
                for method in
                    ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm"]
                {
                    tail.push_str(&format!("<md:EncryptionMethod Algorithm=\"{method}\"></md:EncryptionMethod>"));
                }
                tail.push_str(
                    "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\"></md:EncryptionMethod>",
                );
            }
            tail.push_str("</md:KeyDescriptor>");
        }
    }
    if settings.own_key.is_some() {
        let slo = escaped(settings.slo.as_str());
        for binding in [REDIRECT_BINDING, POST_BINDING] {
            tail.push_str(&format!(
                "<md:SingleLogoutService Binding=\"{binding}\" Location=\"{slo}\"></md:SingleLogoutService>"
            ));
        }
    }
    let acs = escaped(settings.acs.as_str());
    tail.push_str(&format!(
        "<md:AssertionConsumerService Binding=\"{POST_BINDING}\" Location=\"{acs}\" index=\"0\" isDefault=\"true\">\
         </md:AssertionConsumerService></md:SPSSODescriptor></md:EntityDescriptor>"
    ));
    match &settings.own_key {
        Some(key) if settings.sign_metadata => signed(&head, &tail, ID, key),
        _ => format!("{head}{tail}"),
    }
}
