//! A syslog server: RFC 5424 over TCP (RFC 6587, octet counting) or TLS (RFC 5425).
//!
//! Neither has a word of the receiver's that it has something. So each delivery has a connection of its own, which Roomkey ends, and
//! it counts once the receiver has ended its side too, without an error: it has read to the end then.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::{Message, SinkError};
use crate::audit::Outcome;
use crate::audit::export::time;

/// Facility `security/authorization messages` (RFC 5424, section 6.2.1).
const FACILITY: u8 = 10;

/// Largest `sequenceId` (section 7.3.1), after which they begin anew.
const MAX_SEQUENCE: i64 = 2_147_483_647;

/// A syslog server.
#[derive(Clone)]
pub struct SyslogSink {
    /// Where it is.
    pub address: SyslogAddress,
    /// Which certificates are believed; `None`: TCP in clear.
    pub tls: Option<Arc<ClientConfig>>,
    /// Whether it gets what is known of people.
    pub personal: bool,
}

/// Where a syslog server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyslogAddress {
    /// Its host, as certificates name it.
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl SyslogSink {
    pub(super) async fn deliver(&self, messages: &[Message]) -> Result<(), SinkError> {
        let SyslogAddress { host, port } = &self.address;
        let text: String = messages.iter().map(framed).collect();
        let stream = TcpStream::connect((host.trim_matches(['[', ']']), *port)).await.map_err(SinkError::Connection)?;
        let outcome = match &self.tls {
            None => hand_over(stream, &text).await,
            Some(tls) => {
                let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned());
                let name = name.map_err(|_| SinkError::Name(host.clone()))?;
                match TlsConnector::from(Arc::clone(tls)).connect(name, stream).await {
                    Ok(stream) => hand_over(stream, &text).await,
                    Err(error) => Err(error),
                }
            }
        };
        outcome.map_err(SinkError::Connection)
    }
}

/// Writes all of it, ends this side, and waits for the other to end.
async fn hand_over(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    let mut said = [0; 512];
    while stream.read(&mut said).await? > 0 {}
    Ok(())
}

/// One message with its length before it.
fn framed(message: &Message) -> String {
    let text = text(message);
    format!("{} {text}", text.len())
}

/// `<PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`; the message is the record in JSON.
fn text(Message { record, json }: &Message) -> String {
    let is_amiss = [Outcome::Refused, Outcome::Failed].iter().any(|outcome| outcome.word() == record.outcome);
    let severity = match record.outcome.as_str() {
        outcome if outcome == Outcome::Tampered.word() => 2,
        _ if is_amiss => 4,
        _ => 5,
    };
    let sequence = (record.number - 1) % MAX_SEQUENCE + 1;
    format!(
        "<{}>1 {} - roomkey - {} [meta sequenceId=\"{sequence}\"] {json}",
        FACILITY * 8 + severity,
        time(record.at),
        record.outcome,
    )
}

impl std::fmt::Debug for SyslogSink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyslogSink")
            .field("address", &self.address)
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::RecordRow;

    #[test]
    fn a_message_has_its_length_before_it_and_its_record_in_it() {
        let record =
            RecordRow { number: 7, at: 1_795_521_600_000_001, outcome: "refused".to_owned(), ..RecordRow::default() };

        let text = framed(&Message { record, json: "{\"room\":\"réunion\"}".to_owned() });

        let expected =
            "<84>1 2026-11-24T12:00:00.000001Z - roomkey - refused [meta sequenceId=\"7\"] {\"room\":\"réunion\"}";
        assert_eq!(text, format!("{} {expected}", expected.len()));
    }

    #[test]
    fn sequence_ids_begin_anew_where_they_would_be_too_large() {
        let sequence = |number| {
            let message = Message { record: RecordRow { number, ..RecordRow::default() }, json: String::new() };
            text(&message).split('"').nth(1).unwrap().to_owned()
        };

        assert_eq!([1, MAX_SEQUENCE, MAX_SEQUENCE + 1].map(sequence), ["1", "2147483647", "1"]);
    }
}
