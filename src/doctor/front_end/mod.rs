//! Looks at the meeting's `config.js`: whether Jitsi's front end sends people here, and where its Prosody is.

mod diagnosis;
mod script;

pub use diagnosis::diagnose;
pub use script::Script;

use http::Request;
use url::{Host, Url};

use super::bosh::Address;
use super::clock::{Reading, Whose};
use super::{Finding, Severity};
use crate::clock::Clock;
use crate::jitsi::Meeting;
use crate::provider::http::{Http, HttpError};

/// What the meeting's web server gave.
#[derive(Debug)]
pub struct FrontEnd {
    /// The settings.
    pub script: Script,
    /// The server's clock.
    pub clock: Option<Reading>,
}

/// Fetches `config.js`.
///
/// # Errors
/// [`Finding`] that says why there is none.
pub async fn fetch(http: &Http, meeting: &Meeting, clock: &Clock) -> Result<FrontEnd, Box<Finding>> {
    let address = join(&meeting.url, "config.js");
    let request = Request::get(address.as_str()).body(Vec::new());
    let request = request.map_err(|_| unreachable(&address, &"the address cannot be used"))?;
    let asked = clock.now();
    let answer = match http.call(request).await {
        Ok(answer) if answer.status.is_success() => answer,
        Ok(answer) => return Err(unreachable(&address, &HttpError::Status(answer.status.as_u16()))),
        Err(error) => return Err(unreachable(&address, &error)),
    };
    let clock = Reading::of(Whose::Meeting, &answer.headers, asked, clock.now());
    let script = Script::read(&String::from_utf8_lossy(&answer.body));
    if script.is_empty() {
        let remedy = "make meeting.url the address under which people open meetings, without a room";
        return Err(Box::new(Finding::new(
            "meeting.config_js",
            Severity::Error,
            format!("what is at {address} is not Jitsi's config.js"),
            remedy,
        )));
    }
    Ok(FrontEnd { script, clock })
}

fn unreachable(address: &Url, cause: &dyn std::fmt::Display) -> Box<Finding> {
    Box::new(Finding::new(
        "meeting.unreachable",
        Severity::Error,
        format!("Jitsi's {address} cannot be fetched: {cause}"),
        "make meeting.url the address under which people open meetings; check its DNS name, firewall and certificate",
    ))
}

/// Where Prosody is, as browsers learn it. `None` if the script does not say, or says what no token may be sent to.
pub fn address(script: &Script, meeting: &Meeting) -> Option<Address> {
    let domain = script.text("hosts.domain")?.to_owned();
    let below = |name: &str| format!("{name}.{domain}");
    let bosh = match script.text("bosh") {
        Some(bosh) => meeting.url.join(bosh).ok()?,
        None => join(&meeting.url, "http-bind"),
    };
    let muc = script.text("hosts.muc").map_or_else(|| below("conference"), str::to_owned);
    let focus = script.text("hosts.focus").map_or_else(|| below("focus"), str::to_owned);
    may_see_tokens(&bosh).then_some(Address { bosh, domain, muc, focus })
}

/// Tokens travel by `https`, or on this machine alone.
fn may_see_tokens(url: &Url) -> bool {
    match url.host() {
        _ if url.scheme() == "https" => true,
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// `path` below `folder`, whose own path ends in `/`.
fn join(folder: &Url, path: &str) -> Url {
    let mut url = folder.clone();
    url.set_path(&format!("{}{path}", folder.path()));
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jitsi::testing::meeting;

    fn address_in(script: &str) -> Option<Address> {
        address(&Script::read(script), &meeting())
    }

    #[test]
    fn an_address_is_read_relative_to_the_meeting() {
        let found =
            address_in("config.hosts = { domain: 'meet.jitsi', muc: 'muc.meet.jitsi' }; config.bosh = '/http-bind';");

        let expected = Address {
            bosh: "https://meet.example.com/http-bind".parse().unwrap(),
            domain: "meet.jitsi".into(),
            muc: "muc.meet.jitsi".into(),
            focus: "focus.meet.jitsi".into(),
        };
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn what_is_left_out_has_jitsis_defaults() {
        let found = address_in("config.hosts.domain = 'meet.example.com';").unwrap();

        assert_eq!(found.bosh.as_str(), "https://meet.example.com/http-bind");
        assert_eq!(
            (found.muc.as_str(), found.focus.as_str()),
            ("conference.meet.example.com", "focus.meet.example.com")
        );
    }

    #[test]
    fn no_token_is_sent_in_the_clear() {
        assert_eq!(address_in("config.hosts.domain = 'a'; config.bosh = 'http://meet.example.com/http-bind';"), None);
    }
}
