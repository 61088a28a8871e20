//! The laws of evidence, and the rules one by one.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

/// `seconds` after the start of the sample call of the platform's reference.
fn t(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600).unwrap() + SignedDuration::from_secs(seconds)
}

/// A status event that happened and was received at `at`.
fn said(word: &str, at: i64) -> StatusEvent {
    StatusEvent { status: PlatformStatus::parse(word), at: t(at), started_at: None, answered_at: None, ended_at: None }
}

fn event(event: StatusEvent) -> CallEvent {
    CallEvent { received_at: event.at, kind: EventKind::Status(event) }
}

fn record(disposition: &str, timestamp: i64) -> CallRecord {
    let disposition = Disposition::from_platform(disposition);
    CallRecord { timestamp: t(timestamp), disposition, session: None, duration: None, billsec: None }
}

fn delivered(record: CallRecord, at: i64) -> CallEvent {
    CallEvent { received_at: t(at), kind: EventKind::Record(record) }
}

fn play(events: &[CallEvent]) -> CallState {
    events.iter().fold(CallState::default(), advance)
}

fn statuses(events: &[CallEvent]) -> Vec<&'static str> {
    let mut state = CallState::default();
    let mut step = |event| {
        state = advance(state, event);
        state.status().as_str()
    };
    events.iter().map(&mut step).collect()
}

#[test]
fn platform_words() {
    let read = |word| match PlatformStatus::parse(word) {
        PlatformStatus::Live(progress) => CallStatus::Live(progress).as_str(),
        PlatformStatus::Ended(ending) => CallStatus::Ended(ending).as_str(),
        PlatformStatus::Unknown => "?",
    };
    for (word, status) in [
        ("new", "initiated"),
        ("NEW", "initiated"),
        ("processing", "initiated"),
        ("Ringing", "ringing"),
        ("connected", "answered"),
        ("answer", "completed"),
        ("external", "completed"),
        ("busy", "busy"),
        ("noanswer", "no_answer"),
        ("no-answer", "no_answer"),
        ("NO ANSWER", "no_answer"),
        ("cancel", "canceled"),
        ("Cancelled", "canceled"),
        ("congestion", "failed"),
        ("failed", "failed"),
        ("error", "failed"),
        ("nocredit", "failed"),
        ("answered", "?"),
        ("", "?"),
        ("занято", "?"),
        ("busybusybusybusybusy", "?"),
    ] {
        assert_eq!(read(word), status, "{word}");
    }
    for (word, disposition) in [
        ("ANSWER", "ANSWERED"),
        ("answered", "ANSWERED"),
        ("CONNECTED", "ANSWERED"),
        ("BUSY", "BUSY"),
        ("NOANSWER", "NO ANSWER"),
        ("NO ANSWER", "NO ANSWER"),
        ("CANCEL", "CANCELED"),
        ("CANCELED", "CANCELED"),
        ("CONGESTION", "FAILED"),
        ("FAILED", "FAILED"),
        ("whatever", "FAILED"),
        ("", "FAILED"),
    ] {
        assert_eq!(Disposition::from_platform(word).as_str(), disposition, "{word}");
    }
    for (word, direction) in [
        ("incoming", Some("inbound")),
        ("Inbound", Some("inbound")),
        ("outgoing", Some("outbound")),
        ("Outbound", Some("outbound")),
        ("application", Some("outbound")),
        ("internal", Some("internal")),
        ("sideways", None),
    ] {
        assert_eq!(CallDirection::from_platform(word).map(CallDirection::as_str), direction, "{word}");
    }
}

#[test]
fn words_are_read_back() {
    for status in CallStatus::ALL {
        assert_eq!(CallStatus::parse(status.as_str()), Some(status));
    }
    assert_eq!(CallStatus::parse("Ringing"), None);
    for disposition in Disposition::ALL {
        assert_eq!(Disposition::from_platform(disposition.as_str()), disposition);
        assert_eq!(disposition.ending().disposition(), disposition);
    }
}

#[test]
fn zero_is_never() {
    assert_eq!(platform_instant(0), None);
    assert_eq!(platform_instant(-1), None);
    assert_eq!(platform_instant(i64::MAX), None);
    assert_eq!(platform_instant(1_767_225_600_123).unwrap().to_string(), "2026-01-01T00:00:00.123Z");
}

#[test]
fn an_ordinary_call() {
    let events = [
        event(StatusEvent { started_at: Some(t(0)), ..said("new", 0) }),
        event(said("processing", 1)),
        event(said("ringing", 2)),
        event(said("ringing", 2)),
        event(StatusEvent { answered_at: Some(t(7)), ..said("connected", 8) }),
        event(StatusEvent { answered_at: Some(t(7)), ended_at: Some(t(67)), ..said("answer", 68) }),
    ];
    assert_eq!(statuses(&events), ["initiated", "initiated", "ringing", "ringing", "answered", "completed"]);
    let live = play(&events[..5]);
    assert_eq!((live.disposition(), live.ended_at(), live.duration(), live.billsec()), (None, None, None, None));
    let state = play(&events);
    assert_eq!(state.disposition(), Some(Disposition::Answered), "an end without a record sets it too");
    assert_eq!((state.initiated_at(), state.answered_at(), state.ended_at()), (Some(t(0)), Some(t(7)), Some(t(67))));
    assert_eq!((state.duration(), state.billsec()), (Some(67), Some(60)));
}

#[test]
fn late_events_fill_gaps_and_never_regress() {
    let events = [
        event(said("noanswer", 30)),
        event(said("ringing", 2)),
        event(StatusEvent { started_at: Some(t(-1)), ..said("new", 0) }),
    ];
    assert_eq!(statuses(&events), ["no_answer"; 3]);
    assert_eq!(play(&events[..1]).initiated_at(), Some(t(30)), "the time of receipt, while nothing better is known");
    let state = play(&events);
    assert_eq!((state.initiated_at(), state.ended_at(), state.duration()), (Some(t(-1)), Some(t(30)), Some(31)));
    assert_eq!((state.answered_at(), state.billsec()), (None, Some(0)));
}

#[test]
fn the_earliest_end_event_counts() {
    let (busy, answer) = (event(said("busy", 10)), event(said("answer", 11)));
    assert_eq!(statuses(&[busy, answer]), ["busy", "busy"]);
    assert_eq!(play(&[busy, answer]), play(&[answer, busy]));
}

#[test]
fn an_unknown_word_moves_nothing() {
    let state = play(&[event(said("ringing", 1)), event(StatusEvent { started_at: Some(t(0)), ..said("moved", 2) })]);
    assert_eq!((state.status().as_str(), state.initiated_at()), ("ringing", Some(t(0))));
    assert_eq!(play(&[event(said("moved", 2))]).status().as_str(), "initiated");
}

#[test]
fn the_record_overrides_the_events_in_any_order() {
    let session = SessionTimes { started_at: Some(t(1)), answered_at: Some(t(9)), ended_at: Some(t(60)) };
    let cdr = CallRecord { session: Some(session), duration: Some(61), billsec: Some(50), ..record("ANSWER", 61) };
    let end = event(StatusEvent { started_at: Some(t(0)), ended_at: Some(t(70)), ..said("busy", 70) });
    for events in [[delivered(cdr, 62), end], [end, delivered(cdr, 62)]] {
        let state = play(&events);
        assert_eq!(state.status().as_str(), "completed");
        assert_eq!(
            (state.initiated_at(), state.answered_at(), state.ended_at()),
            (Some(t(1)), Some(t(9)), Some(t(60)))
        );
        assert_eq!((state.duration(), state.billsec()), (Some(61), Some(50)));
    }
}

#[test]
fn the_first_record_wins() {
    let (first, later) = (delivered(record("NOANSWER", 30), 31), delivered(record("ANSWER", 40), 41));
    assert_eq!(statuses(&[first, later]), ["no_answer", "no_answer"]);
    assert_eq!(statuses(&[later, first]), ["completed", "no_answer"], "by its own time, not by arrival");
    // Of the same second: by arrival, whatever they say.
    let twin = |disposition, received| delivered(record(disposition, 30), received);
    assert_eq!(statuses(&[twin("NOANSWER", 31), twin("ANSWER", 32)]), ["no_answer", "no_answer"]);
    assert_eq!(statuses(&[twin("ANSWER", 31), twin("NOANSWER", 32)]), ["completed", "completed"]);
    // A redelivery changes nothing.
    assert_eq!(play(&[first, later]).record, play(&[first, later, delivered(record("NOANSWER", 30), 99)]).record);
}

#[test]
fn a_record_without_a_session_is_counted_back() {
    let state = play(&[delivered(CallRecord { duration: Some(67), billsec: Some(60), ..record("ANSWER", 67) }, 68)]);
    assert_eq!((state.initiated_at(), state.answered_at(), state.ended_at()), (Some(t(0)), Some(t(7)), Some(t(67))));
    let bare = play(&[delivered(record("FAILED", 67), 68)]);
    assert_eq!((bare.initiated_at(), bare.ended_at()), (Some(t(68)), Some(t(67))));
    assert_eq!((bare.duration(), bare.billsec()), (Some(0), Some(0)), "clocks that disagree give no negative time");
    let with_events = [
        event(StatusEvent { started_at: Some(t(0)), answered_at: Some(t(5)), ..said("connected", 6) }),
        delivered(record("ANSWER", 67), 68),
    ];
    let state = play(&with_events);
    assert_eq!((state.initiated_at(), state.answered_at(), state.billsec()), (Some(t(0)), Some(t(5)), Some(62)));
}

#[test]
fn an_answer_time_of_zero_is_never_answered() {
    let session = SessionTimes { started_at: Some(t(0)), answered_at: platform_instant(0), ended_at: Some(t(20)) };
    let connected = event(StatusEvent { answered_at: Some(t(5)), ..said("connected", 6) });
    for disposition in ["NOANSWER", "ANSWER"] {
        let cdr = delivered(CallRecord { session: Some(session), ..record(disposition, 20) }, 21);
        let state = play(&[connected, cdr]);
        assert_eq!(
            (state.answered_at(), state.billsec(), state.duration()),
            (None, Some(0), Some(20)),
            "{disposition}"
        );
    }
    let no_session = delivered(record("CANCEL", 20), 21);
    assert_eq!(play(&[connected, no_session]).answered_at(), None, "the disposition says nobody answered");
}

#[test]
fn an_answered_end_without_an_answer_time_has_no_billed_seconds_to_tell() {
    let state = play(&[event(said("answer", 60))]);
    assert_eq!((state.disposition(), state.answered_at(), state.billsec()), (Some(Disposition::Answered), None, None));
}

#[test]
fn seconds_are_rounded_as_the_platform_does() {
    let times = [1_767_225_600_123, 1_767_225_606_980, 1_767_225_667_010].map(platform_instant);
    let [started_at, answered_at, ended_at] = times;
    let state = play(&[event(StatusEvent { started_at, answered_at, ended_at, ..said("answer", 67) })]);
    assert_eq!((state.duration(), state.billsec()), (Some(67), Some(60)), "as in the reference's record");
}

#[test]
fn what_watchers_are_told() {
    let events = [
        (event(said("new", 0)), Some(Change::Initiated)),
        (event(said("new", 0)), None),
        (event(StatusEvent { started_at: Some(t(-1)), ..said("processing", 1) }), Some(Change::Updated)),
        (event(said("ringing", 2)), Some(Change::Ringing)),
        (event(said("connected", 3)), Some(Change::Answered)),
        (event(said("ringing", 2)), None),
        (event(said("answer", 9)), Some(Change::Ended)),
        (delivered(CallRecord { duration: Some(11), ..record("ANSWER", 9) }, 10), Some(Change::Updated)),
        (delivered(CallRecord { duration: Some(11), ..record("ANSWER", 9) }, 10), None),
    ];
    let mut state = CallState::default();
    for (step, (event, told)) in events.into_iter().enumerate() {
        let after = advance(state, &event);
        assert_eq!(Change::between(&state, &after), told, "step {step}");
        state = after;
    }
    assert_eq!(Change::between(&CallState::default(), &CallState::default()), None);
    assert_eq!(Change::between(&CallState::default(), &play(&[event(said("busy", 1))])), Some(Change::Ended));
}

// Few different values, so that ties and equal messages are common.
fn any_time() -> impl Strategy<Value = Timestamp> {
    (0..6i64).prop_map(t)
}

const WORDS: [&str; 10] =
    ["new", "processing", "ringing", "connected", "answer", "busy", "noanswer", "cancel", "failed", "odd"];

fn any_status() -> impl Strategy<Value = StatusEvent> {
    let times = prop::array::uniform3(prop::option::of(any_time()));
    (prop::sample::select(&WORDS[..]), any_time(), times).prop_map(|(word, at, [started_at, answered_at, ended_at])| {
        StatusEvent { status: PlatformStatus::parse(word), at, started_at, answered_at, ended_at }
    })
}

fn any_record() -> impl Strategy<Value = CallRecord> {
    let session = prop::array::uniform3(prop::option::of(any_time()))
        .prop_map(|[started_at, answered_at, ended_at]| SessionTimes { started_at, answered_at, ended_at });
    let seconds = || prop::option::of(0..4u32);
    (any_time(), prop::sample::select(&Disposition::ALL[..]), prop::option::of(session), seconds(), seconds()).prop_map(
        |(timestamp, disposition, session, duration, billsec)| CallRecord {
            timestamp,
            disposition,
            session,
            duration,
            billsec,
        },
    )
}

fn any_event() -> impl Strategy<Value = CallEvent> {
    let kind =
        prop_oneof![4 => any_status().prop_map(EventKind::Status), 1 => any_record().prop_map(EventKind::Record)];
    (any_time(), kind).prop_map(|(received_at, kind)| CallEvent { received_at, kind })
}

fn any_events() -> impl Strategy<Value = Vec<CallEvent>> {
    prop::collection::vec(any_event(), 0..12)
}

/// The same set of events in another order, some of them again.
fn disordered() -> impl Strategy<Value = (Vec<CallEvent>, Vec<CallEvent>)> {
    any_events().prop_flat_map(|events| {
        let again = if events.is_empty() {
            Just(vec![]).boxed()
        } else {
            prop::collection::vec(prop::sample::select(events.clone()), 0..8).boxed()
        };
        (Just(events), again).prop_flat_map(|(events, again)| {
            let all = [events.clone(), again].concat();
            (Just(events), Just(all).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_order_and_any_repetition_end_the_same((events, disordered) in disordered()) {
        prop_assert_eq!(play(&events), play(&disordered));
    }

    #[test]
    fn merging_is_a_join(a in any_events(), b in any_events(), c in any_events()) {
        let [x, y, z] = [&a, &b, &c].map(|events| play(events));
        prop_assert_eq!(x.merge(y), y.merge(x));
        prop_assert_eq!(x.merge(y).merge(z), x.merge(y.merge(z)));
        prop_assert_eq!(x.merge(x), x);
        prop_assert_eq!(x.merge(CallState::default()), x);
        prop_assert_eq!(x.merge(y), play(&[a, b].concat()), "two rows of one call are one row");
    }

    #[test]
    fn no_message_takes_a_call_back(events in any_events()) {
        let mut state = CallState::default();
        for event in &events {
            let after = advance(state, event);
            prop_assert!(after.status().rank() >= state.status().rank());
            prop_assert!(state.ended_at().is_none() || after.ended_at().is_some());
            prop_assert!(state.record.is_none() || after.record.is_some());
            prop_assert!(after.initiated_at().is_some());
            state = after;
        }
    }

    #[test]
    fn what_is_shown_is_consistent(events in any_events()) {
        let state = play(&events);
        let ended = matches!(state.status(), CallStatus::Ended(_));
        prop_assert_eq!(state.disposition().is_some(), ended);
        prop_assert_eq!(state.ended_at().is_some(), ended);
        prop_assert_eq!(state.duration().is_some(), ended);
        prop_assert!(ended || state.billsec().is_none());
        if let Some(record) = state.record() {
            prop_assert_eq!(state.disposition(), Some(record.disposition));
            prop_assert!(record.duration.is_none_or(|told| state.duration() == Some(told)));
            prop_assert!(record.session.is_none_or(|session| state.answered_at() == session.answered_at));
        }
    }

    #[test]
    fn a_record_beats_any_events(events in prop::collection::vec(any_status().prop_map(event), 0..8), cdr in any_record()) {
        let with_session = CallRecord {
            session: Some(SessionTimes { started_at: Some(t(0)), answered_at: None, ended_at: Some(t(3)) }),
            ..cdr
        };
        let alone = play(&[delivered(with_session, 9)]);
        let among = play(&[events, vec![delivered(with_session, 9)]].concat());
        let shown = |state: &CallState| {
            (state.status(), state.initiated_at(), state.answered_at(), state.ended_at(), state.duration(), state.billsec())
        };
        prop_assert_eq!(shown(&alone), shown(&among));
    }
}
