#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! [`Exchange::place`] places a [`Call`] with [`People`] and gives a [`Transcript`]. [`Settings`] say which application is
//! called and as which domain; [`Switches`] hold what nobody has verified about the platform, each with its default.
//!
//! # What must stay absent
//!
//! The application that is called. This crate judges it, so it knows the platform's documentation and nothing else. And the
//! clock of the machine, which only the program reads: a call lasts as long as its script says, and two calls of the same script are the same call.

mod call;
mod clock;
mod dial_status;
mod exchange;
mod http;
mod people;
mod player;
mod request;
mod settings;
mod switches;
mod transcript;

pub use call::{Call, Direction};
pub use clock::{Moment, Span};
pub use dial_status::DialStatus;
pub use exchange::{Exchange, SettingsError};
pub use http::Fault;
pub use people::{Act, Callee, FORMS, People, Room, ScriptError, Then};
pub use settings::{Application, Pace, Settings};
pub use switches::{EmptyDigits, Failure, RejectCodes, ReportTime, Switches, Unanswered};
pub use transcript::{Answer, Disposition, End, Event, Line, RoundTrip, SessionStatus, Transcript, Why};
