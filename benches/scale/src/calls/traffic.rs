//! Calls as they might be: a year of them, callers of whom few call often, extensions, groups, missed ones.

use jiff::{SignedDuration, Timestamp};
use opbx_core::call::DialResult;
use opbx_core::call_log::{
    CallKeys, DialEnd, DialKey, DialStart, Fact, FinalRecord, Parties, PhoneKind, RoutedStep, RungPhone, StateReport,
    Via, ViaKind,
};
use opbx_core::call_state::{CallDirection, CallRecord, Disposition, PlatformStatus, SessionTimes, StatusEvent};
use opbx_core::id::{ExtensionId, RingGroupId};
use std::error::Error;

/// How many numbers outside there are.
const CALLERS: u64 = 20_000;
/// As many calls follow behind the year in each run.
pub(crate) const BEHIND: u64 = 1_000_000;
const YEAR: i64 = 365 * 24 * 3_600;

/// So many calls within a year.
#[derive(Debug)]
pub(crate) struct Traffic {
    /// How many.
    pub(crate) calls: u64,
    /// The end of the year.
    pub(crate) end: Timestamp,
}

impl Traffic {
    pub(crate) fn new(calls: u64) -> Result<Self, Box<dyn Error>> {
        Ok(Self { calls, end: "2026-11-29T12:00:00Z".parse()? })
    }

    /// When the call of that number began: one after the other through the year, and those behind it every two seconds.
    pub(crate) fn began(&self, number: u64) -> Timestamp {
        let seconds = match number.checked_sub(self.calls) {
            None => (YEAR as f64 * (number as f64 / self.calls.max(1) as f64)) as i64 - YEAR,
            Some(behind) => (behind % BEHIND) as i64 * 2,
        };
        self.end + SignedDuration::from_secs(seconds) + SignedDuration::from_millis((number % 997) as i64)
    }

    /// The token of its session.
    pub(crate) fn session(&self, number: u64) -> String {
        format!("{number:032x}")
    }

    /// The number outside: one in ten calls is of ten callers, and so on downwards.
    pub(crate) fn caller(number: u64) -> String {
        let drawn = mixed(number);
        let among = CALLERS.min(10_u64.pow(1 + (drawn % 5) as u32));
        format!("+1212{:07}", 5_500_000 + (drawn >> 8) % among)
    }

    fn parties(&self, number: u64) -> Parties {
        let caller = Self::caller(number);
        let ours = format!("+1646555{:04}", 100 + number % 8);
        let (from, to, direction) = match number % 4 {
            0 => (ours, caller, CallDirection::Outbound),
            _ => (caller, ours, CallDirection::Inbound),
        };
        let caller_name = number.is_multiple_of(3).then(|| format!("Caller {}", mixed(number) % 5_000).into());
        Parties { from: Some(from.into()), to: Some(to.into()), caller_name, direction: Some(direction) }
    }

    /// The record of a call, with which the log is filled.
    pub(crate) fn record(&self, number: u64) -> Fact {
        let (began, answered) = (self.began(number), !number.is_multiple_of(5));
        let talk = 20 + number % 300;
        let second = |seconds: u64| began + SignedDuration::from_secs(seconds as i64);
        let times = SessionTimes {
            started_at: Some(began),
            answered_at: answered.then(|| second(8)),
            ended_at: Some(second(8 + talk)),
        };
        let record = CallRecord {
            timestamp: second(8 + talk),
            disposition: if answered { Disposition::Answered } else { Disposition::NoAnswer },
            session: Some(times),
            duration: Some(8 + talk as u32),
            billsec: Some(if answered { talk as u32 } else { 0 }),
        };
        Fact::Record(FinalRecord {
            keys: self.keys(number),
            received_at: second(9 + talk),
            record,
            parties: self.parties(number),
            cost: Some(1_000 + (number % 900) as i64),
            recording_url: None,
            payload: format!("{{\"session\":\"{}\",\"padding\":\"{}\"}}", self.session(number), "x".repeat(700)).into(),
        })
    }

    fn keys(&self, number: u64) -> CallKeys {
        let sip_ids = vec![format!("{number:x}@10.0.0.1").into()];
        CallKeys { session: Some(self.session(number).into()), session_number: None, sip_ids }
    }

    /// All that is said of a call, in the order in which it is said.
    pub(crate) fn whole(&self, number: u64) -> [Fact; 7] {
        let began = self.began(number);
        let report = |word: &str, seconds: i64| {
            let at = began + SignedDuration::from_secs(seconds);
            let status = PlatformStatus::parse(word);
            let status = StatusEvent { status, at, started_at: None, answered_at: None, ended_at: None };
            Fact::Report(StateReport {
                keys: self.keys(number),
                received_at: at,
                status,
                parties: self.parties(number),
            })
        };
        let step = |seconds: i64| RoutedStep {
            keys: self.keys(number),
            at: began + SignedDuration::from_secs(seconds),
            parties: self.parties(number),
            phone_number: None,
            caller: None,
            ended: None,
            started: None,
        };
        let rung = |place: u64| {
            let extension = 1 + (number + place) % 200;
            RungPhone {
                kind: PhoneKind::Extension,
                extension: Some(ExtensionId::new(extension)),
                number: (1_000 + extension).to_string().into(),
                name: Some("Somebody".into()),
            }
        };
        let group = RingGroupId::new(1 + number % 10);
        let via = Via { kind: ViaKind::RingGroup, ring_group: Some(group), name: Some("Sales".into()) };
        let start = DialStart { at: began, via, phones: (0..3).map(rung).collect() };
        let end = began + SignedDuration::from_secs(30);
        let end = DialEnd { at: end, result: DialResult::Answered, talked: Some(20), taken_by: Some(rung(1).number) };
        [
            report("new", 0),
            Fact::Step(RoutedStep { started: Some((DialKey("a".into()), start)), ..step(0) }),
            report("ringing", 1),
            report("connected", 8),
            Fact::Step(RoutedStep { ended: Some((DialKey("a".into()), end)), ..step(30) }),
            report("answer", 30),
            self.record(number),
        ]
    }
}

/// A number that looks drawn and is always the same one.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
