//! What the platform's documents show, and what is read of it.

use cloudonix::webhook::{CallRecord, ConferenceEvent, RecordingEvent, SessionUpdate};

use crate::read;

#[test]
fn session_update() {
    insta::assert_debug_snapshot!(read::<SessionUpdate>(include_str!("fixtures/session-update.json")).unwrap());
}

#[test]
fn session_as_the_rest_interface_describes_it() {
    insta::assert_debug_snapshot!(read::<SessionUpdate>(include_str!("fixtures/session-rest.json")).unwrap());
}

#[test]
fn call_record() {
    insta::assert_debug_snapshot!(read::<CallRecord>(include_str!("fixtures/cdr.json")).unwrap());
}

#[test]
fn call_record_without_a_session() {
    insta::assert_debug_snapshot!(read::<CallRecord>(include_str!("fixtures/cdr-sparse.json")).unwrap());
}

#[test]
fn recording() {
    insta::assert_debug_snapshot!(read::<RecordingEvent>(include_str!("fixtures/recording.json")).unwrap());
}

#[test]
fn conference() {
    insta::assert_debug_snapshot!(read::<ConferenceEvent>(include_str!("fixtures/conference.json")).unwrap());
}
