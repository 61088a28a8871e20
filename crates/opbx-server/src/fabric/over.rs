//! Calls whose records have come, for requests of theirs that come late.

use super::CallOf;
use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// How many are remembered. What comes late comes within seconds.
const MOST: usize = 8_192;

/// The latest calls that are over, by a hash.
#[derive(Debug, Default)]
pub(super) struct Over {
    hashes: RandomState,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    calls: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Over {
    pub(super) fn add(&self, call: CallOf<'_>) {
        let hash = self.hash(call);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.calls.insert(hash) {
            return;
        }
        known.order.push_back(hash);
        if known.order.len() > MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.calls.remove(&oldest);
        }
    }

    pub(super) fn has(&self, call: CallOf<'_>) -> bool {
        let hash = self.hash(call);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).calls.contains(&hash)
    }

    fn hash(&self, call: CallOf<'_>) -> u64 {
        self.hashes.hash_one((call.organization, call.session))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::id::OrganizationId;

    #[test]
    fn the_latest_are_remembered() {
        let (over, organization) = (Over::default(), OrganizationId::new(1));
        for number in 0..MOST + 10 {
            over.add(CallOf { organization, session: &number.to_string() });
        }
        let has = |session| over.has(CallOf { organization, session });
        assert_eq!((has("9"), has("10"), has("8200")), (false, true, true));
        assert!(!over.has(CallOf { organization: OrganizationId::new(2), session: "10" }));
    }
}
