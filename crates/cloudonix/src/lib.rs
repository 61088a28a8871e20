#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! Everything is in [`webhook`]: [`Payload`](webhook::Payload) is what was delivered, and reads itself as
//! [`SessionUpdate`](webhook::SessionUpdate), [`CallRecord`](webhook::CallRecord),
//! [`RecordingEvent`](webhook::RecordingEvent) or [`ConferenceEvent`](webhook::ConferenceEvent).
//!
//! # What must stay absent
//!
//! From `webhook`: files, sockets, clocks, loggers. And from the whole crate: who receives the reports, and what for.

pub mod webhook;
