//! What happened in a call: as types, as text that reads like a phone call, and as JSON.

mod end;
mod event;
mod round_trip;
mod text;

use serde::Serialize;

pub use end::{Disposition, End, SessionStatus};
pub use event::Event;
pub use round_trip::{Answer, RoundTrip, Why};

use crate::call::Call;
use crate::clock::Moment;

/// A call from beginning to end. `Display` writes it line by line; `serde` writes it as JSON, requests and documents included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Transcript {
    /// The call that was placed.
    pub call: Call,
    /// Its session token.
    pub session: String,
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// Every request with its answer, in order.
    pub requests: Vec<RoundTrip>,
    /// How it came out.
    pub end: End,
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// When, in seconds since the call began.
    pub at: Moment,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

impl Transcript {
    /// The events without their times.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.lines.iter().map(|line| &line.event)
    }

    /// The bodies that answered requests for documents, in order, readable or not.
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        self.requests
            .iter()
            .filter(|request| request.why.wants_document())
            .filter_map(|request| Some(request.answer.as_ref()?.body.as_str()))
    }

    /// Everything that was spoken to the caller, in order.
    pub fn heard(&self) -> impl Iterator<Item = &str> {
        self.events().filter_map(|event| match event {
            Event::Hears { text, .. } => Some(text.as_str()),
            _ => None,
        })
    }

    /// Who was rung: each `Dial` with its numbers and addresses.
    pub fn rang(&self) -> impl Iterator<Item = &[String]> {
        self.events().filter_map(|event| match event {
            Event::Rings { whom, .. } => Some(whom.as_slice()),
            _ => None,
        })
    }

    /// Who answered, in order.
    pub fn answered(&self) -> impl Iterator<Item = &str> {
        self.events().filter_map(|event| match event {
            Event::CalleeAnswers { whom } => Some(whom.as_str()),
            _ => None,
        })
    }
}
