//! Times of day and dates that are not ordinary, in bodies and in answers: the same for schedules and for holiday lists.

use super::form::Fields;
use crate::field_errors::FieldError;
use jiff::civil::Date;
use opbx_core::business_hours::{
    Exceptions, HoursError, HoursKind, MinuteOfDay, OpeningRange, OpeningRanges, ScheduleException,
};
use opbx_core::destination::Destination;
use serde::Serialize;
use utoipa::ToSchema;

/// The most ranges of a day.
const MOST_RANGES: usize = 24;
/// The most dates of a schedule or a list.
const MOST_DATES: usize = 1_000;

/// A range of a day, on the wall clock.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpeningRange)]
pub(super) struct RangeView {
    /// Its first minute.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "09:00")]
    start: String,
    /// The first minute after it; up to the start or earlier: of the next day.
    #[schema(pattern = "^[0-2][0-9]:[0-5][0-9]$", example = "17:00")]
    end: String,
}

/// What a special date does.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SpecialDay)]
pub(super) enum KindWord {
    /// Closed the whole day.
    Closed,
    /// Open in its ranges only.
    SpecialHours,
}

impl From<&HoursKind> for KindWord {
    fn from(kind: &HoursKind) -> Self {
        match kind {
            HoursKind::Closed => Self::Closed,
            HoursKind::SpecialHours(_) => Self::SpecialHours,
        }
    }
}

/// Ranges as they are shown.
pub(super) fn ranges_view(ranges: &[OpeningRange]) -> Vec<RangeView> {
    ranges.iter().map(|range| RangeView { start: range.start().to_string(), end: range.end().to_string() }).collect()
}

/// The ranges of a day.
pub(super) fn ranges(fields: &Fields<'_>, name: &str) -> Option<OpeningRanges> {
    if fields.value(name).is_none() {
        return Some(OpeningRanges::default());
    }
    let ranges = fields.list(name, MOST_RANGES, |range| {
        range.only(&["start", "end"]);
        let (start, end) = (minute(range, "start"), minute(range, "end"));
        OpeningRange::new(start?, end?).map_err(|fault| wrong(range, "start", fault)).ok()
    })?;
    OpeningRanges::new(ranges).map_err(|fault| wrong(fields, name, fault)).ok()
}

fn minute(fields: &Fields<'_>, name: &str) -> Option<MinuteOfDay> {
    fields.text(name)?.parse().map_err(|fault| wrong(fields, name, fault)).ok()
}

/// Notes a fault of hours.
pub(super) fn wrong(fields: &Fields<'_>, name: &str, fault: HoursError) {
    let code = match fault {
        HoursError::NotATime | HoursError::StartsAtTheEnd => "invalid",
        HoursError::Overlap(..) => "overlap",
        HoursError::NoRanges => "required",
        HoursError::ClosedWithRanges => "not_allowed",
        HoursError::DuplicateDate(_) => "duplicate",
    };
    let text = fault.to_string();
    let mut letters = text.chars();
    let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    fields.wrong::<()>(name, FieldError::rule(code, format!("{text}.")));
}

/// The dates that are not ordinary. `leads` reads where a date sends calls, where a date may.
pub(super) fn exceptions<D>(
    fields: &Fields<'_>,
    name: &str,
    leads: impl Fn(&Fields<'_>) -> Option<Option<D>>,
    more: &[&str],
) -> Option<Exceptions<D>> {
    let mut allowed = vec!["date", "name", "type", "ranges"];
    allowed.extend(more);
    let days = fields.list(name, MOST_DATES, |day| {
        day.only(&allowed);
        let (date, called) = (date(day), day.name("name", 1..=255));
        let (kind, destination) = (kind(day), leads(day));
        Some(ScheduleException { date: date?, name: called?.to_string(), kind: kind?, destination: destination? })
    })?;
    Exceptions::new(days).map_err(|fault| wrong(fields, name, fault)).ok()
}

/// Where an exception of a schedule sends calls; null: where the schedule does while it is closed.
pub(super) fn leads_somewhere(day: &Fields<'_>) -> Option<Option<Destination>> {
    day.maybe_destination("destination")
}

fn date(day: &Fields<'_>) -> Option<Date> {
    let wrong = || day.wrong("date", FieldError::invalid("a date, such as 2026-12-25"));
    let text = day.text("date")?;
    text.parse().ok().filter(|date: &Date| date.to_string() == text).or_else(wrong)
}

fn kind(day: &Fields<'_>) -> Option<HoursKind> {
    let (word, ranges) = (day.text("type"), ranges(day, "ranges"));
    match (word?, ranges?) {
        ("closed", ranges) if ranges.is_empty() => Some(HoursKind::Closed),
        ("closed", _) => {
            wrong(day, "ranges", HoursError::ClosedWithRanges);
            None
        }
        ("special_hours", ranges) if ranges.is_empty() => {
            wrong(day, "ranges", HoursError::NoRanges);
            None
        }
        ("special_hours", ranges) => Some(HoursKind::SpecialHours(ranges)),
        _ => day.wrong("type", FieldError::invalid("closed or special_hours")),
    }
}
