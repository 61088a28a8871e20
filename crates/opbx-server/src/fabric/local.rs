//! What calls share while one process serves them all: memory.

use super::answers::{Answers, Claim};
use super::caps::{Caps, Limits, Reservation};
use super::over::Over;
use super::turns::Turns;
use super::{CallOf, DeliveryKey, Dialled, Given, Opened, Remembering};
use jiff::Timestamp;
use opbx_core::call::OverCap;
use opbx_core::id::{OrganizationId, RingGroupId};

/// The memory of this process.
#[derive(Debug)]
pub(super) struct Local {
    answers: Answers,
    /// Those to reports, which are another kind of delivery.
    reports: Answers,
    turns: Turns,
    caps: Caps,
    over: Over,
}

impl Default for Local {
    fn default() -> Self {
        let (answers, turns, caps, over) = Default::default();
        Self { answers, reports: Answers::of_reports(), turns, caps, over }
    }
}

/// A delivery in hand. Dropped without being finished (a panic, a request that was given up or came too late), it
/// takes back its claim and what it reserved; twins that waited begin again.
#[derive(Debug)]
#[must_use = "a delivery that is not finished is given up"]
pub(crate) struct Delivery<'f> {
    local: &'f Local,
    answers: &'f Answers,
    organization: OrganizationId,
    claim: Option<DeliveryKey>,
    reserved: Option<Reservation>,
}

impl Local {
    pub(super) fn open(&self, key: Option<DeliveryKey>, call: CallOf<'_>, now: Timestamp) -> Opened<'_> {
        if let Some(key) = key {
            match self.answers.claim(key, now) {
                Claim::Free => {}
                Claim::Taken(answer) => return Opened::Twin(answer),
                Claim::Answered(given) => return Opened::Answered(given),
            }
        }
        self.caps.ended(call);
        let (answers, organization) = (&self.answers, call.organization);
        Opened::First(Delivery { local: self, answers, organization, claim: key, reserved: None })
    }

    /// The same of a report: it is no request of its call, and ends nothing.
    pub(super) fn open_report(
        &self,
        key: Option<DeliveryKey>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Opened<'_> {
        if let Some(key) = key {
            match self.reports.claim(key, now) {
                Claim::Free => {}
                Claim::Taken(answer) => return Opened::Twin(answer),
                Claim::Answered(given) => return Opened::Answered(given),
            }
        }
        Opened::First(Delivery { local: self, answers: &self.reports, organization, claim: key, reserved: None })
    }

    /// A call has ended, as a report says: what counted for it counts no more.
    pub(super) fn ended(&self, call: CallOf<'_>) {
        self.caps.ended(call);
    }

    /// The record of a call has come.
    pub(super) fn accounted(&self, call: CallOf<'_>) {
        self.caps.ended(call);
        self.over.add(call);
    }

    pub(super) fn is_over(&self, call: CallOf<'_>) -> bool {
        self.over.has(call)
    }

    pub(super) fn remembering(&self) -> Remembering {
        self.answers.remembering()
    }
}

impl Delivery<'_> {
    /// Whose it is.
    pub(crate) const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// What it is known by if it comes again.
    pub(crate) fn key(&self) -> Option<[u8; 16]> {
        self.claim.map(|DeliveryKey(key)| key)
    }

    /// The turn of a call that enters the group now.
    pub(crate) async fn turn(&mut self, group: RingGroupId) -> u64 {
        self.local.turns.next(self.organization, group)
    }

    /// Reserves one more outbound call of this session, or says which cap forbids it. Between the look at the counts
    /// and the reservation nothing can come.
    pub(crate) async fn reserve(&mut self, session: &str, limits: Limits<'_>, now: Timestamp) -> Option<OverCap> {
        self.take_back();
        let call = CallOf { organization: self.organization, session };
        match self.local.caps.reserve(call, limits, now) {
            Ok(reservation) => {
                self.reserved = Some(reservation);
                None
            }
            Err(over) => Some(over),
        }
    }

    /// Remembers the answer, and gives it to every twin that waits. What was reserved counts from now on if the
    /// decision came to a dial, else it never did.
    pub(crate) async fn finish(mut self, given: &Given, dialled: Option<Dialled>, now: Timestamp) {
        if let Some(dialled) = dialled
            && let Some(reservation) = self.reserved.take()
        {
            self.local.caps.dialled(&reservation, dialled, now);
        }
        if let Some(key) = self.claim.take() {
            self.answers.remember(key, given, now);
        }
    }

    fn take_back(&mut self) {
        if let Some(reservation) = self.reserved.take() {
            self.local.caps.take_back(&reservation);
        }
    }
}

impl Drop for Delivery<'_> {
    fn drop(&mut self) {
        self.take_back();
        if let Some(key) = self.claim.take() {
            self.answers.give_up(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use jiff::tz::TimeZone;
    use opbx_core::caps::CallCaps;
    use std::future::Future;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use tokio::sync::oneshot::error::TryRecvError;

    const KEY: Option<DeliveryKey> = Some(DeliveryKey([7; 16]));
    const CALL: CallOf<'_> = CallOf { organization: OrganizationId::new(1), session: "a" };
    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// In this process nothing is ever waited for.
    fn at_once<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn first(local: &Local) -> Delivery<'_> {
        match local.open(KEY, CALL, NOW) {
            Opened::First(delivery) => delivery,
            other => panic!("{other:?}"),
        }
    }

    fn reserve(delivery: &mut Delivery<'_>) -> Option<OverCap> {
        let one = CallCaps { concurrent: Some(1), per_minute: Some(1), per_day: Some(1), cost_per_day: None };
        let limits = Limits { extension: None, caps: (one, None), zone: &TimeZone::UTC };
        at_once(delivery.reserve("a", limits, NOW))
    }

    #[test]
    fn a_delivery_that_is_given_up_leaves_nothing_behind() {
        let local = Local::default();
        for _ in 0..3 {
            let mut delivery = first(&local);
            let Opened::Twin(mut twin) = local.open(KEY, CALL, NOW) else { panic!("it is being decided") };
            assert_eq!(reserve(&mut delivery), None);
            assert_eq!(twin.try_recv(), Err(TryRecvError::Empty));
            let panic = catch_unwind(AssertUnwindSafe(move || {
                let _in_hand = delivery;
                panic!("a defect");
            }));
            assert!(panic.is_err());
            assert_eq!(twin.try_recv(), Err(TryRecvError::Closed));
        }
    }

    #[test]
    fn what_was_reserved_counts_only_when_it_is_dialled() {
        let local = Local::default();
        let given = Given { body: Bytes::from_static(b"<Response/>"), outcome: "outbound" };
        let Opened::First(mut delivery) = local.open(None, CALL, NOW) else { panic!("it has no twin") };
        assert_eq!(reserve(&mut delivery), None);
        // To ask again is to change one's mind.
        assert_eq!(reserve(&mut delivery), None);
        at_once(delivery.finish(&given, None, NOW));
        let mut delivery = first(&local);
        assert_eq!(reserve(&mut delivery), None);
        at_once(delivery.finish(&given, Some(Dialled { ring: 30, longest: 60 }), NOW));
        assert!(matches!(local.open(KEY, CALL, NOW), Opened::Answered(known) if known == given));
        let other = CallOf { session: "b", ..CALL };
        let Opened::First(mut delivery) = local.open(None, other, NOW) else { panic!("it has no twin") };
        assert!(reserve(&mut delivery).is_some());
    }
}
