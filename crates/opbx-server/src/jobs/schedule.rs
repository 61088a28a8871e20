//! What the hour of the day brings.
//!
//! Each tick leaves one job, whose key holds the instant of the tick: of several instances that see the same tick, one is
//! first. A server that was down at the time makes up for the last tick when it comes back.

use croner::Cron;
use croner::errors::CronError;
use croner::time::{CivilDateTime, CronDateTime, Resolution, Weekday};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use opbx_store::{NewJob, Priority, Store};
use serde_json::json;
use std::cmp::Ordering;

/// When what is to be done, by the clock of Greenwich.
pub(super) const USUAL: &[(&str, &str)] = &[
    // Sessions, codes and answers that have expired, and jobs that are long done.
    (super::sweep::SWEEP, "*/10 * * * *"),
    (super::audit_retention::AUDIT_RETENTION, "17 3 * * *"),
    (super::call_retention::CALL_RETENTION, "37 2 * * *"),
    (super::recording_retention::RECORDING_RETENTION, "37 3 * * *"),
    (super::prompt_fetch::REMOTE_PROMPTS, "43 * * * *"),
];

/// How often a job of a tick is tried: the next tick brings another one.
const ATTEMPTS: u32 = 3;

/// The ticks, and which of them has been seen.
#[derive(Clone, Debug)]
pub(crate) struct Schedule(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    kind: &'static str,
    pattern: Cron,
    seen: Option<Timestamp>,
}

impl Schedule {
    /// The usual one.
    pub(crate) fn usual() -> Self {
        Self::of(USUAL)
    }

    /// One that brings nothing.
    #[cfg(test)]
    pub(super) const fn empty() -> Self {
        Self(Vec::new())
    }

    pub(super) fn of(table: &[(&'static str, &str)]) -> Self {
        let entry = |(kind, pattern): &(&'static str, &str)| match pattern.parse() {
            Ok(pattern) => Some(Entry { kind, pattern, seen: None }),
            Err(fault) => {
                // The table is ours, and a test reads all of it.
                tracing::error!(kind, %fault, "a schedule cannot be read");
                None
            }
        };
        Self(table.iter().filter_map(entry).collect())
    }

    /// Leaves a job for each tick that has come since the last time; of several in a row, for the last one.
    pub(super) async fn bring(&mut self, store: &Store, now: Timestamp) {
        for entry in &mut self.0 {
            let Some(tick) = entry.last(now) else { continue };
            if entry.seen.is_some_and(|seen| seen >= tick) {
                continue;
            }
            let job = NewJob {
                unique_key: Some(format!("{}@{tick}", entry.kind)),
                priority: Priority::Idle,
                ..NewJob::new(entry.kind, json!({}), now, ATTEMPTS)
            };
            match store.platform().enqueue(&job, now).await {
                Ok(_) => entry.seen = Some(tick),
                Err(fault) => tracing::debug!(kind = entry.kind, %fault, "a tick could not be left as a job"),
            }
        }
    }
}

impl Entry {
    /// The last tick up to an instant.
    fn last(&self, now: Timestamp) -> Option<Timestamp> {
        self.pattern.find_previous_occurrence(&Utc(now), true).ok().map(|Utc(tick)| tick)
    }
}

/// An instant as croner counts it: by the clock of Greenwich, on which no hour is missing or comes twice. croner's own
/// feature for jiff is for another jiff than ours.
#[derive(Clone, Copy, Debug)]
struct Utc(Timestamp);

impl Utc {
    fn civil(self) -> DateTime {
        TimeZone::UTC.to_datetime(self.0)
    }
}

impl CronDateTime for Utc {
    fn to_civil(&self) -> CivilDateTime {
        let at = self.civil();
        let part = i8::unsigned_abs;
        // The parts of an instant are always those of a date.
        CivilDateTime::from_ymd_hms_opt(
            at.year().into(),
            part(at.month()).into(),
            part(at.day()).into(),
            part(at.hour()).into(),
            part(at.minute()).into(),
            part(at.second()).into(),
        )
        .unwrap_or_else(|| {
            CivilDateTime::new(
                croner::time::CivilDate::from_parts_unchecked(1970, 1, 1),
                croner::time::CivilTime::MIDNIGHT,
            )
        })
    }

    fn civil_weekday(&self) -> Weekday {
        Weekday::from_days_from_sunday(self.civil().weekday().to_sunday_zero_offset().unsigned_abs().into())
    }

    fn resolve_civil(&self, civil: CivilDateTime) -> Result<Resolution<Self>, CronError> {
        let (date, time) = (civil.date(), civil.time());
        let small = |part: u32| i8::try_from(part).map_err(|_| CronError::InvalidTime);
        let year = i16::try_from(date.year()).map_err(|_| CronError::InvalidDate)?;
        let (month, day) = (small(date.month())?, small(date.day())?);
        let (hour, minute, second) = (small(time.hour())?, small(time.minute())?, small(time.second())?);
        let at = DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| CronError::InvalidDate)?;
        let at = TimeZone::UTC.to_timestamp(at).map_err(|_| CronError::InvalidTime)?;
        Ok(Resolution::Single(Self(at)))
    }

    fn checked_add_seconds(&self, seconds: i64) -> Option<Self> {
        self.0.checked_add(SignedDuration::from_secs(seconds)).ok().map(Self)
    }

    fn cmp_instant(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(pattern: &str, now: &str) -> String {
        let schedule = Schedule::of(&[("some", pattern)]);
        schedule.0[0].last(now.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_whole_table_can_be_read() {
        assert_eq!(Schedule::usual().0.len(), USUAL.len());
    }

    #[test]
    fn the_last_tick_is_found_whenever_one_looks() {
        assert_eq!(last("*/10 * * * *", "2026-03-09T14:00:00Z"), "2026-03-09T14:00:00Z");
        assert_eq!(last("*/10 * * * *", "2026-03-09T14:09:59.999Z"), "2026-03-09T14:00:00Z");
        assert_eq!(last("17 3 * * *", "2026-03-09T03:16:59Z"), "2026-03-08T03:17:00Z");
        assert_eq!(last("17 3 * * *", "2026-03-09T03:17:00Z"), "2026-03-09T03:17:00Z");
        assert_eq!(last("0 0 29 2 *", "2026-03-09T00:00:00Z"), "2024-02-29T00:00:00Z");
        assert_eq!(last("30 12 * * MON", "2026-03-09T12:00:00Z"), "2026-03-02T12:30:00Z");
        // A night in which clocks change elsewhere is a night like any other here.
        assert_eq!(last("30 2 * * *", "2026-03-29T02:30:01Z"), "2026-03-29T02:30:00Z");
    }
}
