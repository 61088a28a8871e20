//! The call of the platform's reference, §12: a number of ours, a ring group, answered, hung up.

use cloudonix::webhook::{CallKey, CallRecord, Direction, Disposition, Meaning, Progress, Report, SessionUpdate};
use serde_json::{Value, json};

use crate::{one, read, record, update, with};

const TOKEN: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";

fn step(status: &str, seconds: u32, event: u32, answered: Value, ended: Value) -> Value {
    let at = format!("2026-01-01T00:{:02}:{:02}.000Z", seconds / 60, seconds % 60);
    let changed = json!({
        "status": status, "modifiedAt": at, "eventId": format!("event-{event}"), "direction": "incoming",
        "callerId": "+15550123", "destination": "+15550100", "outgoingSubscriberId": null,
    });
    let mut step = with(update(), &changed);
    step["callAnswerTime"] = answered;
    step["answerTime"] = Value::Null;
    step["callEndTime"] = ended;
    step
}

#[test]
fn every_report_of_a_call_names_the_same_call_and_moves_it_on() {
    let answered = json!(1_767_225_606_900_i64);
    let steps = [
        step("new", 0, 1, Value::Null, Value::Null),
        step("processing", 0, 2, json!(0), Value::Null),
        step("ringing", 1, 3, Value::Null, Value::Null),
        step("ringing", 1, 3, Value::Null, Value::Null),
        step("connected", 7, 4, answered.clone(), Value::Null),
        step("answer", 67, 5, answered, json!(1_767_225_667_000_i64)),
    ];
    let updates: Vec<SessionUpdate> = steps.iter().map(one).collect();
    let told = |update: &SessionUpdate| (update.status.meaning(), update.times.answered_at.is_some());
    assert_eq!(
        updates.iter().map(told).collect::<Vec<_>>(),
        [
            (Meaning::Live(Progress::Initiated), false),
            (Meaning::Live(Progress::Initiated), false),
            (Meaning::Live(Progress::Ringing), false),
            (Meaning::Live(Progress::Ringing), false),
            (Meaning::Live(Progress::Answered), true),
            (Meaning::Ended(Disposition::Answered), true),
        ]
    );
    for update in &updates {
        assert_eq!(update.key, CallKey::Token(TOKEN.to_owned()));
        assert_eq!(update.direction, Some(Direction::Inbound));
        assert_eq!(update.passed_over(), []);
    }

    // Only the repeated one is a repetition.
    let keys: Vec<_> = updates.iter().map(|update| update.delivery_key(None, 0).unwrap()).collect();
    let twins: Vec<_> = (0..6).flat_map(|one| (0..one).map(move |other| (one, other))).collect();
    for (one, other) in twins {
        assert_eq!(keys[one] == keys[other], (one, other) == (3, 2), "{one}, {other}");
    }

    let record: CallRecord = one(&record());
    assert_eq!(record.key, updates[0].key);
    assert_eq!((record.duration, record.billsec, record.disposition), (Some(67), Some(60), Disposition::Answered));
}

#[test]
fn a_batch_is_one_delivery_of_several_reports() {
    let batch = json!([step("new", 0, 1, Value::Null, Value::Null), step("ringing", 1, 2, Value::Null, Value::Null),]);
    let updates = read::<SessionUpdate>(batch.to_string()).unwrap();
    assert_eq!(updates.iter().map(|update| update.status.as_str()).collect::<Vec<_>>(), ["new", "ringing"]);
}
