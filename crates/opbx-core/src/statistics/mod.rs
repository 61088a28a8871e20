//! What is counted over calls: a pure fold, whose parts can be taken back.
//!
//! A call weighs something in one hour, and in one day for each thing that it is counted for. What it weighs is read off
//! its [`CallLog`](crate::call_log::CallLog) alone, so a change of a call is its former weight taken back and its new one
//! added ([`Tally`]), in any order. Hours and days are those of the organization's zone at the time of the count: a day on
//! which the clock changes has 23 or 25 hours, and the hour that comes twice is counted as two.
//!
//! | counted | of |
//! |---|---|
//! | calls, missed, seconds, talk, waiting, cost | each hour, direction and disposition |
//! | calls | each day, and number outside, extension or ring group |
//!
//! A [`Report`] is made of those counts and knows no call: its cost does not depend on how many there were.

mod local;
mod report;
mod sums;
mod tally;

#[cfg(test)]
mod tests;

pub use self::local::{Interval, LocalHour, day_of, month_of};
pub use self::report::{Point, Report, Top};
pub use self::sums::Sums;
pub use self::tally::{HourKey, ShareKey, ShareKind, Tally};
