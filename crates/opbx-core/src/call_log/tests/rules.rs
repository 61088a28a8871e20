//! Each rule of the contract by its sentence.

use super::*;

#[test]
fn one_call_is_one_row_with_its_legs() {
    let log = play(&whole_call());
    assert_eq!(
        (&*log.call_id(), log.status().as_str(), log.disposition()),
        ("5b1f0c7e", "completed", Some(Disposition::Answered))
    );
    assert_eq!(
        (log.from_number(), log.to_number(), log.direction()),
        ("+12125550123", "+12125550100", CallDirection::Inbound)
    );
    assert_eq!((log.initiated_at(), log.answered_at(), log.ended_at()), (Some(t(0)), Some(t(7)), Some(t(67))));
    assert_eq!((log.duration(), log.billsec(), log.cost()), (Some(67), Some(60), Some(12_500)));
    assert_eq!(log.answered_by().as_deref(), Some("1002"));
    assert_eq!(log.extension(), Some(Named { id: ExtensionId::new(1002), text: "1002".into() }));
    assert_eq!(log.ring_group(), Some(Named { id: RingGroupId::new(7), text: "Sales".into() }));
    assert_eq!(results(&log), [Some(LegResult::Busy), Some(LegResult::Answered)]);
    let legs = log.legs();
    assert_eq!((legs[0].started_at, legs[0].answered_at, legs[0].ended_at), (t(1), None, Some(t(4))));
    assert_eq!((legs[1].started_at, legs[1].answered_at, legs[1].ended_at), (t(5), Some(t(7)), Some(t(67))));
    assert_eq!(log.reached.values().copied().collect::<Vec<_>>(), [t(0), t(2), t(7)]);
    assert!(!log.is_missed() && log.is_conversation());
}

/// A sentence of the contract, what is said of a call in some order, and the status, disposition and times that follow.
type Rule = (&'static str, Vec<Fact>, &'static str, Option<Disposition>, [Option<i64>; 3]);

#[test]
fn the_rules_of_the_contract() {
    let connected = |at: i64| {
        let status = StatusEvent { answered_at: Some(t(at)), ..report("connected", at).status };
        Fact::Report(StateReport { status, ..report("connected", at) })
    };
    let bare = |word, at, duration| {
        let cdr = record(word, at);
        Fact::Record(FinalRecord { record: CallRecord { session: None, duration, ..cdr.record }, ..cdr })
    };
    let (answered, busy, failed) = (Some(Disposition::Answered), Some(Disposition::Busy), Some(Disposition::Failed));
    let (none, canceled) = (Some(Disposition::NoAnswer), Some(Disposition::Canceled));
    let rules: Vec<Rule> = vec![
        ("initiated", vec![said("new", 0)], "initiated", None, [Some(0), None, None]),
        ("→ ringing", vec![said("new", 0), said("ringing", 1)], "ringing", None, [Some(0), None, None]),
        ("→ answered", vec![said("ringing", 1), connected(2)], "answered", None, [Some(1), Some(2), None]),
        ("`connected` = live", vec![connected(2)], "answered", None, [Some(2), Some(2), None]),
        ("→ completed", vec![connected(2), said("answer", 9)], "completed", answered, [Some(2), Some(2), Some(9)]),
        ("`answer` = answered **and ended**", vec![said("answer", 9)], "completed", answered, [Some(9), None, Some(9)]),
        (
            "late events never regress",
            vec![said("busy", 9), said("ringing", 1)],
            "busy",
            busy,
            [Some(1), None, Some(9)],
        ),
        (
            "late events fill gaps",
            vec![said("answer", 9), connected(2)],
            "completed",
            answered,
            [Some(2), Some(2), Some(9)],
        ),
        ("`noanswer` ends as named", vec![said("noanswer", 9)], "no_answer", none, [Some(9), None, Some(9)]),
        ("`busy` ends as named", vec![said("busy", 9)], "busy", busy, [Some(9), None, Some(9)]),
        ("`cancel` ends as named", vec![said("cancel", 9)], "canceled", canceled, [Some(9), None, Some(9)]),
        ("`congestion` = failed", vec![said("congestion", 9)], "failed", failed, [Some(9), None, Some(9)]),
        ("`failed` = failed", vec![said("failed", 9)], "failed", failed, [Some(9), None, Some(9)]),
        ("`error` = failed", vec![said("error", 9)], "failed", failed, [Some(9), None, Some(9)]),
        ("`nocredit` = failed", vec![said("nocredit", 9)], "failed", failed, [Some(9), None, Some(9)]),
        ("`external` = completed", vec![said("external", 9)], "completed", answered, [Some(9), None, Some(9)]),
        (
            "the record's values override the events' whatever the order",
            vec![Fact::Record(record("NOANSWER", 8)), connected(2), said("answer", 9)],
            "no_answer",
            none,
            [Some(0), None, Some(8)],
        ),
        (
            "the first record wins over later ones",
            vec![Fact::Record(record("BUSY", 8)), Fact::Record(record("ANSWER", 9))],
            "busy",
            busy,
            [Some(0), None, Some(8)],
        ),
        (
            "an end event without a record sets the disposition too",
            vec![said("cancel", 4)],
            "canceled",
            canceled,
            [Some(4), None, Some(4)],
        ),
        (
            "a record without session: `initiated_at` = timestamp − duration",
            vec![bare("ANSWER", 67, Some(60))],
            "completed",
            answered,
            [Some(7), None, Some(67)],
        ),
        (
            "initiated_at is the time of receipt if the platform gave none",
            vec![bare("ANSWER", 67, None)],
            "completed",
            answered,
            [Some(67), None, Some(67)],
        ),
        (
            "NOANSWER → NO ANSWER",
            vec![Fact::Record(record("NOANSWER", 5))],
            "no_answer",
            none,
            [Some(0), None, Some(5)],
        ),
        ("CANCEL → CANCELED", vec![Fact::Record(record("CANCEL", 5))], "canceled", canceled, [Some(0), None, Some(5)]),
        (
            "CONGESTION → FAILED",
            vec![Fact::Record(record("CONGESTION", 5))],
            "failed",
            failed,
            [Some(0), None, Some(5)],
        ),
        ("unknown → FAILED", vec![Fact::Record(record("odd", 5))], "failed", failed, [Some(0), None, Some(5)]),
        (
            "CONNECTED → ANSWERED",
            vec![Fact::Record(record("CONNECTED", 5))],
            "completed",
            answered,
            [Some(0), None, Some(5)],
        ),
    ];
    for (sentence, mut facts, status, disposition, times) in rules {
        for order in ["as told", "backwards"] {
            let log = play(&facts);
            let told = [log.initiated_at(), log.answered_at(), log.ended_at()];
            assert_eq!((log.status().as_str(), log.disposition()), (status, disposition), "{sentence}, {order}");
            assert_eq!(told, times.map(|time| time.map(t)), "{sentence}, {order}");
            facts.reverse();
        }
    }
    assert_eq!(platform_instant(0), None, "`callAnswerTime` 0 = never answered");
}

#[test]
fn what_the_record_says_of_the_parties_goes_first_and_what_it_leaves_out_is_filled_in() {
    let cdr = FinalRecord {
        parties: Parties {
            from: Some("+12125550199".into()),
            to: Some("".into()),
            caller_name: None,
            direction: Some(CallDirection::Outbound),
        },
        ..record("ANSWER", 9)
    };
    let named = StateReport { parties: Parties { caller_name: Some("Ann".into()), ..inbound() }, ..report("new", 0) };
    for facts in [[Fact::Record(cdr.clone()), Fact::Report(named.clone())], [Fact::Report(named), Fact::Record(cdr)]] {
        let log = play(&facts);
        assert_eq!((log.from_number(), log.to_number()), ("+12125550199", "+12125550100"));
        assert_eq!((log.caller_name(), log.direction()), (Some("Ann"), CallDirection::Outbound));
    }
}

#[test]
fn a_direction_that_nobody_told_is_seen_from_the_numbers() {
    for (from, to, direction) in [
        ("1001", "1002", CallDirection::Internal),
        ("1001", "+12125550100", CallDirection::Outbound),
        ("+12125550123", "+12125550100", CallDirection::Inbound),
        ("anonymous", "1001", CallDirection::Inbound),
    ] {
        let parties = Parties { direction: None, ..parties(from, to, CallDirection::Inbound) };
        let log = play(&[Fact::Report(StateReport { parties, ..report("new", 0) })]);
        assert_eq!(log.direction(), direction, "{from} {to}");
    }
}

#[test]
fn a_call_is_called_by_its_session_else_by_sip() {
    let sip = |id: &str| Fact::Record(FinalRecord { keys: CallKeys::of_sip(id), ..record("BUSY", 9) });
    assert_eq!(&*play(&[sip("b@1"), sip("a@1")]).call_id(), "a@1");
    assert_eq!(&*play(&[sip("a@1"), said("new", 0)]).call_id(), "5b1f0c7e");
    let numbered =
        StateReport { keys: CallKeys { session_number: Some(30), ..CallKeys::default() }, ..report("new", 0) };
    assert_eq!(&*play(&[Fact::Report(numbered)]).call_id(), "30");
    let keys = CallKeys { session: Some("".into()), session_number: None, sip_ids: vec!["".into()] };
    assert!(keys.is_empty(), "an empty text is no key");
}

#[test]
fn a_call_whose_end_never_came_is_stale_after_a_while() {
    let hours = SignedDuration::from_hours(4);
    let log = play(&[said("ringing", 0)]);
    assert!(!log.is_stale(t(4 * 3_600 - 1), hours));
    assert!(log.is_stale(t(4 * 3_600), hours));
    assert!(
        !play(&[said("ringing", 0), Fact::Step(step(60))]).is_stale(t(4 * 3_600), hours),
        "a request was received since"
    );
    assert!(!play(&[said("busy", 0)]).is_stale(t(4 * 3_600), hours), "it is over");
}

#[test]
fn a_dial_whose_result_never_came_is_judged_by_the_call() {
    let rung = dialled("a", 2, direct(), &[phone(1001)]);
    for (word, result) in [
        ("cancel", LegResult::Canceled),
        ("noanswer", LegResult::NoAnswer),
        ("busy", LegResult::Busy),
        ("failed", LegResult::Failed),
    ] {
        assert_eq!(results(&play(&[rung.clone(), said(word, 9)])), [Some(result)], "{word}");
    }
    assert_eq!(results(&play(&[rung.clone(), said("ringing", 3)])), [None], "it still rings");
    let answered_at = |at| {
        let status = StatusEvent { answered_at: Some(t(at)), ..report("connected", at).status };
        Fact::Report(StateReport { status, ..report("connected", at) })
    };
    let log = play(&[rung.clone(), answered_at(4), said("answer", 9)]);
    assert_eq!((results(&log), log.legs()[0].answered_at), (vec![Some(LegResult::Answered)], Some(t(4))));
    let menu = play(&[answered_at(1), rung, said("answer", 9)]);
    assert_eq!(results(&menu), [None], "answered by a menu before anything rang");
    assert!(menu.is_answered_by_person(), "so it counts by its disposition");
}

#[test]
fn of_phones_that_rang_together_the_one_that_took_the_call_is_told_if_known() {
    let rung = dialled("a", 2, sales(), &[phone(1001), phone(1002)]);
    let log = play(&[rung.clone(), dial_ended("a", 9, DialResult::Answered)]);
    assert_eq!(results(&log), [Some(LegResult::OneAnswered); 2]);
    assert_eq!((log.answered_by(), log.is_answered_by_person()), (None, true));
    let end = DialEnd { at: t(9), result: DialResult::Answered, talked: Some(3), taken_by: Some("1002".into()) };
    let log = play(&[rung, Fact::Step(RoutedStep { ended: Some((DialKey("a".into()), end)), ..step(9) })]);
    assert_eq!(results(&log), [Some(LegResult::AnsweredElsewhere), Some(LegResult::Answered)]);
    assert_eq!((log.answered_by().as_deref(), log.legs()[1].answered_at), (Some("1002"), Some(t(6))));
}

#[test]
fn missed_is_inbound_over_and_taken_by_no_person() {
    let over = |facts: &[Fact]| play(&[facts, &[said("answer", 90)]].concat()).is_missed();
    assert!(over(&[Fact::Step(step(1))]), "a voicemail box or a menu is no person");
    assert!(over(&[dialled("a", 1, direct(), &[phone(1001)]), dial_ended("a", 20, DialResult::NoAnswer)]));
    assert!(!over(&[dialled("a", 1, direct(), &[phone(1001)]), dial_ended("a", 20, DialResult::Answered)]));
    let [forward, assistant] = [PhoneKind::Forward, PhoneKind::Assistant].map(|kind| {
        let phone = RungPhone { kind, extension: None, ..phone(1001) };
        [dialled("a", 1, direct(), &[phone]), dial_ended("a", 20, DialResult::Answered)]
    });
    assert!(!over(&forward), "whom an extension is forwarded to is a person");
    assert!(over(&assistant), "an assistant is none");
    assert!(!over(&[]), "of whose legs nothing is known counts by its disposition");
    assert!(play(&[said("noanswer", 9)]).is_missed());
    assert!(!play(&[said("ringing", 9)]).is_missed(), "it still rings");
    let outbound = parties("1001", "+12125550123", CallDirection::Outbound);
    assert!(!play(&[Fact::Report(StateReport { parties: outbound, ..report("noanswer", 9) })]).is_missed());
}

#[test]
fn a_missed_call_is_made_up_for_by_a_later_conversation_with_that_number() {
    let missed = play(&[said("noanswer", 9)]);
    let call = |parties: Parties, word, at| play(&[Fact::Report(StateReport { parties, ..report(word, at) })]);
    let back = |number, direction| match direction {
        CallDirection::Inbound => parties(number, "+12125550100", direction),
        _ => parties("1001", number, direction),
    };
    let out = CallDirection::Outbound;
    assert!(call(back("+12125550123", out), "answer", 99).returns(&missed), "called back");
    assert!(call(back("12125550123", out), "answer", 99).returns(&missed), "however it was dialled");
    assert!(call(inbound(), "answer", 99).returns(&missed), "called again, and was answered");
    assert!(!call(inbound(), "noanswer", 99).returns(&missed), "missed again");
    assert!(!call(back("+12125550123", out), "busy", 99).returns(&missed));
    assert!(!call(back("+12125550124", out), "answer", 99).returns(&missed), "somebody else");
    assert!(!call(back("+12125550123", out), "answer", 5).returns(&missed), "before");
    let withheld = call(back("anonymous", CallDirection::Inbound), "noanswer", 9);
    assert!(!call(back("anonymous", CallDirection::Inbound), "answer", 99).returns(&withheld), "nobody knows who");
}

#[test]
fn only_what_is_new_is_new() {
    let mut log = CallLog::default();
    for fact in whole_call() {
        assert!(log.advance(&fact), "{fact:?}");
        assert!(!log.advance(&fact), "again: {fact:?}");
    }
    let number = Named { id: PhoneNumberId::new(3), text: "+12125550100".into() };
    assert!(log.advance(&Fact::Step(RoutedStep { phone_number: Some(number.clone()), ..step(1) })));
    assert_eq!(log.phone_number(), Some(&number));
}

#[test]
fn people_wait_until_a_person_takes_their_call() {
    let rung = |phone: RungPhone| dialled("a", 1, direct(), &[phone]);
    let ended = |talked| {
        Fact::Step(RoutedStep {
            ended: Some((
                DialKey("a".into()),
                DialEnd { at: t(60), result: DialResult::Answered, talked, taken_by: None },
            )),
            ..step(60)
        })
    };
    let wait = |facts: &[Fact]| play(&[facts, &[said("new", 0)]].concat()).wait().map(|wait| wait.as_secs());
    assert_eq!(wait(&[rung(phone(1001)), ended(Some(40))]), Some(20));
    let answered = StateReport {
        status: StatusEvent { answered_at: Some(t(9)), ..report("connected", 9).status },
        ..report("connected", 9)
    };
    assert_eq!(
        wait(&[rung(phone(1001)), Fact::Report(answered.clone()), ended(None)]),
        Some(9),
        "as the platform says"
    );
    let assistant = RungPhone { kind: PhoneKind::Assistant, extension: None, ..phone(1001) };
    assert_eq!(wait(&[rung(assistant), ended(Some(40))]), None, "an assistant is no person");
    assert_eq!(wait(&[rung(phone(1001)), dial_ended("a", 60, DialResult::NoAnswer)]), None);
    let over = Fact::Report(StateReport {
        status: StatusEvent { answered_at: Some(t(9)), ..report("answer", 9).status },
        ..answered.clone()
    });
    assert_eq!(wait(std::slice::from_ref(&over)), Some(9), "of whose legs nothing is known");
    let outbound = StateReport { parties: parties("1001", "+12125550123", CallDirection::Outbound), ..answered };
    assert_eq!(play(&[Fact::Report(outbound), Fact::Report(report("answer", 20))]).wait(), None);
}

#[test]
fn what_is_erased_of_a_call_stays_away() {
    let mut facts = whole_call();
    let digits = "12125550123";
    let before = play(&facts);
    let erased = before.clone().without_number(digits);
    assert_eq!((erased.from_number(), erased.to_number()), ("", "+12125550100"));
    assert_eq!(
        (erased.direction(), erased.is_missed(), erased.legs()),
        (before.direction(), before.is_missed(), before.legs())
    );
    assert_eq!((erased.cost(), erased.duration(), erased.wait()), (before.cost(), before.duration(), before.wait()));
    assert_eq!(erased.record.as_ref().map(|record| &*record.payload), Some(""));
    // Whatever is said again, also by an earlier record.
    facts.push(Fact::Record(record("ANSWER", 3)));
    let mut later = erased;
    for fact in facts.iter().rev() {
        later.advance(fact);
    }
    assert!(!format!("{later:?}").contains(digits), "{later:?}");
    assert_eq!(later.clone().without_number(digits), later);
    // Somebody whose phone was rung.
    let forwarded = RungPhone { kind: PhoneKind::Forward, extension: None, number: "+442079460000".into(), name: None };
    let log = play(&[dialled("a", 1, direct(), &[forwarded]), dial_ended("a", 9, DialResult::Answered)]);
    let log = log.without_number("442079460000");
    assert_eq!((&*log.legs()[0].phone.number, log.from_number()), ("", "+12125550123"));
    assert!(log.is_answered_by_person());
}
