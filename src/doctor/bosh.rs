//! A visitor to Prosody: connects over BOSH as Jitsi's front end does, and enters a room (XEP-0124, XEP-0206, XEP-0045).

use http::Request;
use http::header::CONTENT_TYPE;
use roxmltree::{Document, Node};
use url::Url;

use crate::provider::http::{Http, HttpError};

/// Seconds that Prosody may hold a request open when it has nothing to say; below the limit of a call.
const WAIT_SECONDS: u64 = 1;

/// Requests without anything to say that are made for one answer.
const MAX_POLLS: usize = 5;

const BOSH: &str = "http://jabber.org/protocol/httpbind";
const SASL: &str = "urn:ietf:params:xml:ns:xmpp-sasl";
const BIND: &str = "urn:ietf:params:xml:ns:xmpp-bind";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";
const STANZA_ERRORS: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";
const FOCUS: &str = "http://jitsi.org/protocol/focus";

/// Where a meeting's Prosody answers, and what it calls itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `config.bosh` of the front end.
    pub bosh: Url,
    /// `config.hosts.domain`: where people connect.
    pub domain: String,
    /// `config.hosts.muc`: where rooms are.
    pub muc: String,
    /// `config.hosts.focus`: who makes a room.
    pub focus: String,
}

/// A connection that Prosody has accepted.
#[derive(Debug)]
pub struct Connection<'a> {
    http: &'a Http,
    address: &'a Address,
    url: Url,
    sid: String,
    rid: u64,
    /// Answers that came while another was waited for, as XML.
    inbox: Vec<String>,
}

/// What somebody is in a room that they have entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occupant {
    /// Whether they moderate.
    pub moderator: bool,
}

/// Why somebody is not in the room.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoshError {
    /// No answer.
    #[error("no answer over BOSH")]
    Http(#[from] HttpError),
    /// An answer that is not BOSH: another server, or a proxy's own page.
    #[error("the answer is not BOSH (status {status})")]
    NotBosh {
        /// Its status.
        status: u16,
    },
    /// Prosody ended the session: `host-unknown` and the like (XEP-0124, section 17.2).
    #[error("the session was ended: {condition}")]
    Ended {
        /// Prosody's word for the reason.
        condition: String,
    },
    /// Prosody offers no SASL ANONYMOUS, which `authentication = "token"` needs.
    #[error("no ANONYMOUS login is offered, only {offered:?}")]
    NoAnonymous {
        /// The mechanisms that are offered.
        offered: Vec<String>,
    },
    /// The token, or its absence, was refused when connecting.
    #[error("refused on connecting: {reason}")]
    Login {
        /// The text of the refusal, or its condition.
        reason: String,
    },
    /// The room was refused.
    #[error("refused on entering the room: {reason}")]
    Join {
        /// The condition (RFC 6120, section 8.3.3).
        condition: String,
        /// The text of the refusal, or the condition.
        reason: String,
    },
    /// Nothing about it was said in time.
    #[error("no answer to the {what}")]
    Silent {
        /// What was asked for.
        what: &'static str,
    },
}

impl<'a> Connection<'a> {
    /// Connects with `token`, or without one.
    ///
    /// # Errors
    /// [`BoshError::Login`] if the token is refused; others if it did not come to that.
    pub async fn open(
        http: &'a Http,
        address: &'a Address,
        room: &str,
        token: Option<&str>,
        rid: u64,
    ) -> Result<Connection<'a>, BoshError> {
        let mut url = address.bosh.clone();
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("room", room);
            if let Some(token) = token {
                query.append_pair("token", token);
            }
        }
        let mut connection = Self { http, address, url, sid: String::new(), rid, inbox: Vec::new() };
        let hello = format!(
            "<body xmlns='{BOSH}' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0' ver='1.6' hold='1' wait='{WAIT_SECONDS}' \
             content='text/xml; charset=utf-8' xml:lang='en' to='{}' rid='{rid}'/>",
            escape(&address.domain)
        );
        let answer = connection.post(hello).await?;
        connection.sid = attribute_of_body(&answer, "sid").ok_or(BoshError::NotBosh { status: 200 })?;
        connection.inbox.push(answer);
        connection.log_in().await?;
        connection.bind().await?;
        Ok(connection)
    }

    async fn log_in(&mut self) -> Result<(), BoshError> {
        let offered = self
            .wait_for("login", |body| {
                let mechanisms =
                    child(body, "features")?.children().find(|node| node.tag_name().name() == "mechanisms");
                Some(mechanisms.map(|list| list.children().filter_map(|node| node.text()).map(str::to_owned).collect()))
            })
            .await?
            .unwrap_or_else(Vec::new);
        if !offered.iter().any(|mechanism| mechanism == "ANONYMOUS") {
            return Err(BoshError::NoAnonymous { offered });
        }
        self.send(&format!("<auth xmlns='{SASL}' mechanism='ANONYMOUS'/>")).await?;
        let outcome = self.wait_for("login", |body| {
            if child(body, "success").is_some() {
                return Some(Ok(()));
            }
            child(body, "failure").map(|failure| Err(BoshError::Login { reason: reason_of(failure).1 }))
        });
        outcome.await?
    }

    async fn bind(&mut self) -> Result<(), BoshError> {
        self.rid += 1;
        let restart = format!(
            "<body xmlns='{BOSH}' xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true' to='{}' sid='{}' rid='{}'/>",
            escape(&self.address.domain),
            escape(&self.sid),
            self.rid
        );
        let answer = self.post(restart).await?;
        self.inbox = vec![answer];
        self.wait_for("restart", |body| child(body, "features").map(|_| ())).await?;
        self.send(&format!("<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='{BIND}'/></iq>")).await?;
        self.wait_for("binding", |body| reply(body, "bind").map(|_| ())).await
    }

    /// Asks for the room to be made, as every client does before it enters. Whether somebody did.
    ///
    /// # Errors
    /// Any [`BoshError`] of the connection.
    pub async fn ask_for(&mut self, room: &str) -> Result<bool, BoshError> {
        let (focus, room) = (escape(&self.address.focus), escape(&format!("{room}@{}", self.address.muc)));
        self.send(&format!(
            "<iq xmlns='jabber:client' type='set' id='focus' to='{focus}'>\
             <conference xmlns='{FOCUS}' room='{room}' machine-uid='roomkey-doctor'/></iq>"
        ))
        .await?;
        match self.wait_for("request for a room", |body| reply(body, "focus").map(|good| good.is_ok())).await {
            Err(BoshError::Silent { .. }) => Ok(false),
            other => other,
        }
    }

    /// Enters `room` and says as what.
    ///
    /// # Errors
    /// [`BoshError::Join`] if the room is refused.
    pub async fn join(&mut self, room: &str) -> Result<Occupant, BoshError> {
        let to = format!("{room}@{}/roomkey-{:x}", self.address.muc, self.rid);
        self.send(&format!(
            "<presence xmlns='jabber:client' to='{}'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
            escape(&to)
        ))
        .await?;
        let mut occupant = self
            .wait_for("request to enter", |body| {
                body.children().filter(|node| node.attribute("from") == Some(&to)).filter_map(presence).next_back()
            })
            .await??;
        // A role that a module grants after the entry comes in a presence of its own.
        while let Ok(Ok(changed)) = self
            .wait_once(|body| {
                body.children().filter(|node| node.attribute("from") == Some(&to)).filter_map(presence).next_back()
            })
            .await
        {
            occupant = changed;
        }
        Ok(occupant)
    }

    /// Says good-bye, so that nothing of the visit stays.
    pub async fn close(mut self) {
        self.rid += 1;
        let farewell = format!(
            "<body xmlns='{BOSH}' type='terminate' sid='{}' rid='{}'>\
             <presence xmlns='jabber:client' type='unavailable'/></body>",
            escape(&self.sid),
            self.rid
        );
        // Whether or not it is heard, the session ends by itself soon.
        let _ = self.post(farewell).await;
    }

    async fn send(&mut self, payload: &str) -> Result<(), BoshError> {
        self.rid += 1;
        let body = format!("<body xmlns='{BOSH}' sid='{}' rid='{}'>{payload}</body>", escape(&self.sid), self.rid);
        let answer = self.post(body).await?;
        self.inbox.push(answer);
        Ok(())
    }

    /// Reads answers until one is what `take` looks for.
    async fn wait_for<T>(
        &mut self,
        what: &'static str,
        take: impl Fn(Node<'_, '_>) -> Option<T>,
    ) -> Result<T, BoshError> {
        for _ in 0..MAX_POLLS {
            if let Some(found) = self.take(&take)? {
                return Ok(found);
            }
            self.send("").await?;
        }
        self.take(&take)?.ok_or(BoshError::Silent { what })
    }

    /// Looks into what has come, and asks once for more.
    async fn wait_once<T>(&mut self, take: impl Fn(Node<'_, '_>) -> Option<T>) -> Result<T, BoshError> {
        if let Some(found) = self.take(&take)? {
            return Ok(found);
        }
        self.send("").await?;
        self.take(&take)?.ok_or(BoshError::Silent { what: "question for changes" })
    }

    fn take<T>(&mut self, take: &impl Fn(Node<'_, '_>) -> Option<T>) -> Result<Option<T>, BoshError> {
        for answer in std::mem::take(&mut self.inbox) {
            let document = parse(&answer)?;
            if let Some(found) = take(document.root_element()) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn post(&self, body: String) -> Result<String, BoshError> {
        let request = Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            .body(body.into_bytes())
            .map_err(|_| HttpError::Connection { cause: "unusable address".to_owned() })?;
        let answer = self.http.call(request).await?;
        let status = answer.status.as_u16();
        let text = String::from_utf8(answer.body).map_err(|_| BoshError::NotBosh { status })?;
        let document = parse(&text).map_err(|_| BoshError::NotBosh { status })?;
        let body = document.root_element();
        if body.tag_name().namespace() != Some(BOSH) {
            return Err(BoshError::NotBosh { status });
        }
        if body.attribute("type") == Some("terminate") && child(body, "failure").is_none() {
            let condition = body.attribute("condition").unwrap_or("no reason given").to_owned();
            return Err(BoshError::Ended { condition });
        }
        drop(document);
        Ok(text)
    }
}

fn parse(text: &str) -> Result<Document<'_>, BoshError> {
    Document::parse(text).map_err(|_| BoshError::NotBosh { status: 200 })
}

fn attribute_of_body(text: &str, name: &str) -> Option<String> {
    Document::parse(text).ok()?.root_element().attribute(name).map(str::to_owned)
}

fn child<'d, 'i>(node: Node<'d, 'i>, name: &str) -> Option<Node<'d, 'i>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

/// The answer to the request `id`, and whether it is an error.
fn reply(body: Node<'_, '_>, id: &str) -> Option<Result<(), ()>> {
    let iq = body.children().find(|node| node.tag_name().name() == "iq" && node.attribute("id") == Some(id))?;
    Some(if iq.attribute("type") == Some("error") { Err(()) } else { Ok(()) })
}

/// What a presence says of the one whom it is about.
fn presence(node: Node<'_, '_>) -> Option<Result<Occupant, BoshError>> {
    if node.tag_name().name() != "presence" {
        return None;
    }
    if node.attribute("type") == Some("error") {
        let (condition, reason) = reason_of(child(node, "error")?);
        return Some(Err(BoshError::Join { condition, reason }));
    }
    let about = node.children().find(|child| child.tag_name().namespace() == Some(MUC_USER))?;
    let item = child(about, "item")?;
    let moderator = item.attribute("role") == Some("moderator") || item.attribute("affiliation") == Some("owner");
    Some(Ok(Occupant { moderator }))
}

/// The condition of a refusal, and its text if there is one.
fn reason_of(error: Node<'_, '_>) -> (String, String) {
    let in_words = |node: &Node<'_, '_>| node.tag_name().name() == "text";
    let defined = |node: &Node<'_, '_>| matches!(node.tag_name().namespace(), Some(STANZA_ERRORS | SASL));
    let condition = error.children().find(|node| defined(node) && !in_words(node));
    let condition = condition.map_or("undefined-condition", |node| node.tag_name().name()).to_owned();
    let text = error.children().find(in_words).and_then(|node| node.text()).map(str::trim).filter(|t| !t.is_empty());
    let text = text.unwrap_or(&condition).chars().filter(|c| !c.is_control()).take(200).collect();
    (condition, text)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\'' => escaped.push_str("&apos;"),
            '"' => escaped.push_str("&quot;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal_in(stanza: &str) -> (String, String) {
        reason_of(child(Document::parse(stanza).unwrap().root_element(), "error").unwrap())
    }

    #[test]
    fn a_refusal_is_read_by_its_text_or_else_by_its_condition() {
        let told = refusal_in(
            "<presence><error><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\
             <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Room and token mismatched</text>\
             <room-mismatch xmlns='http://jitsi.org/jitmeet'/></error></presence>",
        );
        let untold = refusal_in(
            "<presence><error><room-mismatch xmlns='http://jitsi.org/jitmeet'/>\
             <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>",
        );

        assert_eq!(told, ("not-allowed".to_owned(), "Room and token mismatched".to_owned()));
        assert_eq!(untold, ("forbidden".to_owned(), "forbidden".to_owned()));
    }

    #[test]
    fn a_document_type_is_not_read() {
        let bomb = "<!DOCTYPE body [<!ENTITY a 'aaaa'>]><body xmlns='http://jabber.org/protocol/httpbind'>&a;</body>";

        assert_eq!(parse(bomb).err(), Some(BoshError::NotBosh { status: 200 }));
    }

    #[test]
    fn a_name_cannot_leave_its_attribute() {
        assert_eq!(escape("a'/><b \"&"), "a&apos;/&gt;&lt;b &quot;&amp;");
    }
}
