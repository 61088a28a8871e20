//! The exchange from outside: real HTTP to a server with scripted answers, and what comes of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails; clippy sees tests, not what they share")]

mod conference;
mod dial;
mod failures;
mod flow;
mod gather;
mod journeys;
mod laws;
mod media;
mod program;
mod record;
mod requests;
mod script;
mod server;
mod sound;
mod stage;
