//! The crate from outside: what is written, what is read, what is refused, and what holds for every document.

mod errors;
mod examples;
mod golden;
mod laws;
mod letter_case;
mod limits;
mod strategy;
mod values;
