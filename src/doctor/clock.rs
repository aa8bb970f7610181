//! Compares clocks by the `Date` of answers (RFC 9110, section 6.6.1).

use http::HeaderMap;
use http::header::DATE;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::{Finding, Severity};
use crate::provider::oidc::LEEWAY;

/// From how much on a difference is told, in seconds. Jitsi's tokens begin ten seconds back, and a `Date` has whole seconds.
const TOLD: i64 = 5;

/// Whose clock was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The web server in front of Jitsi Meet.
    Meeting,
    /// A provider, by its id.
    Provider(String),
}

/// A clock as it was when it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whose.
    pub whose: Whose,
    /// By how much it is ahead of Roomkey's; negative if it is behind.
    pub ahead: SignedDuration,
}

impl Reading {
    /// Reads the `Date` of an answer that was asked for and came between these times; `None` without one.
    pub fn of(whose: Whose, headers: &HeaderMap, asked: Timestamp, answered: Timestamp) -> Option<Self> {
        let date = DateTimeParser::new().parse_timestamp(headers.get(DATE)?.to_str().ok()?).ok()?;
        // The fraction of a second is cut off, so that up to one second behind is no difference.
        let (earliest, latest) = (asked.as_second() - 1, answered.as_second());
        let seconds = match date.as_second() {
            date if date < earliest => date - earliest,
            date if date > latest => date - latest,
            _ => 0,
        };
        Some(Self { whose, ahead: SignedDuration::from_secs(seconds) })
    }
}

/// The troubles behind the readings. Where all others agree, it is Roomkey's clock that is wrong.
pub fn diagnose(readings: &[Reading]) -> Vec<Finding> {
    let own = match readings {
        [first, others @ ..] if !others.is_empty() => {
            let agrees = |reading: &Reading| (reading.ahead.as_secs() - first.ahead.as_secs()).abs() < TOLD;
            (is_told(first) && others.iter().all(agrees)).then_some(first.ahead)
        }
        _ => None,
    };
    if let Some(ahead) = own {
        let trouble = format!("Roomkey's own clock is {}", difference(-ahead));
        return vec![Finding::new("clock.own", Severity::Error, trouble, "set this machine's clock by NTP")];
    }
    readings.iter().filter(|reading| is_told(reading)).map(of_another).collect()
}

fn of_another(reading: &Reading) -> Finding {
    let by = difference(reading.ahead);
    match &reading.whose {
        Whose::Meeting => Finding::new(
            "clock.meeting",
            Severity::Warning,
            format!("the clock of Jitsi's web server is {by}"),
            "set both clocks by NTP: Prosody allows no difference, and refuses tokens from ten seconds on",
        ),
        Whose::Provider(id) => {
            let refused = reading.ahead.unsigned_abs() > LEEWAY;
            let severity = if refused { Severity::Error } else { Severity::Warning };
            let trouble = format!("the clock of the provider `{id}` is {by}");
            let remedy =
                format!("set both clocks by NTP: from {} seconds on, its word for people is refused", LEEWAY.as_secs());
            Finding::new("clock.provider", severity, trouble, remedy)
        }
    }
}

fn is_told(reading: &Reading) -> bool {
    reading.ahead.as_secs().abs() >= TOLD
}

fn difference(ahead: SignedDuration) -> String {
    let seconds = ahead.as_secs();
    format!("{} seconds {}", seconds.abs(), if seconds < 0 { "behind" } else { "ahead" })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// 24 November 2026, noon.
    const NOON: i64 = 1_795_521_600;

    fn reading(date: &'static str) -> Option<Reading> {
        let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]);
        let at = |seconds| Timestamp::from_second(NOON + seconds).unwrap();
        Reading::of(Whose::Meeting, &headers, at(0), at(2))
    }

    fn ahead(whose: Whose, seconds: i64) -> Reading {
        Reading { whose, ahead: SignedDuration::from_secs(seconds) }
    }

    fn provider() -> Whose {
        Whose::Provider("work".to_owned())
    }

    fn checks(readings: &[Reading]) -> Vec<(&'static str, Severity)> {
        diagnose(readings).iter().map(|finding| (finding.check, finding.severity)).collect()
    }

    #[test]
    fn a_date_within_the_time_of_the_call_is_no_difference() {
        let seconds = |date| reading(date).map(|reading| reading.ahead.as_secs());

        assert_eq!(seconds("Tue, 24 Nov 2026 11:59:59 GMT"), Some(0));
        assert_eq!(seconds("Tue, 24 Nov 2026 12:00:02 GMT"), Some(0));
        assert_eq!(seconds("Tue, 24 Nov 2026 12:01:02 GMT"), Some(60));
        assert_eq!(seconds("Tue, 24 Nov 2026 11:58:59 GMT"), Some(-60));
        assert_eq!(seconds("noon"), None);
    }

    #[test]
    fn small_differences_are_not_told() {
        assert!(diagnose(&[ahead(Whose::Meeting, 4), ahead(provider(), -4)]).is_empty());
    }

    #[test]
    fn whoever_is_alone_is_wrong() {
        assert_eq!(checks(&[ahead(Whose::Meeting, 30), ahead(provider(), 0)]), [("clock.meeting", Severity::Warning)]);
        assert_eq!(checks(&[ahead(Whose::Meeting, 0), ahead(provider(), -61)]), [("clock.provider", Severity::Error)]);
        assert_eq!(checks(&[ahead(provider(), 20)]), [("clock.provider", Severity::Warning)]);
    }

    #[test]
    fn where_all_others_agree_it_is_roomkey() {
        let findings = diagnose(&[ahead(Whose::Meeting, 90), ahead(provider(), 91)]);

        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].trouble, "Roomkey's own clock is 90 seconds behind");
    }
}
