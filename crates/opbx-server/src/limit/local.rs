//! Counts in the memory of this process. Each limit is a bucket that holds a minute's worth and fills evenly, so that nobody
//! gets two minutes' worth around the turn of a minute.

use super::{Counted, Standing, Verdict};
use crate::clock::Clock;
use governor::clock::Clock as Measures;
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most names that are remembered for a limit: beyond that, those whose buckets are full again are forgotten.
const MOST_NAMES: usize = 50_000;
/// The most different limits that are counted at a time.
const MOST_LIMITS: usize = 1_000;

/// The clock of the server, as the counting library asks it.
#[derive(Clone)]
struct Ours(Clock);

impl Measures for Ours {
    type Instant = Duration;

    fn now(&self) -> Duration {
        // Before 1970 no time passes.
        Duration::try_from(self.0.now().as_duration()).unwrap_or_default()
    }
}

type Buckets = RateLimiter<Counted, HashMapStateStore<Counted>, Ours, StateInformationMiddleware>;

/// What was counted, by limit: one that is changed begins anew.
pub(super) struct Local {
    clock: Ours,
    limits: Mutex<HashMap<NonZeroU32, Arc<Buckets>>>,
}

impl fmt::Debug for Local {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Local").finish_non_exhaustive()
    }
}

impl Local {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock: Ours(clock), limits: Mutex::default() }
    }

    /// Counts one request of someone who may ask so often in a minute.
    pub(super) fn count(&self, name: Counted, per_minute: NonZeroU32) -> Verdict {
        let limit = per_minute.get();
        match self.buckets(per_minute).check_key(&name) {
            Ok(state) => Verdict::Admitted(Standing { limit, remaining: state.remaining_burst_capacity() }),
            Err(early) => {
                let wait = early.wait_time_from(self.clock.now());
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Verdict::Refused { limit, after: u32::try_from(seconds).unwrap_or(u32::MAX).max(1) }
            }
        }
    }

    fn buckets(&self, per_minute: NonZeroU32) -> Arc<Buckets> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(buckets) = limits.get_mut(&per_minute) {
            if buckets.len() >= MOST_NAMES {
                buckets.retain_recent();
                if buckets.len() >= MOST_NAMES {
                    // So many at once are no customers. To count anew lets everyone through; to refuse would, too, be what they want.
                    *buckets = self.empty(per_minute);
                }
            }
            return Arc::clone(buckets);
        }
        if limits.len() >= MOST_LIMITS {
            limits.retain(|_, buckets| {
                buckets.retain_recent();
                !buckets.is_empty()
            });
            if limits.len() >= MOST_LIMITS {
                limits.clear();
            }
        }
        Arc::clone(limits.entry(per_minute).or_insert_with(|| self.empty(per_minute)))
    }

    fn empty(&self, per_minute: NonZeroU32) -> Arc<Buckets> {
        let quota = Quota::per_minute(per_minute);
        Arc::new(Buckets::new(quota, HashMapStateStore::default(), self.clock.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};

    const SIX: NonZeroU32 = NonZeroU32::new(6).unwrap();

    fn counting() -> (Local, Arc<AtomicI64>) {
        let second = Arc::new(AtomicI64::new(1_800_000_000));
        let told = Arc::clone(&second);
        let clock = Clock::new(move || jiff::Timestamp::from_second(told.load(Ordering::Relaxed)).unwrap());
        (Local::new(clock), second)
    }

    #[test]
    fn a_minute_holds_as_much_as_it_says_and_fills_evenly() {
        let (local, second) = counting();
        for remaining in (0..6).rev() {
            assert_eq!(local.count(Counted::User(1), SIX), Verdict::Admitted(Standing { limit: 6, remaining }));
        }
        assert_eq!(local.count(Counted::User(1), SIX), Verdict::Refused { limit: 6, after: 10 });
        // Somebody else, and the same number of another kind, are others.
        assert!(matches!(local.count(Counted::User(2), SIX), Verdict::Admitted(_)));
        assert!(matches!(local.count(Counted::Token(1), SIX), Verdict::Admitted(_)));
        second.fetch_add(9, Ordering::Relaxed);
        assert_eq!(local.count(Counted::User(1), SIX), Verdict::Refused { limit: 6, after: 1 });
        second.fetch_add(1, Ordering::Relaxed);
        assert!(matches!(local.count(Counted::User(1), SIX), Verdict::Admitted(Standing { remaining: 0, .. })));
        second.fetch_add(60, Ordering::Relaxed);
        assert!(matches!(local.count(Counted::User(1), SIX), Verdict::Admitted(Standing { remaining: 5, .. })));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_for_good() {
        let (local, second) = counting();
        local.count(Counted::User(1), SIX);
        second.fetch_sub(3_600, Ordering::Relaxed);
        let again = local.count(Counted::User(1), SIX);
        assert!(matches!(again, Verdict::Admitted(_) | Verdict::Refused { after: ..=60, .. }), "{again:?}");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (local, _) = counting();
        for name in 0..(MOST_NAMES as u64 + 10) {
            local.count(Counted::User(name), SIX);
        }
        assert!(local.buckets(SIX).len() <= MOST_NAMES);
        for limit in 1..(MOST_LIMITS as u32 + 10) {
            local.count(Counted::User(1), NonZeroU32::new(limit).unwrap());
        }
        assert!(local.limits.lock().unwrap().len() <= MOST_LIMITS);
    }
}
