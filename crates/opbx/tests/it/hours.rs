//! Hours as callers meet them: the real program by a clock that tests set, over its database.

use crate::agreement::Journey;
use crate::installation::{exchange, furnished, serve};
use crate::program::{PLAN, Place};

/// A patient calls the practice; another one the number for nights.
const MAIN: Journey = Journey::new("main line", "+14155550123", "+12125550100").people("hangs up after 3");
const NIGHTS: Journey = Journey::new("on call", "+14155550123", "+12125550101").people("1002 answers after 1, talks 5");

const OPEN: &str = "Welcome to Harbor Dental.";
const CLOSED: &str = "Reception is not available.";
const HOLIDAY: &str = "We are closed for the holiday.";

/// What time it is from now on. The file is exchanged whole, as it may be read at any moment.
fn set(place: &Place, time: &str) {
    place.write("clock.new", time);
    std::fs::rename(place.path("clock.new"), place.path("clock")).unwrap();
}

/// A row: when somebody calls, and what they hear first; nothing where it rings.
fn table(name: &str, journey: Journey, rows: &[(&str, &str)]) {
    let place = furnished(name, PLAN);
    set(&place, "2026-01-01T00:00:00Z");
    let serving = serve(&place, "--test-clock clock");
    let exchange = exchange(&serving, 1);
    for (time, hears) in rows {
        set(&place, time);
        let subject = ["--org", "acme", "--at", time];
        let journey = if hears.is_empty() { journey.results("completed") } else { journey };
        let (explained, transcript) = journey.agrees(&place, &subject, &serving, &exchange);
        let heard = transcript.heard().next().unwrap_or_default();
        assert!(
            heard.starts_with(hears) && hears.is_empty() == heard.is_empty(),
            "{time}: {explained:#}\n{transcript}"
        );
    }
}

#[test]
fn a_call_goes_by_the_hour_of_the_organization() {
    table(
        "hours-week",
        MAIN,
        &[
            ("2026-03-08T03:00:00-04:00", CLOSED), // Sunday, just after the clocks went forward
            ("2026-03-09T10:00:00-04:00", OPEN),   // Monday
            ("2026-03-09T12:29:59-04:00", OPEN),
            ("2026-03-09T12:30:00-04:00", CLOSED), // lunch
            ("2026-03-09T13:30:00-04:00", OPEN),
            ("2026-03-13T13:00:00-04:00", CLOSED), // Friday afternoon
            ("2026-11-26T10:00:00-05:00", HOLIDAY),
            ("2026-12-24T11:59:00-05:00", OPEN),
            ("2026-12-24T12:00:00-05:00", CLOSED),
            ("2026-12-25T10:00:00-05:00", CLOSED),
        ],
    );
}

/// The same instant of the day is another hour after the change.
#[test]
fn the_hour_is_that_of_the_clock_on_the_wall() {
    table(
        "hours-change",
        MAIN,
        &[
            ("2026-03-06T13:15:00Z", CLOSED), // Friday 08:15, before it
            ("2026-03-09T13:15:00Z", OPEN),   // Monday 09:15, after it
            ("2026-10-30T12:45:00Z", OPEN),   // Friday 08:45
            ("2026-11-02T12:45:00Z", CLOSED), // Monday 07:45
        ],
    );
}

/// Both nights of the year in which the clocks change: open from 22:00 to 06:00, an hour shorter and an hour longer.
#[test]
fn a_night_in_which_the_clocks_change_is_one_night() {
    table(
        "hours-nights",
        NIGHTS,
        &[
            ("2026-03-07T21:59:59-05:00", CLOSED),
            ("2026-03-07T22:00:00-05:00", ""),
            ("2026-03-08T01:59:59-05:00", ""),
            ("2026-03-08T03:00:00-04:00", ""), // a second later
            ("2026-03-08T05:59:59-04:00", ""),
            ("2026-03-08T06:00:00-04:00", CLOSED),
            ("2026-11-01T01:30:00-04:00", ""),
            ("2026-11-01T01:30:00-05:00", ""), // an hour later, and the same time
            ("2026-11-01T06:00:00-05:00", CLOSED),
        ],
    );
}

#[test]
fn a_clock_that_shows_nothing_is_refused_at_the_start_and_stands_still_later() {
    let place = furnished("hours-broken", PLAN);
    let ran = place.run("serve --listen 127.0.0.1:0 --test-clock clock");
    assert!(ran.code == Some(2) && ran.errors.starts_with("clock: "), "{ran:?}");
    set(&place, "teatime");
    let ran = place.run("serve --listen 127.0.0.1:0 --test-clock clock");
    let said = "clock says `teatime`; it should be a time like 2026-03-08T03:00:00-04:00.\n";
    assert_eq!((ran.code, ran.errors.as_str()), (Some(2), said));
    assert!(place.run("--version").output.ends_with(" with test-clock\n"));

    set(&place, "2026-03-09T10:00:00-04:00");
    let serving = serve(&place, "--test-clock clock");
    set(&place, "teatime");
    let at = ["--org", "acme", "--at", "2026-03-09T10:00:00-04:00"];
    MAIN.agrees(&place, &at, &serving, &exchange(&serving, 1));
}
