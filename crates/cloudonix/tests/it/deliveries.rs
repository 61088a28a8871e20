//! By what a repeated delivery is known.

use cloudonix::webhook::{CallRecord, ConferenceEvent, Payload, RecordingEvent, Report, SessionUpdate};
use serde_json::{Value, json};

use crate::{one, record, update, with};

fn key<R: Report>(body: &Value, sent: Option<&str>, index: usize) -> Option<String> {
    one::<R>(body).delivery_key(sent, index).map(|key| key.as_str().to_owned())
}

#[test]
fn the_sender_goes_first_then_the_report_then_what_it_says() {
    let anonymous = with(update(), &json!({"eventId": null}));
    for (body, sent, index, expected) in [
        (update(), Some("k-1"), 0, r#"["sent","k-1"]"#),
        (update(), Some("k-1"), 2, r#"["sent","k-1",2]"#),
        (update(), Some(" "), 0, r#"["event","0a6c8a0e-4a4b-4a41-9a3e-6b3f6f2f5b11"]"#),
        (update(), None, 1, r#"["event","0a6c8a0e-4a4b-4a41-9a3e-6b3f6f2f5b11",1]"#),
        (
            anonymous.clone(),
            None,
            0,
            r#"["session","5b1f0c7e9a2d4f36b8e1c0d9a7f64312","connected","2026-01-01T00:00:07.004Z"]"#,
        ),
        (anonymous, Some("k-1"), 0, r#"["sent","k-1"]"#),
    ] {
        assert_eq!(key::<SessionUpdate>(&body, sent, index).as_deref(), Some(expected));
    }
}

#[test]
fn a_record_is_known_by_its_call_its_disposition_and_its_time() {
    let of = |changes: Value| key::<CallRecord>(&with(record(), &changes), None, 0).unwrap();
    let first = of(json!({}));
    assert_eq!(first, r#"["record","5b1f0c7e9a2d4f36b8e1c0d9a7f64312","ANSWER","2026-01-01T00:01:07Z"]"#);
    assert_eq!(of(json!({"duration": 68, "timestamp": "1767225667"})), first, "what else it says does not matter");
    assert_ne!(of(json!({"timestamp": 1_767_225_668})), first);
    assert_ne!(of(json!({"disposition": "BUSY"})), first);
    assert_eq!(
        of(json!({"session": null})),
        r#"["record","a84b4c76e66710@203.0.113.9:5060","ANSWER","2026-01-01T00:01:07Z"]"#
    );
}

#[test]
fn an_update_without_a_time_is_known_by_the_times_it_tells() {
    let base =
        with(update(), &json!({"eventId": null, "modifiedAt": null, "answerTime": null, "callAnswerTime": null}));
    let answered = with(base.clone(), &json!({"callAnswerTime": 1_767_225_606_980_i64}));
    assert_eq!(key::<SessionUpdate>(&base, None, 0), key::<SessionUpdate>(&base, None, 0));
    assert_ne!(key::<SessionUpdate>(&base, None, 0), key::<SessionUpdate>(&answered, None, 0));
}

#[test]
fn no_fact_can_look_like_two() {
    let of = |token: &str, status: &str| {
        let body = json!({"token": token, "status": status, "modifiedAt": 1_767_225_600});
        key::<SessionUpdate>(&body, None, 0)
    };
    assert_ne!(of(r#"a","b"#, "new"), of("a", r#"b","new"#));
    assert_ne!(key::<SessionUpdate>(&update(), Some(r#"a",1"#), 0), key::<SessionUpdate>(&update(), Some("a"), 1));
}

#[test]
fn the_same_join_may_happen_twice() {
    let join = json!({"StatusCallbackEvent": "participant-join", "Session": "s"});
    assert_eq!(key::<ConferenceEvent>(&join, None, 0), None);
    assert!(key::<ConferenceEvent>(&join, Some("k"), 0).is_some());
    assert!(key::<ConferenceEvent>(&with(join.clone(), &json!({"eventId": "e"})), None, 0).is_some());
    let numbered =
        |number: u32| key::<ConferenceEvent>(&with(join.clone(), &json!({"SequenceNumber": number})), None, 0);
    assert!(numbered(1).is_some());
    assert_ne!(numbered(1), numbered(2));
}

#[test]
fn a_recording_is_there_once() {
    let of = |pairs: &[(&str, &str)]| {
        let events = Payload::from_pairs(pairs.iter().copied()).read::<RecordingEvent>().unwrap();
        events[0].delivery_key(None, 0).unwrap()
    };
    let there = [("RecordingStatus", "completed"), ("RecordingUrl", "https://m.example/1.mp3"), ("Session", "s")];
    let again = [("url", "https://m.example/1.mp3"), ("status", "Completed"), ("session.token", "s")];
    assert_eq!(of(&there), of(&again));
    assert_ne!(of(&there), of(&[("RecordingStatus", "in-progress"), ("Session", "s")]));
}
