//! The laws of one row: any order, any repetition, and rows that turn out to be one.

use proptest::prelude::*;

use super::*;

// Few different values, so that ties and equal facts are common.
fn any_time() -> impl Strategy<Value = Timestamp> {
    (0..5i64, 0..2i64).prop_map(|(seconds, micros)| t(seconds) + SignedDuration::from_micros(micros))
}

fn any_text() -> impl Strategy<Value = Option<Box<str>>> {
    prop::option::of(prop::sample::select(vec!["", "1001", "+12125550123", "+12125550100"]).prop_map(Into::into))
}

fn any_parties() -> impl Strategy<Value = Parties> {
    let directions = vec![CallDirection::Inbound, CallDirection::Outbound, CallDirection::Internal];
    let direction = prop::option::of(prop::sample::select(directions));
    (any_text(), any_text(), any_text(), direction).prop_map(|(from, to, caller_name, direction)| Parties {
        from,
        to,
        caller_name,
        direction,
    })
}

fn any_keys() -> impl Strategy<Value = CallKeys> {
    let sip = prop::collection::vec(prop::sample::select(vec!["a@1", "b@1"]).prop_map(Into::into), 0..3);
    (any::<bool>(), prop::option::of(0..2u64), sip).prop_map(|(session, session_number, sip_ids)| CallKeys {
        session: session.then(|| "5b1f0c7e".into()),
        session_number,
        sip_ids,
    })
}

fn any_report() -> impl Strategy<Value = Fact> {
    let words = vec!["new", "ringing", "connected", "answer", "busy", "noanswer", "cancel", "odd"];
    let times = prop::array::uniform3(prop::option::of(any_time()));
    (any_keys(), any_time(), prop::sample::select(words), any_time(), times, any_parties()).prop_map(
        |(keys, received_at, word, at, [started_at, answered_at, ended_at], parties)| {
            let status = PlatformStatus::parse(word);
            let status = StatusEvent { status, at, started_at, answered_at, ended_at };
            Fact::Report(StateReport { keys, received_at, status, parties })
        },
    )
}

fn any_record() -> impl Strategy<Value = Fact> {
    let session = prop::array::uniform3(prop::option::of(any_time()))
        .prop_map(|[started_at, answered_at, ended_at]| SessionTimes { started_at, answered_at, ended_at });
    let numbers = (prop::option::of(0..4u32), prop::option::of(0..4u32), prop::option::of(0..3i64));
    let disposition = prop::sample::select(&Disposition::ALL[..]);
    (any_keys(), any_time(), any_time(), disposition, prop::option::of(session), numbers, any_parties(), any_text())
        .prop_map(|(keys, received_at, timestamp, disposition, session, (duration, billsec, cost), parties, text)| {
            let record = CallRecord { timestamp, disposition, session, duration, billsec };
            let payload = text.clone().unwrap_or_default();
            Fact::Record(FinalRecord { keys, received_at, record, parties, cost, recording_url: text, payload })
        })
}

fn any_step() -> impl Strategy<Value = Fact> {
    let key = || prop::sample::select(vec!["a", "b"]).prop_map(|key: &str| DialKey(key.into()));
    let kinds = prop::sample::select(PhoneKind::ALL);
    let rung = (kinds, 1001..1003u64).prop_map(|(kind, id)| RungPhone { kind, ..phone(id) });
    let via = prop::sample::select(vec![direct(), sales()]);
    let start = (any_time(), via, prop::collection::vec(rung, 0..3)).prop_map(|(at, via, phones)| DialStart {
        at,
        via,
        phones,
    });
    let result = prop::sample::select(vec![DialResult::Answered, DialResult::Busy, DialResult::NoAnswer]);
    let end = (any_time(), result, prop::option::of(0..3u32), any_text())
        .prop_map(|(at, result, talked, taken_by)| DialEnd { at, result, talked, taken_by });
    let dial = (prop::option::of((key(), start)), prop::option::of((key(), end)));
    let named = (prop::option::of(1..3u64), prop::option::of(1..3u64));
    (any_keys(), any_time(), any_parties(), dial, named).prop_map(
        |(keys, at, parties, (started, ended), (number, caller))| {
            let named = |id: u64| -> Box<str> { id.to_string().into() };
            let phone_number = number.map(|id| Named { id: PhoneNumberId::new(id), text: named(id) });
            let caller = caller.map(|id| Named { id: ExtensionId::new(id), text: named(id) });
            Fact::Step(RoutedStep { keys, at, parties, phone_number, caller, ended, started })
        },
    )
}

fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = prop_oneof![4 => any_report(), 1 => any_record(), 2 => any_step()];
    prop::collection::vec(fact, 0..10)
}

/// The same facts in another order, some of them again.
fn disordered() -> impl Strategy<Value = (Vec<Fact>, Vec<Fact>)> {
    any_facts().prop_flat_map(|facts| {
        let again = if facts.is_empty() {
            Just(vec![]).boxed()
        } else {
            prop::collection::vec(prop::sample::select(facts.clone()), 0..6).boxed()
        };
        (Just(facts), again).prop_flat_map(|(facts, again)| {
            let all = [facts.clone(), again].concat();
            (Just(facts), Just(all).prop_shuffle())
        })
    })
}

/// All that anybody can see of a call.
fn shown(log: &CallLog) -> String {
    let ids = (log.call_id(), log.extension(), log.ring_group(), log.phone_number());
    let who = (log.from_number(), log.to_number(), log.caller_name(), log.direction(), log.answered_by());
    let times = (log.initiated_at(), log.answered_at(), log.ended_at(), log.duration(), log.billsec());
    let end =
        (log.status(), log.disposition(), log.cost(), log.recording_url(), log.is_missed(), log.is_conversation());
    format!("{ids:?} {who:?} {times:?} {end:?} {:?}", log.legs())
}

proptest! {
    #[test]
    fn any_order_and_any_repetition_end_in_the_same_row((facts, disordered) in disordered()) {
        let (one, other) = (play(&facts), play(&disordered));
        prop_assert_eq!(shown(&one), shown(&other));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn rows_are_joined((a, b, c) in (any_facts(), any_facts(), any_facts())) {
        let [x, y, z] = [&a, &b, &c].map(|facts| play(facts));
        prop_assert_eq!(x.clone().merge(y.clone()), y.clone().merge(x.clone()));
        prop_assert_eq!(x.clone().merge(y.clone()).merge(z.clone()), x.clone().merge(y.clone().merge(z)));
        prop_assert_eq!(x.clone().merge(x.clone()), x.clone());
        prop_assert_eq!(x.merge(y), play(&[a, b].concat()), "two rows of one call are one row");
    }

    #[test]
    fn nothing_takes_a_call_back(facts in any_facts()) {
        let mut log = CallLog::default();
        for fact in &facts {
            let before = log.clone();
            log.advance(fact);
            prop_assert!(log.status().rank() >= before.status().rank());
            prop_assert!(log.initiated_at().is_some());
        }
    }

    #[test]
    fn the_record_that_speaks_is_the_one_that_is_kept(facts in any_facts()) {
        let log = play(&facts);
        prop_assert_eq!(log.state.record(), log.record.as_ref().map(|kept| &kept.record));
        prop_assert_eq!(matches!(log.status(), CallStatus::Ended(_)), log.disposition().is_some());
        prop_assert!(!(log.is_missed() && log.is_conversation()));
    }
}
