//! Days, and the numbers that stand for them in columns.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use opbx_core::statistics::month_of;

/// Day 0.
const FIRST: Date = date(1970, 1, 1);

/// The number of a day.
pub(super) fn number(day: Date) -> i32 {
    // The calendar has some seven million days.
    i32::try_from(day.duration_since(FIRST).as_hours() / 24).unwrap_or_default()
}

/// The day of a number.
pub(super) fn day(number: i32) -> Date {
    FIRST.saturating_add(number.days())
}

/// The days from one to another.
pub(super) fn each(from: Date, to: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).take_while(move |day| *day <= to)
}

/// The first days of the months that some days lie in.
pub(super) fn months(from: Date, to: Date) -> impl Iterator<Item = Date> {
    month_of(from).series(1.month()).take_while(move |month| *month <= to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_number() {
        for (told, counted) in [(date(1970, 1, 1), 0), (date(2026, 11, 29), 20_786), (date(1969, 12, 31), -1)] {
            assert_eq!((number(told), day(counted)), (counted, told));
        }
        for end in [Date::MIN, Date::MAX] {
            assert_eq!(day(number(end)), end);
        }
    }
}
