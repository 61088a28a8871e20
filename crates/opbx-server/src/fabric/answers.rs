//! The answers given lately: to voice requests for ten minutes, to reports for a day.
//!
//! One lock and one map: what happens under it takes some hundred nanoseconds. moka, which caches everything else that
//! expires, fits neither demand: it decides by use what to drop (here it is the oldest), and reads its own clock.

use super::{DeliveryKey, Given, Remembering};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;
use std::collections::hash_map::{Entry, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// How long the answer to a voice request is remembered.
const VOICE: SignedDuration = SignedDuration::from_mins(10);
/// How long the answer to a report is.
const REPORTS: SignedDuration = SignedDuration::from_hours(24);
/// How much memory answers may take, in bytes.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// What an answer takes besides its text: its places in the map and in the row, both up to half empty, and what the
/// allocator and the counting of references add.
const BESIDES: usize = 256;
/// The text of a document is written into a buffer of at least this size, which then lives as long as the text.
const LEAST_BUFFER: usize = 512;

/// Deliveries, answered or being decided.
#[derive(Debug)]
pub(super) struct Answers {
    remembered: Mutex<Remembered>,
    lifetime: SignedDuration,
    least_buffer: usize,
}

/// Those of voice requests.
impl Default for Answers {
    fn default() -> Self {
        Self { remembered: Mutex::default(), lifetime: VOICE, least_buffer: LEAST_BUFFER }
    }
}

#[derive(Debug, Default)]
struct Remembered {
    deliveries: HashMap<DeliveryKey, State, BuildHasherDefault<Taken>>,
    /// Those answered, the oldest first.
    order: VecDeque<(Timestamp, DeliveryKey)>,
    bytes: usize,
}

/// Takes a key's own bytes for its hash, which they are.
#[derive(Debug, Default)]
struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, bytes: u64) {
        self.0 = bytes;
    }

    /// No key is written this way.
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
}

#[derive(Debug)]
enum State {
    /// Being decided; these wait for it.
    Claimed(Vec<oneshot::Sender<Given>>),
    Answered(Given),
}

/// What a claim finds.
#[derive(Debug)]
pub(super) enum Claim {
    /// Nobody had it; now the claimant has.
    Free,
    /// Somebody has it, and will say this way what became of it.
    Taken(oneshot::Receiver<Given>),
    /// It was answered.
    Answered(Given),
}

impl Answers {
    /// Those of reports: short, or with nothing in them.
    pub(super) fn of_reports() -> Self {
        Self { lifetime: REPORTS, least_buffer: 0, ..Self::default() }
    }

    pub(super) fn claim(&self, key: DeliveryKey, now: Timestamp) -> Claim {
        let mut remembered = self.lock();
        remembered.forget(|at, _| now.duration_since(at) >= self.lifetime, self.least_buffer);
        match remembered.deliveries.entry(key) {
            Entry::Vacant(place) => {
                // An empty list takes no memory; hardly any delivery has a twin.
                place.insert(State::Claimed(Vec::new()));
                Claim::Free
            }
            Entry::Occupied(mut known) => match known.get_mut() {
                State::Answered(given) => Claim::Answered(given.clone()),
                State::Claimed(waiting) => {
                    let (sender, receiver) = oneshot::channel();
                    waiting.push(sender);
                    Claim::Taken(receiver)
                }
            },
        }
    }

    pub(super) fn remember(&self, key: DeliveryKey, given: &Given, now: Timestamp) {
        let mut remembered = self.lock();
        let before = remembered.deliveries.insert(key, State::Answered(given.clone()));
        remembered.order.push_back((now, key));
        remembered.bytes += cost(given, self.least_buffer);
        remembered.forget(|_, bytes| bytes > MOST_BYTES, self.least_buffer);
        drop(remembered);
        if let Some(State::Claimed(waiting)) = before {
            for twin in waiting {
                // One that is gone needs no answer.
                let _ = twin.send(given.clone());
            }
        }
    }

    /// Gives a claim up. Those who wait for it notice that nobody answers them any more.
    pub(super) fn give_up(&self, key: DeliveryKey) {
        self.lock().deliveries.remove(&key);
    }

    pub(super) fn remembering(&self) -> Remembering {
        let remembered = self.lock();
        Remembering { answers: remembered.order.len(), bytes: remembered.bytes }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        // Nothing that can panic stands between two changes that belong together.
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    /// Forgets the oldest as long as they are to be forgotten, judged by when they were answered and by all bytes.
    fn forget(&mut self, is_due: impl Fn(Timestamp, usize) -> bool, least_buffer: usize) {
        while let Some((at, key)) = self.order.front().copied() {
            if !is_due(at, self.bytes) {
                return;
            }
            self.order.pop_front();
            if let Some(State::Answered(given)) = self.deliveries.remove(&key) {
                self.bytes -= cost(&given, least_buffer);
            }
        }
    }
}

/// The memory that an answer takes. Buffers grow by doubling.
fn cost(given: &Given, least_buffer: usize) -> usize {
    given.body.len().next_power_of_two().max(least_buffer) + BESIDES
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_773_000_000 + second).unwrap()
    }

    fn key(number: usize) -> DeliveryKey {
        DeliveryKey((number as u128).to_le_bytes())
    }

    fn given(text: &str) -> Given {
        Given { body: Bytes::from(text.to_owned()), outcome: "hangup" }
    }

    fn answered(answers: &Answers, number: usize, text: &str, second: i64) {
        assert!(matches!(answers.claim(key(number), at(second)), Claim::Free));
        answers.remember(key(number), &given(text), at(second));
    }

    #[test]
    fn an_answer_is_remembered_for_ten_minutes() {
        let answers = Answers::default();
        answered(&answers, 1, "one", 0);
        assert!(matches!(answers.claim(key(1), at(599)), Claim::Answered(known) if known == given("one")));
        assert!(matches!(answers.claim(key(1), at(600)), Claim::Free));
    }

    #[test]
    fn beyond_the_bytes_the_oldest_go() {
        let answers = Answers::default();
        let text = "x".repeat(64 * 1024);
        let fit = MOST_BYTES / cost(&given(&text), LEAST_BUFFER);
        for number in 0..fit + 10 {
            answered(&answers, number, &text, 0);
            assert!(answers.lock().bytes <= MOST_BYTES);
        }
        for number in 0..fit + 10 {
            let known = matches!(answers.lock().deliveries.get(&key(number)), Some(State::Answered(_)));
            assert_eq!(known, number >= 10, "{number}");
        }
        assert_eq!(answers.lock().order.len(), fit);
        // Time takes the rest, and the count of bytes comes out even.
        assert!(matches!(answers.claim(key(0), at(600)), Claim::Free));
        let remembered = answers.lock();
        assert_eq!((remembered.bytes, remembered.order.len(), remembered.deliveries.len()), (0, 0, 1));
    }

    #[test]
    fn an_answer_larger_than_all_memory_reaches_its_twins_and_is_not_kept() {
        let answers = Answers::default();
        assert!(matches!(answers.claim(key(1), at(0)), Claim::Free));
        let Claim::Taken(mut twin) = answers.claim(key(1), at(0)) else { panic!("nobody has it") };
        let large = given(&"x".repeat(MOST_BYTES));
        answers.remember(key(1), &large, at(0));
        assert_eq!(twin.try_recv(), Ok(large));
        assert_eq!(answers.lock().bytes, 0);
        assert!(matches!(answers.claim(key(1), at(0)), Claim::Free));
    }

    #[test]
    fn twins_get_the_answer_or_notice_that_there_is_none() {
        let answers = Answers::default();
        assert!(matches!(answers.claim(key(1), at(0)), Claim::Free));
        let waiting: Vec<_> = (0..3).map(|_| answers.claim(key(1), at(0))).collect();
        // Claims do not expire: whoever has one finishes or gives up.
        assert!(matches!(answers.claim(key(1), at(3_600)), Claim::Taken(_)));
        answers.remember(key(1), &given("one"), at(1));
        for twin in waiting {
            let Claim::Taken(mut answer) = twin else { panic!("not taken") };
            assert_eq!(answer.try_recv(), Ok(given("one")));
        }
        assert!(matches!(answers.claim(key(2), at(0)), Claim::Free));
        let Claim::Taken(mut answer) = answers.claim(key(2), at(0)) else { panic!("not taken") };
        answers.give_up(key(2));
        assert_eq!(answer.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        assert!(matches!(answers.claim(key(2), at(0)), Claim::Free));
    }
}
