//! Dates that are not ordinary, and ranges of a day: the same rows for schedules and for holiday lists.

use std::collections::HashMap;

use jiff::civil::Date;
use opbx_core::business_hours::{Exceptions, HoursError, HoursKind, MinuteOfDay, OpeningRange, OpeningRanges};

use crate::error::{Cause, Error};

/// The word of what a date does.
pub(super) const fn kind_word(kind: &HoursKind) -> &'static str {
    match kind {
        HoursKind::Closed => "closed",
        HoursKind::SpecialHours(_) => "special_hours",
    }
}

/// What a date does, from its word and its ranges.
pub(super) fn kind(word: &str, ranges: OpeningRanges) -> Result<HoursKind, Error> {
    match (word, ranges.is_empty()) {
        ("closed", true) => Ok(HoursKind::Closed),
        ("special_hours", _) => Ok(HoursKind::SpecialHours(ranges)),
        _ => Err(Error::Corrupt(Cause::said(format!("a date is of no kind: {word}")))),
    }
}

/// A date as it stands in a column.
pub(super) fn write_date(date: Date) -> String {
    date.to_string()
}

pub(super) fn read_date(text: &str) -> Result<Date, Error> {
    text.parse().map_err(|fault: jiff::Error| Error::Corrupt(Cause::new(fault)))
}

/// The start and end of a range in minutes.
pub(super) fn minutes(range: OpeningRange) -> (i32, i32) {
    (range.start().minutes().into(), range.end().minutes().into())
}

fn range(starts_at: i32, ends_at: i32) -> Result<OpeningRange, Error> {
    let minute = |minutes: i32| {
        let hour = u8::try_from(minutes / 60).ok()?;
        let minute = u8::try_from(minutes % 60).ok()?;
        MinuteOfDay::new(hour, minute)
    };
    let nowhere = || Error::Corrupt(Cause::said("a range lies outside its day"));
    let (start, end) = (minute(starts_at).ok_or_else(nowhere)?, minute(ends_at).ok_or_else(nowhere)?);
    OpeningRange::new(start, end).map_err(wrong)
}

/// The ranges of a day from their minutes.
pub(super) fn ranges(rows: impl IntoIterator<Item = (i32, i32)>) -> Result<OpeningRanges, Error> {
    let ranges = rows.into_iter().map(|(starts_at, ends_at)| range(starts_at, ends_at));
    OpeningRanges::new(ranges.collect::<Result<_, _>>()?).map_err(wrong)
}

/// Ranges by what they belong to: a weekday, a date.
pub(super) fn by_day<K: Eq + std::hash::Hash>(
    rows: impl Iterator<Item = (K, (i32, i32))>,
) -> HashMap<K, Vec<(i32, i32)>> {
    let mut days: HashMap<K, Vec<_>> = HashMap::new();
    for (day, range) in rows {
        days.entry(day).or_default().push(range);
    }
    days
}

/// The exceptions of one schedule or list.
pub(super) fn exceptions<D>(
    list: Vec<opbx_core::business_hours::ScheduleException<D>>,
) -> Result<Exceptions<D>, Error> {
    Exceptions::new(list).map_err(wrong)
}

pub(super) fn wrong(fault: HoursError) -> Error {
    Error::Corrupt(Cause::new(fault))
}
