//! Hours, days and longer, as the clocks of a zone show them.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// How fine a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Hour by hour.
    Hour,
    /// Day by day.
    Day,
    /// Week by week, from Monday.
    Week,
}

impl Interval {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
        }
    }

    /// The interval of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Hour, Self::Day, Self::Week].into_iter().find(|interval| interval.as_str() == word)
    }

    /// How many there are about from one day to another, both included.
    #[must_use]
    pub fn count(self, from: Date, to: Date) -> u64 {
        let days = u64::try_from(to.duration_since(from).as_hours() / 24 + 1).unwrap_or_default();
        match self {
            Self::Hour => days.saturating_mul(24),
            Self::Day => days,
            Self::Week => days / 7 + 1,
        }
    }
}

/// An hour as the clocks of a zone show it: from a full hour, or from where they were changed, to the next of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalHour {
    /// Its day there.
    pub day: Date,
    /// When it begins.
    pub start: Timestamp,
    /// What the clocks show: 0 to 23.
    pub hour: i8,
}

impl LocalHour {
    /// The hour of an instant.
    #[must_use]
    pub fn of(at: Timestamp, zone: &TimeZone) -> Self {
        let local = zone.to_datetime(at);
        let into =
            SignedDuration::new(i64::from(local.minute()) * 60 + i64::from(local.second()), local.subsec_nanosecond());
        let full = at.saturating_sub(into).unwrap_or(at);
        let offset = zone.to_offset(at);
        let start = if zone.to_offset(full) == offset {
            full
        } else {
            // The clocks were changed within this hour: it begins there.
            let behind = at.saturating_add(SignedDuration::from_nanos(1)).unwrap_or(at);
            zone.preceding(behind).next().map_or(full, |change| change.timestamp())
        };
        Self { day: local.date(), start, hour: local.hour() }
    }

    /// When the next one begins.
    #[must_use]
    pub fn end(&self, zone: &TimeZone) -> Timestamp {
        let offset = zone.to_offset(self.start);
        let into = SignedDuration::from_mins(i64::from(zone.to_datetime(self.start).minute()));
        let full = SignedDuration::from_hours(1).saturating_sub(into);
        let end = self.start.saturating_add(full).unwrap_or(Timestamp::MAX);
        let changes = zone.following(self.start).take_while(|change| change.timestamp() < end);
        let mut changes = changes.filter(|change| change.offset() != offset);
        changes.next().map_or(end, |change| change.timestamp())
    }

    /// All hours from one day to another, both included.
    pub(super) fn all(from: Date, to: Date, zone: &TimeZone) -> impl Iterator<Item = Timestamp> {
        let (start, end) = (start_of(from, zone), start_of(to.saturating_add(1.day()), zone));
        let next = |start: &Timestamp| Some(Self::of(*start, zone).end(zone)).filter(|next| next > start);
        std::iter::successors(Some(start), next).take_while(move |start| *start < end)
    }
}

/// The first instant of a day.
pub(super) fn start_of(day: Date, zone: &TimeZone) -> Timestamp {
    // Where a clock jumps over midnight the day begins behind it. Beyond the calendar's end there is nothing.
    zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX)
}

/// The day of an instant.
#[must_use]
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The first day of a month.
#[must_use]
pub fn month_of(day: Date) -> Date {
    day.first_of_month()
}

/// The Monday of a week.
pub(super) fn week_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().since(Weekday::Monday)).days())
}
