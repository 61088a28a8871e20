//! What was played to whom: written down once for each person, recording and ten minutes.
//!
//! A player asks for a file in many parts, and again when someone goes back in it. What is remembered to tell that apart is in
//! the memory of this server, and there is an end to how much: a playing that is forgotten too soon, or that goes on at another
//! server, is written down twice, which is better than not at all.

use super::super::ApiState;
use crate::access::Caller;
use crate::problem::Problem;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use opbx_store::Entry;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a playing is one and the same.
const ONE: SignedDuration = SignedDuration::from_mins(10);
/// How many are remembered.
const MOST: usize = 10_000;

/// Who plays what: an organization, an actor by its kind, number and name, a kind of thing and its identifier.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Play {
    organization: OrganizationId,
    actor: (&'static str, Option<u64>, Box<str>),
    thing: (&'static str, u64),
}

/// The playings of the last ten minutes.
#[derive(Debug, Default)]
pub(crate) struct Plays(Mutex<HashMap<Play, Timestamp>>);

impl Plays {
    /// Whether a playing is not the one of a moment ago.
    fn is_new(&self, play: &Play, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(play).is_some_and(|since| now < *since + ONE) {
            return false;
        }
        if known.len() >= MOST {
            known.retain(|_, since| now < *since + ONE);
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(play.clone(), now);
        true
    }

    fn forget(&self, play: &Play) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(play);
    }
}

impl ApiState {
    /// Writes down that something is played to someone, unless it is the playing of a moment ago.
    ///
    /// # Errors
    ///
    /// When that cannot be written down: then it must not be played.
    pub(in crate::api) async fn played(&self, caller: &Caller, entry: Entry) -> Result<(), Problem> {
        let actor = caller.author(super::super::portrait).actor;
        let play = Play {
            organization: caller.tenant.organization(),
            actor: (actor.word(), actor.number(), actor.name().into()),
            thing: (entry.object_type, entry.object_id.unwrap_or_default()),
        };
        if !self.plays().is_new(&play, self.now()) {
            return Ok(());
        }
        let written = async {
            let mut edit = self.edit(caller).await?;
            edit.record(&entry).await?;
            self.commit(caller, edit).await
        };
        written.await.inspect_err(|_| self.plays().forget(&play))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_playing_is_one_for_ten_minutes_and_what_is_remembered_has_an_end() {
        let (plays, noon) = (Plays::default(), "2026-03-09T12:00:00Z".parse::<Timestamp>().unwrap());
        let play = |actor, id| Play {
            organization: OrganizationId::new(1),
            actor: ("user", Some(actor), "Alice".into()),
            thing: ("voicemail_message", id),
        };
        let after = |minutes| noon + SignedDuration::from_mins(minutes);
        assert!(plays.is_new(&play(1, 1), noon));
        assert!(!plays.is_new(&play(1, 1), after(9)));
        assert!(plays.is_new(&play(2, 1), noon) && plays.is_new(&play(1, 2), noon));
        assert!(plays.is_new(&play(1, 1), after(10)));
        plays.forget(&play(1, 1));
        assert!(plays.is_new(&play(1, 1), after(10)));
        for id in 0..3 * MOST as u64 {
            plays.is_new(&play(3, id), after(20));
            assert!(plays.0.lock().unwrap().len() <= MOST);
        }
    }
}
