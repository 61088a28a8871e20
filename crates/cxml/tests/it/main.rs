//! The crate from outside: what is written, what is read, what is refused, and what holds for every document.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; clippy sees tests, not what they share"
)]

mod errors;
mod examples;
mod golden;
mod laws;
mod letter_case;
mod limits;
mod strategy;
mod values;
