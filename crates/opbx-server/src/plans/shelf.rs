//! The plans in memory, bounded by what they take.

use super::{Current, Slot};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes the plans in memory may take.
///
/// What an organization is known by (its names, its key) is not counted: that stays in memory for every organization.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlanMemory(usize);

impl PlanMemory {
    /// The least, in MiB: what the plan of a large organization takes.
    pub const LEAST: usize = 1;
    /// The most, in MiB.
    pub const MOST: usize = 1024 * 1024;

    /// So many MiB, from [`LEAST`](Self::LEAST) to [`MOST`](Self::MOST).
    pub fn mebibytes(number: usize) -> Option<Self> {
        (Self::LEAST..=Self::MOST).contains(&number).then_some(Self(number * 1024 * 1024))
    }
}

impl Default for PlanMemory {
    fn default() -> Self {
        Self(256 * 1024 * 1024)
    }
}

/// Where every loaded plan has its turn of being let go.
///
/// A plan that was used since its last turn gets another one ("second chance"): to use a plan costs a call one store to
/// its own slot, and nothing that calls share. A cache that orders plans by use, such as moka, would write to what they
/// share at every call. A call that has a plan keeps it, whatever is let go meanwhile.
pub(super) struct Shelf {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    slots: VecDeque<Arc<Slot>>,
    bytes: usize,
}

impl Shelf {
    pub(super) fn new(PlanMemory(most): PlanMemory) -> Self {
        Self { most, held: Mutex::default() }
    }

    /// How many plans are held, and what they take in bytes.
    pub(super) fn held(&self) -> (usize, usize) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        (held.slots.len(), held.bytes)
    }

    /// Puts a plan into its place, instead of the one that was there, and lets others go until all of them fit. This one
    /// stays, even if it alone is too large: its call needs it.
    /// Answers the one that was there.
    pub(super) fn put(&self, slot: &Arc<Slot>, plan: Arc<Current>) -> Option<Arc<Current>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.put_held(&mut held, slot, plan)
    }

    /// Puts a plan into its place, unless another one came there than the one that was seen there. Answers what is there
    /// now.
    pub(super) fn put_instead(
        &self,
        slot: &Arc<Slot>,
        seen: Option<&Arc<Current>>,
        plan: Arc<Current>,
    ) -> Arc<Current> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.current.load_full() {
            Some(newer) if seen.is_none_or(|seen| !Arc::ptr_eq(seen, &newer)) => newer,
            _ => {
                self.put_held(&mut held, slot, Arc::clone(&plan));
                plan
            }
        }
    }

    /// Lets all plans go.
    pub(super) fn clear(&self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for slot in std::mem::take(&mut held.slots) {
            slot.current.store(None);
        }
        held.bytes = 0;
    }

    fn put_held(&self, held: &mut Held, slot: &Arc<Slot>, plan: Arc<Current>) -> Option<Arc<Current>> {
        // Nothing that can panic stands between two changes that belong together.
        held.bytes += plan.bytes;
        let old = slot.current.swap(Some(plan));
        match &old {
            Some(old) => held.bytes -= old.bytes,
            None => held.slots.push_back(Arc::clone(slot)),
        }
        // Calls go on using plans meanwhile: whoever had a chance in this round has no further one.
        let mut chances = held.slots.len();
        while held.bytes > self.most && held.slots.len() > 1 {
            let Some(next) = held.slots.pop_front() else { break };
            let used = next.used.swap(false, Ordering::Relaxed) && chances > 0;
            chances = chances.saturating_sub(1);
            if used || Arc::ptr_eq(&next, slot) {
                held.slots.push_back(next);
            } else if let Some(gone) = next.current.swap(None) {
                held.bytes -= gone.bytes;
            }
        }
        old
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbering::PhoneNumbers;
    use jiff::tz::TimeZoneDatabase;
    use opbx_core::id::OrganizationId;
    use opbx_core::organization::Organization;
    use opbx_core::plan::{PlanSource, compile};

    fn plan(bytes: usize) -> Arc<Current> {
        let [name, zone] = ["Acme", "America/New_York"];
        let organization = Organization::new(
            OrganizationId::new(1),
            name.parse().unwrap(),
            "US".parse().unwrap(),
            zone.parse().unwrap(),
        );
        let numbers = PhoneNumbers::of(organization.country);
        let (plan, _) = compile(PlanSource::new(organization), &TimeZoneDatabase::bundled(), &numbers);
        Arc::new(Current { plan, numbers, apology: axum::body::Bytes::new(), revision: 1, effects: 0, bytes })
    }

    fn shelf(slots: usize) -> (Shelf, Vec<Arc<Slot>>) {
        let shelf = Shelf { most: 100, held: Mutex::default() };
        (shelf, (0..slots).map(|_| Arc::default()).collect())
    }

    fn there(slots: &[Arc<Slot>]) -> Vec<bool> {
        slots.iter().map(|slot| slot.current.load().is_some()).collect()
    }

    #[test]
    fn the_oldest_goes_unless_it_was_used() {
        let (shelf, slots) = shelf(4);
        for slot in &slots[..3] {
            shelf.put(slot, plan(33));
        }
        assert_eq!(there(&slots), [true, true, true, false]);
        slots[0].used.store(true, Ordering::Relaxed);
        shelf.put(&slots[3], plan(33));
        assert_eq!(there(&slots), [true, false, true, true]);
        // One chance for each use: the next is the third, and then the first one's turn has come.
        shelf.put(&slots[1], plan(33));
        assert_eq!(there(&slots), [true, true, false, true]);
        shelf.put(&slots[2], plan(33));
        assert_eq!(there(&slots), [true, true, true, false]);
    }

    #[test]
    fn a_newer_plan_takes_the_place_of_the_older_one() {
        let (shelf, slots) = shelf(2);
        shelf.put(&slots[0], plan(40));
        shelf.put(&slots[1], plan(40));
        for bytes in [60, 10, 60] {
            shelf.put(&slots[0], plan(bytes));
            let held = shelf.held.lock().unwrap();
            assert_eq!((held.bytes, held.slots.len()), (40 + bytes, 2));
        }
        shelf.put(&slots[0], plan(61));
        assert_eq!(there(&slots), [true, false]);
    }

    #[test]
    fn a_plan_that_is_too_large_is_held_alone() {
        let (shelf, slots) = shelf(3);
        shelf.put(&slots[0], plan(10));
        slots[0].used.store(true, Ordering::Relaxed);
        shelf.put(&slots[1], plan(1_000));
        assert_eq!(there(&slots), [false, true, false]);
        shelf.put(&slots[2], plan(100));
        assert_eq!(there(&slots), [false, false, true]);
        assert_eq!(shelf.held.lock().unwrap().bytes, 100);
    }
}
