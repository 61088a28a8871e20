//! What a server knows of every organization before any of their plans is loaded: whose a request is.

use std::collections::HashMap;

use jiff::Timestamp;
use opbx_core::destination::Failsafe;
use opbx_core::id::OrganizationId;
use opbx_core::region::LanguageTag;
use opbx_core::text::Voice;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Statement, Value};

use crate::destination::Places;
use crate::entity::{destinations, organizations, platform_settings};
use crate::error::{Cause, Error, ObjectKind};
use crate::millis::Millis;
use crate::organization::{FAILSAFE, Revision, failsafe};
use crate::platform::Platform;
use crate::pool::Line;
use crate::seal::Purpose;
use crate::word;

/// How many organizations are read at a time: what is in memory twice is a page, and each page has a deadline of its own.
const PAGE: u64 = 4_096;

/// An organization in the directory: whose a request is, and what its caller hears when there is no plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Which organization.
    pub organization: OrganizationId,
    /// Its plan's revision.
    pub plan: Revision,
    /// The language that callers hear.
    pub language: LanguageTag,
    /// The voice that callers hear.
    pub voice: Option<Voice>,
    /// Where calls go when the plan cannot be loaded.
    pub failsafe: Option<Failsafe>,
    /// How often its place at the platform has changed.
    pub place: Revision,
    /// Its domain at the platform, in lower case.
    pub domain: Option<String>,
    /// The platform's identifier of that domain.
    pub domain_uuid: Option<String>,
    /// The address at which the platform reaches this installation for it, if it has one of its own.
    pub public_url: Option<String>,
    /// The digest of its webhook key.
    pub key: Option<[u8; 32]>,
    /// The digest of the key that was replaced, and until when it still counts.
    pub former_key: Option<([u8; 32], Timestamp)>,
    /// The digest of the secret in the address of its call records.
    pub cdr_secret: Option<[u8; 32]>,
}

/// A row of the directory. Its own query and not the entities: of what those read, it needs a third.
#[derive(FromQueryResult)]
struct Row {
    id: i64,
    plan_revision: i64,
    language: Option<String>,
    voice: Option<String>,
    revision: Option<i64>,
    domain: Option<String>,
    domain_uuid: Option<String>,
    public_url: Option<String>,
    webhook_key_digest: Option<Vec<u8>>,
    former_webhook_key_digest: Option<Vec<u8>>,
    former_webhook_key_until: Option<Millis>,
    cdr_secret_digest: Option<Vec<u8>>,
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
    /// The next organizations behind this one, by identifier, in two queries; none: that was all of them. The first are
    /// behind zero.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn directory(&self, behind: OrganizationId) -> Result<Vec<Listed>, Error> {
        self.entries(behind.get().cast_signed(), PAGE).await
    }

    /// One organization, if there is one with this identifier.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn listed(&self, id: OrganizationId) -> Result<Option<Listed>, Error> {
        let next = self.entries(id.get().cast_signed().saturating_sub(1), 1).await?.pop();
        Ok(next.filter(|next| next.organization == id))
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

    /// The digests by which the secret in the address of call records is found in a [`Listed`].
    pub fn cdr_digests(&self, secret: &str) -> Vec<[u8; 32]> {
        let digests = self.store.keys.digests(Purpose::CdrSecret, secret);
        digests.into_iter().filter_map(|digest| digest.try_into().ok()).collect()
    }

    async fn entries(&self, behind: i64, most: u64) -> Result<Vec<Listed>, Error> {
        const ASKED: &str = "SELECT o.id, o.plan_revision, s.language, s.voice, p.revision, p.domain, p.domain_uuid, \
            p.public_url, p.webhook_key_digest, p.former_webhook_key_digest, p.former_webhook_key_until, \
            p.cdr_secret_digest \
            FROM organizations o LEFT JOIN organization_settings s ON s.organization_id = o.id \
            LEFT JOIN platform_settings p ON p.organization_id = o.id WHERE o.id > ? ORDER BY o.id LIMIT ?";
        let work = async |line: Line| {
            let db = line.read().await?;
            let values: [Value; 2] = [behind.into(), most.into()];
            let asked = Statement::from_sql_and_values(db.get_database_backend(), ASKED, values);
            let rows = Row::find_by_statement(asked).all(&db).await?;
            let last = rows.last().map_or(behind, |row| row.id);
            let failsafes = destinations::Entity::find()
                .filter(destinations::Column::OwnerKind.eq(ObjectKind::Organization.word()))
                .filter(destinations::Column::Slot.eq(FAILSAFE))
                .filter(destinations::Column::OrganizationId.gt(behind))
                .filter(destinations::Column::OrganizationId.lte(last))
                .all(&db)
                .await?;
            db.commit().await?;
            let mut failsafes = Places::of(failsafes);
            rows.into_iter().map(|row| listed(row, &mut failsafes)).collect()
        };
        self.store.pool.attempt(work).await
    }
}

fn listed(row: Row, failsafes: &mut Places) -> Result<Listed, Error> {
    let (Some(language), Some(place)) = (&row.language, row.revision) else {
        return Err(Error::Corrupt(Cause::said("an organization has no settings")));
    };
    let former_key = match (digest(row.former_webhook_key_digest)?, row.former_webhook_key_until) {
        (Some(key), Some(until)) => Some((key, until.instant()?)),
        _ => None,
    };
    Ok(Listed {
        organization: OrganizationId::new(row.id.cast_unsigned()),
        plan: Revision::of(row.plan_revision),
        language: word::read(language)?,
        voice: word::read_some(row.voice.as_deref())?,
        failsafe: failsafes.take(ObjectKind::Organization, row.id, FAILSAFE)?.map(failsafe).transpose()?,
        place: Revision::of(place),
        domain: row.domain,
        domain_uuid: row.domain_uuid,
        public_url: row.public_url,
        key: digest(row.webhook_key_digest)?,
        former_key,
        cdr_secret: digest(row.cdr_secret_digest)?,
    })
}

fn digest(column: Option<Vec<u8>>) -> Result<Option<[u8; 32]>, Error> {
    let unlike = |_| Error::Corrupt(Cause::said("a digest has another length than ours"));
    column.map(|digest| digest.try_into().map_err(unlike)).transpose()
}
