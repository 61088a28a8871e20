//! The compiled schedule: is it open now, why, and until when.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::exception::{HolidayList, HoursKind, Override, OverrideMode, ScheduleException};
use super::range::{MinuteOfDay, OpeningRange};
use super::week::WeeklySchedule;
use crate::heap::{Heap, block};

/// How far ahead [`Schedule::next_change`] looks: over a year, so that a day that comes once a year is found.
const HORIZON: SignedDuration = SignedDuration::from_hours(400 * 24);

/// A schedule ready to be asked. It owns the rules of its zone, so asking opens no file and takes no lock.
#[derive(Debug, Clone)]
pub struct Schedule<D> {
    zone: TimeZone,
    active: bool,
    week: WeeklySchedule,
    over: Override,
    // What a trace shows of `over.reason`: shared, so that a call does not copy text.
    reason: Option<Arc<str>>,
    // By date, one per date.
    days: Vec<SpecialDay<D>>,
}

/// An exception as it counts: own exceptions and holiday lists merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay<D> {
    /// The local date.
    pub date: Date,
    /// What people call the day.
    pub name: Arc<str>,
    /// What the day does.
    pub kind: HoursKind,
    /// Where calls go whenever this day makes the schedule closed.
    pub destination: Option<D>,
    /// Where it was written.
    pub source: ExceptionSource,
}

/// Where an exception was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExceptionSource {
    /// In the schedule itself.
    Own,
    /// In a holiday list: its place among the lists of the schedule, from 0.
    List(usize),
}

/// The answer of a schedule for one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whether it is open.
    pub open: bool,
    /// The rule that says so.
    pub because: OpeningRule,
    /// What the wall clock showed.
    pub local: DateTime,
    /// When an exception is what makes it closed: its place in [`Schedule::special_days`].
    pub closed_by: Option<usize>,
}

/// The rule that decided. A range belongs to the date it starts on, which for one that ran over midnight is the day
/// before [`Opening::local`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpeningRule {
    /// The schedule is inactive, which is closed.
    Inactive,
    /// A person set it by hand.
    Override {
        /// What was set: open or closed, never auto.
        mode: OverrideMode,
        /// The first instant it no longer holds.
        until: Option<Timestamp>,
        /// Why.
        reason: Option<Arc<str>>,
    },
    /// A special day.
    Exception {
        /// Its date.
        date: Date,
        /// What people call it.
        name: Arc<str>,
        /// Where it was written.
        source: ExceptionSource,
        /// The range that is open; `None` when the day makes the schedule closed.
        range: Option<OpeningRange>,
    },
    /// A range of an ordinary weekday.
    Weekly {
        /// The weekday the range belongs to.
        weekday: Weekday,
        /// The range.
        range: OpeningRange,
    },
    /// No range of an ordinary weekday holds this time.
    WeeklyClosed {
        /// The weekday.
        weekday: Weekday,
        /// Whether the weekday opens at other times.
        enabled: bool,
    },
}

impl<D: Heap> Heap for Schedule<D> {
    fn heap(&self) -> usize {
        let ranges = |ranges: &[OpeningRange]| block(size_of_val(ranges));
        let week: usize = self.week.days().iter().map(|day| ranges(day.ranges().as_slice())).sum();
        let days = self.days.iter().map(|day| day.name.heap() + ranges(day.kind.ranges()) + day.destination.heap());
        let over = self.over.reason.as_deref().map_or(0, Heap::heap) + self.reason.heap();
        week + over + block(self.days.capacity() * size_of::<SpecialDay<D>>()) + days.sum::<usize>()
    }
}

impl<D> Schedule<D> {
    /// An active schedule with these weekly hours and nothing else.
    #[must_use]
    pub const fn new(zone: TimeZone, week: WeeklySchedule) -> Self {
        let over = Override { mode: OverrideMode::Auto, until: None, reason: None };
        Self { zone, active: true, week, over, reason: None, days: Vec::new() }
    }

    /// Sets whether the schedule is active; an inactive one is closed.
    #[must_use]
    pub const fn with_active(mut self, active: bool) -> Self {
        self.active = active;
        self
    }

    /// Sets the manual override.
    #[must_use]
    pub fn with_override(mut self, over: Override) -> Self {
        self.reason = over.reason.as_deref().map(Arc::from);
        self.over = over;
        self
    }

    /// Adds the schedule's own exceptions. An own exception wins over a list whatever the order of the calls.
    #[must_use]
    pub fn with_exceptions(mut self, exceptions: impl IntoIterator<Item = ScheduleException<D>>) -> Self {
        for exception in exceptions {
            let ScheduleException { date, name, kind, destination } = exception;
            self.add(SpecialDay { date, name: name.into(), kind, destination, source: ExceptionSource::Own });
        }
        self
    }

    /// Adds holiday lists, in their order; the first with a date counts. Call it once, with all of them.
    #[must_use]
    pub fn with_holidays<'a>(mut self, lists: impl IntoIterator<Item = &'a HolidayList>) -> Self {
        for (place, list) in lists.into_iter().enumerate() {
            for day in list.days.as_slice() {
                self.add(SpecialDay {
                    date: day.date,
                    name: day.name.as_str().into(),
                    kind: day.kind.clone(),
                    destination: None,
                    source: ExceptionSource::List(place),
                });
            }
        }
        self
    }

    fn add(&mut self, day: SpecialDay<D>) {
        match self.days.binary_search_by_key(&day.date, |known| known.date) {
            Err(place) => self.days.insert(place, day),
            Ok(place) => {
                if let Some(known) = self.days.get_mut(place)
                    && day.source == ExceptionSource::Own
                    && known.source != ExceptionSource::Own
                {
                    *known = day;
                }
            }
        }
    }

    /// The zone whose wall clock decides.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// When an override ended that a person set, and why it was set; `None` where none did or it still holds.
    #[must_use]
    pub fn override_ended(&self, now: Timestamp) -> Option<(Timestamp, Option<&Arc<str>>)> {
        let until = self.over.until.filter(|until| *until <= now && self.over.mode != OverrideMode::Auto)?;
        Some((until, self.reason.as_ref()))
    }

    /// What a person set by hand.
    #[must_use]
    pub const fn by_hand(&self) -> &Override {
        &self.over
    }

    /// The special days that count, by date.
    #[must_use]
    pub fn special_days(&self) -> &[SpecialDay<D>] {
        &self.days
    }

    /// Whether nothing that is written down ever opens the schedule (an override aside).
    #[must_use]
    pub fn never_opens(&self) -> bool {
        self.week.never_opens() && self.days.iter().all(|day| day.kind.ranges().is_empty())
    }

    /// The destination of the exception that makes the schedule closed, if it has one of its own.
    #[must_use]
    pub fn destination_of(&self, opening: &Opening) -> Option<&D> {
        self.days.get(opening.closed_by?)?.destination.as_ref()
    }

    /// Whether the schedule is open at `now`, and the rule that says so. On the path of each call: no allocation.
    #[must_use]
    pub fn open_at(&self, now: Timestamp) -> Opening {
        let local = self.zone.to_datetime(now);
        let decided = |open, because| Opening { open, because, local, closed_by: None };
        if !self.active {
            return decided(false, OpeningRule::Inactive);
        }
        if let Some(open) = self.over.verdict(now) {
            let Override { mode, until, .. } = self.over;
            return decided(open, OpeningRule::Override { mode, until, reason: self.reason.clone() });
        }
        let minute = minute_of(local);
        let today = local.date();
        let special = self.special(today);
        if let Some(range) = self.ranges(today, special).iter().copied().find(|range| range.holds(minute)) {
            return decided(true, self.opened_by(today, special, range));
        }
        if let Ok(yesterday) = today.yesterday() {
            let before = self.special(yesterday);
            let ranges = self.ranges(yesterday, before);
            if let Some(range) = ranges.iter().copied().find(|range| range.holds_next_day(minute)) {
                return decided(true, self.opened_by(yesterday, before, range));
            }
        }
        match special.and_then(|place| Some((place, self.days.get(place)?))) {
            Some((place, day)) => Opening { closed_by: Some(place), ..decided(false, day.rule(None)) },
            None => {
                let weekday = today.weekday();
                let enabled = self.week.day(weekday).enabled();
                decided(false, OpeningRule::WeeklyClosed { weekday, enabled })
            }
        }
    }

    /// The next instant at which the answer turns from open to closed or back, looked for in the 400 days from now
    /// (from the end of the override, if one holds). It searches, so it is for people who ask, not for calls.
    ///
    /// The walk goes from one instant to the next at which anything could change: an end of a range, midnight, the
    /// end of the override, a change of the clock. Between two of them the offset from UTC is constant, so wall-clock
    /// arithmetic is exact and no case of a skipped or repeated hour can arise.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let before = self.open_at(now).open;
        // An override is jumped over in one step, however long it lasts.
        let from = if self.over.verdict(now).is_some() { self.over.until? } else { now };
        let last = from.saturating_add(HORIZON).unwrap_or(Timestamp::MAX);
        let mut clock_changes = self.zone.following(now).map(|change| change.timestamp()).peekable();
        let mut at = now;
        loop {
            while clock_changes.next_if(|change| *change <= at).is_some() {}
            at = self.next_candidate(at, clock_changes.peek().copied())?;
            if at > last {
                return None;
            }
            if self.open_at(at).open != before {
                return Some(at);
            }
        }
    }

    /// The first instant after `at` at which the answer could change. `None`: it never will.
    fn next_candidate(&self, at: Timestamp, clock_change: Option<Timestamp>) -> Option<Timestamp> {
        if !self.active {
            return None;
        }
        if self.over.verdict(at).is_some() {
            return self.over.until;
        }
        let local = self.zone.to_datetime(at);
        let today = local.date();
        let minute = minute_of(local);
        let of_today = self.ranges(today, self.special(today)).iter();
        let of_yesterday =
            today.yesterday().map_or(&[] as &[_], |yesterday| self.ranges(yesterday, self.special(yesterday)));
        let tails = of_yesterday.iter().filter(|range| range.runs_over_midnight());
        let boundary = of_today
            .flat_map(|range| [range.start().minutes(), range.end_from_own_midnight()])
            .chain(tails.map(|range| range.end().minutes()))
            .filter(|boundary| *boundary > minute)
            .fold(MinuteOfDay::END_OF_DAY.minutes(), u16::min);
        // Whole minutes are ahead; the seconds of the present one have already passed.
        let passed = SignedDuration::new(i64::from(local.second()), local.subsec_nanosecond());
        let ahead = SignedDuration::from_mins(i64::from(boundary - minute)) - passed;
        let boundary = at.checked_add(ahead).ok()?;
        Some(clock_change.map_or(boundary, |change| change.min(boundary)))
    }

    fn special(&self, date: Date) -> Option<usize> {
        self.days.binary_search_by_key(&date, |day| day.date).ok()
    }

    /// The ranges that belong to `date`, whose special day is at `special`.
    fn ranges(&self, date: Date, special: Option<usize>) -> &[OpeningRange] {
        match special.and_then(|place| self.days.get(place)) {
            Some(day) => day.kind.ranges(),
            None => self.week.day(date.weekday()).open_ranges(),
        }
    }

    fn opened_by(&self, date: Date, special: Option<usize>, range: OpeningRange) -> OpeningRule {
        match special.and_then(|place| self.days.get(place)) {
            Some(day) => day.rule(Some(range)),
            None => OpeningRule::Weekly { weekday: date.weekday(), range },
        }
    }
}

impl<D> SpecialDay<D> {
    fn rule(&self, range: Option<OpeningRange>) -> OpeningRule {
        OpeningRule::Exception { date: self.date, name: Arc::clone(&self.name), source: self.source, range }
    }
}

fn minute_of(local: DateTime) -> u16 {
    // `hour` is 0 to 23 and `minute` 0 to 59.
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}
