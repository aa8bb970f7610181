//! Where a request came from, as far as the proxies in front can be believed.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::{FORWARDED, HOST, HeaderMap, HeaderName};
use ipnet::IpNet;

/// How a request arrived: for the log and for limits, and for a decision only where the client [is told](Self::is_told); never
/// for an address that is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// The client, or the last proxy that is not trusted.
    pub(super) client: Option<IpAddr>,
    /// Whether that is the client indeed, and not a trusted proxy that nobody can look behind.
    pub(super) is_told: bool,
    /// The host that the browser asked for.
    pub(super) host: Option<String>,
}

/// Longest host that is shown: a domain name and a port.
const MAX_HOST_BYTES: usize = 260;

/// Most hops that are walked.
const MAX_HOPS: usize = 16;

impl Arrival {
    /// Reads the chain of proxies from the near end for as long as they are `trusted`.
    ///
    /// `Forwarded` (RFC 7239) and `X-Forwarded-For` may not both be given: a proxy that knows one of them passes
    /// the other through from outside, so then neither counts.
    pub(super) fn read(peer: Option<SocketAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let peer = peer.map(|peer| peer.ip().to_canonical());
        let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
        let own_host = text(headers, &HOST).and_then(plain_host);
        if !peer.as_ref().is_some_and(is_trusted) {
            return Self { client: peer, is_told: peer.is_some(), host: own_host };
        }
        let hops = match (headers.contains_key(FORWARDED), headers.contains_key(&X_FORWARDED_FOR)) {
            (true, true) | (false, false) => Vec::new(),
            (true, false) => forwarded(headers),
            (false, true) => x_forwarded(headers),
        };
        let mut arrival = Self { client: peer, is_told: false, host: own_host };
        let first = hops.len().saturating_sub(MAX_HOPS);
        for (number, hop) in hops.into_iter().enumerate().skip(first).rev() {
            arrival.host = hop.host.or(arrival.host);
            let Some(client) = hop.client else { break };
            arrival.client = Some(client);
            // Where all of them are trusted, the client is the one that the first has named.
            arrival.is_told = number == 0 || !is_trusted(&client);
            if arrival.is_told {
                break;
            }
        }
        arrival
    }
}

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// What one proxy says of whoever came to it.
#[derive(Default)]
struct Hop {
    client: Option<IpAddr>,
    host: Option<String>,
}

/// RFC 7239, section 4: `for=192.0.2.60;host=example.com, for="[2001:db8::1]:4711"`.
fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let values = headers.get_all(FORWARDED).filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(forwarded_hop).collect()
}

fn forwarded_hop(element: &str) -> Hop {
    let mut hop = Hop::default();
    for (name, value) in element.split(';').filter_map(|pair| pair.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "for" => hop.client = node(value),
            "host" => hop.host = plain_host(value),
            _ => {}
        }
    }
    hop
}

/// `X-Forwarded-For` lists the hops; `X-Forwarded-Host` is what the nearest proxy says.
fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let values = headers.get_all(&X_FORWARDED_FOR).filter_map(|value| value.to_str().ok());
    let mut hops: Vec<_> =
        values.flat_map(|value| value.split(',')).map(|value| Hop { client: node(value.trim()), host: None }).collect();
    if let Some(nearest) = hops.last_mut() {
        nearest.host = text(headers, &X_FORWARDED_HOST).and_then(plain_host);
    }
    hops
}

/// An address with or without a port, IPv6 in brackets or not (RFC 7239, section 6); `None` for `unknown` and `_hidden`.
fn node(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<IpAddr>().ok();
    address.ok().or_else(bracketed).map(|address| address.to_canonical())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A host that is one: it goes into the log.
fn plain_host(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    (!text.is_empty() && text.len() <= MAX_HOST_BYTES && text.bytes().all(is_plain)).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(peer: &str, headers: &[(&'static str, &str)]) -> Arrival {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:4711").parse().unwrap());
        for header in headers {
            request = request.append_header(*header);
        }
        let request = request.to_http_request();
        let trusted = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        Arrival::read(request.peer_addr(), request.headers(), &trusted)
    }

    fn arrival(peer: &str, headers: &[(&'static str, &str)]) -> (String, Option<String>) {
        let arrival = read(peer, headers);
        (arrival.client.unwrap().to_string(), arrival.host)
    }

    #[test]
    fn a_proxy_that_nobody_can_look_behind_is_no_client() {
        let told = |peer: &str, headers: &[(&'static str, &str)]| read(peer, headers).is_told;
        let far = vec!["10.0.0.1"; MAX_HOPS + 1].join(", ");

        assert!(told("203.0.113.9", &[("forwarded", "for=_hidden")]), "whoever comes directly is known");
        assert!(told("127.0.0.1", &[("x-forwarded-for", "192.0.2.66, 10.1.2.3")]));
        assert!(
            told("127.0.0.1", &[("x-forwarded-for", "10.9.9.9, 10.1.2.3")]),
            "somebody in the proxies' own network"
        );
        for untold in [
            vec![],
            vec![("forwarded", "for=_hidden")],
            vec![("forwarded", "for=x"), ("x-forwarded-for", "192.0.2.66")],
            vec![("x-forwarded-for", "192.0.2.66, unknown, 10.1.2.3")],
            vec![("x-forwarded-for", far.as_str())],
        ] {
            assert!(!told("127.0.0.1", &untold), "{untold:?}");
        }
    }

    #[test]
    fn a_stranger_is_not_believed() {
        let claims =
            [("host", "sso.example.com"), ("x-forwarded-for", "192.0.2.1"), ("x-forwarded-host", "evil.example")];

        assert_eq!(arrival("203.0.113.9", &claims), ("203.0.113.9".to_owned(), Some("sso.example.com".to_owned())));
        assert_eq!(arrival("203.0.113.9", &[("forwarded", "for=192.0.2.1")]).0, "203.0.113.9");
    }

    #[test]
    fn the_last_address_that_is_no_trusted_proxy_is_the_client() {
        let spoofed =
            [("x-forwarded-for", "192.0.2.66, 198.51.100.7, 10.1.2.3"), ("x-forwarded-host", "SSO.example.com")];

        assert_eq!(arrival("127.0.0.1", &spoofed), ("198.51.100.7".to_owned(), Some("sso.example.com".to_owned())));
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let header = [("forwarded", r#"for=192.0.2.66, For="[2001:db8::7]:4711";proto=https;Host="sso.example.com""#)];

        assert_eq!(arrival("127.0.0.1", &header), ("2001:db8::7".to_owned(), Some("sso.example.com".to_owned())));
    }

    #[test]
    fn two_kinds_of_header_together_count_for_nothing() {
        let both = [("forwarded", "for=192.0.2.66"), ("x-forwarded-for", "198.51.100.7")];

        assert_eq!(arrival("127.0.0.1", &both).0, "127.0.0.1");
    }

    #[test]
    fn an_unreadable_hop_ends_the_chain() {
        assert_eq!(arrival("127.0.0.1", &[("x-forwarded-for", "192.0.2.66, unknown, 10.1.2.3")]).0, "10.1.2.3");
        assert_eq!(arrival("127.0.0.1", &[("forwarded", "for=_hidden")]).0, "127.0.0.1");
    }

    #[test]
    fn a_host_that_is_none_is_ignored() {
        let claims = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-host", "a b/c")];

        assert_eq!(arrival("127.0.0.1", &claims), ("198.51.100.7".to_owned(), None));
    }

    #[test]
    fn an_address_written_both_ways_is_the_same() {
        assert_eq!(arrival("127.0.0.1", &[("x-forwarded-for", "::ffff:198.51.100.7")]).0, "198.51.100.7");
        assert_eq!(arrival("127.0.0.1", &[("x-forwarded-for", "198.51.100.7:80")]).0, "198.51.100.7");
        assert_eq!(arrival("127.0.0.1", &[("x-forwarded-for", "[2001:db8::7]")]).0, "2001:db8::7");
    }
}
