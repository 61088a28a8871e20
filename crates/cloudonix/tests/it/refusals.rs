//! What cannot be used, and how the error says so.

use cloudonix::webhook::{CallRecord, ConferenceEvent, Payload, ReadError, RecordingEvent, Report, SessionUpdate};
use serde_json::{Value, json};

use crate::{read, record, update, with};

fn refused<R: Report>(body: &Value) -> String {
    match read::<R>(body.to_string()) {
        Ok(_) => panic!("read: {body}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_no_report() {
    for (body, error) in [
        ("", "the body is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{", "the body is not JSON: EOF while parsing an object at line 1 column 1"),
        ("{} {}", "the body is not JSON: trailing characters at line 1 column 4"),
        ("nonsense", "the body is not JSON: expected ident at line 1 column 2"),
        ("<Response/>", "the body is not JSON: expected value at line 1 column 1"),
        ("null", "the body is null, where an object or a list of objects is expected"),
        ("\"{}\"", "the body is a text, where an object or a list of objects is expected"),
        ("NaN", "the body is null, where an object or a list of objects is expected"),
        ("[]", "the list of reports is empty"),
        ("[{}, 7]", "report 1 is a number, where an object is expected"),
        ("[[{}]]", "report 0 is a list, where an object is expected"),
    ] {
        assert_eq!(Payload::from_json(body.as_bytes()).unwrap_err().to_string(), error, "{body}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(Payload::from_json(deep.as_bytes()), Err(ReadError::NotJson { .. })));
}

#[test]
fn an_update_names_its_call_and_its_status() {
    for (changes, error) in [
        (json!({"status": null}), "`status` is missing"),
        (json!({"status": " "}), "`status` is missing"),
        (json!({"status": {"now": "new"}}), "`status` is an object, where a text is expected"),
        (json!({"token": null, "id": null, "callIds": null}), "`token` is missing"),
        (json!({"token": "", "id": "NaN", "callIds": []}), "`token` is missing"),
    ] {
        assert_eq!(refused::<SessionUpdate>(&with(update(), &changes)), error);
    }
    assert_eq!(refused::<SessionUpdate>(&json!({})), "`status` is missing");
    assert_eq!(refused::<SessionUpdate>(&json!([update(), {"token": "x"}])), "report 1: `status` is missing");
}

#[test]
fn a_record_names_its_call_its_time_and_its_disposition() {
    for (changes, error) in [
        (json!({"disposition": null}), "`disposition` is missing"),
        (json!({"timestamp": null}), "`timestamp` is missing"),
        (json!({"timestamp": 0}), "`timestamp` is missing"),
        (json!({"timestamp": "soon"}), "`timestamp` is \"soon\", where a time is expected"),
        (json!({"timestamp": [1]}), "`timestamp` is a list, where a time is expected"),
        (json!({"call_id": null, "session": null}), "`call_id` is missing"),
        (json!({"call_id": null, "session": {"status": "answer"}}), "`call_id` is missing"),
    ] {
        assert_eq!(refused::<CallRecord>(&with(record(), &changes)), error);
    }
}

#[test]
fn a_recording_says_what_became_of_it() {
    for (body, error) in [
        (json!({}), "`RecordingStatus` is missing"),
        (json!({"RecordingStatus": "completed"}), "`RecordingUrl` is missing"),
        (
            json!({"RecordingStatus": "paused"}),
            "`RecordingStatus` is \"paused\", where in-progress, completed, absent or failed is expected",
        ),
        (
            json!({"RecordingStatus": "completed", "RecordingUrl": "file:///etc/passwd"}),
            "`RecordingUrl` is another text, where an address with http:// or https:// is expected",
        ),
    ] {
        assert_eq!(refused::<RecordingEvent>(&body), error);
    }
}

#[test]
fn a_conference_says_what_happened_and_to_whom() {
    assert_eq!(refused::<ConferenceEvent>(&json!({"Session": "s"})), "`StatusCallbackEvent` is missing");
    for event in ["participant-join", "leave", "participant-mute", "dtmf"] {
        assert_eq!(refused::<ConferenceEvent>(&json!({"StatusCallbackEvent": event})), "`Session` is missing");
    }
    for event in ["conference-start", "conference-end", "speaker", "reshuffle"] {
        assert!(read::<ConferenceEvent>(json!({"StatusCallbackEvent": event}).to_string()).is_ok(), "{event}");
    }
}

#[test]
fn an_identifier_that_is_too_long_is_not_cut() {
    let body = with(update(), &json!({"token": "x".repeat(256), "callIds": null, "id": null}));
    assert_eq!(refused::<SessionUpdate>(&body), "`token` is longer than 255 characters");
    let body = with(update(), &json!({"token": "x".repeat(256)}));
    let updates = read::<SessionUpdate>(body.to_string()).unwrap();
    assert_eq!(updates[0].key.as_str(), "a84b4c76e66710");
    assert_eq!(updates[0].passed_over[0].to_string(), "`token` is longer than 255 characters");
}
