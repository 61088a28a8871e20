//! The server as the platform meets it: requests through the whole router, documents and refusals back.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; clippy sees tests, not what they share"
)]

mod api;
mod authentication;
mod bench;
mod caps;
mod captured_call;
mod effects;
mod explained;
mod failures;
mod figures;
mod health;
mod limits;
mod live;
mod mariadb;
mod numbering;
mod office;
mod readers;
mod recorded;
mod replay;
mod reports;
mod silence;
mod smtp;
mod steps;
mod stored;
mod strangers;
mod turns;
