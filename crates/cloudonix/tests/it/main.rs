//! The crate from outside: the platform's examples, odd spellings, what is refused, and what holds for everything.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails; clippy sees tests, not what they share"
)]

mod deliveries;
mod examples;
mod journey;
mod laws;
mod refusals;
mod spellings;

use cloudonix::webhook::{Payload, ReadError, Report};
use serde_json::Value;

/// Reads a body as reports of one kind.
fn read<R: Report>(body: impl AsRef<[u8]>) -> Result<Vec<R>, ReadError> {
    Payload::from_json(body.as_ref())?.read()
}

/// Reads the only report of a body.
fn one<R: Report>(body: &Value) -> R {
    let mut reports = read(body.to_string()).unwrap();
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

/// A value with some fields changed, removed where they are `null`.
fn with(mut base: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
    base
}

/// The update of the platform's reference.
fn update() -> Value {
    serde_json::from_str(include_str!("fixtures/session-update.json")).unwrap()
}

/// The record of the platform's reference.
fn record() -> Value {
    serde_json::from_str(include_str!("fixtures/cdr.json")).unwrap()
}
