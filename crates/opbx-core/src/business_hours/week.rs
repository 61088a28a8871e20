//! The ordinary week.

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use super::error::HoursError;
use super::range::{OpeningRange, OpeningRanges};

/// The hours of one weekday.
///
/// A disabled day keeps its ranges, so that switching it on again brings them back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "RawDay", into = "RawDay")]
pub struct DayHours {
    enabled: bool,
    ranges: OpeningRanges,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDay {
    enabled: bool,
    #[serde(default)]
    ranges: OpeningRanges,
}

impl DayHours {
    /// The hours of a weekday.
    ///
    /// # Errors
    ///
    /// [`HoursError::NoRanges`] when the day is enabled and has none.
    pub fn new(enabled: bool, ranges: OpeningRanges) -> Result<Self, HoursError> {
        if enabled && ranges.is_empty() { Err(HoursError::NoRanges) } else { Ok(Self { enabled, ranges }) }
    }

    /// Whether the day opens at all.
    #[must_use]
    pub const fn enabled(&self) -> bool {
        self.enabled
    }

    /// The ranges as written, also of a disabled day.
    #[must_use]
    pub const fn ranges(&self) -> &OpeningRanges {
        &self.ranges
    }

    /// The ranges that count: none when the day is disabled.
    #[must_use]
    pub fn open_ranges(&self) -> &[OpeningRange] {
        if self.enabled { self.ranges.as_slice() } else { &[] }
    }
}

impl TryFrom<RawDay> for DayHours {
    type Error = HoursError;

    fn try_from(raw: RawDay) -> Result<Self, HoursError> {
        Self::new(raw.enabled, raw.ranges)
    }
}

impl From<DayHours> for RawDay {
    fn from(day: DayHours) -> Self {
        Self { enabled: day.enabled, ranges: day.ranges }
    }
}

/// The hours of the seven weekdays. A weekday that is not named when reading is disabled.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "RawWeek", into = "RawWeek")]
pub struct WeeklySchedule {
    // Monday first.
    days: [DayHours; 7],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWeek {
    #[serde(default)]
    monday: DayHours,
    #[serde(default)]
    tuesday: DayHours,
    #[serde(default)]
    wednesday: DayHours,
    #[serde(default)]
    thursday: DayHours,
    #[serde(default)]
    friday: DayHours,
    #[serde(default)]
    saturday: DayHours,
    #[serde(default)]
    sunday: DayHours,
}

impl WeeklySchedule {
    /// The hours of one weekday.
    #[must_use]
    pub fn day(&self, weekday: Weekday) -> &DayHours {
        let [mon, tue, wed, thu, fri, sat, sun] = &self.days;
        match weekday {
            Weekday::Monday => mon,
            Weekday::Tuesday => tue,
            Weekday::Wednesday => wed,
            Weekday::Thursday => thu,
            Weekday::Friday => fri,
            Weekday::Saturday => sat,
            Weekday::Sunday => sun,
        }
    }

    /// Every day, Monday first.
    pub(super) const fn days(&self) -> &[DayHours; 7] {
        &self.days
    }

    /// Replaces the hours of one weekday.
    pub fn set_day(&mut self, weekday: Weekday, hours: DayHours) {
        let [mon, tue, wed, thu, fri, sat, sun] = &mut self.days;
        *match weekday {
            Weekday::Monday => mon,
            Weekday::Tuesday => tue,
            Weekday::Wednesday => wed,
            Weekday::Thursday => thu,
            Weekday::Friday => fri,
            Weekday::Saturday => sat,
            Weekday::Sunday => sun,
        } = hours;
    }

    /// Whether no weekday ever opens.
    #[must_use]
    pub fn never_opens(&self) -> bool {
        self.days.iter().all(|day| day.open_ranges().is_empty())
    }
}

impl From<RawWeek> for WeeklySchedule {
    fn from(raw: RawWeek) -> Self {
        Self { days: [raw.monday, raw.tuesday, raw.wednesday, raw.thursday, raw.friday, raw.saturday, raw.sunday] }
    }
}

impl From<WeeklySchedule> for RawWeek {
    fn from(week: WeeklySchedule) -> Self {
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = week.days;
        Self { monday, tuesday, wednesday, thursday, friday, saturday, sunday }
    }
}
