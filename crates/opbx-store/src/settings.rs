//! An organization's settings as its owner sees them: what decides calls, its people's ways in, its brand, its limits, and
//! how long what is kept.

use jiff::Timestamp;
use opbx_core::organization::{Organization, OrganizationStatus};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::audit::{Entry, differences};
use crate::destination::Places;
use crate::edit::Edit;
use crate::entity::{
    destinations, organization_control, organization_limits, organization_retention, organization_settings,
    organizations, sessions,
};
use crate::error::{Cause, Error, ObjectKind};
use crate::kind::Stored;
use crate::millis::Millis;
use crate::organization;
use crate::pool::Line;
use crate::statistics::leave_rebuild;
use crate::tenant::TenantStore;
use crate::word;

/// What an organization's owner can set, and what its provider can.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrganizationSettings {
    /// What decides calls.
    pub organization: Organization,
    /// What it asks of its people, and how it looks.
    pub control: Control,
    /// What the installation allows it.
    pub allowance: Allowance,
    /// How many days what is kept.
    pub retention: Retention,
}

/// What an organization asks of its people, and how it looks to them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Control {
    /// Whether owners and admins need a second factor.
    pub require_second_factor: bool,
    /// What the product is called on its pages.
    pub product_name: Option<String>,
    /// The address of its logo.
    pub logo: Option<String>,
    /// Its colour: `#` and six hexadecimal digits.
    pub accent: Option<String>,
}

/// How much an organization may have; `None`: no limit. Set by the installation only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Allowance {
    /// Extensions.
    pub extensions: Option<u32>,
    /// Audio, in megabytes.
    pub storage_mb: Option<u32>,
    /// Requests of the API in a minute.
    pub api_per_minute: Option<u32>,
}

/// How many days what is kept; 0: for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// Call records.
    pub records: u32,
    /// Recordings of calls.
    pub recordings: u32,
    /// Traces of decisions.
    pub traces: u32,
    /// What the platform said, word by word.
    pub raw_payloads: u32,
    /// Voicemail messages.
    pub voicemail: u32,
    /// The audit log.
    pub audit: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { records: 730, recordings: 90, traces: 90, raw_payloads: 30, voicemail: 180, audit: 730 }
    }
}

impl TenantStore {
    /// The organization's settings.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn settings(&self) -> Result<Stored<OrganizationSettings>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let settings = self.settings_in(&reading).await?;
            reading.commit().await?;
            Ok(settings)
        };
        self.store.pool.attempt(work).await
    }

    /// How often the organization may ask the API in a minute, where its provider set that.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn api_per_minute(&self) -> Result<Option<u32>, Error> {
        let work = async |line: Line| {
            let row = self.rows::<organization_limits::Entity>().one(line.db()).await?;
            Ok(row.as_ref().map(allowance).transpose()?.and_then(|allowance| allowance.api_per_minute))
        };
        self.store.pool.attempt(work).await
    }

    pub(crate) async fn retention_in(&self, db: &impl ConnectionTrait) -> Result<Retention, Error> {
        let row = self.rows::<organization_retention::Entity>().one(db).await?;
        Ok(row.as_ref().map(retention).unwrap_or_default())
    }

    pub(crate) async fn settings_in(&self, db: &impl ConnectionTrait) -> Result<Stored<OrganizationSettings>, Error> {
        let row = organizations::Entity::find_by_id(self.key()).one(db).await?.ok_or(Error::NotFound)?;
        let settings = self.rows::<organization_settings::Entity>().one(db).await?.ok_or_else(incomplete)?;
        let limits = self.rows::<organization_limits::Entity>().one(db).await?.ok_or_else(incomplete)?;
        let steps = self
            .rows::<destinations::Entity>()
            .filter(destinations::Column::OwnerKind.eq(ObjectKind::Organization.word()))
            .order_by_asc(destinations::Column::Step);
        let mut places = Places::of(steps.all(db).await?);
        let control = self.rows::<organization_control::Entity>().one(db).await?.map(control).unwrap_or_default();
        Ok(Stored {
            object: OrganizationSettings {
                organization: organization::read(&row, &settings, &limits, &mut places)?,
                control,
                allowance: allowance(&limits)?,
                retention: self.retention_in(db).await?,
            },
            revision: row.revision.cast_unsigned(),
            created_at: row.created_at.instant()?,
            updated_at: row.updated_at.instant()?,
        })
    }
}

impl OrganizationSettings {
    /// What the audit log is told when these settings come after others.
    pub(crate) fn entry(&self, before: &Self, portrait: SettingsPortrait) -> Entry {
        let (was, is) = differences(&portrait(before), &portrait(self));
        let (id, name) = (self.organization.id.get(), self.organization.name.to_string());
        let kind = ObjectKind::Organization.word();
        Entry { before: Some(was), after: Some(is), ..Entry::of("updated", kind, Some(id), name) }
    }
}

fn incomplete() -> Error {
    Error::Corrupt(Cause::said("an organization has no settings"))
}

/// How settings look to the readers of the audit log.
pub type SettingsPortrait = fn(&OrganizationSettings) -> Value;

impl Edit {
    /// The organization's settings, as they are inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn settings(&self) -> Result<Stored<OrganizationSettings>, Error> {
        self.within(self.tenant.settings_in(&*self.writing)).await
    }

    /// As much as the organization may have of things. One query, where the settings are six.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn allowance(&self) -> Result<Allowance, Error> {
        let work = async {
            let limits = self.tenant.rows::<organization_limits::Entity>().one(&*self.writing).await?;
            allowance(&limits.ok_or_else(incomplete)?)
        };
        self.within(work).await
    }

    /// Changes settings that were found inside this edit. Whether the organization is served is not among them.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when a reference leads nowhere; [`Error::Unavailable`].
    pub async fn update_settings(
        &mut self,
        before: &Stored<OrganizationSettings>,
        mut after: OrganizationSettings,
        portrait: SettingsPortrait,
    ) -> Result<Stored<OrganizationSettings>, Error> {
        after.organization.id = before.object.organization.id;
        after.organization.status = before.object.organization.status;
        if before.object == after {
            return Ok(before.clone());
        }
        self.within(self.write_settings(&before.object, &after)).await?;
        if before.object.organization != after.organization {
            self.routes();
        }
        let written = self.settings().await?;
        self.record(&written.object.entry(&before.object, portrait)).await?;
        Ok(written)
    }

    /// Serves the organization again, or no longer: then everyone who is signed in there is signed out. Answers whether that
    /// is a change.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn set_organization_status(&mut self, status: OrganizationStatus) -> Result<bool, Error> {
        let before = self.settings().await?.object.organization;
        if before.status == status {
            return Ok(false);
        }
        let work = async {
            let (db, of) = (&*self.writing, self.tenant.key());
            let change = organizations::ActiveModel {
                status: Set(word::write(&status)?),
                updated_at: Set(Millis::of(self.now)),
                ..Default::default()
            };
            let own = organizations::Column::Id.eq(of);
            let raised = Expr::col(organizations::Column::Revision).add(1);
            let update = organizations::Entity::update_many().set(change);
            update.col_expr(organizations::Column::Revision, raised).filter(own).exec(db).await?;
            if status == OrganizationStatus::Suspended {
                let theirs = sessions::Column::OrganizationId.eq(of);
                sessions::Entity::delete_many().filter(theirs).exec(db).await?;
            }
            Ok(())
        };
        self.within(work).await?;
        self.routes();
        let told = |status: OrganizationStatus| Some(json!({ "status": status }));
        let (id, kind) = (before.id.get(), ObjectKind::Organization.word());
        let entry = Entry::of("updated", kind, Some(id), before.name.to_string());
        self.record(&Entry { before: told(before.status), after: told(status), ..entry }).await?;
        Ok(true)
    }

    async fn write_settings(&self, before: &OrganizationSettings, after: &OrganizationSettings) -> Result<(), Error> {
        let (db, of) = (&*self.writing, self.tenant.key());
        if before.organization != after.organization {
            organization::update(db, &after.organization, self.now).await?;
        }
        if before.organization.timezone != after.organization.timezone {
            leave_rebuild(db, &self.tenant, self.now).await?;
        }
        if before.control != after.control {
            put_control(db, of, &after.control).await?;
        }
        if before.allowance != after.allowance {
            put_allowance(db, of, after.allowance, self.now).await?;
        }
        if before.retention != after.retention {
            put_retention(db, of, after.retention).await?;
        }
        organizations::Entity::update_many()
            .col_expr(organizations::Column::Revision, Expr::col(organizations::Column::Revision).add(1))
            .col_expr(organizations::Column::UpdatedAt, Expr::value(Millis::of(self.now)))
            .filter(organizations::Column::Id.eq(of))
            .exec(db)
            .await?;
        Ok(())
    }
}

async fn put_control(db: &impl ConnectionTrait, of: i64, control: &Control) -> Result<(), Error> {
    let row = organization_control::ActiveModel {
        organization_id: Set(of),
        require_second_factor: Set(control.require_second_factor),
        product_name: Set(control.product_name.clone()),
        logo: Set(control.logo.clone()),
        accent: Set(control.accent.clone()),
    };
    organization_control::Entity::delete_by_id(of).exec(db).await?;
    organization_control::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

async fn put_allowance(db: &impl ConnectionTrait, of: i64, allowance: Allowance, now: Timestamp) -> Result<(), Error> {
    let row = organization_limits::ActiveModel {
        extensions: Set(allowance.extensions.map(i64::from)),
        storage_mb: Set(allowance.storage_mb.map(i64::from)),
        api_per_minute: Set(allowance.api_per_minute.map(i64::from)),
        updated_at: Set(Millis::of(now)),
        ..Default::default()
    };
    let own = organization_limits::Column::OrganizationId.eq(of);
    organization_limits::Entity::update_many().set(row).filter(own).exec(db).await?;
    Ok(())
}

async fn put_retention(db: &impl ConnectionTrait, of: i64, retention: Retention) -> Result<(), Error> {
    let row = organization_retention::ActiveModel {
        organization_id: Set(of),
        records: Set(retention.records.cast_signed()),
        recordings: Set(retention.recordings.cast_signed()),
        traces: Set(retention.traces.cast_signed()),
        raw_payloads: Set(retention.raw_payloads.cast_signed()),
        voicemail: Set(retention.voicemail.cast_signed()),
        audit: Set(retention.audit.cast_signed()),
    };
    organization_retention::Entity::delete_by_id(of).exec(db).await?;
    organization_retention::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

fn control(row: organization_control::Model) -> Control {
    Control {
        require_second_factor: row.require_second_factor,
        product_name: row.product_name,
        logo: row.logo,
        accent: row.accent,
    }
}

pub(crate) fn allowance(row: &organization_limits::Model) -> Result<Allowance, Error> {
    let count =
        |column: Option<i64>| column.map(u32::try_from).transpose().map_err(|fault| Error::Corrupt(Cause::new(fault)));
    Ok(Allowance {
        extensions: count(row.extensions)?,
        storage_mb: count(row.storage_mb)?,
        api_per_minute: count(row.api_per_minute)?,
    })
}

const fn retention(row: &organization_retention::Model) -> Retention {
    Retention {
        records: row.records.cast_unsigned(),
        recordings: row.recordings.cast_unsigned(),
        traces: row.traces.cast_unsigned(),
        raw_payloads: row.raw_payloads.cast_unsigned(),
        voicemail: row.voicemail.cast_unsigned(),
        audit: row.audit.cast_unsigned(),
    }
}
