//! Messages about a call, freed of their wire form.

use jiff::Timestamp;

use super::words::{Disposition, PlatformStatus};

/// One message about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallEvent {
    /// When it was received: stamped once, when it is written to the journal, so that reading the journal again
    /// gives the same value.
    pub received_at: Timestamp,
    /// What it says.
    pub kind: EventKind,
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The call changed.
    Status(StatusEvent),
    /// The final record.
    Record(CallRecord),
}

/// A change of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusEvent {
    /// Where the call is.
    pub status: PlatformStatus,
    /// When this was so, by the platform's clock; when it was received, if the platform does not say.
    pub at: Timestamp,
    /// When the call started, if the message says.
    pub started_at: Option<Timestamp>,
    /// When it was answered, if the message says.
    pub answered_at: Option<Timestamp>,
    /// When it ended, if the message says. Counts only with a status that is an end.
    pub ended_at: Option<Timestamp>,
}

/// The final record of a call, as far as the state of the call goes.
///
/// Two records that differ in nothing but content (same `timestamp`, received at the same instant) are ordered by
/// their fields. Which of the two wins matters little; that every reader picks the same one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallRecord {
    /// The record's own time, in whole seconds: about when the call ended.
    pub timestamp: Timestamp,
    /// How the call ended.
    pub disposition: Disposition,
    /// The times of the session; `None` when the record has no session.
    pub session: Option<SessionTimes>,
    /// Seconds on the platform, unanswered ones included.
    pub duration: Option<u32>,
    /// Answered seconds.
    pub billsec: Option<u32>,
}

/// The times in the session of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionTimes {
    /// When the call started.
    pub started_at: Option<Timestamp>,
    /// When it was answered; `None` = never.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// A time of the platform, in milliseconds since 1970; `None` for 0, which is how it writes "never", and for what
/// is no time at all.
#[must_use]
pub fn platform_instant(milliseconds: i64) -> Option<Timestamp> {
    if milliseconds > 0 { Timestamp::from_millisecond(milliseconds).ok() } else { None }
}
