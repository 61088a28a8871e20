//! Round-robin turns: one counter for each group.

use opbx_core::id::{OrganizationId, RingGroupId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Counts the calls that entered each round-robin group, exactly, however many enter at once.
///
/// Counters live as long as the process; which of its members a group begins with after a start makes no difference
/// to anybody.
#[derive(Debug, Default)]
pub(super) struct Turns {
    counters: RwLock<HashMap<(OrganizationId, RingGroupId), AtomicU64>>,
}

impl Turns {
    /// The turn of a call that enters the group now: 0, then 1, and so on.
    pub(super) fn next(&self, organization: OrganizationId, group: RingGroupId) -> u64 {
        let key = (organization, group);
        // A counter is right whatever a thread that panicked beside it did.
        if let Some(counter) = self.counters.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return counter.fetch_add(1, Ordering::Relaxed);
        }
        let mut counters = self.counters.write().unwrap_or_else(PoisonError::into_inner);
        counters.entry(key).or_default().fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_counts_for_itself() {
        let turns = Turns::default();
        let (acme, other) = (OrganizationId::new(1), OrganizationId::new(2));
        let group = RingGroupId::new(7);
        assert_eq!((turns.next(acme, group), turns.next(acme, group)), (0, 1));
        assert_eq!(turns.next(other, group), 0);
        assert_eq!(turns.next(acme, RingGroupId::new(8)), 0);
    }
}
