//! In which zone an organization's counts are cut.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opbx_core::call_log::CallLog;
use opbx_core::statistics::{Tally, day_of};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use serde_json::json;

use super::{STATISTICS_REBUILD, days};
use crate::entity::{organizations, statistics_cuts};
use crate::error::Error;
use crate::job::{NewJob, insert};
use crate::tenant::TenantStore;

/// How often the work of cutting anew is tried: it goes on where it was.
const ATTEMPTS: u32 = 8;

/// The cut of an organization.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// Which rows are its.
    pub(super) generation: i64,
    /// Its zone.
    pub(super) zone: TimeZone,
    /// The first day of which no call was let go with time; `None`: none ever was.
    pub(super) whole_from: Option<Date>,
    /// The cut that will take its place.
    pub(super) next: Option<Next>,
}

/// A cut that is being made.
#[derive(Clone, Debug)]
pub(super) struct Next {
    /// Which rows are its.
    pub(super) generation: i64,
    /// The name of its zone.
    pub(super) timezone: String,
    /// Its zone.
    pub(super) zone: TimeZone,
    /// The last call that it counts.
    pub(super) after: i64,
}

impl Cut {
    /// Whether a call began on a day that is still whole.
    fn is_whole(&self, log: &CallLog) -> bool {
        let began = log.initiated_at().or(log.state.last_received_at).unwrap_or_default();
        self.whole_from.is_none_or(|from| day_of(began, &self.zone) >= from)
    }

    /// Adds to a tally of the next cut what a call weighs there.
    ///
    /// On a day that is not whole any more the old counts are taken over in the end. They hold this call, as it was cut there.
    pub(super) fn add_to_next(&self, tally: &mut Tally, next: &Next, log: &CallLog) {
        tally.add(log, &next.zone);
        if !self.is_whole(log) {
            tally.take(log, &self.zone);
        }
    }

    /// Takes back from a tally of the next cut what a call weighs there.
    pub(super) fn take_from_next(&self, tally: &mut Tally, next: &Next, log: &CallLog) {
        tally.take(log, &next.zone);
        if !self.is_whole(log) {
            tally.add(log, &self.zone);
        }
    }
}

impl TenantStore {
    /// The cut, if anything was ever counted.
    pub(super) async fn cut(&self, db: &impl ConnectionTrait) -> Result<Option<Cut>, Error> {
        let row = self.rows::<statistics_cuts::Entity>().one(db).await?;
        Ok(row.map(|row| {
            let next = match (row.next_generation, row.next_timezone, row.next_after) {
                (Some(generation), Some(timezone), Some(after)) => {
                    Some(Next { generation, zone: self.zone(&timezone), timezone, after })
                }
                _ => None,
            };
            Cut {
                generation: row.generation,
                zone: self.zone(&row.timezone),
                whole_from: row.whole_from.map(days::day),
                next,
            }
        }))
    }

    /// The cut, begun in the organization's zone if there is none. The organization is locked by then.
    pub(super) async fn cut_or_begin(&self, db: &impl ConnectionTrait) -> Result<Cut, Error> {
        if let Some(cut) = self.cut(db).await? {
            return Ok(cut);
        }
        let timezone = self.timezone_in(db).await?;
        let row = statistics_cuts::ActiveModel {
            organization_id: Set(self.key()),
            generation: Set(1),
            timezone: Set(timezone.clone()),
            ..Default::default()
        };
        statistics_cuts::Entity::insert(row).exec_without_returning(db).await?;
        Ok(Cut { generation: 1, zone: self.zone(&timezone), whole_from: None, next: None })
    }

    /// The name of the zone that the organization is in.
    pub(super) async fn timezone_in(&self, db: &impl ConnectionTrait) -> Result<String, Error> {
        let row = organizations::Entity::find_by_id(self.key()).select_only().column(organizations::Column::Timezone);
        row.into_tuple::<String>().one(db).await?.ok_or(Error::NotFound)
    }

    /// The rules of a zone; of one that is not known here, those of Greenwich, as calls are routed by.
    pub(super) fn zone(&self, name: &str) -> TimeZone {
        self.store.zones.get(name).unwrap_or(TimeZone::UTC)
    }
}

/// Leaves the work of cutting anew, in the transaction of the change that asks for it.
pub(crate) async fn leave_rebuild(
    db: &impl ConnectionTrait,
    tenant: &TenantStore,
    now: Timestamp,
) -> Result<(), Error> {
    let job = NewJob::new(STATISTICS_REBUILD, json!({}), now, ATTEMPTS);
    insert(db, &tenant.store.keys, Some(tenant.organization), &job, now).await?;
    Ok(())
}
