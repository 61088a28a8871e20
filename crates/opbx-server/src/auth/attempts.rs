//! How often someone was wrong lately: who is too often, waits.
//!
//! Only failures count, so this is no limiter of requests. What is remembered is bounded in number and in size, whatever
//! strangers send: beyond that, what would be forgotten soonest is forgotten first.

use crate::client_address::ClientAddress;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::UserId;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// The most names that are remembered.
const MOST: usize = 50_000;

/// A name in 32 bytes: strangers choose names, and some are long.
type NameDigest = [u8; 32];

/// By what failures are counted, and how many are borne in what time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    name: NameDigest,
    most: u32,
    within: SignedDuration,
}

impl Counter {
    /// Wrong passwords for an e-mail address, whether anyone has it or not; the case does not matter.
    pub(crate) fn passwords_for(email: &str) -> Self {
        Self::of("password for", &email.trim().to_lowercase(), (5, MINUTE))
    }

    /// Wrong passwords from a network.
    pub(crate) fn passwords_from(address: ClientAddress) -> Self {
        Self::of_network("password from", address)
    }

    /// Wrong codes of a person's second factor, whichever challenge they are for: another challenge costs whoever has the
    /// password nothing.
    pub(crate) fn codes_of(user: UserId) -> [Self; 2] {
        [(5, MINUTE), (20, HOUR)].map(|borne| Self::of("code of", &user.to_string(), borne))
    }

    /// Links asked for by letter to an e-mail address.
    pub(crate) fn letters_for(email: &str) -> Self {
        Self::of("letter for", &email.trim().to_lowercase(), (5, MINUTE))
    }

    /// Links asked for by letter from a network.
    pub(crate) fn letters_from(address: ClientAddress) -> Self {
        Self::of_network("letter from", address)
    }

    /// Links that were tried in vain from a network.
    pub(crate) fn links_from(address: ClientAddress) -> Self {
        Self::of_network("link from", address)
    }

    fn of_network(what: &str, address: ClientAddress) -> Self {
        Self::of(what, &address.network().to_string(), (20, MINUTE))
    }

    fn of(what: &str, whose: &str, (most, within): (u32, SignedDuration)) -> Self {
        let name = Sha256::new().chain_update(what).chain_update(within.as_secs().to_be_bytes()).chain_update(whose);
        Self { name: name.finalize().into(), most, within }
    }
}

/// Someone was wrong too often.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TooOften {
    /// How often is borne.
    pub(crate) limit: u32,
    /// When it may be tried again, in seconds; at least one.
    pub(crate) after: u32,
}

/// The failures of lately.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<Failures>);

impl Attempts {
    /// Whether someone may try now.
    ///
    /// # Errors
    ///
    /// [`TooOften`], of the counter that makes them wait longest.
    pub(crate) fn admit(&self, counters: &[Counter], now: Timestamp) -> Result<(), TooOften> {
        self.failures().admit(counters, now)
    }

    /// Counts a failure, in the same moment in which it is looked at whether it was one too many: of tries that are made at
    /// the same time no more than the usual number learns that it was wrong.
    ///
    /// # Errors
    ///
    /// [`TooOften`]; then it is not counted.
    pub(crate) fn count(&self, counters: &[Counter], now: Timestamp) -> Result<(), TooOften> {
        let mut failures = self.failures();
        failures.admit(counters, now)?;
        for counter in counters {
            failures.count(counter, now);
        }
        Ok(())
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct Failures {
    names: HashMap<NameDigest, Remembered>,
    /// When each name is forgotten, the next one first.
    ends: BTreeSet<(Timestamp, NameDigest)>,
}

/// The failures of a name, the earliest first.
#[derive(Debug)]
struct Remembered {
    times: VecDeque<Timestamp>,
    end: Timestamp,
}

impl Failures {
    fn admit(&mut self, counters: &[Counter], now: Timestamp) -> Result<(), TooOften> {
        while self.ends.first().is_some_and(|(end, _)| *end <= now) {
            self.forget_first();
        }
        let waits = counters.iter().filter_map(|counter| self.wait(counter, now));
        waits.max_by_key(|wait| wait.after).map_or(Ok(()), Err)
    }

    fn wait(&mut self, counter: &Counter, now: Timestamp) -> Option<TooOften> {
        let times = &mut self.names.get_mut(&counter.name)?.times;
        while times.front().is_some_and(|time| *time + counter.within <= now) {
            times.pop_front();
        }
        // The one whose end brings the count below the limit.
        let most = usize::try_from(counter.most).unwrap_or(usize::MAX);
        let decisive = times.len().checked_sub(most).and_then(|place| times.get(place))?;
        let seconds = (*decisive + counter.within).duration_since(now).as_secs().max(0);
        Some(TooOften { limit: counter.most, after: u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1) })
    }

    fn count(&mut self, counter: &Counter, now: Timestamp) {
        let (name, end) = (counter.name, now + counter.within);
        if self.names.len() >= MOST && !self.names.contains_key(&name) {
            self.forget_first();
        }
        let remembered = self.names.entry(name).or_insert_with(|| Remembered { times: VecDeque::new(), end });
        self.ends.remove(&(remembered.end, name));
        remembered.times.push_back(now);
        remembered.end = end;
        self.ends.insert((end, name));
    }

    fn forget_first(&mut self) {
        if let Some((_, name)) = self.ends.pop_first() {
            self.names.remove(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn wait(attempts: &Attempts, counter: Counter, second: i64) -> Option<u32> {
        attempts.admit(&[counter], at(second)).err().map(|wait| wait.after)
    }

    #[test]
    fn the_sixth_try_waits_until_the_first_failure_is_a_minute_old() {
        let (attempts, alice) = (Attempts::default(), Counter::passwords_for("alice"));
        for second in 0..5 {
            assert_eq!(wait(&attempts, alice, second), None);
            attempts.count(&[alice], at(second)).unwrap();
        }
        assert_eq!(wait(&attempts, Counter::passwords_for(" ALICE"), 5), Some(56));
        assert_eq!(wait(&attempts, Counter::passwords_for("bob"), 5), None);
        assert_eq!(wait(&attempts, Counter::letters_for("alice"), 5), None);
        assert_eq!(wait(&attempts, alice, 60), None);
        attempts.count(&[alice], at(60)).unwrap();
        assert_eq!(wait(&attempts, alice, 60), Some(2));
    }

    #[test]
    fn who_began_before_the_limit_was_reached_is_told_no_more_than_who_comes_after() {
        let (attempts, alice) = (Attempts::default(), [Counter::passwords_for("alice")]);
        // All of them were let in at the same time.
        attempts.admit(&alice, at(0)).unwrap();
        for _ in 0..5 {
            attempts.count(&alice, at(0)).unwrap();
        }
        let too_often = TooOften { limit: 5, after: 61 };
        assert_eq!(attempts.count(&alice, at(0)), Err(too_often), "wrong");
        assert_eq!(attempts.admit(&alice, at(0)), Err(too_often), "right");
        // What was told nothing has not counted either.
        assert_eq!(attempts.admit(&alice, at(60)), Ok(()));
    }

    #[test]
    fn codes_are_counted_by_the_minute_and_by_the_hour() {
        let (attempts, codes) = (Attempts::default(), Counter::codes_of(UserId::new(7)));
        for minute in 0..4 {
            for _ in 0..5 {
                attempts.count(&codes, at(minute * 60)).unwrap();
            }
            let limited = attempts.count(&codes, at(minute * 60)).unwrap_err();
            assert_eq!(limited.limit, if minute < 3 { 5 } else { 20 });
        }
        assert_eq!(attempts.admit(&codes, at(240)), Err(TooOften { limit: 20, after: 3_361 }));
        assert_eq!(attempts.admit(&Counter::codes_of(UserId::new(8)), at(240)), Ok(()));
        assert_eq!(attempts.admit(&codes, at(3_600)), Ok(()));
    }

    #[test]
    fn of_an_address_of_ipv6_the_network_counts() {
        let from = |text: &str| Counter::passwords_from(ClientAddress(Some(text.parse().unwrap()))).name;
        assert_eq!(from("2001:db8:1:2::1"), from("2001:db8:1:2:ffff::2"));
        assert_ne!(from("2001:db8:1:2::1"), from("2001:db8:1:3::1"));
        assert_ne!(from("192.0.2.1"), from("192.0.2.2"));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_earliest_makes_room() {
        let attempts = Attempts::default();
        let name = |number: usize| Counter::passwords_for(&number.to_string());
        for number in 0..(MOST + 10) {
            attempts.count(&[name(number)], at(i64::from(number >= MOST))).unwrap();
        }
        let failures = attempts.failures();
        assert_eq!((failures.names.len(), failures.ends.len()), (MOST, MOST));
        assert!((MOST..MOST + 10).all(|number| failures.names.contains_key(&name(number).name)));
        drop(failures);
        // What has no times left is gone.
        assert_eq!(wait(&attempts, name(0), 61), None);
        assert!(attempts.failures().names.is_empty() && attempts.failures().ends.is_empty());
    }
}
