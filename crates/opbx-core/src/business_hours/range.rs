//! Times of day, opening ranges, and the ranges of one day.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::error::HoursError;

/// A minute on the wall clock, from `00:00` to `24:00`.
///
/// `24:00` exists because people write it as the end of a day; an [`OpeningRange`] refuses it as a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MinuteOfDay(u16);

impl MinuteOfDay {
    /// `00:00`.
    pub const MIDNIGHT: Self = Self(0);
    /// `24:00`.
    pub const END_OF_DAY: Self = Self(24 * 60);

    /// The time `hour:minute`; `None` beyond `24:00`.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        let minutes = hour as u16 * 60 + minute as u16;
        if minute < 60 && minutes <= Self::END_OF_DAY.0 { Some(Self(minutes)) } else { None }
    }

    /// Minutes since `00:00`.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for MinuteOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for MinuteOfDay {
    type Err = HoursError;

    /// Reads exactly `HH:MM`: what was read back can be compared as text.
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0').ok_or(HoursError::NotATime);
        let &[h1, h0, b':', m1, m0] = text.as_bytes() else { return Err(HoursError::NotATime) };
        Self::new(digit(h1)? * 10 + digit(h0)?, digit(m1)? * 10 + digit(m0)?).ok_or(HoursError::NotATime)
    }
}

impl TryFrom<String> for MinuteOfDay {
    type Error = HoursError;

    fn try_from(text: String) -> Result<Self, HoursError> {
        text.parse()
    }
}

impl From<MinuteOfDay> for String {
    fn from(minute: MinuteOfDay) -> Self {
        minute.to_string()
    }
}

/// A half-open range of wall-clock time, `[start, end)`.
///
/// When `end <= start` it runs over midnight into the next day; two equal times are 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "RawRange", into = "RawRange")]
pub struct OpeningRange {
    start: MinuteOfDay,
    end: MinuteOfDay,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRange {
    start: MinuteOfDay,
    end: MinuteOfDay,
}

impl OpeningRange {
    /// The range from `start` to `end`.
    ///
    /// # Errors
    ///
    /// [`HoursError::StartsAtTheEnd`] when `start` is `24:00`.
    pub const fn new(start: MinuteOfDay, end: MinuteOfDay) -> Result<Self, HoursError> {
        if start.0 == MinuteOfDay::END_OF_DAY.0 { Err(HoursError::StartsAtTheEnd) } else { Ok(Self { start, end }) }
    }

    /// The first minute inside.
    #[must_use]
    pub const fn start(self) -> MinuteOfDay {
        self.start
    }

    /// The first minute no longer inside.
    #[must_use]
    pub const fn end(self) -> MinuteOfDay {
        self.end
    }

    /// Whether the range runs over midnight into the next day.
    #[must_use]
    pub const fn runs_over_midnight(self) -> bool {
        self.end.0 <= self.start.0
    }

    /// The end in minutes since the midnight that began the day of `start`, so up to 48 hours.
    pub(super) const fn end_from_own_midnight(self) -> u16 {
        if self.runs_over_midnight() { self.end.0 + MinuteOfDay::END_OF_DAY.0 } else { self.end.0 }
    }

    /// Whether `minute` of the day the range starts on is inside.
    pub(super) const fn holds(self, minute: u16) -> bool {
        self.start.0 <= minute && minute < self.end_from_own_midnight()
    }

    /// Whether `minute` of the day *after* the one the range starts on is inside.
    pub(super) const fn holds_next_day(self, minute: u16) -> bool {
        self.runs_over_midnight() && minute < self.end.0
    }
}

impl fmt::Display for OpeningRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

impl TryFrom<RawRange> for OpeningRange {
    type Error = HoursError;

    fn try_from(raw: RawRange) -> Result<Self, HoursError> {
        Self::new(raw.start, raw.end)
    }
}

impl From<OpeningRange> for RawRange {
    fn from(range: OpeningRange) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// The ranges of one day: in order of time, none overlapping another. May be empty.
///
/// A range that runs over midnight may meet a range of the *next* day: that is another day's business, and the
/// union of both is open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<OpeningRange>", into = "Vec<OpeningRange>")]
pub struct OpeningRanges(Vec<OpeningRange>);

impl OpeningRanges {
    /// Sorts `ranges` and checks them.
    ///
    /// # Errors
    ///
    /// [`HoursError::Overlap`] naming the first two that have a minute in common.
    pub fn new(mut ranges: Vec<OpeningRange>) -> Result<Self, HoursError> {
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            if let &[first, second] = pair
                && second.start.0 < first.end_from_own_midnight()
            {
                return Err(HoursError::Overlap(first, second));
            }
        }
        Ok(Self(ranges))
    }

    /// The ranges in order of time.
    #[must_use]
    pub fn as_slice(&self) -> &[OpeningRange] {
        &self.0
    }

    /// Whether there is no range.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<OpeningRange>> for OpeningRanges {
    type Error = HoursError;

    fn try_from(ranges: Vec<OpeningRange>) -> Result<Self, HoursError> {
        Self::new(ranges)
    }
}

impl From<OpeningRanges> for Vec<OpeningRange> {
    fn from(ranges: OpeningRanges) -> Self {
        ranges.0
    }
}
