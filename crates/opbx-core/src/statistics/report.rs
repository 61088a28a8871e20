//! What the counts of some days tell.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::local::{Interval, LocalHour, start_of, week_of};
use super::sums::Sums;
use crate::call_state::{CallDirection, Disposition};

/// The statistics of some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// All calls together.
    pub totals: Sums,
    /// How many were answered.
    pub answered: i64,
    /// How many came out so. Those that go on are in none.
    pub by_disposition: BTreeMap<Disposition, i64>,
    /// How many went that way.
    pub by_direction: BTreeMap<CallDirection, i64>,
    /// How many began while the clocks showed that hour.
    pub by_hour: [i64; 24],
    /// The course of it: each hour, day or week by its beginning, those without calls too.
    pub series: BTreeMap<Timestamp, Point>,
    /// The extensions with the most calls.
    pub top_extensions: Vec<Top>,
    /// The ring groups with the most calls.
    pub top_ring_groups: Vec<Top>,
    /// The numbers outside with the most calls.
    pub top_numbers: Vec<Top>,
}

/// What is told of each hour, day or week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Point {
    /// Calls.
    pub calls: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Those from outside that no person took.
    pub missed: i64,
    /// Answered seconds.
    pub talk: i64,
}

/// A thing with many calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Top {
    /// Which one; `None`: it has no identifier, or is no longer there.
    pub id: Option<u64>,
    /// What it is called.
    pub name: Box<str>,
    /// How many calls.
    pub calls: i64,
}

impl Report {
    /// Nothing counted yet, from one day to another, both included.
    #[must_use]
    pub fn blank(from: Date, to: Date, interval: Interval, zone: &TimeZone) -> Self {
        let days = from.series(1.day()).take_while(|day| *day <= to);
        let starts: Vec<Timestamp> = match interval {
            Interval::Hour => LocalHour::all(from, to, zone).collect(),
            Interval::Day => days.map(|day| start_of(day, zone)).collect(),
            Interval::Week => days.map(|day| start_of(week_of(day), zone)).collect(),
        };
        Self {
            totals: Sums::default(),
            answered: 0,
            by_disposition: Disposition::ALL.map(|disposition| (disposition, 0)).into(),
            by_direction: CallDirection::ALL.map(|direction| (direction, 0)).into(),
            by_hour: [0; 24],
            series: starts.into_iter().map(|start| (start, Point::default())).collect(),
            top_extensions: Vec::new(),
            top_ring_groups: Vec::new(),
            top_numbers: Vec::new(),
        }
    }

    /// The beginning of the part of the series that holds an hour.
    #[must_use]
    pub fn start(interval: Interval, hour: &LocalHour, zone: &TimeZone) -> Timestamp {
        match interval {
            Interval::Hour => hour.start,
            Interval::Day => start_of(hour.day, zone),
            Interval::Week => start_of(week_of(hour.day), zone),
        }
    }

    /// Counts calls into the part of the series that begins then, and into all sums but those by hour.
    pub fn count(&mut self, start: Timestamp, direction: CallDirection, disposition: Option<Disposition>, sums: &Sums) {
        let answered = if disposition == Some(Disposition::Answered) { sums.calls } else { 0 };
        self.totals += *sums;
        self.answered += answered;
        if let Some(disposition) = disposition {
            *self.by_disposition.entry(disposition).or_default() += sums.calls;
        }
        *self.by_direction.entry(direction).or_default() += sums.calls;
        let point = self.series.entry(start).or_default();
        point.calls += sums.calls;
        point.answered += answered;
        point.missed += sums.missed;
        point.talk += sums.talk;
    }

    /// Counts calls by what the clocks showed.
    pub fn count_hour(&mut self, hour: i8, calls: i64) {
        if let Some(sum) = usize::try_from(hour).ok().and_then(|hour| self.by_hour.get_mut(hour)) {
            *sum += calls;
        }
    }

    /// How many of the calls from outside a person took: from 0 to 1; `None` where there were none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a rate is read by people; so many calls nobody has")]
    pub fn answer_rate(&self) -> Option<f64> {
        let inbound = self.by_direction.get(&CallDirection::Inbound).copied().unwrap_or_default();
        (inbound > 0).then(|| (1.0 - self.totals.missed as f64 / inbound as f64).clamp(0.0, 1.0))
    }

    /// Answered seconds of an answered call.
    #[must_use]
    pub const fn average_talk(&self) -> i64 {
        rounded(self.totals.talk, self.answered)
    }

    /// Seconds until a person took a call.
    #[must_use]
    pub const fn average_wait(&self) -> i64 {
        rounded(self.totals.wait, self.totals.waited.saturating_mul(1_000))
    }
}

/// A quotient, rounded to the nearest; nothing of nothing.
const fn rounded(sum: i64, count: i64) -> i64 {
    if count <= 0 || sum <= 0 {
        return 0;
    }
    sum.saturating_add(count / 2) / count
}
