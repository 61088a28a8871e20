//! Business hours: when a schedule is open, and the rule that says so.
//!
//! The *source* types ([`WeeklySchedule`], [`ScheduleException`], [`HolidayList`], [`Override`]) are what an
//! administrator wrote; they can be read only if they are valid. [`Schedule`] is the compiled form a call asks:
//! one zone, one week, one sorted list of special days.
//!
//! # What "open" means
//!
//! Each local date has its own ranges: those of its exception if it has one, else those of its weekday. A range is
//! half-open in local wall-clock time and belongs to the date it *starts* on, also the part of it after midnight.
//! The schedule is open at an instant when the wall clock of that instant is inside a range of its own date, or
//! inside the part after midnight of a range of the date before.
//!
//! Everything is decided from the instant to the wall clock, a direction that is never ambiguous. The clock changes
//! then need no rule of their own: a wall time that is skipped is never shown, so a range that starts in the gap
//! begins at the next time that exists and one wholly in the gap never does; a wall time shown twice is inside both
//! times. Going the other way (turning a range into two instants) was rejected: it has to invent an answer for
//! exactly these cases.

mod error;
mod exception;
mod range;
mod schedule;
mod settings;
mod week;

pub use self::error::HoursError;
pub use self::exception::{
    Exceptions, Holiday, HolidayList, HoursKind, NoDestination, Override, OverrideMode, ScheduleException,
};
pub use self::range::{MinuteOfDay, OpeningRange, OpeningRanges};
pub use self::schedule::{ExceptionSource, Opening, OpeningRule, Schedule, SpecialDay};
pub use self::settings::{BusinessHours, NamedHolidayList};
pub use self::week::{DayHours, WeeklySchedule};

#[cfg(test)]
mod tests;
