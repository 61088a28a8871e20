//! "Closed means closed": the schedule against the oracle, minute by minute.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::oracle::Written;
use super::*;

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// Zones whose clock changes differ in kind: an hour at night (both hemispheres), half an hour, at midnight forwards
/// and back, on a Friday, none with an odd offset, none at all.
const ZONES: [&str; 10] = [
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Beirut",
    "Pacific/Apia",
];

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// Hours with an edge wherever a clock change could hide: around midnight and 02:00 of the nights of change, over
/// midnight on all of them, and special days on and next to the changes themselves.
fn edgy(zone_name: &str) -> Written {
    let week = week(&[
        (Weekday::Monday, "00:00-00:30 09:00-12:30 13:30-17:00"),
        (Weekday::Wednesday, "00:00-24:00"),
        (Weekday::Thursday, "12:00-12:00"),
        (Weekday::Friday, "00:15-00:45 02:10-02:50 20:00-24:00"),
        (Weekday::Saturday, "01:50-02:20 22:00-02:30"),
        (Weekday::Sunday, "02:30-03:30 23:30-01:15"),
    ]);
    let own = vec![
        special("2026-04-04", "Long night", "22:00-00:20", Some(1)),
        special("2026-11-01", "Twice", "00:30-01:30 01:45-02:15", None),
        special("2026-12-25", "Christmas", "", None),
    ];
    let lists = vec![
        list(vec![special("2026-12-25", "Ignored", "09:00-10:00", None), special("2026-03-29", "Spring", "", None)]),
        list(vec![special("2026-03-29", "Also ignored", "10:00-11:00", None)]),
    ];
    Written { zone: zone(zone_name), week, own, lists, over: Override::default() }
}

fn whole_year(zone_name: &str, year: i16) {
    let written = edgy(zone_name);
    let schedule = written.compile();
    let from = TimeZone::UTC.to_timestamp(date(year, 1, 1).at(0, 0, 0, 0)).unwrap();
    let painted = written.paint(from, 366 * 1440);
    let mut now = from;
    for (minute, open) in painted.iter().enumerate() {
        let opening = schedule.open_at(now);
        assert_eq!(opening.open, *open, "{zone_name}, minute {minute}, {now}: {opening:?}");
        now += minutes(1);
    }
}

#[test]
fn every_minute_of_a_year() {
    // One thread per zone: it is the slowest test of the module.
    std::thread::scope(|scope| {
        for zone in ZONES {
            scope.spawn(move || whole_year(zone, 2026));
        }
        scope.spawn(|| whole_year("Pacific/Apia", 2011));
    });
}

fn any_ranges() -> impl Strategy<Value = OpeningRanges> {
    // Multiples of 5 meet each other often; night hours are where clocks change.
    let minute = prop_oneof![0..60u16, 0..288u16].prop_map(|five| five * 5);
    let clock = |minute: u16| MinuteOfDay::new(u8::try_from(minute / 60).unwrap(), u8::try_from(minute % 60).unwrap());
    let range = (minute.clone(), minute, any::<bool>()).prop_map(move |(start, end, to_the_end)| {
        let end = if to_the_end && end == 0 { 1440 } else { end };
        OpeningRange::new(clock(start).unwrap(), clock(end).unwrap()).unwrap()
    });
    // Ranges that overlap an earlier one are left out, as the constructor would refuse them.
    prop::collection::vec(range, 0..4).prop_map(|wanted| {
        let mut kept: Vec<OpeningRange> = Vec::new();
        for range in wanted {
            kept.push(range);
            if OpeningRanges::new(kept.clone()).is_err() {
                kept.pop();
            }
        }
        OpeningRanges::new(kept).unwrap()
    })
}

fn any_special<D: std::fmt::Debug + Clone>(
    date: Date,
    destination: impl Strategy<Value = Option<D>>,
) -> impl Strategy<Value = ScheduleException<D>> {
    (any_ranges(), destination).prop_map(move |(ranges, destination)| {
        let kind = if ranges.is_empty() { HoursKind::Closed } else { HoursKind::SpecialHours(ranges) };
        ScheduleException { date, name: "day".into(), kind, destination }
    })
}

/// A schedule, and an instant near a change of its clock or anywhere in three years.
fn any_case() -> impl Strategy<Value = (Written, Timestamp)> {
    let zone_and_now = (prop::sample::select(&ZONES[..]), 0..3 * 366 * 1440i64, 0..6usize, -2880..2880i64).prop_map(
        |(name, minute, change, near)| {
            let zone = zone(name);
            let from = at("2025-01-01T00:00:00Z");
            let changes = zone.following(from).nth(change).map(|change| change.timestamp());
            let now = changes.map_or(from + minutes(minute), |change| change + minutes(near));
            (zone, now)
        },
    );
    zone_and_now.prop_flat_map(|(zone, now)| {
        let today = zone.to_datetime(now).date();
        let days = prop::collection::vec((any::<bool>(), any_ranges()), 7);
        let own = any_special(today.tomorrow().unwrap(), prop::option::of(any::<u8>()));
        let other = any_special(today, Just(None));
        let hidden = any_special(today.tomorrow().unwrap(), Just(None));
        let over = (0..6u8, prop::option::of(0..2880i64)).prop_map(move |(mode, until)| Override {
            mode: match mode {
                0 => OverrideMode::Open,
                1 => OverrideMode::Closed,
                _ => OverrideMode::Auto,
            },
            until: until.map(|after| now + minutes(after)),
            reason: None,
        });
        let own = prop::option::of(own);
        let listed = prop::option::of((other, hidden));
        (days, own, listed, over).prop_map(move |(days, own, listed, over)| {
            let mut week = WeeklySchedule::default();
            for (weekday, (enabled, ranges)) in WEEKDAYS.into_iter().zip(days) {
                week.set_day(weekday, DayHours::new(enabled && !ranges.is_empty(), ranges).unwrap());
            }
            let lists = listed.map(|(today, tomorrow)| list(vec![today, tomorrow]));
            let written = Written {
                zone: zone.clone(),
                week,
                own: own.into_iter().collect(),
                lists: lists.into_iter().collect(),
                over,
            };
            (written, now)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn open_is_what_the_calendar_says((written, now) in any_case()) {
        let schedule = written.compile();
        let from = now - minutes(1440);
        for (minute, open) in written.paint(from, 4 * 1440).into_iter().enumerate() {
            let instant = from + minutes(i64::try_from(minute).unwrap());
            let opening = schedule.open_at(instant);
            prop_assert_eq!(opening.open, open, "{}: {:?}", instant, opening);
            // The same for the last instant of the minute.
            prop_assert_eq!(schedule.open_at(instant + SignedDuration::new(59, 999_999_999)).open, open);
        }
    }

    #[test]
    fn the_next_change_is_the_first_minute_that_differs((written, now) in any_case(), inside in 0..60_000_000_000i64) {
        let schedule = written.compile();
        let painted = written.paint(now, 9 * 1440);
        let first = painted.iter().position(|open| *open != painted[0]);
        let asked = now + SignedDuration::from_nanos(inside);
        let next = schedule.next_change(asked);
        match first {
            Some(minute) => prop_assert_eq!(next, Some(now + minutes(i64::try_from(minute).unwrap()))),
            None => prop_assert!(next.is_none_or(|next| next >= now + minutes(9 * 1440)), "{:?}", next),
        }
    }

    #[test]
    fn the_rule_agrees_with_the_answer((written, now) in any_case()) {
        let schedule = written.compile();
        let opening = schedule.open_at(now);
        let says_open = match &opening.because {
            OpeningRule::Inactive | OpeningRule::WeeklyClosed { .. } => false,
            OpeningRule::Override { mode, .. } => *mode == OverrideMode::Open,
            OpeningRule::Exception { range, .. } => range.is_some(),
            OpeningRule::Weekly { .. } => true,
        };
        prop_assert_eq!(opening.open, says_open, "{:?}", opening);
        let closed_by_exception = matches!(&opening.because, OpeningRule::Exception { range: None, .. });
        prop_assert_eq!(opening.closed_by.is_some(), closed_by_exception);
        if let Some(place) = opening.closed_by {
            prop_assert_eq!(schedule.special_days()[place].date, opening.local.date());
        }
    }
}
