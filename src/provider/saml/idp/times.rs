//! Points in time and durations as XML Schema writes them.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

const DAY: u64 = 24 * 60 * 60;

/// An `xs:dateTime`. Without an offset it is UTC, as all times of SAML are (SAML 2.0 Core, section 1.3.3).
pub(super) fn date_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| Offset::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok())
}

/// An `xs:duration`, a month being thirty days and a year 365; `None` too if it is negative.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let span: Span = text.starts_with('P').then(|| text.parse().ok())??;
    let count = |number: i64| u64::try_from(number).ok();
    let days = count(span.get_years().into())? * 365
        + count(span.get_months().into())? * 30
        + count(span.get_weeks().into())? * 7
        + count(span.get_days().into())?;
    let hours = count(span.get_hours().into())?;
    let (minutes, seconds) = (count(span.get_minutes())?, count(span.get_seconds())?);
    Some(Duration::from_secs(
        days.saturating_mul(DAY).saturating_add(hours * 3600).saturating_add(minutes * 60).saturating_add(seconds),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_an_offset() {
        let noon = "2026-12-01T12:00:00Z".parse().unwrap();

        assert_eq!(date_time("2026-12-01T12:00:00Z"), Some(noon));
        assert_eq!(date_time(" 2026-12-01T13:00:00+01:00 "), Some(noon));
        assert_eq!(date_time("2026-12-01T12:00:00.000"), Some(noon));
        assert_eq!(date_time("tomorrow"), None);
        assert_eq!(date_time(""), None);
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("PT6H"), Some(Duration::from_hours(6)));
        assert_eq!(duration("P7D"), Some(Duration::from_hours(7 * 24)));
        assert_eq!(duration("P1DT30M5S"), Some(Duration::from_secs(DAY + 1805)));
        assert_eq!(duration("P1Y2M"), Some(Duration::from_secs(425 * DAY)));
        assert_eq!(duration("PT3600.5S"), Some(Duration::from_secs(3600)));
        assert_eq!(duration("-P1D"), None);
        assert_eq!(duration("P99999999999999Y"), None);
        assert_eq!(duration("6h"), None);
    }
}
