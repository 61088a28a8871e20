//! Why hours cannot be what was written.

use jiff::civil::Date;

use super::range::OpeningRange;

/// Why a piece of business hours was refused. The shell turns each case into a field error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// The text is not a time of day.
    #[error("a time of day is written HH:MM, from 00:00 to 24:00")]
    NotATime,
    /// A range starts at 24:00, which is only ever an end.
    #[error("24:00 is allowed as an end only")]
    StartsAtTheEnd,
    /// Two ranges of one day have a minute in common.
    #[error("{0} and {1} overlap")]
    Overlap(OpeningRange, OpeningRange),
    /// An enabled weekday, or a day of special hours, names no range.
    #[error("at least one range is needed")]
    NoRanges,
    /// A closed day names ranges.
    #[error("a closed day has no ranges")]
    ClosedWithRanges,
    /// Two exceptions of one list have the same date.
    #[error("{0} is listed twice")]
    DuplicateDate(Date),
}
