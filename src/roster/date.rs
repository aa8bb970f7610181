//! Moments as lists have them.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

/// What to write instead of something that is no moment.
pub(super) const REMEDY: &str =
    "write a day (`2026-12-01`, `01.12.2026`), or a time with its offset (`2026-12-01T09:00:00+01:00`)";

/// The first moment of what is written: a day begins at midnight UTC.
pub(super) fn beginning(text: &str) -> Option<Timestamp> {
    moment(text).or_else(|| midnight(day(text)?))
}

/// The moment at which what is written is over: a day is over at the midnight UTC that follows it.
pub(super) fn end(text: &str) -> Option<Timestamp> {
    moment(text).or_else(|| midnight(day(text)?.checked_add(1.day()).ok()?))
}

/// A time with its offset; without one it may be any of two days' hours.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// A day: ISO 8601, or as German spreadsheets save it. With slashes, the day and the month could be either.
fn day(text: &str) -> Option<Date> {
    let parts = |separator| {
        let mut parts = text.split(separator);
        let all = [parts.next()?, parts.next()?, parts.next()?];
        (parts.next().is_none() && all.iter().all(|part| is_number(part))).then_some(all)
    };
    let [year, month, day] = parts('-')
        .filter(|[year, ..]| year.len() == 4)
        .or_else(|| parts('.').map(|[day, month, year]| [year, month, day]))?;
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn is_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn midnight(day: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_day_begins_and_ends_at_midnight_utc() {
        for text in ["2026-12-31", "31.12.2026"] {
            assert_eq!(beginning(text), at("2026-12-31T00:00:00Z"), "{text}");
            assert_eq!(end(text), at("2027-01-01T00:00:00Z"), "{text}");
        }
    }

    #[test]
    fn a_time_with_its_offset_is_that_moment_at_either_end() {
        for text in ["2026-12-01T09:00:00+01:00", "2026-12-01 09:00:00+01:00", "2026-12-01T08:00:00Z"] {
            assert_eq!(beginning(text), at("2026-12-01T08:00:00Z"), "{text}");
            assert_eq!(end(text), at("2026-12-01T08:00:00Z"), "{text}");
        }
    }

    #[test]
    fn what_could_be_two_moments_is_none() {
        for text in ["12/01/2026", "2026-12-01T09:00:00", "01.12.26", "2026-02-30", "26-12-01", "tomorrow", "46000", ""]
        {
            assert_eq!((beginning(text), end(text)), (None, None), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".*|[0-9]{1,4}[-.][0-9]{1,3}[-.][0-9]{1,5}") {
            if let (Some(beginning), Some(end)) = (beginning(&text), end(&text)) {
                prop_assert!(beginning <= end);
            }
        }
    }
}
