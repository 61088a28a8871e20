//! The program as an operator meets it: its commands, its settings, its exit codes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; clippy sees tests, not what they share"
)]

mod agreement;
mod applying;
mod away;
mod backing_up;
mod crash;
mod doctoring;
mod explaining;
mod feeding;
mod formatting;
mod guide;
mod help;
#[cfg(feature = "test-clock")]
mod hours;
mod installation;
mod journeys;
mod linting;
mod listening;
mod mariadb;
mod organizations;
mod outage;
mod outage_of_writes;
mod people;
mod program;
mod reported_without;
mod serving;
mod settings;
mod storm;
mod together;
mod tracing;
mod watching;
mod working;
