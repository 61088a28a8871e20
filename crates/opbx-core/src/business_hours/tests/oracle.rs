//! An oracle for "open", built the other way round.
//!
//! The code under test goes from an instant to the wall clock. The oracle goes from the calendar to instants: it
//! takes every date, every range of that date and every minute of that range, asks the zone at which instants the
//! wall clock shows that minute (none in a gap, two in a fold), and paints those minutes open. It is slow, it
//! allocates, and it shares no line with the schedule.

use jiff::civil::Date;
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, ToSpan as _};

use super::*;

/// What an administrator wrote, still in its own words.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) zone: TimeZone,
    pub(super) week: WeeklySchedule,
    pub(super) own: Vec<ScheduleException<u8>>,
    pub(super) lists: Vec<HolidayList>,
    pub(super) over: Override,
}

impl Written {
    pub(super) fn compile(&self) -> Schedule<u8> {
        Schedule::new(self.zone.clone(), self.week.clone())
            .with_exceptions(self.own.clone())
            .with_holidays(&self.lists)
            .with_override(self.over.clone())
    }

    /// The ranges that belong to a date, as (start, end) in minutes from its midnight.
    fn minutes_of(&self, date: Date) -> Vec<(i64, i64)> {
        let own = self.own.iter().find(|day| day.date == date).map(|day| &day.kind);
        let mut listed = self.lists.iter().flat_map(|list| list.days.as_slice());
        let kind = own.or_else(|| listed.find(|day| day.date == date).map(|day| &day.kind));
        let ranges: Vec<OpeningRange> = match kind {
            Some(HoursKind::Closed) => vec![],
            Some(HoursKind::SpecialHours(ranges)) => ranges.as_slice().to_vec(),
            None if self.week.day(date.weekday()).enabled() => {
                self.week.day(date.weekday()).ranges().as_slice().to_vec()
            }
            None => vec![],
        };
        let both = |range: &OpeningRange| (i64::from(range.start().minutes()), i64::from(range.end().minutes()));
        ranges.iter().map(both).map(|(start, end)| (start, if end <= start { end + 1440 } else { end })).collect()
    }

    /// Whether each of the `minutes` whole minutes from `from` is open.
    pub(super) fn paint(&self, from: Timestamp, minutes: usize) -> Vec<bool> {
        assert_eq!(from.as_second() % 60, 0, "the oracle paints whole minutes");
        let mut painted = vec![false; minutes];
        let mut paint = |instant: Timestamp| {
            let minute = (instant.as_second() - from.as_second()).div_euclid(60);
            if let Some(cell) = usize::try_from(minute).ok().and_then(|minute| painted.get_mut(minute)) {
                *cell = true;
            }
        };
        // Three days at each side: no zone is further from UTC, and no range is longer.
        let utc = TimeZone::UTC.to_datetime(from).date();
        let days = i64::try_from(minutes / 1440).unwrap() + 6;
        for day in 0..days {
            let date = utc.checked_add((day - 3).days()).unwrap();
            for (start, end) in self.minutes_of(date) {
                for minute in start..end {
                    let wall = date.at(0, 0, 0, 0).checked_add(SignedDuration::from_mins(minute)).unwrap();
                    match self.zone.to_ambiguous_timestamp(wall).offset() {
                        AmbiguousOffset::Unambiguous { offset } => paint(offset.to_timestamp(wall).unwrap()),
                        AmbiguousOffset::Gap { .. } => {}
                        AmbiguousOffset::Fold { before, after } => {
                            paint(before.to_timestamp(wall).unwrap());
                            paint(after.to_timestamp(wall).unwrap());
                        }
                    }
                }
            }
        }
        for (minute, cell) in painted.iter_mut().enumerate() {
            let instant = from + SignedDuration::from_mins(i64::try_from(minute).unwrap());
            let holds = self.over.until.is_none_or(|until| instant < until);
            match self.over.mode {
                OverrideMode::Open if holds => *cell = true,
                OverrideMode::Closed if holds => *cell = false,
                _ => {}
            }
        }
        painted
    }
}
