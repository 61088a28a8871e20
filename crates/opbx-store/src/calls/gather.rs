//! Which facts are of which call, in memory: the rows that a batch is about, and what it makes of them.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use opbx_core::call_log::{CallLog, Fact};

use super::digest;
use crate::millis::Millis;

/// A call of a batch.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its row, if it has one.
    pub(super) id: Option<i64>,
    /// The rows of it as they were, itself and those that were joined into it.
    pub(super) before: Vec<CallLog>,
    /// The identifiers of those.
    pub(super) rows: Vec<i64>,
    /// What is known of it now.
    pub(super) log: CallLog,
    /// When somebody said that it is settled.
    pub(super) returned_at: Option<Millis>,
    /// What it is known by from now on.
    pub(super) new_keys: Vec<[u8; 32]>,
    /// Rows that turned out to be it.
    pub(super) joined: Vec<i64>,
    /// How many facts of the batch were about it.
    pub(super) facts: u64,
    /// Into which other call it was joined.
    into: Option<usize>,
}

impl Slot {
    fn new() -> Self {
        Self {
            id: None,
            before: Vec::new(),
            rows: Vec::new(),
            log: CallLog::default(),
            returned_at: None,
            new_keys: Vec::new(),
            joined: Vec::new(),
            facts: 0,
            into: None,
        }
    }

    /// Whether there is nothing to write.
    pub(super) fn is_as_before(&self) -> bool {
        self.joined.is_empty() && matches!(self.before.as_slice(), [before] if *before == self.log)
    }
}

/// The calls of a batch.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<Slot>,
    by_key: HashMap<[u8; 32], usize>,
}

impl Slots {
    /// A row that is there, and the keys of the batch that lead to it. Older rows are to be put in first.
    pub(super) fn put(&mut self, id: i64, log: CallLog, returned_at: Option<Millis>, keys: &[[u8; 32]]) {
        let place = self.slots.len();
        self.slots.push(Slot {
            id: Some(id),
            before: vec![log.clone()],
            rows: vec![id],
            log,
            returned_at,
            ..Slot::new()
        });
        self.by_key.extend(keys.iter().map(|key| (*key, place)));
    }

    /// Adds a fact to the call that it is about: one that is known by any of its keys, else a new one.
    ///
    /// The token of a session is the call. A row without one that shares another key is joined into it; a row with
    /// another token is another call, which keeps what it was known by first.
    pub(super) fn add(&mut self, fact: &Fact) {
        let keys: Vec<[u8; 32]> = fact.keys().iter().map(digest).collect();
        let found: BTreeSet<usize> =
            keys.iter().filter_map(|key| self.by_key.get(key)).map(|place| self.resolved(*place)).collect();
        let (named, unnamed): (Vec<usize>, Vec<usize>) =
            found.into_iter().partition(|place| self.slots.get(*place).is_some_and(|slot| slot.log.session.is_some()));
        let token = fact.keys().token();
        let own = named.into_iter().find(|place| token.is_none() || self.token(*place) == token);
        let home = own.or_else(|| unnamed.first().copied()).unwrap_or_else(|| {
            self.slots.push(Slot::new());
            self.slots.len() - 1
        });
        for other in unnamed.into_iter().filter(|other| *other != home) {
            self.join(home, other);
        }
        for key in keys {
            if let Entry::Vacant(free) = self.by_key.entry(key) {
                free.insert(home);
                self.slots[home].new_keys.push(key);
            }
        }
        let slot = &mut self.slots[home];
        slot.facts += 1;
        slot.log = std::mem::take(&mut slot.log).merge(CallLog::from(fact));
    }

    /// Makes something else of each call.
    pub(super) fn change(&mut self, change: impl Fn(CallLog) -> CallLog) {
        for slot in &mut self.slots {
            slot.log = change(std::mem::take(&mut slot.log));
        }
    }

    /// The calls that there are in the end.
    pub(super) fn into_calls(mut self) -> Vec<Slot> {
        self.slots.retain(|slot| slot.into.is_none());
        self.slots
    }

    fn token(&self, place: usize) -> Option<&str> {
        self.slots.get(place).and_then(|slot| slot.log.session.as_deref())
    }

    fn resolved(&self, mut place: usize) -> usize {
        while let Some(into) = self.slots.get(place).and_then(|slot| slot.into) {
            place = into;
        }
        place
    }

    /// Joins one call into another. The older row stays, whichever of them it was.
    fn join(&mut self, home: usize, other: usize) {
        let joined = std::mem::replace(&mut self.slots[other], Slot { into: Some(home), ..Slot::new() });
        let slot = &mut self.slots[home];
        let mut rows: Vec<i64> = slot.id.into_iter().chain(joined.id).collect();
        rows.sort_unstable();
        let mut rows = rows.into_iter();
        slot.id = rows.next();
        slot.joined.extend(rows.chain(joined.joined));
        slot.before.extend(joined.before);
        slot.rows.extend(joined.rows);
        slot.log = std::mem::take(&mut slot.log).merge(joined.log);
        slot.returned_at = match (slot.returned_at, joined.returned_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        slot.new_keys.extend(joined.new_keys);
        slot.facts += joined.facts;
    }
}
