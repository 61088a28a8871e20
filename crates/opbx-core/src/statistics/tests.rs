//! The laws of counting: in any order, taken back, and in any zone.

use jiff::civil::date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::local::start_of;
use super::*;
use crate::call_log::{CallKeys, CallLog, Fact, FinalRecord, Parties};
use crate::call_state::{CallDirection, CallRecord, Disposition, SessionTimes};

const ZONES: [&str; 8] = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Havana",
    "Pacific/Apia",
    "Asia/Kathmandu",
];

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

fn hours(name: &str, from: jiff::civil::Date) -> usize {
    LocalHour::all(from, from, &zone(name)).count()
}

fn recorded(from: &str, direction: CallDirection, disposition: Disposition, at: Timestamp, answered: bool) -> CallLog {
    let times = SessionTimes {
        started_at: Some(at),
        answered_at: answered.then(|| at + SignedDuration::from_secs(7)),
        ended_at: Some(at + SignedDuration::from_secs(67)),
    };
    let record = CallRecord { timestamp: at, disposition, session: Some(times), duration: Some(67), billsec: Some(60) };
    let parties = Parties {
        from: Some(from.into()),
        to: Some("+12125550100".into()),
        caller_name: None,
        direction: Some(direction),
    };
    CallLog::from(&Fact::Record(FinalRecord {
        keys: CallKeys::of_session("5b1f0c7e"),
        received_at: at,
        record,
        parties,
        cost: Some(12_500),
        recording_url: None,
        payload: "{}".into(),
    }))
}

#[test]
fn a_day_on_which_the_clock_changes_has_as_many_hours_as_it_has() {
    assert_eq!(hours("America/New_York", date(2026, 3, 8)), 23);
    assert_eq!(hours("America/New_York", date(2026, 11, 1)), 25);
    assert_eq!(hours("America/New_York", date(2026, 11, 2)), 24);
    // Half an hour back: the hour from one to two comes once and a half.
    assert_eq!(hours("Australia/Lord_Howe", date(2026, 4, 5)), 25);
    // Samoa left this day out.
    assert_eq!(hours("Pacific/Apia", date(2011, 12, 30)), 0);
}

#[test]
fn an_hour_that_comes_twice_is_counted_as_two() {
    let zone = zone("America/New_York");
    let first: Timestamp = "2026-11-01T05:30:00Z".parse().unwrap();
    let [one, other] = [first, first + SignedDuration::from_hours(1)].map(|at| LocalHour::of(at, &zone));
    assert_eq!((one.hour, other.hour, one.day), (1, 1, other.day));
    assert_eq!((one.start.to_string().as_str(), one.end(&zone)), ("2026-11-01T05:00:00Z", other.start));
}

#[test]
fn calls_are_told_as_the_contract_says() {
    let (zone, day) = (zone("America/New_York"), date(2026, 11, 1));
    let at: Timestamp = "2026-11-01T05:30:00Z".parse().unwrap();
    let mut tally = Tally::default();
    let number = "+12125550123";
    tally.add(&recorded(number, CallDirection::Inbound, Disposition::Answered, at, true), &zone);
    let later = at + SignedDuration::from_hours(1);
    tally.add(&recorded(number, CallDirection::Inbound, Disposition::NoAnswer, later, false), &zone);
    let report = told(&tally, (day, day), Interval::Hour, &zone);
    assert_eq!((report.totals.calls, report.answered, report.totals.missed), (2, 1, 1));
    assert_eq!((report.answer_rate(), report.average_talk(), report.average_wait()), (Some(0.5), 120, 7));
    assert_eq!((report.by_hour[1], report.series.len()), (2, 25));
    assert_eq!(report.by_disposition[&Disposition::NoAnswer], 1);
    let week = Report::blank(day, date(2026, 11, 9), Interval::Week, &zone);
    assert_eq!(week.series.keys().map(ToString::to_string).collect::<Vec<_>>()[0], "2026-10-26T04:00:00Z");
    assert_eq!(week.series.len(), 3);
}

/// What a tally tells of some days.
fn told(
    tally: &Tally,
    (from, to): (jiff::civil::Date, jiff::civil::Date),
    interval: Interval,
    zone: &TimeZone,
) -> Report {
    let mut report = Report::blank(from, to, interval, zone);
    for (key, sums) in tally.hours.iter().filter(|(key, _)| (from..=to).contains(&key.hour.day)) {
        report.count(Report::start(interval, &key.hour, zone), key.direction, key.disposition, sums);
        report.count_hour(key.hour.hour, sums.calls);
    }
    report
}

fn any_call() -> impl Strategy<Value = CallLog> {
    // The changes of the clocks of these zones are in here.
    let at = (1_767_225_600..1_798_761_600i64).prop_map(|second| Timestamp::from_second(second).unwrap());
    let directions = prop::sample::select(&CallDirection::ALL[..]);
    let dispositions = prop::sample::select(&Disposition::ALL[..]);
    let numbers = prop::sample::select(vec!["+12125550123", "+442079460000", "anonymous", ""]);
    (numbers, directions, dispositions, at, any::<bool>()).prop_map(|(number, direction, disposition, at, answered)| {
        recorded(number, direction, disposition, at, answered)
    })
}

proptest! {
    #[test]
    fn any_order_and_whatever_is_taken_back_counts_the_same(
        (calls, gone) in (prop::collection::vec(any_call(), 0..20), prop::collection::vec(any_call(), 0..20)),
        name in prop::sample::select(&ZONES[..]),
    ) {
        let zone = zone(name);
        let (mut one, mut other) = (Tally::default(), Tally::default());
        for call in &calls {
            one.add(call, &zone);
        }
        for call in &gone {
            other.take(call, &zone);
        }
        for call in calls.iter().rev() {
            other.add(call, &zone);
        }
        for call in &gone {
            other.add(call, &zone);
        }
        one.settle();
        other.settle();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn an_instant_lies_in_its_hour(second in 1_700_000_000..1_900_000_000i64, name in prop::sample::select(&ZONES[..])) {
        let (zone, at) = (zone(name), Timestamp::from_second(second).unwrap());
        let hour = LocalHour::of(at, &zone);
        prop_assert!(hour.start <= at && at < hour.end(&zone), "{:?}", hour);
        prop_assert_eq!(LocalHour::of(hour.start, &zone), hour);
        prop_assert!(LocalHour::all(hour.day, hour.day, &zone).any(|start| start == hour.start));
        prop_assert!(start_of(hour.day, &zone) <= at);
    }

    #[test]
    fn the_series_adds_up(calls in prop::collection::vec(any_call(), 0..20), name in prop::sample::select(&ZONES[..])) {
        let zone = zone(name);
        let mut tally = Tally::default();
        for call in &calls {
            tally.add(call, &zone);
        }
        let days = (date(2026, 3, 1), date(2026, 11, 30));
        for interval in [Interval::Hour, Interval::Day, Interval::Week] {
            let blank = Report::blank(days.0, days.1, interval, &zone).series.len();
            let report = told(&tally, days, interval, &zone);
            prop_assert_eq!(report.series.len(), blank, "every call lies in a part of the series");
            prop_assert!(blank as u64 <= interval.count(days.0, days.1) + 2);
            prop_assert_eq!(report.series.values().map(|point| point.calls).sum::<i64>(), report.totals.calls);
            prop_assert_eq!(report.by_hour.iter().sum::<i64>(), report.totals.calls);
        }
    }
}
