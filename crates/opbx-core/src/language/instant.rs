//! Points in time as people write them: a date or a wall-clock time of some zone, or an instant with its offset.

use super::cursor::Cursor;
use super::problem::Read;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads a date (its midnight), a local time or an instant.
pub(super) fn read(cursor: &mut Cursor<'_>, zone: &TimeZone) -> Read<Timestamp> {
    let instant = cursor.word().and_then(|word| parse(word, zone));
    let instant = instant.ok_or_else(|| cursor.expected("a time like 2026-03-09T10:00 or a date like 2026-03-09"))?;
    cursor.advance();
    Ok(instant)
}

fn parse(word: &str, zone: &TimeZone) -> Option<Timestamp> {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b':' | b'.' | b'T' | b'Z');
    if !word.bytes().all(plain) {
        return None;
    }
    if let Ok(instant) = word.parse() {
        return Some(instant);
    }
    let local: DateTime =
        word.parse().ok().or_else(|| Some(word.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight())))?;
    // A time that is skipped or shown twice is read as every calendar reads it: after the gap, the first of the two.
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

/// The shortest form that is read back as the same instant: a date, a local time, else the instant itself.
pub(super) fn print(instant: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(instant);
    let time = local.to_string();
    let minutes = time.strip_suffix(":00").filter(|rest| rest.len() == "2026-03-09T10:00".len());
    let forms = [local.date().to_string(), minutes.unwrap_or(&time).to_owned()];
    forms.into_iter().find(|form| parse(form, zone) == Some(instant)).unwrap_or_else(|| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_back() {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
        for (instant, printed) in [
            ("2026-03-09T14:00:00Z", "2026-03-09T10:00"),
            ("2026-03-09T04:00:00Z", "2026-03-09"),
            ("2026-03-09T14:00:30.5Z", "2026-03-09T10:00:30.5"),
            // Half past one is shown twice on this day; the second time needs its instant.
            ("2026-11-01T05:30:00Z", "2026-11-01T01:30"),
            ("2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z"),
        ] {
            let instant: Timestamp = instant.parse().unwrap();
            assert_eq!(print(instant, &zone), printed);
            assert_eq!(parse(printed, &zone), Some(instant));
        }
        assert_eq!(parse("2026-03-09T10:00-05:00", &zone), parse("2026-03-09T15:00Z", &zone));
        for bad in ["2026-02-30", "10:00", "2026-03-09T25:00", "2026-03-09[UTC]", ""] {
            assert_eq!(parse(bad, &zone), None, "{bad}");
        }
    }
}
