//! The life of a call record: one call, one row, whatever the platform says of it and in which order.
//!
//! Three kinds of [`Fact`] tell of a call: the platform reports where it is ([`StateReport`]), the platform accounts for
//! it when it is over ([`FinalRecord`]), and our own steps say where it was sent and how that came out ([`RoutedStep`]).
//! A [`CallLog`] is the evidence of all of them, and what people see is read off it.
//!
//! As with [`call_state`](crate::call_state), which it extends: adding a fact is a join, so any order and any repetition
//! of the same facts end in the same row, and two rows that turn out to be one call are joined as they are.
//!
//! | evidence | kept |
//! |---|---|
//! | status and times | as [`CallState`](crate::call_state::CallState) says |
//! | who called whom, which way, over which number | what was said earliest, by the time of what says it |
//! | the record with its names, costs and payload | the earliest by its own time, as in the state |
//! | a dial | what was said earliest of its beginning, and of its end |
//!
//! What the record names goes before what reports and steps name; what it leaves out, they fill in.

mod erased;
mod evidence;
mod fact;
mod legs;
mod log;
mod missed;
mod routed;

#[cfg(test)]
mod tests;

pub use self::erased::Erased;
pub use self::evidence::{CallLog, RecordKept, Said, Told};
pub use self::fact::{CallKey, CallKeys, Fact, FinalRecord, Named, Parties, RoutedStep, StateReport};
pub use self::legs::{Dial, DialEnd, DialKey, DialStart, Leg, LegResult, PhoneKind, RungPhone, Via, ViaKind};
pub use self::routed::KeyOfDial;
