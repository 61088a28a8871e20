//! Outbound calls, counted against their caps.
//!
//! Each organization has a ledger, changed under a lock: whoever asks whether one more call may begin has reserved it
//! when the answer is yes, so no two calls pass a limit of one. A ledger goes when nothing in it counts any more.

mod ledger;

use self::ledger::Ledger;
use super::{CallOf, Dialled};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use opbx_core::call::OverCap;
use opbx_core::caps::CallCaps;
use opbx_core::id::{ExtensionId, OrganizationId};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long after its ring time-out a call counts of which nobody reported an answer.
const UNANSWERED: SignedDuration = SignedDuration::from_secs(60);

/// All ledgers, by their organizations.
///
/// One lock for all of them: it is held for well under a microsecond, once for each request of a call.
#[derive(Debug, Default)]
pub(super) struct Caps {
    ledgers: Mutex<Ledgers>,
    /// Sessions are kept as hashes: a ledger names no call.
    sessions: RandomState,
}

#[derive(Debug, Default)]
struct Ledgers {
    of: HashMap<OrganizationId, Ledger>,
    /// With how many ledgers the next search for idle ones is worth its while.
    search_at: usize,
    reservations: u64,
}

/// How much one more call must keep to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits<'p> {
    /// Whose call it is; `None`: only the organization's caps count.
    pub(crate) extension: Option<ExtensionId>,
    /// The organization's caps, and the extension's.
    pub(crate) caps: (CallCaps, Option<CallCaps>),
    /// The zone of the organization's days.
    pub(crate) zone: &'p TimeZone,
}

/// A call that counts although it is not dialled yet.
#[derive(Debug)]
#[must_use = "a reservation is dialled or taken back"]
pub(super) struct Reservation {
    organization: OrganizationId,
    number: u64,
}

impl Caps {
    /// Counts one more call.
    ///
    /// # Errors
    ///
    /// When a cap is reached; then nothing is counted.
    pub(super) fn reserve(&self, call: CallOf<'_>, limits: Limits<'_>, now: Timestamp) -> Result<Reservation, OverCap> {
        let session = self.hash_of(call.session);
        let mut ledgers = self.lock();
        ledgers.reservations += 1;
        let number = ledgers.reservations;
        ledgers.of(call.organization, now).reserve(number, session, limits, now)?;
        Ok(Reservation { organization: call.organization, number })
    }

    /// The reserved call is dialled: it counts until somebody says that it is over, or nobody can have answered it.
    pub(super) fn dialled(&self, reservation: &Reservation, dialled: Dialled, now: Timestamp) {
        let seconds = |seconds: u32| SignedDuration::from_secs(i64::from(seconds));
        let longest = seconds(dialled.longest);
        let unanswered = seconds(dialled.ring) + UNANSWERED;
        if let Some(ledger) = self.lock().of.get_mut(&reservation.organization) {
            ledger.dialled(reservation.number, now + unanswered.min(longest));
        }
    }

    /// The reserved call is not dialled after all: it never counted.
    pub(super) fn take_back(&self, reservation: &Reservation) {
        if let Some(ledger) = self.lock().of.get_mut(&reservation.organization) {
            ledger.take_back(reservation.number);
        }
    }

    /// The call, if it was counted, is over, or goes on without whom it dialled.
    pub(super) fn ended(&self, call: CallOf<'_>) {
        let mut ledgers = self.lock();
        // Most calls are not outbound: their session is not even hashed.
        if let Some(ledger) = ledgers.of.get_mut(&call.organization).filter(|ledger| ledger.has_calls())
            && let Some(session) = self.hash_of(call.session)
        {
            ledger.ended(session);
        }
    }

    /// `None` where the platform gave no session: such a call ends by time alone.
    fn hash_of(&self, session: &str) -> Option<u64> {
        (!session.is_empty()).then(|| self.sessions.hash_one(session))
    }

    fn lock(&self) -> MutexGuard<'_, Ledgers> {
        // Nothing that can panic stands between two changes that belong together.
        self.ledgers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledgers {
    /// An organization's ledger. Idle ones go when their number has doubled, so that looking for them costs a new
    /// ledger no more than being made.
    fn of(&mut self, organization: OrganizationId, now: Timestamp) -> &mut Ledger {
        const FEW: usize = 64;
        if self.of.len() >= self.search_at.max(FEW) && !self.of.contains_key(&organization) {
            self.of.retain(|_, ledger| !ledger.is_idle(now));
            self.search_at = self.of.len() * 2;
        }
        self.of.entry(organization).or_default()
    }
}

#[cfg(test)]
mod tests;
