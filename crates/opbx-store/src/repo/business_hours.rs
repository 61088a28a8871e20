//! Schedules: their week, their exceptions, and the lists that they follow.

use jiff::civil::Weekday;
use opbx_core::business_hours::{BusinessHours, DayHours, Exceptions, Override, ScheduleException, WeeklySchedule};
use opbx_core::destination::Destination;
use opbx_core::id::{BusinessHoursId, HolidayListId};
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::days;
use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::destination::Slot;
use crate::entity::business_hours::{ActiveModel, Column, Entity, Model};
use crate::entity::{
    business_hours_days, business_hours_exception_ranges, business_hours_exceptions, business_hours_holiday_lists,
    business_hours_ranges,
};
use crate::error::{Cause, Error, ObjectKind};
use crate::millis::Millis;
use crate::word;

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn slot_of(date: &str) -> String {
    format!("exception:{date}")
}

impl Object for BusinessHours {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::BusinessHours;

    const FIELDS: &[(&str, Column)] =
        &[("name", Column::Name), ("timezone", Column::Timezone), ("status", Column::Status)];

    const SEARCHED: &[Column] = &[Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = BusinessHoursId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.business_hours
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        Ok(ActiveModel {
            name: Set(word::write(&self.name)?),
            status: Set(word::write(&self.status)?),
            timezone: Set(word::write_some(self.timezone.as_ref())?),
            override_mode: Set(word::write(&self.over.mode)?),
            override_until: Set(self.over.until.map(Millis::of)),
            override_reason: Set(self.over.reason.clone()),
            ..Default::default()
        })
    }

    fn places(&self) -> Vec<(Slot, &Destination)> {
        let exceptions = self.exceptions.as_slice().iter().filter_map(|exception| {
            Some((slot_of(&days::write_date(exception.date)).into(), exception.destination.as_ref()?))
        });
        [("open".into(), &self.open), ("closed".into(), &self.closed)].into_iter().chain(exceptions).collect()
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let mut statements = week_rows(&self.schedule, organization, self.id.get().cast_signed());
        statements.extend(exception_rows(&self.exceptions, organization, self.id.get().cast_signed()));
        let lists =
            (0..).zip(&self.holiday_list_ids).map(|(position, list)| business_hours_holiday_lists::ActiveModel {
                organization_id: Set(organization),
                business_hours_id: Set(self.id.get().cast_signed()),
                position: Set(position),
                holiday_list_id: Set(list.get().cast_signed()),
            });
        statements.extend(insert_rows::<business_hours_holiday_lists::Entity>(lists.collect()));
        Ok(statements)
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        // The ranges go with their days.
        vec![
            delete_parts::<business_hours_days::Entity>(organization, id),
            delete_parts::<business_hours_exceptions::Entity>(organization, id),
            delete_parts::<business_hours_holiday_lists::Entity>(organization, id),
        ]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let lists = gathered.followed_lists.remove(&row.id).unwrap_or_default();
        Ok(Self {
            id: BusinessHoursId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            timezone: word::read_some(row.timezone.as_deref())?,
            schedule: read_week(row.id, gathered)?,
            exceptions: read_exceptions(row.id, gathered)?,
            holiday_list_ids: lists
                .iter()
                .map(|list| HolidayListId::new(list.holiday_list_id.cast_unsigned()))
                .collect(),
            open: gathered.places.need(Self::KIND, row.id, "open")?,
            closed: gathered.places.need(Self::KIND, row.id, "closed")?,
            over: Override {
                mode: word::read(&row.override_mode)?,
                until: row.override_until.map(Millis::instant).transpose()?,
                reason: row.override_reason,
            },
            status: word::read(&row.status)?,
        })
    }

    fn rewrite(&mut self, ids: &Ids) {
        self.holiday_list_ids.iter_mut().for_each(|list| ids.holiday_list(list));
        ids.destination(&mut self.open);
        ids.destination(&mut self.closed);
        let mut exceptions = self.exceptions.as_slice().to_vec();
        exceptions.iter_mut().filter_map(|day| day.destination.as_mut()).for_each(|place| ids.destination(place));
        // The dates are the same as before, and were one each.
        if let Ok(exceptions) = Exceptions::new(exceptions) {
            self.exceptions = exceptions;
        }
    }
}

/// The days that say anything: one without ranges that is off is what a missing row means too.
fn week_rows(week: &WeeklySchedule, organization: i64, id: i64) -> Vec<InsertStatement> {
    let (mut days, mut ranges) = (Vec::new(), Vec::new());
    for (number, weekday) in (1..).zip(WEEK) {
        let hours = week.day(weekday);
        if hours.enabled() || !hours.ranges().is_empty() {
            days.push(business_hours_days::ActiveModel {
                organization_id: Set(organization),
                business_hours_id: Set(id),
                weekday: Set(number),
                enabled: Set(hours.enabled()),
            });
        }
        for range in hours.ranges().as_slice() {
            let (starts_at, ends_at) = days::minutes(*range);
            ranges.push(business_hours_ranges::ActiveModel {
                organization_id: Set(organization),
                business_hours_id: Set(id),
                weekday: Set(number),
                starts_at: Set(starts_at),
                ends_at: Set(ends_at),
            });
        }
    }
    let mut statements = insert_rows::<business_hours_days::Entity>(days);
    statements.extend(insert_rows::<business_hours_ranges::Entity>(ranges));
    statements
}

fn read_week(id: i64, gathered: &mut Gathered<'_>) -> Result<WeeklySchedule, Error> {
    let ranges = gathered.ranges.remove(&id).unwrap_or_default();
    let mut ranges = days::by_day(ranges.into_iter().map(|row| (row.weekday, (row.starts_at, row.ends_at))));
    let mut week = WeeklySchedule::default();
    for row in gathered.weekdays.remove(&id).unwrap_or_default() {
        let weekday = usize::try_from(row.weekday - 1).ok().and_then(|place| WEEK.get(place).copied());
        let weekday =
            weekday.ok_or_else(|| Error::Corrupt(Cause::said(format!("{} is no day of the week", row.weekday))))?;
        let ranges = days::ranges(ranges.remove(&row.weekday).unwrap_or_default())?;
        week.set_day(weekday, DayHours::new(row.enabled, ranges).map_err(days::wrong)?);
    }
    Ok(week)
}

fn exception_rows(exceptions: &Exceptions<Destination>, organization: i64, id: i64) -> Vec<InsertStatement> {
    let (mut dates, mut ranges) = (Vec::new(), Vec::new());
    for (position, exception) in (0..).zip(exceptions.as_slice()) {
        let date = days::write_date(exception.date);
        for range in exception.kind.ranges() {
            let (starts_at, ends_at) = days::minutes(*range);
            ranges.push(business_hours_exception_ranges::ActiveModel {
                organization_id: Set(organization),
                business_hours_id: Set(id),
                date: Set(date.clone()),
                starts_at: Set(starts_at),
                ends_at: Set(ends_at),
            });
        }
        dates.push(business_hours_exceptions::ActiveModel {
            organization_id: Set(organization),
            business_hours_id: Set(id),
            date: Set(date),
            position: Set(position),
            name: Set(exception.name.clone()),
            kind: Set(days::kind_word(&exception.kind).to_owned()),
        });
    }
    let mut statements = insert_rows::<business_hours_exceptions::Entity>(dates);
    statements.extend(insert_rows::<business_hours_exception_ranges::Entity>(ranges));
    statements
}

fn read_exceptions(id: i64, gathered: &mut Gathered<'_>) -> Result<Exceptions<Destination>, Error> {
    let ranges = gathered.exception_ranges.remove(&id).unwrap_or_default();
    let mut ranges = days::by_day(ranges.into_iter().map(|row| (row.date, (row.starts_at, row.ends_at))));
    let mut exceptions = Vec::new();
    for row in gathered.exceptions.remove(&id).unwrap_or_default() {
        let ranges = days::ranges(ranges.remove(&row.date).unwrap_or_default())?;
        exceptions.push(ScheduleException {
            date: days::read_date(&row.date)?,
            name: row.name,
            kind: days::kind(&row.kind, ranges)?,
            destination: gathered.places.take(ObjectKind::BusinessHours, id, &slot_of(&row.date))?,
        });
    }
    days::exceptions(exceptions)
}
