//! What is known of a call, from messages that arrive late, twice, or in the wrong order.
//!
//! The platform promises no order. So a call is not a machine that messages push from state to state: it is a heap
//! of *evidence*, and what is shown is read off the heap. Adding evidence is a join: commutative, associative and
//! idempotent. From that alone it follows that any order and any repetition of the same messages ends in the same
//! call, and that two rows found to be one call can be joined too ([`CallState::merge`]).
//!
//! Each piece of evidence has its rule for which of two counts:
//!
//! | evidence | kept |
//! |---|---|
//! | how far it came while live | the furthest |
//! | start, answer, end, first message | the earliest: a call starts, is answered and ends once; the rest are echoes |
//! | last message | the latest |
//! | which end | the earliest end event; equal times by content |
//! | the record | the earliest by its own `timestamp`; equal ones by arrival, then by content |
//!
//! "The first record wins" cannot mean the first that was *applied*: then two nodes, or a journal read twice, could
//! disagree for ever. The record's own time is the same wherever it is read. A record, once there, speaks before all
//! events.

mod event;
mod state;
mod words;

#[cfg(test)]
mod tests;

pub use self::event::{CallEvent, CallRecord, EventKind, SessionTimes, StatusEvent, platform_instant};
pub(crate) use self::state::earliest;
pub use self::state::{CallState, Change, End, advance};
pub use self::words::{CallDirection, CallStatus, Disposition, Ending, PlatformStatus, Progress};
