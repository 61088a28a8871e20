//! The evidence about a call, how it is joined, and what is read off it.

use jiff::{SignedDuration, Timestamp};

use super::event::{CallEvent, CallRecord, EventKind, StatusEvent};
use super::words::{CallStatus, Disposition, Ending, PlatformStatus, Progress};

/// What is known of a call. The default is "nothing".
///
/// The fields are the evidence, for a store to keep; what people see are the methods. A row holding the fields can
/// be joined with any later message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CallState {
    /// How far the call came while live, by its events.
    pub progress: Option<Progress>,
    /// The end event that counts.
    pub end: Option<End>,
    /// The earliest start an event named.
    pub event_started_at: Option<Timestamp>,
    /// The earliest answer an event named.
    pub event_answered_at: Option<Timestamp>,
    /// The earliest end an end event named.
    pub event_ended_at: Option<Timestamp>,
    /// The record that counts, with the time it was received.
    pub record: Option<(CallRecord, Timestamp)>,
    /// When the first message was received.
    pub first_received_at: Option<Timestamp>,
    /// When the latest message was received: a live call that stays silent too long is stale.
    pub last_received_at: Option<Timestamp>,
}

/// An end event. The order is the order among them: the earliest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// When the platform said so.
    pub at: Timestamp,
    /// How the call ended.
    pub ending: Ending,
}

/// Adds one message to what is known of a call.
#[must_use]
pub fn advance(state: CallState, event: &CallEvent) -> CallState {
    state.merge(CallState::from(event))
}

impl From<&CallEvent> for CallState {
    /// What a message alone tells.
    fn from(event: &CallEvent) -> Self {
        let received = Self {
            first_received_at: Some(event.received_at),
            last_received_at: Some(event.received_at),
            ..Self::default()
        };
        match event.kind {
            EventKind::Record(record) => Self { record: Some((record, event.received_at)), ..received },
            EventKind::Status(StatusEvent { status, at, started_at, answered_at, ended_at }) => {
                let told = Self { event_started_at: started_at, event_answered_at: answered_at, ..received };
                match status {
                    PlatformStatus::Unknown => told,
                    PlatformStatus::Live(progress) => Self { progress: Some(progress), ..told },
                    PlatformStatus::Ended(ending) => {
                        Self { end: Some(End { at, ending }), event_ended_at: Some(ended_at.unwrap_or(at)), ..told }
                    }
                }
            }
        }
    }
}

impl CallState {
    /// Everything that both know: a join (commutative, associative, idempotent).
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            // `None < Some`, so the furthest is the plain maximum.
            progress: self.progress.max(other.progress),
            end: earliest(self.end, other.end),
            event_started_at: earliest(self.event_started_at, other.event_started_at),
            event_answered_at: earliest(self.event_answered_at, other.event_answered_at),
            event_ended_at: earliest(self.event_ended_at, other.event_ended_at),
            record: first_record(self.record, other.record),
            first_received_at: earliest(self.first_received_at, other.first_received_at),
            last_received_at: self.last_received_at.max(other.last_received_at),
        }
    }

    /// Where the call is: what the record says, else the end event, else how far it came.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        let ended = self.record().map(|record| record.disposition.ending()).or_else(|| self.end.map(|end| end.ending));
        ended.map_or(CallStatus::Live(self.progress.unwrap_or(Progress::Initiated)), CallStatus::Ended)
    }

    /// How the call ended; `None` while it is live.
    #[must_use]
    pub fn disposition(&self) -> Option<Disposition> {
        match self.status() {
            CallStatus::Live(_) => None,
            CallStatus::Ended(ending) => Some(ending.disposition()),
        }
    }

    /// The record that counts.
    #[must_use]
    pub fn record(&self) -> Option<&CallRecord> {
        self.record.as_ref().map(|(record, _)| record)
    }

    /// When the call began: never `None` once there was a message. A record without a start is counted back from
    /// its time; a call nobody named a start for began when we first heard of it.
    #[must_use]
    pub fn initiated_at(&self) -> Option<Timestamp> {
        self.record()
            .and_then(|record| {
                let named = record.session.and_then(|session| session.started_at);
                named.or_else(|| Some(before(record.timestamp, record.duration?)))
            })
            .or(self.event_started_at)
            .or(self.first_received_at)
    }

    /// When the call was answered; `None` when it was not, or nobody has said when.
    ///
    /// A session in the record has the last word, also when it says "never". A record without one is counted back
    /// from its time; only if it has no answered seconds either do the events speak, and then not against a
    /// disposition that says nobody answered.
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        let Some(record) = self.record() else { return self.event_answered_at };
        if let Some(session) = record.session {
            return session.answered_at;
        }
        match record.billsec {
            Some(0) => None,
            Some(seconds) => Some(before(record.timestamp, seconds)),
            None if record.disposition == Disposition::Answered => self.event_answered_at,
            None => None,
        }
    }

    /// When the call ended; `None` while it is live.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.record()
            .map(|record| record.session.and_then(|session| session.ended_at).unwrap_or(record.timestamp))
            .or(self.event_ended_at)
    }

    /// Seconds from beginning to end; `None` while the call is live.
    #[must_use]
    pub fn duration(&self) -> Option<u32> {
        let told = self.record().and_then(|record| record.duration);
        told.or_else(|| Some(seconds_between(self.initiated_at()?, self.ended_at()?)))
    }

    /// Answered seconds, 0 when the call was not answered; `None` while it is live, and when nobody has said when a
    /// call that *was* answered was.
    #[must_use]
    pub fn billsec(&self) -> Option<u32> {
        if let Some(told) = self.record().and_then(|record| record.billsec) {
            return Some(told);
        }
        let ended = self.ended_at()?;
        match self.answered_at() {
            Some(answered) => Some(seconds_between(answered, ended)),
            None if self.was_never_answered() => Some(0),
            None => None,
        }
    }

    fn was_never_answered(&self) -> bool {
        let session_says_never = self.record().is_some_and(|record| record.session.is_some());
        session_says_never || self.disposition().is_some_and(|disposition| disposition != Disposition::Answered)
    }
}

/// What people who watch a call are told when it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// A call began.
    Initiated,
    /// It rings now.
    Ringing,
    /// It is answered now.
    Answered,
    /// It is over now.
    Ended,
    /// It is where it was, but something that is shown is new.
    Updated,
}

impl Change {
    /// What changed from one state of a call to a later one; `None` when nothing that is shown did.
    #[must_use]
    pub fn between(before: &CallState, after: &CallState) -> Option<Self> {
        let begun = before.first_received_at.is_some();
        let (from, to) = (before.status(), after.status());
        if !begun || to.rank() > from.rank() {
            return after.first_received_at.map(|_| match to {
                CallStatus::Live(Progress::Initiated) => Self::Initiated,
                CallStatus::Live(Progress::Ringing) => Self::Ringing,
                CallStatus::Live(Progress::Answered) => Self::Answered,
                CallStatus::Ended(_) => Self::Ended,
            });
        }
        let shown = |state: &CallState| {
            let times = (state.initiated_at(), state.answered_at(), state.ended_at());
            (state.status(), times, state.duration(), state.billsec())
        };
        (shown(before) != shown(after)).then_some(Self::Updated)
    }
}

/// The lesser of two, where "nothing" is no value.
pub(crate) fn earliest<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The record that counts: earliest by its own time, then by arrival, then by content.
fn first_record(
    one: Option<(CallRecord, Timestamp)>,
    other: Option<(CallRecord, Timestamp)>,
) -> Option<(CallRecord, Timestamp)> {
    let keyed = |(record, received): (CallRecord, Timestamp)| (record.timestamp, received, record);
    earliest(one.map(keyed), other.map(keyed)).map(|(_, received, record)| (record, received))
}

fn before(instant: Timestamp, seconds: u32) -> Timestamp {
    instant.saturating_sub(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MIN)
}

/// Whole seconds, rounded to the nearest as the platform does; 0 when clocks disagree about the order.
fn seconds_between(start: Timestamp, end: Timestamp) -> u32 {
    let milliseconds = end.duration_since(start).as_millis().max(0);
    u32::try_from((milliseconds + 500) / 1000).unwrap_or(u32::MAX)
}
