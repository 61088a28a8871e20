//! What holds for everything that can be delivered.

use cloudonix::webhook::{
    CallRecord, ConferenceEvent, LONGEST_TEXT, Payload, ReadError, RecordingEvent, Report, SessionStatus, SessionUpdate,
};
use jiff::Timestamp;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::read;

/// Names that are looked for, some of them misspelt, and one that is not.
const NAMES: &[&str] = &[
    "id",
    "token",
    "eventId",
    "domainId",
    "domain",
    "owner",
    "name",
    "uuid",
    "subscriberId",
    "callerId",
    "destination",
    "direction",
    "status",
    "createdAt",
    "modified_at",
    "callStartTime",
    "CallAnswerTime",
    "callEndTime",
    "startTime",
    "answerTime",
    "endTime",
    "timeLimit",
    "vappServer",
    "action",
    "reason",
    "callIds",
    "profile",
    "qos",
    "rx_mos",
    "ssrc",
    "timestamp",
    "call_id",
    "callId",
    "session",
    "from",
    "to",
    "disposition",
    "duration",
    "billsec",
    "subscriber",
    "cx_trunk_id",
    "application",
    "rated_cost",
    "sell-cost",
    "recording_url",
    "RecordingUrl",
    "RecordingStatus",
    "url",
    "RecordingDuration",
    "CallSid",
    "Session",
    "StatusCallbackEvent",
    "SequenceNumber",
    "Digits",
    "anything",
];

/// Texts that are read as something, or nearly.
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "NaN",
    "null",
    "67",
    "1e400",
    "1767225600",
    "1767225600123",
    "99999999999999999999",
    "2026-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "0000-00-00 00:00:00",
    "-009999-01-01T00:00:00Z",
    "ringing",
    "ANSWER",
    "completed",
    "participant-join",
    "https://m.example/1",
    "http://",
    "{",
    "\u{0}",
    "é\u{301}🎉",
];

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (1_767_225_600_000_i64..1_767_312_000_000).prop_map(Value::from),
        select(TEXTS).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ]
}

/// Any JSON, with names that are looked for.
fn any_json() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(4, 64, 12, |inner| {
        let name = prop_oneof![9 => select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            3 => btree_map(name, inner.clone(), 0..12).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            1 => vec(inner, 0..4).prop_map(Value::from),
        ]
    })
}

/// What is read has a key and keeps within its limits; what is refused says why.
fn read_or_refused<R: Report>(payload: &Payload) -> Result<Option<Vec<R>>, TestCaseError> {
    match payload.read::<R>() {
        Ok(reports) => {
            prop_assert!(!reports.is_empty());
            for (index, report) in reports.iter().enumerate() {
                let sent = report.delivery_key(Some("k"), index);
                prop_assert!(sent.is_some());
                for fault in report.passed_over() {
                    prop_assert!(!fault.field.is_empty() && fault.to_string().len() < 1000, "{fault}");
                }
            }
            Ok(Some(reports))
        }
        Err(error) => {
            prop_assert!(matches!(error, ReadError::Field { .. }), "{error:?}");
            prop_assert!(error.to_string().contains('`'));
            Ok(None)
        }
    }
}

fn all_kinds(payload: &Payload) -> Result<(), TestCaseError> {
    for update in read_or_refused::<SessionUpdate>(payload)?.unwrap_or_default() {
        prop_assert!(update.delivery_key(None, 0).is_some());
        for text in [&update.token, &update.caller_id, &update.destination, &update.reason].into_iter().flatten() {
            let is_clean = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
            prop_assert!(is_clean && text.chars().count() <= LONGEST_TEXT, "{text:?}");
        }
    }
    for record in read_or_refused::<CallRecord>(payload)?.unwrap_or_default() {
        prop_assert!(record.delivery_key(None, 0).is_some());
        prop_assert!(record.timestamp > Timestamp::UNIX_EPOCH);
        prop_assert!(record.key.as_str().chars().count() <= LONGEST_TEXT);
    }
    for event in read_or_refused::<RecordingEvent>(payload)?.unwrap_or_default() {
        prop_assert!(event.delivery_key(None, 0).is_some());
    }
    for event in read_or_refused::<ConferenceEvent>(payload)?.unwrap_or_default() {
        prop_assert!(event.session.is_some() || !event.kind.is_about_one());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        if let Ok(payload) = Payload::from_json(value.to_string().as_bytes()) {
            all_kinds(&payload)?;
        }
    }

    #[test]
    fn any_object_is_read_or_refused(fields in btree_map(select(NAMES), any_json(), 0..16)) {
        let object: Map<String, Value> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let body = Value::Object(object).to_string();
        all_kinds(&Payload::from_json(body.as_bytes()).unwrap())?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64), text in any::<String>()) {
        for body in [bytes.as_slice(), text.as_bytes()] {
            match Payload::from_json(body) {
                Ok(payload) => all_kinds(&payload)?,
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn a_damaged_body_is_read_or_refused(
        update in update(),
        style in style(),
        place in any::<prop::sample::Index>(),
        length in 0_usize..8,
        put in select(vec!["", "NaN", "\"", "\\", "\\ud83d", "}", "]", ",", "null", "\u{1}", "-Infinity", "9"]),
    ) {
        let mut body = write_update(&update, style);
        let start = body.floor_char_boundary(place.index(body.len()));
        let end = body.ceil_char_boundary((start + length).min(body.len()));
        body.replace_range(start..end, put);
        if let Ok(payload) = Payload::from_json(body.as_bytes()) {
            all_kinds(&payload)?;
        }
    }

    #[test]
    fn any_form_is_read_or_refused(pairs in vec((select(NAMES), any::<String>()), 0..12)) {
        all_kinds(&Payload::from_pairs(pairs))?;
    }

    #[test]
    fn reading_is_a_function_of_the_body(value in any_json()) {
        let body = value.to_string();
        prop_assert_eq!(read::<SessionUpdate>(&body), read::<SessionUpdate>(&body));
        prop_assert_eq!(read::<CallRecord>(&body), read::<CallRecord>(&body));
    }

    #[test]
    fn an_update_is_read_as_it_was_meant_however_it_is_written(update in update(), style in style()) {
        let body = write_update(&update, style);
        let read = read::<SessionUpdate>(&body).unwrap();
        prop_assert_eq!(read.len(), 1);
        let read = &read[0];
        prop_assert_eq!(read.passed_over(), [], "{}", body);
        prop_assert_eq!(read.token.as_deref(), Some(update.token.as_str()), "{}", body);
        prop_assert_eq!(read.id, update.id);
        prop_assert_eq!(&read.caller_id, &update.caller_id);
        prop_assert_eq!(read.status, update.status);
        prop_assert_eq!(read.time_limit, update.time_limit);
        prop_assert_eq!(read.modified_at, Some(update.modified_at), "{}", body);
        prop_assert_eq!(read.times.started_at, Some(update.started_at), "{}", body);
        prop_assert_eq!(read.times.answered_at, update.answered_at, "{}", body);
        prop_assert_eq!(&read.call_ids, &update.call_ids);
        // However it is written, it is one delivery.
        let plain = crate::read::<SessionUpdate>(write_update(&update, Style::default())).unwrap();
        prop_assert_eq!(read.delivery_key(None, 0), plain[0].delivery_key(None, 0));
    }
}

/// What an update is meant to say.
#[derive(Clone, Debug)]
struct Meant {
    token: String,
    id: Option<u64>,
    caller_id: Option<String>,
    status: SessionStatus,
    modified_at: Timestamp,
    started_at: Timestamp,
    answered_at: Option<Timestamp>,
    time_limit: Option<u32>,
    call_ids: Vec<String>,
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default)]
struct Style {
    numbers_as_texts: bool,
    snake_case: bool,
    in_a_list: bool,
    upper_case: bool,
    nothing: Nothing,
    times: Times,
}

#[derive(Clone, Copy, Debug, Default)]
enum Nothing {
    #[default]
    Null,
    Absent,
    Blank,
}

#[derive(Clone, Copy, Debug, Default)]
enum Times {
    #[default]
    Milliseconds,
    Seconds,
    Text,
}

fn style() -> impl Strategy<Value = Style> {
    let nothing = select(vec![Nothing::Null, Nothing::Absent, Nothing::Blank]);
    let times = select(vec![Times::Milliseconds, Times::Seconds, Times::Text]);
    (any::<[bool; 4]>(), nothing, times).prop_map(|(flags, nothing, times)| {
        let [numbers_as_texts, snake_case, in_a_list, upper_case] = flags;
        Style { numbers_as_texts, snake_case, in_a_list, upper_case, nothing, times }
    })
}

fn update() -> impl Strategy<Value = Meant> {
    let moment = || (946_684_800_000_i64..4_102_444_800_000).prop_map(|at| Timestamp::from_millisecond(at).unwrap());
    let times = (moment(), moment(), option::of(moment()));
    let status = select(SessionStatus::ALL[..13].to_vec());
    let names =
        ("[0-9a-f]{32}", option::of(any::<u64>()), option::of("\\+?[1-9][0-9]{2,14}"), vec("[a-z0-9@.:]{1,40}", 0..4));
    (names, status, times, option::of(0_u32..86_400)).prop_map(
        |((token, id, caller_id, call_ids), status, (modified_at, started_at, answered_at), time_limit)| Meant {
            token,
            id,
            caller_id,
            status,
            modified_at,
            started_at,
            answered_at,
            time_limit,
            call_ids,
        },
    )
}

fn write_update(meant: &Meant, style: Style) -> String {
    let number = |number: Option<u64>| match number {
        Some(number) if style.numbers_as_texts => json!(number.to_string()),
        number => json!(number),
    };
    let time = |time: Timestamp| match style.times {
        Times::Milliseconds => number(u64::try_from(time.as_millisecond()).ok()),
        // Both as JSON writes them: 1767225606.98.
        Times::Seconds => {
            let (seconds, rest) = (time.as_second(), time.subsec_millisecond());
            let text = format!("{seconds}.{rest:03}");
            if style.numbers_as_texts { json!(text) } else { serde_json::from_str(&text).unwrap() }
        }
        Times::Text => json!(time.to_string()),
    };
    let status = if style.upper_case { meant.status.as_str().to_uppercase() } else { meant.status.as_str().to_owned() };
    let fields = [
        ("token", "token", json!(meant.token)),
        ("id", "id", number(meant.id)),
        ("callerId", "caller_id", json!(meant.caller_id)),
        ("status", "status", json!(status)),
        ("modifiedAt", "modified_at", time(meant.modified_at)),
        ("callStartTime", "call_start_time", time(meant.started_at)),
        ("callAnswerTime", "call_answer_time", meant.answered_at.map_or(Value::Null, time)),
        ("timeLimit", "time_limit", number(meant.time_limit.map(u64::from))),
        ("callIds", "call_ids", json!(meant.call_ids)),
    ];
    let mut object = Map::new();
    for (camel, snake, value) in fields {
        let name = if style.snake_case { snake } else { camel };
        match (&value, style.nothing) {
            (Value::Null, Nothing::Absent) => {}
            (Value::Null, Nothing::Blank) => drop(object.insert(name.to_owned(), json!(""))),
            _ => drop(object.insert(name.to_owned(), value)),
        }
    }
    if style.in_a_list { json!([object]).to_string() } else { Value::Object(object).to_string() }
}
