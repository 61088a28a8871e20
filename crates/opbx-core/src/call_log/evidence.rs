//! The evidence about a call, and how it is joined.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::erased::Erased;
use super::fact::{CallKeys, Fact, FinalRecord, Named, Parties, RoutedStep, StateReport};
use super::legs::{Dial, DialKey};
use crate::call_state::{
    CallDirection, CallEvent, CallRecord, CallState, EventKind, PlatformStatus, Progress, SessionTimes, StatusEvent,
    earliest,
};
use crate::id::{ExtensionId, PhoneNumberId};

/// What is known of a call. The default is "nothing".
///
/// The fields are the evidence, for a store to keep; what people see are the methods. All times are whole milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallLog {
    /// Status, times and durations.
    pub state: CallState,
    /// When a report first said that the call had come so far.
    pub reached: BTreeMap<Progress, Timestamp>,
    /// The token of its session.
    pub session: Option<Box<str>>,
    /// The number of its session.
    pub session_number: Option<u64>,
    /// The least of its `Call-ID`s of SIP: some name for a call without a session.
    pub sip_id: Option<Box<str>>,
    /// What reports and steps said besides.
    pub told: Told,
    /// The record that counts.
    pub record: Option<RecordKept>,
    /// Whether any decision of ours is known. If none is, nothing is known of who was rung either.
    pub routed: bool,
    /// Who was rung, dial by dial.
    pub dials: BTreeMap<DialKey, Dial>,
    /// What of it was erased.
    pub erased: Erased,
}

/// Something that was said, and when.
pub type Said<T> = Option<(Timestamp, T)>;

/// What reports and steps said: the earliest of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Who called.
    pub from: Said<Box<str>>,
    /// Whom they dialled.
    pub to: Said<Box<str>>,
    /// The name that the caller showed.
    pub caller_name: Said<Box<str>>,
    /// Which way the call went.
    pub direction: Said<CallDirection>,
    /// The organization's number that was called.
    pub phone_number: Said<Named<PhoneNumberId>>,
    /// The extension that called.
    pub caller: Said<Named<ExtensionId>>,
}

/// A record with all that it says. The order is the order among records: the least one counts, and it is the same one
/// that counts in [`CallState::record`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordKept {
    /// The record's own time.
    pub timestamp: Timestamp,
    /// When it was received.
    pub received_at: Timestamp,
    /// How the call ended, and its times.
    pub record: CallRecord,
    /// Who called whom.
    pub parties: Parties,
    /// What the call cost, in millionths of the currency.
    pub cost: Option<i64>,
    /// Where the platform keeps a recording of it.
    pub recording_url: Option<Box<str>>,
    /// The record as it was received.
    pub payload: Box<str>,
}

impl CallLog {
    /// Adds a fact; answers whether anything is new.
    pub fn advance(&mut self, fact: &Fact) -> bool {
        let after = self.clone().merge(Self::from(fact));
        let is_new = after != *self;
        *self = after;
        is_new
    }

    /// Everything that both know: a join (commutative, associative, idempotent).
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        for (progress, at) in other.reached {
            self.reached.entry(progress).and_modify(|known| *known = at.min(*known)).or_insert(at);
        }
        for (key, dial) in other.dials {
            let known = self.dials.remove(&key).unwrap_or_default();
            self.dials.insert(key, known.merge(dial));
        }
        Self {
            state: self.state.merge(other.state),
            reached: self.reached,
            session: earliest(self.session, other.session),
            session_number: earliest(self.session_number, other.session_number),
            sip_id: earliest(self.sip_id, other.sip_id),
            told: self.told.merge(other.told),
            record: earliest(self.record, other.record),
            routed: self.routed || other.routed,
            dials: self.dials,
            erased: self.erased.merge(other.erased),
        }
        .stripped()
    }

    fn of(keys: &CallKeys, told: Told) -> Self {
        Self {
            session: keys.token().map(Into::into),
            session_number: keys.session_number,
            sip_id: keys.sip_ids.iter().filter(|id| !id.is_empty()).min().cloned(),
            told,
            ..Self::default()
        }
    }
}

impl From<&Fact> for CallLog {
    /// What a fact alone tells.
    fn from(fact: &Fact) -> Self {
        match fact {
            Fact::Report(report) => report.into(),
            Fact::Record(record) => record.into(),
            Fact::Step(step) => step.into(),
        }
    }
}

impl From<&StateReport> for CallLog {
    fn from(report: &StateReport) -> Self {
        let StatusEvent { status, at, started_at, answered_at, ended_at } = report.status;
        let at = whole(at);
        let event = StatusEvent {
            status,
            at,
            started_at: started_at.map(whole),
            answered_at: answered_at.map(whole),
            ended_at: ended_at.map(whole),
        };
        let event = CallEvent { received_at: whole(report.received_at), kind: EventKind::Status(event) };
        let reached = match status {
            PlatformStatus::Live(progress) => BTreeMap::from([(progress, at)]),
            PlatformStatus::Ended(_) | PlatformStatus::Unknown => BTreeMap::new(),
        };
        let log = Self::of(&report.keys, Told::of(&report.parties, at));
        Self { state: CallState::from(&event), reached, ..log }
    }
}

impl From<&FinalRecord> for CallLog {
    fn from(told: &FinalRecord) -> Self {
        let received_at = whole(told.received_at);
        let session = told.record.session.map(|session| SessionTimes {
            started_at: session.started_at.map(whole),
            answered_at: session.answered_at.map(whole),
            ended_at: session.ended_at.map(whole),
        });
        let record = CallRecord { timestamp: whole(told.record.timestamp), session, ..told.record };
        let event = CallEvent { received_at, kind: EventKind::Record(record) };
        let kept = RecordKept {
            timestamp: record.timestamp,
            received_at,
            record,
            parties: told.parties.clone(),
            cost: told.cost,
            recording_url: told.recording_url.clone(),
            payload: told.payload.clone(),
        };
        Self { state: CallState::from(&event), record: Some(kept), ..Self::of(&told.keys, Told::default()) }
    }
}

impl From<&RoutedStep> for CallLog {
    fn from(step: &RoutedStep) -> Self {
        let at = whole(step.at);
        // It says that there is a call, and nothing of how far the platform has come with it.
        let state = CallState { first_received_at: Some(at), last_received_at: Some(at), ..CallState::default() };
        let told = Told {
            phone_number: step.phone_number.clone().map(|number| (at, number)),
            caller: step.caller.clone().map(|caller| (at, caller)),
            ..Told::of(&step.parties, at)
        };
        let mut log = Self { state, routed: true, ..Self::of(&step.keys, told) };
        if let Some((key, end)) = step.ended.clone() {
            let end = Dial { end: Some(end.whole()), ..Dial::default() };
            log.dials.insert(key, end);
        }
        if let Some((key, start)) = step.started.clone() {
            let start = Dial { start: Some(start.whole()), ..Dial::default() };
            let known = log.dials.remove(&key).unwrap_or_default();
            log.dials.insert(key, known.merge(start));
        }
        log
    }
}

impl Told {
    fn of(parties: &Parties, at: Timestamp) -> Self {
        let said = |text: &Option<Box<str>>| text.clone().filter(|text| !text.is_empty()).map(|text| (at, text));
        Self {
            from: said(&parties.from),
            to: said(&parties.to),
            caller_name: said(&parties.caller_name),
            direction: parties.direction.map(|direction| (at, direction)),
            ..Self::default()
        }
    }

    fn merge(self, other: Self) -> Self {
        Self {
            from: earliest(self.from, other.from),
            to: earliest(self.to, other.to),
            caller_name: earliest(self.caller_name, other.caller_name),
            direction: earliest(self.direction, other.direction),
            phone_number: earliest(self.phone_number, other.phone_number),
            caller: earliest(self.caller, other.caller),
        }
    }
}

/// An instant as a store keeps it: what is finer than a millisecond would order facts in memory that are equal once they
/// were kept.
pub(super) fn whole(instant: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant)
}
