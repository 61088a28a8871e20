//! Holiday lists and their days.

use opbx_core::business_hours::{HolidayList, NamedHolidayList, ScheduleException};
use opbx_core::id::HolidayListId;
use opbx_core::plan::PlanSource;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{DeleteStatement, InsertStatement};

use super::days;
use super::gathered::{Gathered, Sealing};
use super::object::Object;
use super::write::{delete_parts, insert_rows};
use crate::apply::Ids;
use crate::entity::holiday_lists::{ActiveModel, Column, Entity, Model};
use crate::entity::{holiday_list_days, holiday_list_ranges};
use crate::error::{Error, ObjectKind};
use crate::word;

impl Object for NamedHolidayList {
    type Row = Entity;

    const KIND: ObjectKind = ObjectKind::HolidayList;

    const FIELDS: &[(&str, Column)] = &[("name", Column::Name), ("status", Column::Status)];

    const SEARCHED: &[Column] = &[Column::Name];

    fn id(&self) -> u64 {
        self.id.get()
    }

    fn set_id(&mut self, id: u64) {
        self.id = HolidayListId::new(id);
    }

    fn key(&self) -> String {
        self.name.to_string()
    }

    fn list(source: &PlanSource) -> &Vec<Self> {
        &source.holiday_lists
    }

    fn columns(&self, _: &Sealing<'_>) -> Result<ActiveModel, Error> {
        // The column is there for the day when a list can be switched off.
        Ok(ActiveModel { name: Set(word::write(&self.name)?), status: Set("active".to_owned()), ..Default::default() })
    }

    fn parts(&self, organization: i64) -> Result<Vec<InsertStatement>, Error> {
        let id = self.id.get().cast_signed();
        let (mut dates, mut ranges) = (Vec::new(), Vec::new());
        for (position, day) in (0..).zip(self.list.days.as_slice()) {
            let date = days::write_date(day.date);
            for range in day.kind.ranges() {
                let (starts_at, ends_at) = days::minutes(*range);
                ranges.push(holiday_list_ranges::ActiveModel {
                    organization_id: Set(organization),
                    holiday_list_id: Set(id),
                    date: Set(date.clone()),
                    starts_at: Set(starts_at),
                    ends_at: Set(ends_at),
                });
            }
            dates.push(holiday_list_days::ActiveModel {
                organization_id: Set(organization),
                holiday_list_id: Set(id),
                date: Set(date),
                position: Set(position),
                name: Set(day.name.clone()),
                kind: Set(days::kind_word(&day.kind).to_owned()),
            });
        }
        let mut statements = insert_rows::<holiday_list_days::Entity>(dates);
        statements.extend(insert_rows::<holiday_list_ranges::Entity>(ranges));
        Ok(statements)
    }

    fn without_parts(organization: i64, id: i64) -> Vec<DeleteStatement> {
        // The ranges go with their days.
        vec![delete_parts::<holiday_list_days::Entity>(organization, id)]
    }

    fn read(row: Model, gathered: &mut Gathered<'_>) -> Result<Self, Error> {
        let ranges = gathered.holiday_ranges.remove(&row.id).unwrap_or_default();
        let mut ranges = days::by_day(ranges.into_iter().map(|row| (row.date, (row.starts_at, row.ends_at))));
        let mut list = Vec::new();
        for day in gathered.holidays.remove(&row.id).unwrap_or_default() {
            let ranges = days::ranges(ranges.remove(&day.date).unwrap_or_default())?;
            list.push(ScheduleException {
                date: days::read_date(&day.date)?,
                name: day.name,
                kind: days::kind(&day.kind, ranges)?,
                destination: None,
            });
        }
        Ok(Self {
            id: HolidayListId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            list: HolidayList { days: days::exceptions(list)? },
        })
    }

    fn rewrite(&mut self, _: &Ids) {}
}
