//! Moments, as the platform writes them: seconds, milliseconds, and several kinds of text.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::error::Problem;
use super::millionths::Millionths;
use super::value::{says_nothing, unexpected};

/// From here on a number is milliseconds: as those the year 1973, as seconds the year 5138.
const FIRST_OF_MILLISECONDS: i64 = 100_000_000_000;

/// A moment. 0, what is below (1970 and before), and the zero date of databases are "never", and so is `null`.
///
/// A text without an offset is in UTC (assumed; every one that was seen has its `Z`).
pub(super) fn time(value: &Value) -> Result<Option<Timestamp>, Problem> {
    let read = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => Millionths::parse(&number.to_string()).map(from_number),
        Value::String(text) if says_nothing(text) || text.trim().starts_with("0000-") => return Ok(None),
        Value::String(text) => match Millionths::parse(text) {
            Some(number) => Some(from_number(number)),
            None => from_text(text.trim()).map(|time| Some(time).filter(|time| *time > Timestamp::UNIX_EPOCH)),
        },
        _ => None,
    };
    read.ok_or_else(|| unexpected(value, "a time"))
}

fn from_number(number: Millionths) -> Option<Timestamp> {
    if number.get() <= 0 {
        return None;
    }
    if number.get() / 1_000_000 >= FIRST_OF_MILLISECONDS {
        // Millionths of a millisecond.
        Timestamp::from_nanosecond(number.get().into()).ok()
    } else {
        Timestamp::from_microsecond(number.get()).ok()
    }
}

fn from_text(text: &str) -> Option<Timestamp> {
    let with_offset = || text.parse::<Timestamp>().ok();
    let without = || text.parse::<DateTime>().ok().and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
    // The form of TwiML, whose names the platform borrows.
    let of_mail = || DateTimeParser::new().parse_timestamp(text).ok();
    with_offset().or_else(without).or_else(of_mail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_moment_in_many_spellings() {
        let moment: Timestamp = "2026-01-01T00:00:07Z".parse().unwrap();
        for value in [
            json!(1_767_225_607),
            json!("1767225607"),
            json!(1_767_225_607_000_i64),
            json!(1_767_225_607_000.0),
            json!(" 1767225607000 "),
            json!("1.767225607e12"),
            json!("2026-01-01T00:00:07Z"),
            json!("2026-01-01T00:00:07.000Z"),
            json!("2026-01-01T02:00:07+02:00"),
            json!("2026-01-01T00:00:07+0000"),
            json!("2026-01-01t00:00:07z"),
            json!("2026-01-01T00:00:07"),
            json!("2026-01-01 00:00:07"),
            json!("Thu, 01 Jan 2026 00:00:07 +0000"),
            json!("Thu, 1 Jan 2026 00:00:07 GMT"),
        ] {
            assert_eq!(time(&value), Ok(Some(moment)), "{value}");
        }
    }

    #[test]
    fn fractions_are_kept() {
        let shown = |value: Value| time(&value).unwrap().unwrap().to_string();
        assert_eq!(shown(json!(1_767_225_606_980_i64)), "2026-01-01T00:00:06.98Z");
        assert_eq!(shown(json!(1_767_225_606.98)), "2026-01-01T00:00:06.98Z");
        assert_eq!(shown(json!("2026-01-01T00:00:06.980Z")), "2026-01-01T00:00:06.98Z");
    }

    #[test]
    fn never() {
        for value in
            [json!(null), json!(0), json!(-1), json!("0"), json!(""), json!("null"), json!("0000-00-00 00:00:00")]
        {
            assert_eq!(time(&value), Ok(None), "{value}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for value in [json!("soon"), json!(true), json!([]), json!({}), json!(1e300), json!("2026-13-01T00:00:00Z")] {
            assert!(time(&value).is_err(), "{value}");
        }
    }
}
