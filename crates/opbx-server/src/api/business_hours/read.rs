//! A schedule from the fields of a body.

use super::super::form::Fields;
use super::super::hours::{exceptions, leads_somewhere, ranges, wrong};
use super::WEEK;
use crate::field_errors::FieldError;
use jiff::civil::Weekday;
use opbx_core::business_hours::{BusinessHours, DayHours, HoursError, Override, WeeklySchedule};
use opbx_core::id::{BusinessHoursId, HolidayListId};
use opbx_core::text::Note;
use opbx_store::ObjectKind;

/// The most lists that a schedule follows.
const MOST_LISTS: usize = 20;

pub(super) fn schedule(fields: &Fields<'_>, before: Option<&BusinessHours>) -> Option<BusinessHours> {
    // Every field is read before the first one that is missing ends it, so that all mistakes are told.
    let (name, timezone) = (fields.spelled("name"), fields.maybe_zone("timezone"));
    let (week, status) = (week(fields), fields.word("status"));
    let exceptions = exceptions(fields, "exceptions", leads_somewhere, &["destination"]);
    let lists = lists(fields);
    let (open, closed) = (fields.destination("open"), fields.destination("closed"));
    let over = over(fields);
    Some(BusinessHours {
        id: before.map_or(BusinessHoursId::new(0), |before| before.id),
        name: name?,
        timezone: timezone?,
        schedule: week?,
        exceptions: exceptions?,
        holiday_list_ids: lists?,
        open: open?,
        closed: closed?,
        over: over?,
        status: status?,
    })
}

fn week(fields: &Fields<'_>) -> Option<WeeklySchedule> {
    let days = fields.nested("schedule")?;
    days.only(&WEEK);
    let mut week = WeeklySchedule::default();
    let mut is_right = true;
    for (name, weekday) in WEEK.into_iter().zip(Weekday::Monday.cycle_forward()) {
        match day(&days, name) {
            Some(hours) => week.set_day(weekday, hours),
            None => is_right = false,
        }
    }
    is_right.then_some(week)
}

fn day(days: &Fields<'_>, name: &str) -> Option<DayHours> {
    let day = days.nested(name)?;
    day.only(&["enabled", "ranges"]);
    let (enabled, ranges) = (day.flag("enabled"), ranges(&day, "ranges"));
    let (enabled, ranges) = (enabled?, ranges?);
    DayHours::new(enabled, ranges).map_err(|fault: HoursError| wrong(&day, "ranges", fault)).ok()
}

fn lists(fields: &Fields<'_>) -> Option<Vec<HolidayListId>> {
    let name = "holiday_list_ids";
    let lists = fields.reference_list(name, MOST_LISTS, ObjectKind::HolidayList, HolidayListId::new)?;
    let mut is_right = true;
    for (place, id) in lists.iter().enumerate() {
        if lists.iter().take(place).any(|other| other == id) {
            fields.wrong::<()>(&format!("{name}.{place}"), FieldError::twice());
            is_right = false;
        }
    }
    is_right.then_some(lists)
}

fn over(fields: &Fields<'_>) -> Option<Override> {
    let over = fields.nested("override")?;
    over.only(&["mode", "until", "reason"]);
    let (mode, until) = (over.word("mode"), over.maybe_instant("until"));
    let reason = over.maybe_spelled::<Note>("reason");
    Some(Override { mode: mode?, until: until?, reason: reason?.map(|reason| reason.to_string()) })
}
