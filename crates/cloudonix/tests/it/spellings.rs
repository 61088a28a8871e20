//! The same thing, written in every way that is known or feared.

use cloudonix::webhook::{
    CallKey, CallRecord, ConferenceEvent, ConferenceEventKind, Direction, Disposition, Millionths, Payload,
    RecordingEvent, RecordingOutcome, SessionStatus, SessionUpdate,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{one, read, record, update, with};

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn an_update_is_the_same_in_every_spelling() {
    let expected: SessionUpdate = one(&update());
    let snake = json!({
        "id": "30112233", "token": "5b1f0c7e9a2d4f36b8e1c0d9a7f64312",
        "event_id": "0a6c8a0e-4a4b-4a41-9a3e-6b3f6f2f5b11",
        "domain_id": "4321", "domain": {"name": "acme.cloudonix.net"},
        "subscriber_id": "250002", "outgoing_subscriber_id": 250_001.0,
        "caller_id": 1004, "destination": 1002, "direction": "Internal", "status": "connected",
        "created_at": "2026-01-01 00:00:00.123", "modified_at": "2026-01-01T01:00:07.004+01:00",
        "call_start_time": "1767225600123", "call_answer_time": 1_767_225_606.98,
        "time_limit": "", "vapp_server": "172.20.1.15", "action": "update",
        "call_ids": ["a84b4c76e66710", "b95c5d87f77821", null, ""], "qos": "NaN", "unknown": {"deep": [1, 2]},
    });
    assert_eq!(one::<SessionUpdate>(&snake), expected);
    assert_eq!(one::<SessionUpdate>(&json!([snake])), expected);
    let with_mark = format!("\u{feff} {}\n", update());
    assert_eq!(read::<SessionUpdate>(with_mark).unwrap(), [expected]);
}

#[test]
fn times_of_either_kind_and_never() {
    let times = |changes: Value| one::<SessionUpdate>(&with(update(), &changes)).times;
    for never in [json!(0), json!("0"), json!("")] {
        let times = times(json!({"callAnswerTime": never, "answerTime": null}));
        assert_eq!(times.answered_at, None, "{never}");
    }
    let from_text = times(json!({"callAnswerTime": null, "answerTime": "2026-01-01T00:00:06.980Z"}));
    assert_eq!(from_text.answered_at, Some(instant("2026-01-01T00:00:06.98Z")));
}

#[test]
fn statuses_and_directions() {
    for (status, expected) in [
        ("NEW", SessionStatus::New),
        ("Ringing", SessionStatus::Ringing),
        ("no-answer", SessionStatus::NoAnswer),
        ("CANCELED", SessionStatus::Cancel),
    ] {
        let update: SessionUpdate = one(&with(update(), &json!({"status": status})));
        assert_eq!((update.status, update.status_text.as_str()), (expected, status));
        assert_eq!(update.passed_over, []);
    }
    for (word, expected) in [
        ("incoming", Direction::Inbound),
        ("Inbound", Direction::Inbound),
        ("outgoing", Direction::Outbound),
        ("application", Direction::Outbound),
        ("internal", Direction::Internal),
    ] {
        let update: SessionUpdate = one(&with(update(), &json!({"direction": word})));
        assert_eq!(update.direction, Some(expected));
    }
}

#[test]
fn what_is_not_known_is_read_around_and_noted() {
    let changes = json!({
        "status": "parked", "direction": "sideways", "timeLimit": -5, "subscriberId": "x", "callAnswerTime": "soon",
        "answerTime": null, "profile": {"qos": 7}, "callIds": {"first": "a"}, "reason": ["why"],
    });
    let update: SessionUpdate = one(&with(update(), &changes));
    assert_eq!(update.status, SessionStatus::Unknown);
    assert_eq!(update.status_text, "parked");
    assert_eq!(update.direction, None);
    let noted: Vec<_> = update.passed_over.iter().map(ToString::to_string).collect();
    insta::assert_debug_snapshot!(noted);
}

#[test]
fn updates_without_a_token_are_known_by_what_they_have() {
    let key = |changes: Value| one::<SessionUpdate>(&with(update(), &changes)).key;
    assert_eq!(key(json!({"token": null})), CallKey::CallId("a84b4c76e66710".to_owned()));
    assert_eq!(key(json!({"token": null, "callIds": "only-one"})), CallKey::CallId("only-one".to_owned()));
    assert_eq!(key(json!({"token": null, "callIds": null})), CallKey::SessionId(30_112_233));
}

#[test]
fn a_record_is_the_same_in_every_spelling() {
    let expected: CallRecord = one(&record());
    let mut other = json!({
        "Timestamp": "1767225667", "callId": "a84b4c76e66710@203.0.113.9:5060",
        "domain": "acme.cloudonix.net",
        "owner": [{"domain": {"UUID": "2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f"}}],
        "from": 1004, "to": 1002.0, "disposition": "ANSWER", "duration": "67.2", "billsec": 59.5,
        "subscriber": {"msisdn": "1004"}, "application": {"name": "pbx-routing", "uuid": "x"}, "cxTrunkId": "null",
        "ratedCost": "0.000", "approxCost": 0.0, "sell-cost": "0", "vappServer": "172.20.1.15",
        "session": {
            "id": "30112233", "token": "5b1f0c7e9a2d4f36b8e1c0d9a7f64312", "domainId": "4321",
            "direction": "INTERNAL", "status": "Answer", "vapp_server": "172.20.1.15",
            "startTime": "2026-01-01T00:00:00.123Z", "answerTime": "2026-01-01T00:00:06.980Z",
            "call_end_time": "1767225667010",
            "profile": [{"qos": {"rtt": "0", "rxMos": "nan", "tx_mos": "4.4", "ssrc": "1f2e3d4c", "jitter": {}}}]
        }
    });
    assert_eq!(one::<CallRecord>(&other), expected);
    other["session"]["profile"] = json!("not ours");
    assert_eq!(one::<CallRecord>(&other).passed_over, [], "a profile is the customer's, of any shape");
}

#[test]
fn bare_nan_and_cut_names_cost_only_themselves() {
    // A letter of Latin-1 among it, as carriers send it.
    let body = [
        br#"{"timestamp": 1767225667, "disposition": "ANSWER", "call_id": "c", "from": "M\ud83d", "to": "M"#.as_slice(),
        b"\xfc",
        br#"ller", "rated_cost": NaN, "sell_cost": -Infinity, "duration": 5}"#,
    ]
    .concat();
    let records = read::<CallRecord>(body).unwrap();
    assert_eq!(records[0].from.as_deref(), Some("M\u{fffd}"));
    assert_eq!(records[0].to.as_deref(), Some("M\u{fffd}ller"));
    assert_eq!((records[0].cost(), records[0].duration), (None, Some(5)));
    assert_eq!(records[0].passed_over, []);
}

#[test]
fn dispositions() {
    for (word, expected, noted) in [
        ("ANSWER", Disposition::Answered, 0),
        ("ANSWERED", Disposition::Answered, 0),
        ("CONNECTED", Disposition::Answered, 0),
        ("BUSY", Disposition::Busy, 0),
        ("NOANSWER", Disposition::NoAnswer, 0),
        ("NO ANSWER", Disposition::NoAnswer, 0),
        ("CANCEL", Disposition::Canceled, 0),
        ("CONGESTION", Disposition::Failed, 0),
        ("FAILED", Disposition::Failed, 0),
        ("TELEPORTED", Disposition::Failed, 1),
    ] {
        let record: CallRecord = one(&with(record(), &json!({"disposition": word})));
        assert_eq!((record.disposition, record.disposition_text.as_str()), (expected, word));
        assert_eq!(record.passed_over.len(), noted, "{word}");
    }
}

#[test]
fn costs_are_exact_and_the_price_goes_first() {
    let cost = |changes: Value| one::<CallRecord>(&with(record(), &changes)).cost();
    assert_eq!(cost(json!({"sell_cost": 0.0125, "rated_cost": 1})), Some(Millionths::new(12_500)));
    assert_eq!(cost(json!({"sell_cost": "0.1", "rated_cost": 1})), Some(Millionths::new(100_000)));
    assert_eq!(cost(json!({"sell_cost": "NaN", "rated_cost": "1e-2"})), Some(Millionths::new(10_000)));
    assert_eq!(
        cost(json!({"sell_cost": null, "rated_cost": null, "approx_cost": 3})),
        Some(Millionths::new(3_000_000))
    );
    assert_eq!(cost(json!({"sell_cost": null, "rated_cost": null, "approx_cost": null})), None);
    assert_eq!(cost(json!({"sell_cost": 0, "rated_cost": 1})), Some(Millionths::new(0)), "free is a price");
}

#[test]
fn a_session_may_say_less_than_nothing_about_its_times() {
    let session = |session: Value| one::<CallRecord>(&with(record(), &json!({"session": session}))).session.unwrap();
    assert_eq!(session(json!({"token": "t"})).times, None);
    assert_eq!(session(json!("t")).token.as_deref(), Some("t"), "a token alone");
    assert_eq!(session(json!("t")).times, None);
    let never =
        session(json!({"token": "t", "callStartTime": 1_767_225_600_123_i64, "callAnswerTime": 0})).times.unwrap();
    assert_eq!((never.started_at.is_some(), never.answered_at), (true, None));
}

#[test]
fn a_withheld_number_is_no_number() {
    for withheld in [json!(""), json!(" "), Value::Null] {
        let record: CallRecord = one(&with(record(), &json!({"from": withheld})));
        assert_eq!(record.from, None);
    }
    let update: SessionUpdate = one(&with(update(), &json!({"callerId": "x\u{0}\n".repeat(400)})));
    assert_eq!(update.caller_id.as_deref(), Some("x".repeat(255).as_str()));
}

#[test]
fn recordings_in_every_spelling() {
    let url = "https://media.example/1.mp3";
    for body in [
        json!({"RecordingStatus": "completed", "RecordingUrl": url, "RecordingDuration": "12", "CallSid": "s"}),
        json!({"recording_status": "Completed", "recording_url": url, "recording_duration": 12, "Session": "s"}),
        json!({"status": "completed", "url": url, "duration": 12.4, "session": {"token": "s"}}),
        json!({"RecordingUrl": url, "RecordingDuration": 12, "session": [{"token": "s"}]}),
        json!([{"RecordingUrl": url, "RecordingStatus": null, "duration": "12", "session": {}, "CallSid": "s"}]),
    ] {
        let event: RecordingEvent = one(&body);
        assert!(matches!(&event.outcome, RecordingOutcome::Completed { url: told } if told.as_str() == url), "{body}");
        assert_eq!((event.duration, event.session.as_deref()), (Some(12), Some("s")), "{body}");
        assert_eq!(event.passed_over, [], "{body}");
    }
    for (word, outcome) in [
        ("in-progress", RecordingOutcome::InProgress),
        ("IN_PROGRESS", RecordingOutcome::InProgress),
        ("absent", RecordingOutcome::Absent),
        ("failed", RecordingOutcome::Failed),
    ] {
        assert_eq!(one::<RecordingEvent>(&json!({"RecordingStatus": word})).outcome, outcome);
    }
    let strange: RecordingEvent = one(&json!({"RecordingStatus": "archived", "RecordingUrl": url}));
    assert_eq!(strange.outcome.as_str(), "completed");
    assert_eq!(strange.passed_over.len(), 1);
}

#[test]
fn forms_and_queries() {
    let form = [("StatusCallbackEvent", "participant-leave"), ("Session", "s"), ("SequenceNumber", "3")];
    let events = Payload::from_pairs(form).read::<ConferenceEvent>().unwrap();
    assert_eq!((events[0].kind, events[0].session.as_deref()), (ConferenceEventKind::Leave, Some("s")));
    assert_eq!(events[0].sequence_number, Some(3));

    let nested = [("status", "new"), ("token", "t"), ("profile", r#"{"qos": {"tx_mos": 4.4}}"#), ("reason", "{so")];
    let updates = Payload::from_pairs(nested).read::<SessionUpdate>().unwrap();
    assert_eq!(updates[0].quality.as_ref().and_then(|quality| quality.tx_mos), Millionths::parse("4.4"));
    assert_eq!(updates[0].reason.as_deref(), Some("{so"));
}

#[test]
fn the_body_goes_before_the_address() {
    let body = br#"{"RecordingStatus": "absent", "session_token": "body", "RecordingDuration": null}"#;
    let query = [("RecordingStatus", "failed"), ("session.token", "query"), ("RecordingDuration", "3")];
    let events = Payload::from_json(body).unwrap().filled_from(query).read::<RecordingEvent>().unwrap();
    assert_eq!(events[0].outcome, RecordingOutcome::Absent);
    assert_eq!((events[0].session.as_deref(), events[0].duration), (Some("body"), Some(3)));
}
