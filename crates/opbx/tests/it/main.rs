//! The program as an operator meets it: its commands, its settings, its exit codes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; clippy sees tests, not what they share"
)]

mod applying;
mod backing_up;
mod doctoring;
mod explaining;
mod formatting;
mod help;
mod journeys;
mod linting;
mod organizations;
mod program;
mod serving;
mod settings;
mod watching;
