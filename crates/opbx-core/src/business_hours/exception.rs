//! Days that are not ordinary: exceptions, holiday lists, and the manual override.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::error::HoursError;
use super::range::{OpeningRange, OpeningRanges};

/// What a special day does instead of its weekly hours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HoursKind {
    /// Closed the whole day, except for what the day before ran over midnight.
    Closed,
    /// Open in these ranges only; never empty in a value that was read.
    SpecialHours(OpeningRanges),
}

impl HoursKind {
    /// The ranges of the day; none when it is closed.
    #[must_use]
    pub fn ranges(&self) -> &[OpeningRange] {
        match self {
            Self::Closed => &[],
            Self::SpecialHours(ranges) => ranges.as_slice(),
        }
    }
}

/// A date that does not follow its weekday. `D` is where a call may be sent (the core's `Destination`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "RawException<D>",
    into = "RawException<D>",
    bound(serialize = "D: Clone + Serialize", deserialize = "D: Deserialize<'de>")
)]
pub struct ScheduleException<D> {
    /// The local date, in the zone of the schedule.
    pub date: Date,
    /// What people call the day.
    pub name: String,
    /// What the day does.
    pub kind: HoursKind,
    /// Where calls go whenever this day is what makes the schedule closed; the schedule's own when `None`.
    pub destination: Option<D>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    Closed,
    SpecialHours,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawException<D> {
    date: Date,
    name: String,
    r#type: RawKind,
    #[serde(default)]
    ranges: OpeningRanges,
    // Not `#[serde(default)]`: that would demand `D: Default`; a missing `Option` is `None` anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<D>,
}

impl<D> TryFrom<RawException<D>> for ScheduleException<D> {
    type Error = HoursError;

    fn try_from(raw: RawException<D>) -> Result<Self, HoursError> {
        let kind = match (raw.r#type, raw.ranges.is_empty()) {
            (RawKind::Closed, true) => HoursKind::Closed,
            (RawKind::Closed, false) => return Err(HoursError::ClosedWithRanges),
            (RawKind::SpecialHours, true) => return Err(HoursError::NoRanges),
            (RawKind::SpecialHours, false) => HoursKind::SpecialHours(raw.ranges),
        };
        Ok(Self { date: raw.date, name: raw.name, kind, destination: raw.destination })
    }
}

impl<D> From<ScheduleException<D>> for RawException<D> {
    fn from(exception: ScheduleException<D>) -> Self {
        let (r#type, ranges) = match exception.kind {
            HoursKind::Closed => (RawKind::Closed, OpeningRanges::default()),
            HoursKind::SpecialHours(ranges) => (RawKind::SpecialHours, ranges),
        };
        Self { date: exception.date, name: exception.name, r#type, ranges, destination: exception.destination }
    }
}

/// The exceptions of one schedule or list: one per date, in the order they were given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(
    try_from = "Vec<ScheduleException<D>>",
    into = "Vec<ScheduleException<D>>",
    bound(serialize = "D: Clone + Serialize", deserialize = "D: Deserialize<'de>")
)]
pub struct Exceptions<D>(Vec<ScheduleException<D>>);

impl<D> Exceptions<D> {
    /// Checks that no date is there twice.
    ///
    /// # Errors
    ///
    /// [`HoursError::DuplicateDate`] with the earliest such date.
    pub fn new(exceptions: Vec<ScheduleException<D>>) -> Result<Self, HoursError> {
        let mut dates: Vec<Date> = exceptions.iter().map(|exception| exception.date).collect();
        dates.sort_unstable();
        for pair in dates.windows(2) {
            if let &[first, second] = pair
                && first == second
            {
                return Err(HoursError::DuplicateDate(first));
            }
        }
        Ok(Self(exceptions))
    }

    /// The exceptions in the order they were given.
    #[must_use]
    pub fn as_slice(&self) -> &[ScheduleException<D>] {
        &self.0
    }
}

// By hand: the derive would demand `D: Default`.
impl<D> Default for Exceptions<D> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<D> TryFrom<Vec<ScheduleException<D>>> for Exceptions<D> {
    type Error = HoursError;

    fn try_from(exceptions: Vec<ScheduleException<D>>) -> Result<Self, HoursError> {
        Self::new(exceptions)
    }
}

impl<D> From<Exceptions<D>> for Vec<ScheduleException<D>> {
    fn from(exceptions: Exceptions<D>) -> Self {
        exceptions.0
    }
}

/// Nowhere: a value of this type does not exist. A day of a shared list has hours but never a destination, since
/// the schedules that use the list lead to different places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NoDestination {}

/// A day of a holiday list.
pub type Holiday = ScheduleException<NoDestination>;

/// Days shared by any number of schedules.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayList {
    /// The days, one per date.
    pub days: Exceptions<NoDestination>,
}

/// What a person set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverrideMode {
    /// Nothing: the calendar decides.
    #[default]
    Auto,
    /// Open, whatever the calendar says.
    Open,
    /// Closed, whatever the calendar says.
    Closed,
}

/// A manual override of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Override {
    /// What was set.
    pub mode: OverrideMode,
    /// The first instant it no longer holds; never ends when `None`. A local time is made an instant by the shell,
    /// in the zone of the schedule.
    pub until: Option<Timestamp>,
    /// Why, in the words of the person who set it.
    pub reason: Option<String>,
}

impl Override {
    /// Whether the override says "open" or "closed" at this instant; `None` when the calendar decides.
    #[must_use]
    pub fn verdict(&self, now: Timestamp) -> Option<bool> {
        if self.until.is_some_and(|until| until <= now) {
            return None;
        }
        match self.mode {
            OverrideMode::Auto => None,
            OverrideMode::Open => Some(true),
            OverrideMode::Closed => Some(false),
        }
    }
}
