//! Organizations as their provider sees them: who there is, whether each is served, and how much it may have.

use std::collections::HashMap;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_core::region::CountryCode;
use opbx_core::text::{Name, ZoneName};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::entity::{organization_limits, organizations};
use crate::error::{Cause, Error};
use crate::page::{Filter, Page, Query, pattern};
use crate::platform::Platform;
use crate::pool::Line;
use crate::settings::{Allowance, allowance};
use crate::word;

/// An organization as its provider sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManagedOrganization {
    /// Its identifier.
    pub id: OrganizationId,
    /// What people call it.
    pub name: Name,
    /// Its short name.
    pub slug: String,
    /// Its country.
    pub country: CountryCode,
    /// Its zone.
    pub timezone: ZoneName,
    /// Whether it is served.
    pub status: OrganizationStatus,
    /// How much it may have.
    pub allowance: Allowance,
    /// How often its settings were written.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

const FIELDS: &[(&str, organizations::Column)] = &[
    ("id", organizations::Column::Id),
    ("name", organizations::Column::Name),
    ("slug", organizations::Column::Slug),
    ("country", organizations::Column::Country),
    ("timezone", organizations::Column::Timezone),
    ("status", organizations::Column::Status),
    ("created_at", organizations::Column::CreatedAt),
    ("updated_at", organizations::Column::UpdatedAt),
];

fn column(field: &str) -> Option<organizations::Column> {
    FIELDS.iter().find(|(name, _)| *name == field).map(|(_, column)| *column)
}

impl Platform {
    /// A page of all organizations; a search looks into names and short names. Three queries.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn organizations(&self, query: &Query) -> Result<Page<ManagedOrganization>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut chosen = organizations::Entity::find();
            for Filter { field, value } in &query.filters {
                if let Some(column) = column(field) {
                    chosen = chosen.filter(column.eq(sea_orm::Value::from(value.clone())));
                }
            }
            if let Some(text) = query.search.as_deref().filter(|text| !text.is_empty()) {
                let any = [organizations::Column::Name, organizations::Column::Slug].into_iter();
                chosen = chosen.filter(any.fold(Condition::any(), |any, column| any.add(pattern(column, text))));
            }
            let total = chosen.clone().count(&reading).await?;
            let order = if query.descending { Order::Desc } else { Order::Asc };
            let by = query.sort_by.as_deref().and_then(column).unwrap_or(organizations::Column::Id);
            let rows = chosen.order_by(by, order.clone()).order_by(organizations::Column::Id, order);
            let rows = rows.offset(query.offset).limit(query.limit).all(&reading).await?;
            let items = managed(&reading, rows).await?;
            reading.commit().await?;
            Ok(Page { items, total })
        };
        self.store.pool.attempt(work).await
    }

    /// One organization.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn organization(&self, id: OrganizationId) -> Result<ManagedOrganization, Error> {
        let work = async |line: Line| {
            let rows = organizations::Entity::find_by_id(id.get().cast_signed()).all(line.db()).await?;
            managed(line.db(), rows).await?.pop().ok_or(Error::NotFound)
        };
        self.store.pool.attempt(work).await
    }

    /// Whether there is any organization.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn is_empty(&self) -> Result<bool, Error> {
        let work = async |line: Line| {
            let first = organizations::Entity::find().select_only().column(organizations::Column::Id).limit(1);
            Ok(first.into_tuple::<i64>().one(line.db()).await?.is_none())
        };
        self.store.pool.attempt(work).await
    }
}

async fn managed(
    db: &impl ConnectionTrait,
    rows: Vec<organizations::Model>,
) -> Result<Vec<ManagedOrganization>, Error> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let theirs = organization_limits::Column::OrganizationId.is_in(ids);
    let limits = organization_limits::Entity::find().filter(theirs).all(db).await?;
    let limits: HashMap<i64, organization_limits::Model> =
        limits.into_iter().map(|row| (row.organization_id, row)).collect();
    rows.into_iter()
        .map(|row| {
            let limits = limits.get(&row.id);
            let limits = limits.ok_or_else(|| Error::Corrupt(Cause::said("an organization has no limits")))?;
            Ok(ManagedOrganization {
                id: OrganizationId::new(row.id.cast_unsigned()),
                name: word::read(&row.name)?,
                country: word::read(&row.country)?,
                timezone: word::read(&row.timezone)?,
                status: word::read(&row.status)?,
                allowance: allowance(limits)?,
                revision: row.revision.cast_unsigned(),
                created_at: row.created_at.instant()?,
                updated_at: row.updated_at.instant()?,
                slug: row.slug,
            })
        })
        .collect()
}
