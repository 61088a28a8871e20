//! What is said of calls, as tests make it up.

use super::*;
use crate::call::DialResult;
use crate::call_state::{
    CallDirection, CallRecord, CallStatus, Disposition, PlatformStatus, SessionTimes, StatusEvent, platform_instant,
};
use crate::id::{ExtensionId, PhoneNumberId, RingGroupId};
use jiff::{SignedDuration, Timestamp};

mod laws;
mod rules;

fn t(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600).unwrap() + SignedDuration::from_secs(seconds)
}

fn keys() -> CallKeys {
    CallKeys::of_session("5b1f0c7e")
}

fn parties(from: &str, to: &str, direction: CallDirection) -> Parties {
    Parties { from: Some(from.into()), to: Some(to.into()), caller_name: None, direction: Some(direction) }
}

fn inbound() -> Parties {
    parties("+12125550123", "+12125550100", CallDirection::Inbound)
}

/// A report that happened and was received at `at`.
fn report(word: &str, at: i64) -> StateReport {
    let status = PlatformStatus::parse(word);
    let status = StatusEvent { status, at: t(at), started_at: None, answered_at: None, ended_at: None };
    StateReport { keys: keys(), received_at: t(at), status, parties: inbound() }
}

fn said(word: &str, at: i64) -> Fact {
    Fact::Report(report(word, at))
}

/// A record of a call that began at 0 and was received as it ended.
fn record(word: &str, at: i64) -> FinalRecord {
    let disposition = Disposition::from_platform(word);
    let session = SessionTimes { started_at: Some(t(0)), answered_at: None, ended_at: Some(t(at)) };
    let record = CallRecord { timestamp: t(at), disposition, session: Some(session), duration: None, billsec: None };
    FinalRecord {
        keys: keys(),
        received_at: t(at),
        record,
        parties: inbound(),
        cost: None,
        recording_url: None,
        payload: format!("{word} at {at}").into(),
    }
}

fn step(at: i64) -> RoutedStep {
    RoutedStep {
        keys: keys(),
        at: t(at),
        parties: inbound(),
        phone_number: None,
        caller: None,
        ended: None,
        started: None,
    }
}

fn phone(id: u64) -> RungPhone {
    let (number, name) = (id.to_string().into(), Some("Alice Ray".into()));
    RungPhone { kind: PhoneKind::Extension, extension: Some(ExtensionId::new(id)), number, name }
}

fn sales() -> Via {
    Via { kind: ViaKind::RingGroup, ring_group: Some(RingGroupId::new(7)), name: Some("Sales".into()) }
}

fn direct() -> Via {
    Via { kind: ViaKind::Direct, ring_group: None, name: None }
}

fn dialled(key: &str, at: i64, via: Via, phones: &[RungPhone]) -> Fact {
    let start = DialStart { at: t(at), via, phones: phones.to_vec() };
    Fact::Step(RoutedStep { started: Some((DialKey(key.into()), start)), ..step(at) })
}

fn dial_ended(key: &str, at: i64, result: DialResult) -> Fact {
    let end = DialEnd { at: t(at), result, talked: None, taken_by: None };
    Fact::Step(RoutedStep { ended: Some((DialKey(key.into()), end)), ..step(at) })
}

fn play(facts: &[Fact]) -> CallLog {
    let mut log = CallLog::default();
    for fact in facts {
        log.advance(fact);
    }
    log
}

fn results(log: &CallLog) -> Vec<Option<LegResult>> {
    log.legs().into_iter().map(|leg| leg.result).collect()
}

/// One call with everything: menu, two dials, reports, a record.
fn whole_call() -> Vec<Fact> {
    let answered = StateReport {
        status: StatusEvent { answered_at: Some(t(7)), ..report("connected", 7).status },
        ..report("connected", 7)
    };
    let session = SessionTimes { started_at: Some(t(0)), answered_at: Some(t(7)), ended_at: Some(t(67)) };
    let cdr = record("ANSWER", 67);
    vec![
        said("new", 0),
        dialled("a", 1, direct(), &[phone(1001)]),
        said("ringing", 2),
        dial_ended("a", 4, DialResult::Busy),
        dialled("b", 5, sales(), &[phone(1002)]),
        Fact::Report(answered),
        dial_ended("b", 67, DialResult::Answered),
        said("answer", 67),
        Fact::Record(FinalRecord {
            record: CallRecord { session: Some(session), duration: Some(67), billsec: Some(60), ..cdr.record },
            cost: Some(12_500),
            ..cdr
        }),
    ]
}
