//! The rules one by one, each as a small table a person can check.

use jiff::civil::date;

use super::*;

/// Local times of 2026 (or with a date) that are open and closed in a zone.
#[track_caller]
fn check<D>(schedule: &Schedule<D>, table: &[(&str, bool)]) {
    for (instant, open) in table {
        let opening = schedule.open_at(at(instant));
        assert_eq!(opening.open, *open, "{instant}: {opening:?}");
    }
}

fn plain(zone_name: &str, week: WeeklySchedule) -> Schedule<&'static str> {
    Schedule::new(zone(zone_name), week)
}

#[test]
fn ranges_are_half_open() {
    let schedule = plain("UTC", office());
    check(
        &schedule,
        &[
            ("2026-03-10T08:59:59.999999999Z", false),
            ("2026-03-10T09:00:00Z", true),
            ("2026-03-10T16:59:59.999999999Z", true),
            ("2026-03-10T17:00:00Z", false),
            ("2026-03-14T12:00:00Z", false),
        ],
    );
    let opening = schedule.open_at(at("2026-03-10T09:12:00Z"));
    let range = ranges("09:00-17:00").as_slice()[0];
    assert_eq!(opening.because, OpeningRule::Weekly { weekday: Weekday::Tuesday, range });
    assert_eq!(opening.local, date(2026, 3, 10).at(9, 12, 0, 0));
    let closed = |instant| schedule.open_at(at(instant)).because;
    assert_eq!(closed("2026-03-10T17:00:00Z"), OpeningRule::WeeklyClosed { weekday: Weekday::Tuesday, enabled: true });
    assert_eq!(
        closed("2026-03-14T12:00:00Z"),
        OpeningRule::WeeklyClosed { weekday: Weekday::Saturday, enabled: false }
    );
}

#[test]
fn whole_days() {
    for hours in ["00:00-24:00", "00:00-00:00"] {
        check(
            &plain("UTC", week(&[(Weekday::Friday, hours)])),
            &[
                ("2026-03-12T23:59:59Z", false),
                ("2026-03-13T00:00:00Z", true),
                ("2026-03-13T23:59:59Z", true),
                ("2026-03-14T00:00:00Z", false),
            ],
        );
    }
}

#[test]
fn a_range_over_midnight_belongs_to_the_day_it_started_on() {
    let schedule = plain("UTC", week(&[(Weekday::Friday, "22:00-02:00")]));
    check(
        &schedule,
        &[
            ("2026-03-13T00:30:00Z", false),
            ("2026-03-13T22:00:00Z", true),
            ("2026-03-14T01:59:59Z", true),
            ("2026-03-14T02:00:00Z", false),
        ],
    );
    let range = ranges("22:00-02:00").as_slice()[0];
    let opening = schedule.open_at(at("2026-03-14T01:00:00Z"));
    assert_eq!(opening.because, OpeningRule::Weekly { weekday: Weekday::Friday, range });
}

#[test]
fn an_exception_replaces_the_weekly_ranges_of_its_date() {
    let schedule = plain("America/New_York", office()).with_exceptions([
        special("2026-12-24", "Eve", "09:00-12:00", Some("eve")),
        special("2026-12-25", "Christmas", "", Some("carols")),
        special("2026-12-26", "Sale", "10:00-11:00", None),
    ]);
    check(
        &schedule,
        &[
            ("2026-12-24T13:59:59Z", false),
            ("2026-12-24T14:00:00Z", true),
            ("2026-12-24T17:00:00Z", false),
            ("2026-12-25T15:00:00Z", false),
            ("2026-12-26T15:30:00Z", true),
            ("2026-12-28T15:00:00Z", true),
        ],
    );
    let destination = |instant| schedule.destination_of(&schedule.open_at(at(instant))).copied();
    assert_eq!(destination("2026-12-24T14:30:00Z"), None, "open: the schedule's own open destination");
    assert_eq!(destination("2026-12-24T18:00:00Z"), Some("eve"), "outside the special hours too");
    assert_eq!(destination("2026-12-25T15:00:00Z"), Some("carols"));
    assert_eq!(destination("2026-12-26T18:00:00Z"), None, "an exception without one");
    assert_eq!(destination("2026-12-27T18:00:00Z"), None, "an ordinary closed day");
    let opening = schedule.open_at(at("2026-12-25T15:00:00Z"));
    assert_eq!(
        opening.because,
        OpeningRule::Exception {
            date: date(2026, 12, 25),
            name: "Christmas".into(),
            source: ExceptionSource::Own,
            range: None
        }
    );
    assert_eq!(opening.closed_by.map(|place| &*schedule.special_days()[place].name), Some("Christmas"));
}

#[test]
fn the_night_before_an_exception_still_counts() {
    let every_night = week(&[(Weekday::Thursday, "22:00-02:00"), (Weekday::Friday, "09:00-17:00")]);
    let schedule = plain("UTC", every_night).with_exceptions([special("2026-12-25", "Christmas", "", Some("carols"))]);
    check(
        &schedule,
        &[("2026-12-25T01:59:00Z", true), ("2026-12-25T02:00:00Z", false), ("2026-12-25T12:00:00Z", false)],
    );
    let night = schedule.open_at(at("2026-12-25T01:00:00Z"));
    assert!(matches!(night.because, OpeningRule::Weekly { weekday: Weekday::Thursday, .. }), "{night:?}");
    assert_eq!((night.closed_by, schedule.destination_of(&night)), (None, None));
}

#[test]
fn an_exception_takes_its_own_night_with_it() {
    // Special hours run over midnight; a closed day has no night to give.
    let friday = week(&[(Weekday::Friday, "22:00-02:00")]);
    let schedule = plain("UTC", friday).with_exceptions([
        special("2026-12-11", "Party", "20:00-04:00", None),
        special("2026-12-25", "Christmas", "", None),
    ]);
    check(
        &schedule,
        &[
            ("2026-12-05T01:00:00Z", true),
            ("2026-12-12T03:59:59Z", true),
            ("2026-12-12T04:00:00Z", false),
            ("2026-12-26T01:00:00Z", false),
        ],
    );
    let party = schedule.open_at(at("2026-12-12T01:00:00Z"));
    assert!(
        matches!(&party.because, OpeningRule::Exception { date: day, range: Some(_), .. } if *day == date(2026, 12, 11)),
        "{party:?}"
    );
}

#[test]
fn own_exceptions_win_over_lists_and_the_first_list_wins() {
    let lists = [
        list(vec![special("2026-05-01", "Labour Day", "", None)]),
        list(vec![special("2026-05-01", "May Day", "10:00-11:00", None), special("2026-05-04", "Bridge", "", None)]),
    ];
    let own = || [special("2026-05-04", "Open bridge", "10:00-12:00", Some("x"))];
    let first = plain("UTC", office()).with_exceptions(own()).with_holidays(&lists);
    let second = plain("UTC", office()).with_holidays(&lists).with_exceptions(own());
    assert_eq!(first.special_days(), second.special_days(), "the order of the calls does not matter");
    let names: Vec<_> = first.special_days().iter().map(|day| (&*day.name, day.source)).collect();
    assert_eq!(names, [("Labour Day", ExceptionSource::List(0)), ("Open bridge", ExceptionSource::Own)]);
    check(&first, &[("2026-05-01T10:30:00Z", false), ("2026-05-04T10:30:00Z", true), ("2026-05-04T12:30:00Z", false)]);
}

#[test]
fn an_override_wins_until_it_expires() {
    let until = Some(at("2026-03-10T14:00:00Z"));
    let forced = |mode, until| {
        plain("UTC", office())
            .with_exceptions([special("2026-03-11", "Fair", "", Some("fair"))])
            .with_override(Override { mode, until, reason: Some("Drill".into()) })
    };
    let closed = forced(OverrideMode::Closed, until);
    check(&closed, &[("2026-03-10T13:59:59.999999999Z", false), ("2026-03-10T14:00:00Z", true)]);
    let opening = closed.open_at(at("2026-03-10T12:00:00Z"));
    let because = OpeningRule::Override { mode: OverrideMode::Closed, until, reason: Some("Drill".into()) };
    assert_eq!((opening.because, opening.closed_by), (because, None));

    let for_ever = forced(OverrideMode::Open, None);
    check(&for_ever, &[("2026-03-11T03:00:00Z", true), ("2036-03-11T03:00:00Z", true)]);
    let closed_fair = forced(OverrideMode::Closed, None);
    let fair = closed_fair.open_at(at("2026-03-11T03:00:00Z"));
    assert_eq!(closed_fair.destination_of(&fair), None, "the override closed it, not the exception");
    check(&forced(OverrideMode::Auto, None), &[("2026-03-10T12:00:00Z", true)]);
}

#[test]
fn an_inactive_schedule_is_closed() {
    let over = Override { mode: OverrideMode::Open, until: None, reason: None };
    let schedule = plain("UTC", office()).with_override(over).with_active(false);
    let opening = schedule.open_at(at("2026-03-10T12:00:00Z"));
    assert_eq!((opening.open, opening.because), (false, OpeningRule::Inactive));
    assert_eq!(schedule.next_change(at("2026-03-10T12:00:00Z")), None);
}

#[test]
fn spring_forward() {
    // New York, 2026-03-08: 02:00 becomes 03:00 at 07:00 UTC.
    let sunday = |hours| plain("America/New_York", week(&[(Weekday::Sunday, hours)]));
    let starts_in_gap = sunday("02:30-03:30");
    check(
        &starts_in_gap,
        &[("2026-03-08T06:59:59Z", false), ("2026-03-08T07:00:00Z", true), ("2026-03-08T07:30:00Z", false)],
    );
    check(&starts_in_gap, &[("2026-03-15T06:29:59Z", false), ("2026-03-15T06:30:00Z", true)]);
    check(
        &sunday("01:30-02:30"),
        &[("2026-03-08T06:30:00Z", true), ("2026-03-08T06:59:59Z", true), ("2026-03-08T07:00:00Z", false)],
    );
    let inside_gap = sunday("02:00-02:30");
    check(&inside_gap, &[("2026-03-08T06:59:59Z", false), ("2026-03-08T07:00:00Z", false)]);
    let next = inside_gap.next_change(at("2026-03-08T00:00:00Z"));
    assert_eq!(next, Some(at("2026-03-15T06:00:00Z")), "not on the night that skips it");
}

#[test]
fn fall_back() {
    // New York, 2026-11-01: 02:00 becomes 01:00 at 06:00 UTC, so 01:30 is 05:30 and 06:30 UTC.
    let sunday = |hours| plain("America/New_York", week(&[(Weekday::Sunday, hours)]));
    check(
        &sunday("01:00-02:00"),
        &[
            ("2026-11-01T04:59:59Z", false),
            ("2026-11-01T05:00:00Z", true),
            ("2026-11-01T05:30:00Z", true),
            ("2026-11-01T06:30:00Z", true),
            ("2026-11-01T07:00:00Z", false),
        ],
    );
    // A range that ends inside the repeated hour opens again with it.
    let twice = sunday("00:30-01:30");
    check(
        &twice,
        &[
            ("2026-11-01T05:29:59Z", true),
            ("2026-11-01T05:30:00Z", false),
            ("2026-11-01T06:00:00Z", true),
            ("2026-11-01T06:30:00Z", false),
        ],
    );
    assert_eq!(twice.next_change(at("2026-11-01T05:30:00Z")), Some(at("2026-11-01T06:00:00Z")));
}

#[test]
fn midnights_that_do_not_exist_or_come_twice() {
    // Beirut, 2026-03-29: 00:00 becomes 01:00 at 22:00 UTC of the 28th.
    let beirut = plain("Asia/Beirut", week(&[(Weekday::Saturday, "22:00-00:30"), (Weekday::Sunday, "00:30-02:00")]));
    check(
        &beirut,
        &[
            ("2026-03-28T21:59:59Z", true),
            ("2026-03-28T22:00:00Z", true),
            ("2026-03-28T22:59:59Z", true),
            ("2026-03-28T23:00:00Z", false),
        ],
    );
    let opening = beirut.open_at(at("2026-03-28T22:00:00Z"));
    assert!(matches!(opening.because, OpeningRule::Weekly { weekday: Weekday::Sunday, .. }), "{opening:?}");
    // Santiago, 2026-04-05: 24:00 of Saturday becomes 23:00 of Saturday at 03:00 UTC.
    let santiago = plain("America/Santiago", week(&[(Weekday::Saturday, "23:30-24:00")]));
    check(
        &santiago,
        &[
            ("2026-04-05T02:29:59Z", false),
            ("2026-04-05T02:30:00Z", true),
            ("2026-04-05T03:00:00Z", false),
            ("2026-04-05T03:30:00Z", true),
            ("2026-04-05T04:00:00Z", false),
        ],
    );
}

#[test]
fn a_date_that_does_not_exist() {
    // Apia had no Friday 2011-12-30: Thursday was followed by Saturday. What would have run into the Friday is
    // skipped with it; what the Friday would have run into Saturday begins at the next instant that exists.
    let days = [(Weekday::Thursday, "22:00-02:00"), (Weekday::Friday, "23:00-01:00")];
    check(
        &plain("Pacific/Apia", week(&days)),
        &[
            ("2011-12-30T09:59:59Z", true), // Thursday 23:59:59
            ("2011-12-30T10:00:00Z", true), // Saturday 00:00
            ("2011-12-30T11:00:00Z", false),
        ],
    );
    let thursday = plain("Pacific/Apia", week(&days[..1]));
    check(&thursday, &[("2011-12-30T09:59:59Z", true), ("2011-12-30T10:00:00Z", false)]);
    assert_eq!(thursday.next_change(at("2011-12-30T09:00:00Z")), Some(at("2011-12-30T10:00:00Z")));
}

#[test]
fn the_next_change() {
    let schedule = plain("UTC", office()).with_exceptions([special("2026-03-11", "Fair", "", None)]);
    let next = |schedule: &Schedule<_>, now| schedule.next_change(at(now)).map(|next| next.to_string());
    assert_eq!(next(&schedule, "2026-03-10T12:34:56.789Z").as_deref(), Some("2026-03-10T17:00:00Z"));
    assert_eq!(next(&schedule, "2026-03-10T17:00:00Z").as_deref(), Some("2026-03-12T09:00:00Z"), "over the fair");
    assert_eq!(next(&schedule, "2026-03-13T17:00:00Z").as_deref(), Some("2026-03-16T09:00:00Z"), "over the weekend");
    let forced = |mode, until: Option<&str>| {
        schedule.clone().with_override(Override { mode, until: until.map(at), reason: None })
    };
    let closed_until = |until| forced(OverrideMode::Closed, Some(until));
    let noon = "2026-03-10T12:00:00Z";
    assert_eq!(next(&closed_until("2026-03-10T14:00:00Z"), noon).as_deref(), Some("2026-03-10T14:00:00Z"));
    assert_eq!(next(&closed_until("2026-03-10T20:00:00Z"), noon).as_deref(), Some("2026-03-12T09:00:00Z"));
    assert_eq!(next(&closed_until("2036-03-10T14:00:00Z"), noon).as_deref(), Some("2036-03-10T14:00:00Z"));
    assert_eq!(next(&forced(OverrideMode::Open, None), noon), None);
    assert_eq!(next(&closed_until("2026-03-10T11:00:00Z"), noon).as_deref(), Some("2026-03-10T17:00:00Z"), "expired");
}

#[test]
fn the_next_change_looks_a_year_ahead_and_no_further() {
    let empty = || plain("UTC", WeeklySchedule::default());
    let now = at("2026-01-01T00:00:00Z");
    assert_eq!(empty().next_change(now), None);
    let on = |date| empty().with_exceptions([special(date, "Fair", "09:00-10:00", None)]).next_change(now);
    assert_eq!(on("2027-01-01"), Some(at("2027-01-01T09:00:00Z")));
    assert_eq!(on("2027-03-01"), None);
    let always = week(&[
        (Weekday::Monday, "00:00-24:00"),
        (Weekday::Tuesday, "00:00-24:00"),
        (Weekday::Wednesday, "00:00-24:00"),
        (Weekday::Thursday, "00:00-24:00"),
        (Weekday::Friday, "00:00-24:00"),
        (Weekday::Saturday, "00:00-24:00"),
        (Weekday::Sunday, "00:00-24:00"),
    ]);
    assert_eq!(plain("America/New_York", always).next_change(now), None);
}

#[test]
fn never_opens() {
    assert!(plain("UTC", WeeklySchedule::default()).never_opens());
    assert!(!plain("UTC", office()).never_opens());
    let fair = [special("2026-12-11", "Fair", "20:00-04:00", None)];
    assert!(!plain("UTC", WeeklySchedule::default()).with_exceptions(fair).never_opens());
}

#[test]
fn the_ends_of_time() {
    let schedule = plain("America/New_York", office());
    for now in [Timestamp::MIN, Timestamp::MAX] {
        let _ = schedule.open_at(now);
        let _ = schedule.next_change(now);
    }
}
