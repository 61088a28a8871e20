//! How often someone was wrong lately: who is too often, waits.
//!
//! Only failures count, so this is no limiter of requests. What is counted is bounded: beyond that, what failed longest ago
//! is forgotten first.

use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// How far back failures count.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
/// The most names that are remembered.
const MOST: usize = 50_000;

/// Failures of the last minute.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Box<str>, VecDeque<Timestamp>>>);

impl Attempts {
    /// After how many seconds a name may try again; `None`: now.
    pub(crate) fn wait(&self, name: &str, most: usize, now: Timestamp) -> Option<u32> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = failures.get_mut(name)?;
        forget(times, now);
        // The one whose end brings the count below the limit.
        let decisive = times.len().checked_sub(most).and_then(|place| times.get(place))?;
        let seconds = (*decisive + WINDOW).duration_since(now).as_secs().max(0);
        Some(u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, name: &str, now: Timestamp) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST && !failures.contains_key(name) {
            failures.retain(|_, times| {
                forget(times, now);
                !times.is_empty()
            });
            if failures.len() >= MOST {
                failures.clear();
            }
        }
        failures.entry(name.into()).or_default().push_back(now);
    }
}

fn forget(times: &mut VecDeque<Timestamp>, now: Timestamp) {
    while times.front().is_some_and(|time| now.duration_since(*time) >= WINDOW) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_sixth_try_waits_until_the_first_failure_is_a_minute_old() {
        let attempts = Attempts::default();
        for second in 0..5 {
            assert_eq!(attempts.wait("alice", 5, at(second)), None);
            attempts.failed("alice", at(second));
        }
        assert_eq!(attempts.wait("alice", 5, at(5)), Some(56));
        assert_eq!(attempts.wait("bob", 5, at(5)), None);
        assert_eq!(attempts.wait("alice", 5, at(60)), None);
        attempts.failed("alice", at(60));
        assert_eq!(attempts.wait("alice", 5, at(60)), Some(2));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let attempts = Attempts::default();
        for name in 0..(MOST + 10) {
            attempts.failed(&name.to_string(), at(0));
        }
        assert!(attempts.0.lock().unwrap().len() <= MOST);
    }
}
