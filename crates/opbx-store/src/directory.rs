//! What a server knows of every organization before any of their plans is loaded: whose a request is.

use std::collections::HashMap;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::organization::Organization;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Statement};

use crate::destination::Places;
use crate::entity::{destinations, organization_limits, organization_settings, organizations, platform_settings};
use crate::error::{Cause, Error, ObjectKind};
use crate::organization::{FAILSAFE, Revision, read};
use crate::platform::Platform;
use crate::pool::Line;
use crate::seal::Purpose;

/// An organization in the directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its own settings; nothing of what they lead to.
    pub organization: Organization,
    /// Its plan's revision.
    pub plan: Revision,
    /// How often its place at the platform has changed.
    pub place: Revision,
    /// Its domain at the platform, in lower case.
    pub domain: Option<String>,
    /// The platform's identifier of that domain.
    pub domain_uuid: Option<String>,
    /// The digest of its webhook key.
    pub key: Option<[u8; 32]>,
    /// The digest of the key that was replaced, and until when it still counts.
    pub former_key: Option<([u8; 32], Timestamp)>,
}

/// What a change of any organization changes: cheap to ask for, and never the same again.
///
/// A new organization raises the highest identifier, one that goes lowers the number of them, and every other change raises
/// a revision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    count: i64,
    highest: i64,
    plans: i64,
    places: i64,
}

/// The revisions of an organization: of its plan, and of its place at the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Revisions {
    /// Which organization.
    pub organization: OrganizationId,
    /// Its plan's revision.
    pub plan: Revision,
    /// How often its place at the platform has changed.
    pub place: Revision,
}

impl Platform {
    /// Every organization, in five queries.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn directory(&self) -> Result<Vec<Listed>, Error> {
        self.entries(None).await
    }

    /// One organization, if there is one with this identifier.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn listed(&self, id: OrganizationId) -> Result<Option<Listed>, Error> {
        Ok(self.entries(Some(id.get().cast_signed())).await?.pop())
    }

    /// The revisions of every organization, to find out which ones have changed.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn revisions(&self) -> Result<Vec<Revisions>, Error> {
        let work = async |line: Line| {
            let db = line.read().await?;
            let plans = organizations::Entity::find()
                .select_only()
                .columns([organizations::Column::Id, organizations::Column::PlanRevision])
                .into_tuple::<(i64, i64)>()
                .all(&db)
                .await?;
            let places = platform_settings::Entity::find()
                .select_only()
                .columns([platform_settings::Column::OrganizationId, platform_settings::Column::Revision])
                .into_tuple::<(i64, i64)>()
                .all(&db)
                .await?;
            db.commit().await?;
            let places: HashMap<i64, i64> = places.into_iter().collect();
            let revisions = plans.into_iter().map(|(id, plan)| Revisions {
                organization: OrganizationId::new(id.cast_unsigned()),
                plan: Revision::of(plan),
                place: Revision::of(places.get(&id).copied().unwrap_or_default()),
            });
            Ok(revisions.collect())
        };
        self.store.pool.attempt(work).await
    }

    /// What is different as soon as anything in any organization has changed: one query, whose answer is one row.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn standing(&self) -> Result<Standing, Error> {
        // A sum is a decimal on MariaDB; to SQLite, which does not know the word, the cast changes nothing.
        const ASKED: &str = "SELECT COUNT(*) AS organizations, COALESCE(MAX(id), 0) AS highest, \
            CAST(COALESCE(SUM(plan_revision), 0) AS SIGNED) AS plans, \
            (SELECT CAST(COALESCE(SUM(revision), 0) AS SIGNED) FROM platform_settings) AS places FROM organizations";
        let work = async |line: Line| {
            let asked = Statement::from_string(line.db().get_database_backend(), ASKED);
            let row = line.db().query_one_raw(asked).await?.ok_or(Error::NotFound)?;
            let number = |column| row.try_get::<i64>("", column);
            Ok(Standing {
                count: number("organizations")?,
                highest: number("highest")?,
                plans: number("plans")?,
                places: number("places")?,
            })
        };
        self.store.pool.attempt(work).await
    }

    /// The digests by which a webhook key is found in a [`Listed`], the present secret's first.
    pub fn webhook_digests(&self, key: &str) -> Vec<[u8; 32]> {
        let digests = self.store.keys.digests(Purpose::WebhookKey, key);
        digests.into_iter().filter_map(|digest| digest.try_into().ok()).collect()
    }

    async fn entries(&self, only: Option<i64>) -> Result<Vec<Listed>, Error> {
        let work = async |line: Line| {
            let db = line.read().await?;
            let rows = organizations::Entity::find()
                .apply_if(only, |query, id| query.filter(organizations::Column::Id.eq(id)))
                .all(&db)
                .await?;
            let places = platform_settings::Entity::find()
                .apply_if(only, |query, id| query.filter(platform_settings::Column::OrganizationId.eq(id)))
                .all(&db)
                .await?;
            let settings = organization_settings::Entity::find()
                .apply_if(only, |query, id| query.filter(organization_settings::Column::OrganizationId.eq(id)))
                .all(&db)
                .await?;
            let limits = organization_limits::Entity::find()
                .apply_if(only, |query, id| query.filter(organization_limits::Column::OrganizationId.eq(id)))
                .all(&db)
                .await?;
            let failsafes = destinations::Entity::find()
                .filter(destinations::Column::OwnerKind.eq(ObjectKind::Organization.word()))
                .filter(destinations::Column::Slot.eq(FAILSAFE))
                .apply_if(only, |query, id| query.filter(destinations::Column::OrganizationId.eq(id)))
                .all(&db)
                .await?;
            db.commit().await?;

            let mut failsafes = Places::of(failsafes);
            let mut places: HashMap<_, _> = places.into_iter().map(|row| (row.organization_id, row)).collect();
            let settings: HashMap<_, _> = settings.into_iter().map(|row| (row.organization_id, row)).collect();
            let limits: HashMap<_, _> = limits.into_iter().map(|row| (row.organization_id, row)).collect();
            let entry = |row: organizations::Model| {
                let own = (settings.get(&row.id), limits.get(&row.id), places.remove(&row.id));
                let (Some(settings), Some(limits), Some(place)) = own else {
                    return Err(Error::Corrupt(Cause::said("an organization has no settings")));
                };
                let organization = read(&row, settings, limits, &mut failsafes)?;
                listed(organization, Revision::of(row.plan_revision), place)
            };
            rows.into_iter().map(entry).collect()
        };
        self.store.pool.attempt(work).await
    }
}

fn listed(organization: Organization, plan: Revision, row: platform_settings::Model) -> Result<Listed, Error> {
    let former_key = match (digest(row.former_webhook_key_digest)?, row.former_webhook_key_until) {
        (Some(key), Some(until)) => Some((key, until.instant()?)),
        _ => None,
    };
    Ok(Listed {
        organization,
        plan,
        place: Revision::of(row.revision),
        domain: row.domain,
        domain_uuid: row.domain_uuid,
        key: digest(row.webhook_key_digest)?,
        former_key,
    })
}

fn digest(column: Option<Vec<u8>>) -> Result<Option<[u8; 32]>, Error> {
    let unlike = |_| Error::Corrupt(Cause::said("a digest has another length than ours"));
    column.map(|digest| digest.try_into().map_err(unlike)).transpose()
}
