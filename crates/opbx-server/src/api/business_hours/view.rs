//! A schedule as it is shown.

use super::super::answer::instant;
use super::super::destination::DestinationView;
use super::super::hours::{KindWord, RangeView, ranges_view};
use super::super::words::{OverrideModeWord, StatusWord};
use jiff::civil::Weekday;
use opbx_core::business_hours::{BusinessHours, DayHours, WeeklySchedule};
use opbx_store::Stored;
use serde::Serialize;
use utoipa::ToSchema;

/// When it is open, and where calls go then and otherwise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BusinessHours)]
pub(crate) struct BusinessHoursView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// The zone of its times; null: the organization's.
    #[schema(example = "America/New_York")]
    timezone: Option<String>,
    /// The ordinary week. In a change, a weekday that is not named stays as it is.
    schedule: WeekView,
    /// Dates that are not ordinary, each once.
    exceptions: Vec<ExceptionView>,
    /// Lists of days that it follows; its own exception of a date goes before them.
    holiday_list_ids: Vec<u64>,
    /// Where calls go while it is open.
    open: DestinationView,
    /// Where calls go while it is closed.
    closed: DestinationView,
    /// What a person set by hand.
    r#override: OverrideView,
    /// Whether it takes part; an inactive schedule is closed.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// An ordinary week.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WeeklySchedule)]
struct WeekView {
    /// Monday.
    monday: DayView,
    /// Tuesday.
    tuesday: DayView,
    /// Wednesday.
    wednesday: DayView,
    /// Thursday.
    thursday: DayView,
    /// Friday.
    friday: DayView,
    /// Saturday.
    saturday: DayView,
    /// Sunday.
    sunday: DayView,
}

/// The hours of a weekday.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WeekdayHours)]
struct DayView {
    /// Whether it opens at all.
    enabled: bool,
    /// When; a day that is off keeps them.
    ranges: Vec<RangeView>,
}

/// A date that is not ordinary.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduleException)]
struct ExceptionView {
    /// The date, in the zone of the schedule.
    #[schema(format = Date, example = "2026-12-25")]
    date: String,
    /// What people call it.
    name: String,
    /// What it does.
    r#type: KindWord,
    /// When it is open, with special hours.
    ranges: Vec<RangeView>,
    /// Where calls go whenever this date is what makes it closed; null: where the schedule says.
    destination: Option<DestinationView>,
}

/// What a person set by hand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduleOverride)]
struct OverrideView {
    /// What was set.
    mode: OverrideModeWord,
    /// From when on it no longer holds; null: until it is taken away.
    #[schema(format = DateTime)]
    until: Option<String>,
    /// Why.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl From<&DayHours> for DayView {
    fn from(day: &DayHours) -> Self {
        Self { enabled: day.enabled(), ranges: ranges_view(day.ranges().as_slice()) }
    }
}

impl From<&WeeklySchedule> for WeekView {
    fn from(week: &WeeklySchedule) -> Self {
        let day = |day| week.day(day).into();
        Self {
            monday: day(Weekday::Monday),
            tuesday: day(Weekday::Tuesday),
            wednesday: day(Weekday::Wednesday),
            thursday: day(Weekday::Thursday),
            friday: day(Weekday::Friday),
            saturday: day(Weekday::Saturday),
            sunday: day(Weekday::Sunday),
        }
    }
}

impl BusinessHoursView {
    pub(super) fn of(stored: &Stored<BusinessHours>) -> Self {
        let hours = &stored.object;
        let exceptions = hours.exceptions.as_slice().iter().map(|day| ExceptionView {
            date: day.date.to_string(),
            name: day.name.clone(),
            r#type: (&day.kind).into(),
            ranges: ranges_view(day.kind.ranges()),
            destination: day.destination.as_ref().map(Into::into),
        });
        Self {
            id: hours.id.get(),
            name: hours.name.to_string(),
            timezone: hours.timezone.as_ref().map(ToString::to_string),
            schedule: (&hours.schedule).into(),
            exceptions: exceptions.collect(),
            holiday_list_ids: hours.holiday_list_ids.iter().map(|id| id.get()).collect(),
            open: (&hours.open).into(),
            closed: (&hours.closed).into(),
            r#override: OverrideView {
                mode: hours.over.mode.into(),
                until: hours.over.until.map(instant),
                reason: hours.over.reason.clone(),
            },
            status: hours.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }
}
