//! Durations: a number with a unit.

use std::borrow::Cow;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::read::{Fault, Node, Read, Reader, Spot, from_text, quoted};

/// Seconds in each unit.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A duration from `MIN` to `MAX` seconds, written as `30s`, `5m`, `12h` or `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period<const MIN: u64, const MAX: u64>(pub(super) Duration);

/// Life of a Jitsi token. Shorter than ten seconds, no browser reaches the meeting in time; longer than a day, it is no longer a
/// token for one meeting.
pub(super) type TokenLifetime = Period<10, 86_400>;

/// A time that people spend, of at least a minute and at most a year.
pub(super) type Stay = Period<60, 31_536_000>;

/// A time on top of another, perhaps none, and at most a year.
pub(super) type Allowance = Period<0, 31_536_000>;

impl<const MIN: u64, const MAX: u64> Period<MIN, MAX> {
    /// A period that the program itself knows.
    pub(super) const fn of(duration: Duration) -> Self {
        Self(duration)
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let duration = parse(text).ok_or_else(|| {
            let wrong = format!("{} is no duration", quoted(text));
            Fault::new(wrong, "give a whole number with a unit, as in `30s`, `5m`, `12h` or `30d`")
        })?;
        if (MIN..=MAX).contains(&duration.as_secs()) {
            return Ok(Self(duration));
        }
        let wrong = format!("{} is too {}", quoted(text), if duration.as_secs() < MIN { "short" } else { "long" });
        Err(Fault::new(wrong, format!("give a duration from {} to {}", write(MIN), write(MAX))))
    }
}

/// `None` if it is no duration, or longer than 64 bits of seconds hold.
fn parse(text: &str) -> Option<Duration> {
    let (number, seconds) = UNITS.iter().find_map(|&(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))?;
    // `parse` alone would take a plus sign.
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

/// Seconds in the largest unit that divides them.
pub(super) fn write(seconds: u64) -> String {
    let divides = |&&(_, size): &&(char, u64)| seconds > 0 && seconds.is_multiple_of(size);
    let &(unit, size) = UNITS.iter().find(divides).unwrap_or(&('s', 1));
    format!("{}{unit}", seconds / size)
}

impl<const MIN: u64, const MAX: u64> Read for Period<MIN, MAX> {
    fn read(reader: &Reader<'_>, spot: &Spot, node: Node) -> Option<Self> {
        from_text(reader, spot, node, Self::parse)
    }
}

impl<const MIN: u64, const MAX: u64> JsonSchema for Period<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Duration{MIN}To{MAX}").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+[smhd]$", "x-range": format!("{} to {}", write(MIN), write(MAX)) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_duration_is_a_number_with_a_unit() {
        let durations =
            ["30s", "5m", "12h", "30d", "0s", "007s"].map(|text| parse(text).map(|duration| duration.as_secs()));

        assert_eq!(durations, [Some(30), Some(300), Some(43_200), Some(2_592_000), Some(0), Some(7)]);
    }

    #[test]
    fn anything_else_is_no_duration() {
        for text in [
            "",
            "5",
            "m",
            "5 m",
            "5M",
            "+5m",
            "-5m",
            "1.5h",
            "5min",
            "1h30m",
            "5ms",
            "99999999999999999999s",
            "18446744073709551615d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_out_of_range_is_told_the_range() {
        let faults = ["9s", "25h"].map(|text| TokenLifetime::parse(text).unwrap_err());

        let remedy = "give a duration from 10s to 1d";
        assert_eq!(faults, [Fault::new("`9s` is too short", remedy), Fault::new("`25h` is too long", remedy)]);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds: u64) {
            prop_assert_eq!(parse(&write(seconds)), Some(Duration::from_secs(seconds)));
        }

        #[test]
        fn no_text_panics(text in ".*|[0-9]{0,25}[smhd]") {
            if let Some(duration) = parse(&text) {
                prop_assert_eq!(parse(&write(duration.as_secs())), Some(duration));
            }
        }
    }
}
