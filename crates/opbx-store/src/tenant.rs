//! The only door to an organization's rows.

use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use tokio::sync::OwnedMutexGuard;

use crate::entity::{TenantRow, organizations};
use crate::error::Error;
use crate::organization::Revision;
use crate::plan;
use crate::pool::{Line, Writing};
use crate::repo::Sealing;
use crate::store::Store;

/// Why we act inside an organization. There are four ways in, and no fifth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// A session or a token was verified.
    SignedIn,
    /// A webhook of the organization, or an address that we signed for the platform, was verified.
    Webhook,
    /// A job that the organization's own change left was claimed.
    Job,
    /// Someone with the machine in hand named the organization (`--org`).
    Command,
}

/// The proof that we are inside an organization, and why. Whoever makes one has verified what the reason says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tenant {
    organization: OrganizationId,
    reason: Reason,
}

impl Tenant {
    /// We are inside this organization for this reason.
    pub const fn inside(organization: OrganizationId, reason: Reason) -> Self {
        Self { organization, reason }
    }

    /// Which organization.
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Why.
    pub const fn reason(&self) -> Reason {
        self.reason
    }
}

/// The rows of one organization.
#[derive(Clone, Debug)]
pub struct TenantStore {
    pub(crate) store: Store,
    pub(crate) organization: OrganizationId,
}

impl TenantStore {
    pub(crate) fn new(store: Store, tenant: &Tenant) -> Self {
        Self { store, organization: tenant.organization }
    }

    /// The organization's plan, all of one moment, and its revision. The number of queries does not depend on its size.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn load_plan(&self) -> Result<(Revision, PlanSource), Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let loaded = plan::load(&reading, self).await?;
            reading.commit().await?;
            Ok(loaded)
        };
        self.store.pool.attempt(work).await
    }

    /// All rows of a table that belong to the organization. There is no other way to begin a query of a tenant's table.
    pub(crate) fn rows<E: TenantRow>(&self) -> Select<E> {
        E::find().filter(E::ORGANIZATION.eq(self.key()))
    }

    /// The organization's number as it stands in columns.
    pub(crate) const fn key(&self) -> i64 {
        self.organization.get().cast_signed()
    }

    /// Waits until nobody else changes this organization, and makes sure that it exists. On SQLite the transaction has
    /// already waited; MySQL locks the organization's row, and what is read from then on is of after that moment.
    pub(crate) async fn alone(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        let row = organizations::Entity::find_by_id(self.key())
            .lock(LockType::Update)
            .select_only()
            .column(organizations::Column::Id)
            .into_tuple::<i64>()
            .one(db)
            .await?;
        row.map(drop).ok_or(Error::NotFound)
    }

    /// Raises the plan's revision and commits: the one way in which a change of routing ends.
    pub(crate) async fn commit_change(&self, writing: Writing) -> Result<Revision, Error> {
        let revision = self.raise(&*writing).await?;
        writing.commit().await?;
        Ok(revision)
    }

    /// Raises the plan's revision.
    pub(crate) async fn raise(&self, db: &impl ConnectionTrait) -> Result<Revision, Error> {
        organizations::raise(db, self.key()).await?;
        self.revision(db).await
    }

    /// The plan's revision.
    pub(crate) async fn revision(&self, db: &impl ConnectionTrait) -> Result<Revision, Error> {
        let row = organizations::Entity::find_by_id(self.key())
            .select_only()
            .column(organizations::Column::PlanRevision)
            .into_tuple::<i64>()
            .one(db)
            .await?;
        row.map(Revision::of).ok_or(Error::NotFound)
    }

    /// Waits until nobody else of this process changes this organization: before a connection is taken, and outside of the
    /// attempt that does.
    pub(crate) async fn turn(&self) -> Result<Option<OwnedMutexGuard<()>>, Error> {
        self.store.pool.turn_of(self.key()).await
    }

    /// Begins a change of this organization, in its turn.
    pub(crate) async fn begin(&self, line: &Line, turn: Option<OwnedMutexGuard<()>>) -> Result<Writing, Error> {
        let writing = line.write().await?.in_turn(turn);
        self.alone(&*writing).await?;
        Ok(writing)
    }

    pub(crate) fn sealing(&self) -> Sealing<'_> {
        Sealing { keys: &self.store.keys, organization: self.organization }
    }
}
