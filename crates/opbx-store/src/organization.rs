//! An organization's own settings: three rows and one place.

use std::fmt;

use jiff::Timestamp;
use opbx_core::caps::CallCaps;
use opbx_core::destination::{Destination, Failsafe};
use opbx_core::id::{OrganizationId, PromptId};
use opbx_core::organization::Organization;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::apply::Ids;
use crate::destination::Places;
use crate::entity::{organization_limits as limits, organization_settings as settings, organizations};
use crate::error::{Cause, Error, ObjectKind};
use crate::millis::Millis;
use crate::repo::{caps, put_place};
use crate::word;

/// How often an organization's routing has changed. What is compiled from an older revision is out of date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Revision(u64);

impl Revision {
    /// The number itself.
    pub const fn get(self) -> u64 {
        self.0
    }

    pub(crate) const fn of(column: i64) -> Self {
        Self(column.cast_unsigned())
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

pub(crate) const FAILSAFE: &str = "failsafe";

/// The organization of its rows.
pub(crate) fn read(
    row: &organizations::Model,
    settings: &settings::Model,
    limits: &limits::Model,
    places: &mut Places,
) -> Result<Organization, Error> {
    Ok(Organization {
        id: OrganizationId::new(row.id.cast_unsigned()),
        name: word::read(&row.name)?,
        status: word::read(&row.status)?,
        country: word::read(&row.country)?,
        timezone: word::read(&row.timezone)?,
        language: word::read(&settings.language)?,
        voice: word::read_some(settings.voice.as_deref())?,
        no_answer_timeout: word::read_number(settings.no_answer_timeout)?,
        max_call_seconds: word::read_number(settings.max_call_seconds)?,
        recording: word::read(&settings.recording)?,
        recording_notice: settings.recording_notice_prompt_id.map(|id| PromptId::new(id.cast_unsigned())),
        reject_anonymous: settings.reject_anonymous,
        mask_numbers: settings.mask_numbers,
        emergency_caller_id: word::read_some(settings.emergency_caller_id.as_deref())?,
        failsafe: places.take(ObjectKind::Organization, row.id, FAILSAFE)?.map(failsafe).transpose()?,
        outbound_caps: caps(
            [limits.outbound_concurrent, limits.outbound_per_minute, limits.outbound_per_day],
            limits.outbound_cost_per_day,
        )?,
        per_extension_caps: caps(
            [limits.extension_concurrent, limits.extension_per_minute, limits.extension_per_day],
            limits.extension_cost_per_day,
        )?,
    })
}

/// A failsafe is a destination that needs no plan.
pub(crate) fn failsafe(destination: Destination) -> Result<Failsafe, Error> {
    match destination {
        Destination::Forward { to } => Ok(Failsafe::Forward { to }),
        Destination::Hangup => Ok(Failsafe::Hangup),
        Destination::Busy => Ok(Failsafe::Busy),
        _ => Err(Error::Corrupt(Cause::said("a failsafe leads to an object of the plan"))),
    }
}

fn place_of(failsafe: &Failsafe) -> Destination {
    match failsafe {
        Failsafe::Forward { to } => Destination::Forward { to: to.clone() },
        Failsafe::Hangup => Destination::Hangup,
        Failsafe::Busy => Destination::Busy,
    }
}

/// Replaces the references of an organization's settings.
pub(crate) fn rewrite(organization: &mut Organization, ids: &Ids) {
    organization.recording_notice.iter_mut().for_each(|id| ids.prompt(id));
}

/// The rows of a new organization's settings, which have no references yet.
pub(crate) async fn insert_settings(
    db: &impl ConnectionTrait,
    organization: &Organization,
    now: Timestamp,
) -> Result<(), Error> {
    settings::Entity::insert(settings_row(organization)?).exec_without_returning(db).await?;
    limits::Entity::insert(limits_row(organization, now)).exec_without_returning(db).await?;
    put_failsafe(db, organization).await
}

/// Writes everything of an organization that is part of its plan, its status excepted: that is the installation's.
pub(crate) async fn update(
    db: &impl ConnectionTrait,
    organization: &Organization,
    now: Timestamp,
) -> Result<(), Error> {
    let id = organization.id.get().cast_signed();
    let row = organizations::ActiveModel {
        name: Set(word::write(&organization.name)?),
        country: Set(word::write(&organization.country)?),
        timezone: Set(word::write(&organization.timezone)?),
        updated_at: Set(Millis::of(now)),
        ..Default::default()
    };
    organizations::Entity::update_many().set(row).filter(organizations::Column::Id.eq(id)).exec(db).await?;
    let own = settings::Column::OrganizationId.eq(id);
    settings::Entity::update_many().set(settings_row(organization)?).filter(own).exec(db).await?;
    let own = limits::Column::OrganizationId.eq(id);
    limits::Entity::update_many().set(limits_row(organization, now)).filter(own).exec(db).await?;
    put_failsafe(db, organization).await
}

async fn put_failsafe(db: &impl ConnectionTrait, organization: &Organization) -> Result<(), Error> {
    let id = organization.id.get();
    let place = organization.failsafe.as_ref().map(place_of);
    put_place(db, id.cast_signed(), (ObjectKind::Organization, id), FAILSAFE.into(), place.as_ref()).await
}

fn settings_row(organization: &Organization) -> Result<settings::ActiveModel, Error> {
    Ok(settings::ActiveModel {
        organization_id: Set(organization.id.get().cast_signed()),
        language: Set(word::write(&organization.language)?),
        voice: Set(word::write_some(organization.voice.as_ref())?),
        no_answer_timeout: Set(word::write_number(organization.no_answer_timeout)),
        max_call_seconds: Set(word::write_number(organization.max_call_seconds)),
        recording: Set(word::write(&organization.recording)?),
        recording_notice_prompt_id: Set(organization.recording_notice.map(|id| id.get().cast_signed())),
        reject_anonymous: Set(organization.reject_anonymous),
        mask_numbers: Set(organization.mask_numbers),
        emergency_caller_id: Set(word::write_some(organization.emergency_caller_id.as_ref())?),
    })
}

/// The limits of calls; those that only the installation sets are left as they are.
fn limits_row(organization: &Organization, now: Timestamp) -> limits::ActiveModel {
    let CallCaps { concurrent, per_minute, per_day, cost_per_day } = organization.outbound_caps;
    let extension = organization.per_extension_caps;
    limits::ActiveModel {
        organization_id: Set(organization.id.get().cast_signed()),
        outbound_concurrent: Set(concurrent.map(i64::from)),
        outbound_per_minute: Set(per_minute.map(i64::from)),
        outbound_per_day: Set(per_day.map(i64::from)),
        outbound_cost_per_day: Set(cost_per_day.map(|cost| cost.millionths().cast_signed())),
        extension_concurrent: Set(extension.concurrent.map(i64::from)),
        extension_per_minute: Set(extension.per_minute.map(i64::from)),
        extension_per_day: Set(extension.per_day.map(i64::from)),
        extension_cost_per_day: Set(extension.cost_per_day.map(|cost| cost.millionths().cast_signed())),
        updated_at: Set(Millis::of(now)),
        ..Default::default()
    }
}
