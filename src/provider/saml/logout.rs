//! Single logout (SAML 2.0 Profiles, section 4.4; Core, section 3.7), by HTTP-Redirect and HTTP-POST.
//!
//! Both sides sign, so it is there only where Roomkey has a key of its own. What is not signed by the identity provider it names is
//! refused, and says nothing.

use std::sync::Arc;

use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

use super::check::SamlCheck;
use super::document::{Document, Element};
use super::idp::{Binding, Endpoint, IdpMetadata};
use super::logout_message::{Carried, Received, decode};
use super::name_id::NameId;
use super::request::{redirect, signed_query};
use super::response::{LEEWAY, LIMITS, check_issuer, header, keys, only_decrypted, refused};
use super::settings::SubjectSource;
use super::signature::verify;
use super::xml::{escaped, instant, signed};
use super::{ASSERTION, OwnKey, PROTOCOL, SamlProvider, TRANSIENT, tether};
use crate::provider::error::Untrusted;
use crate::provider::http::Http;
use crate::provider::{
    FailedCheck, Heard, LogoutByProvider, LogoutMessage, LogoutMessages, LogoutRequest, LogoutStep, PostedRequest,
    ProviderError, SingleLogout, Subject, Tether, Told,
};

/// How long a message counts, by its `IssueInstant`, where it does not say so itself.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// Most sessions that one message ends by name.
const MAX_SESSIONS: usize = 64;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
const PARTIAL: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";

impl SingleLogout for SamlProvider {
    fn request<'a>(
        &'a self,
        http: &'a Http,
        tether: &'a Tether,
        back: LogoutRequest<'a>,
    ) -> BoxFuture<'a, Option<LogoutStep>> {
        async move {
            let key = self.settings.own_key.as_deref()?;
            let saml = tether.saml.as_ref()?;
            let idp = self.idps.idp(http, Some(&saml.idp)).await.ok()?;
            let endpoint = endpoint(&idp, Binding::Redirect)?;
            let name_id = saml.name_id.as_ref()?.written();
            let sessions = saml.session_indexes.iter().map(|index| {
                let index = escaped(index);
                format!("<samlp:SessionIndex>{index}</samlp:SessionIndex>")
            });
            let expires = instant(back.now + LIFETIME);
            let message = Outgoing {
                name: "LogoutRequest",
                id: &format!("_{}", back.state),
                attributes: &format!(" NotOnOrAfter=\"{expires}\""),
                content: &format!("{name_id}{}", sessions.collect::<String>()),
                relay_state: back.state,
            };
            Some(self.send(&message, endpoint, endpoint.location.clone(), key, back.now))
        }
        .boxed()
    }

    fn told(&self) -> Told<'_> {
        Told::Messages(self)
    }
}

impl LogoutMessages for SamlProvider {
    fn hear<'a>(
        &'a self,
        http: &'a Http,
        message: LogoutMessage<'a>,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Heard, ProviderError>> {
        async move {
            let received = decode(message)?;
            let issuer = issuer(&received.xml)?;
            let idp = self.idps.idp(http, Some(&issuer)).await?;
            match self.judge(&received, &idp, now) {
                // The provider may sign by a key that its metadata have had for a short while only.
                Err(unknown) if unknown.check == FailedCheck::Saml(SamlCheck::Signature) => {
                    match self.idps.newer(http, &idp).await {
                        Some(newer) => Ok(self.judge(&received, &newer, now)?),
                        None => Err(unknown.into()),
                    }
                }
                checked => Ok(checked?),
            }
        }
        .boxed()
    }

    fn answer(&self, request: &LogoutByProvider, ended: bool, now: Timestamp) -> Option<LogoutStep> {
        let key = self.settings.own_key.as_deref()?;
        let endpoint = endpoint(&request.from, request.binding)?;
        let to = endpoint.response_location.as_ref().unwrap_or(&endpoint.location).clone();
        let status = if ended { SUCCESS } else { RESPONDER };
        let message = Outgoing {
            name: "LogoutResponse",
            id: &random_id(),
            attributes: &format!(" InResponseTo=\"{}\"", escaped(&request.id)),
            content: &format!("<samlp:Status><samlp:StatusCode Value=\"{status}\"></samlp:StatusCode></samlp:Status>"),
            relay_state: &request.relay_state,
        };
        Some(self.send(&message, endpoint, to, key, now))
    }
}

/// A message of Roomkey's own.
struct Outgoing<'a> {
    name: &'static str,
    id: &'a str,
    /// Beside those that all messages have.
    attributes: &'a str,
    /// Behind the issuer.
    content: &'a str,
    relay_state: &'a str,
}

/// Where the provider takes messages about logouts: by `preferred`, else by the other binding.
fn endpoint(idp: &IdpMetadata, preferred: Binding) -> Option<&Endpoint> {
    idp.single_logout_by(preferred).or_else(|| idp.single_logout.first())
}

fn random_id() -> String {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    format!("_{}", BASE64URL_NOPAD.encode(&bytes))
}

impl SamlProvider {
    fn send(
        &self,
        message: &Outgoing<'_>,
        endpoint: &Endpoint,
        to: url::Url,
        key: &OwnKey,
        now: Timestamp,
    ) -> LogoutStep {
        let Outgoing { name, id, attributes, content, relay_state } = message;
        let head = format!(
            "<samlp:{name} xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" Version=\"2.0\" IssueInstant=\"{}\" \
             Destination=\"{}\"{attributes}><saml:Issuer>{}</saml:Issuer>",
            instant(now),
            escaped(to.as_str()),
            escaped(&self.settings.entity_id),
        );
        let tail = format!("{content}</samlp:{name}>");
        let parameter = if *name == "LogoutRequest" { "SAMLRequest" } else { "SAMLResponse" };
        match endpoint.binding {
            Binding::Redirect => {
                let query = signed_query(parameter, &format!("{head}{tail}"), relay_state, Some(key));
                let address = redirect(&to, &query).parse();
                LogoutStep::Redirect(address.expect("an address stays one with another query"))
            }
            Binding::Post => {
                let document = data_encoding::BASE64.encode(signed(&head, &tail, id, key).as_bytes());
                let mut fields = vec![(parameter, document)];
                if !relay_state.is_empty() {
                    fields.push(("RelayState", (*relay_state).to_owned()));
                }
                LogoutStep::Posted(PostedRequest { action: to, fields })
            }
        }
    }

    /// Everything that can be checked of a message without remembering others.
    fn judge(&self, received: &Received<'_>, idp: &Arc<IdpMetadata>, now: Timestamp) -> Result<Heard, Untrusted> {
        let document = Document::parse(&received.xml, LIMITS).map_err(refused)?;
        let root = document.root();
        let expected = if received.is_request { "LogoutRequest" } else { "LogoutResponse" };
        if !root.is(PROTOCOL, expected) {
            return Err(SamlCheck::LogoutMessage.failed("its root is something else"));
        }
        let issued = header(root, SamlCheck::LogoutMessage)?;
        check_issuer(root, idp, SamlCheck::ResponseIssuer, true)?;
        let keys = keys(idp);
        match &received.carried {
            Carried::Query(signature) => signature.verify(&keys, self.settings.insecure_sha1)?,
            Carried::Form => verify(root, &keys, self.settings.insecure_sha1)?,
        }
        if root.attribute("Destination") != Some(self.settings.slo.as_str()) {
            return Err(SamlCheck::Destination.failed("it is missing, or another address than Roomkey's"));
        }
        if issued > now + LEEWAY || issued < now - LIFETIME - LEEWAY {
            return Err(SamlCheck::IssueInstant.failed("it is in the future, or long past"));
        }
        if received.is_request {
            self.read_request(root, received, idp, now).map(|request| Heard::Request(Box::new(request)))
        } else {
            read_answer(root)
        }
    }

    fn read_request(
        &self,
        root: Element<'_>,
        received: &Received<'_>,
        idp: &Arc<IdpMetadata>,
        now: Timestamp,
    ) -> Result<LogoutByProvider, Untrusted> {
        let check = SamlCheck::NotOnOrAfter;
        let until =
            root.attribute("NotOnOrAfter").map(|text| text.parse().map_err(|_| check.failed("it is no instant")));
        let until: Option<Timestamp> = until.transpose()?;
        if until.is_some_and(|until| now - LEEWAY >= until) {
            return Err(check.failed("it has passed"));
        }
        let name_id = self.name_id(root)?;
        let indexes = root.children(PROTOCOL, "SessionIndex").take(MAX_SESSIONS);
        let indexes =
            indexes.map(|index| index.text().map_err(|_| SamlCheck::PlainText.failed("a `SessionIndex` is not")));
        let sids = indexes.map(|index| Ok(tether::sid(&idp.entity_id, &index?))).collect::<Result<_, Untrusted>>()?;
        let is_known_name =
            self.settings.subject == SubjectSource::NameId && name_id.format.as_deref() != Some(TRANSIENT);
        Ok(LogoutByProvider {
            sids,
            subject: is_known_name.then(|| Subject(format!("{} {}", idp.entity_id, name_id.value))),
            id: root.attribute("ID").unwrap_or_default().to_owned(),
            // However long it says that it lasts, it is refused by its age before.
            expires: now + LIFETIME + LEEWAY + LEEWAY,
            from: Arc::clone(idp),
            binding: received.binding(),
            relay_state: received.relay_state.to_owned(),
        })
    }

    /// Who logs out; encrypted or not.
    fn name_id(&self, root: Element<'_>) -> Result<NameId, Untrusted> {
        if let Some(name_id) = root.only_child(ASSERTION, "NameID") {
            return NameId::read(name_id);
        }
        let encrypted = root.only_child(ASSERTION, "EncryptedID");
        let encrypted = encrypted.ok_or_else(|| SamlCheck::Subject.failed("there is no `NameID`, or several"))?;
        // It stands in a message whose signature has been checked.
        let decrypted = super::encryption::decrypt(encrypted, self.settings.own_key.as_deref(), true)?;
        NameId::read(only_decrypted(&decrypted.parse(LIMITS)?, "NameID")?)
    }
}

fn read_answer(root: Element<'_>) -> Result<Heard, Untrusted> {
    let status = root.only_child(PROTOCOL, "Status").and_then(|status| status.only_child(PROTOCOL, "StatusCode"));
    let status = status.ok_or_else(|| SamlCheck::LogoutMessage.failed("it has no `Status`"))?;
    let is_partial = status.child(PROTOCOL, "StatusCode").and_then(|code| code.attribute("Value")) == Some(PARTIAL);
    let state = root.attribute("InResponseTo").and_then(|id| id.strip_prefix('_'));
    let state = state.ok_or_else(|| SamlCheck::InResponseTo.failed("it is missing, or no request of Roomkey's"))?;
    Ok(Heard::Answer { state: state.to_owned(), everywhere: status.attribute("Value") == Some(SUCCESS) && !is_partial })
}

/// Who a message says it is from: by whose keys it has to be signed.
fn issuer(xml: &[u8]) -> Result<String, Untrusted> {
    let document = Document::parse(xml, LIMITS).map_err(refused)?;
    let issuer = document.root().only_child(ASSERTION, "Issuer").and_then(|issuer| issuer.text().ok());
    issuer.ok_or_else(|| SamlCheck::ResponseIssuer.failed("it is missing"))
}
