//! What the tests share: short ways to write hours, and an oracle that knows nothing of the code under test.

mod laws;
mod oracle;
mod source;
mod table;

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::*;

/// A zone of the database bundled with the tests.
fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).expect("a zone of the bundled database")
}

/// `"09:00-12:30 13:30-17:00"`.
fn ranges(text: &str) -> OpeningRanges {
    let range = |text: &str| {
        let (start, end) = text.split_once('-').expect("a dash");
        OpeningRange::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    };
    OpeningRanges::new(text.split_whitespace().map(range).collect()).unwrap()
}

/// A week from its enabled days.
fn week(days: &[(Weekday, &str)]) -> WeeklySchedule {
    let mut week = WeeklySchedule::default();
    for (weekday, text) in days {
        week.set_day(*weekday, DayHours::new(true, ranges(text)).unwrap());
    }
    week
}

/// A special day; closed when `hours` is empty.
fn special<D>(date: &str, name: &str, hours: &str, destination: Option<D>) -> ScheduleException<D> {
    let hours = ranges(hours);
    let kind = if hours.is_empty() { HoursKind::Closed } else { HoursKind::SpecialHours(hours) };
    ScheduleException { date: date.parse().unwrap(), name: name.into(), kind, destination }
}

/// A list of days.
fn list(days: Vec<Holiday>) -> HolidayList {
    HolidayList { days: Exceptions::new(days).unwrap() }
}

/// An instant.
fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The whole of Monday to Friday, 09:00 to 17:00.
fn office() -> WeeklySchedule {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    week(&[Monday, Tuesday, Wednesday, Thursday, Friday].map(|weekday| (weekday, "09:00-17:00")))
}
