//! Claiming jobs, each organization in its turn.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::secret::Password;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect, Statement,
};

use super::{ClaimedJob, JobState, Lease};
use crate::entity::jobs::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::{Line, Writing};
use crate::seal::Purpose;

/// What is said of a job whose last worker never came back.
const LOST: &str = "its worker was lost";

/// What is due: those whose time has come, and those whose worker has let its lease run out.
///
/// Each organization's jobs are numbered, the pressing ones first, beginning behind those that it has at work: who has left a
/// thousand jobs gets one turn for each of everyone else's, and no more than a share of the workers.
const DUE: &str = "\
    SELECT ranked.id AS id FROM ( \
        SELECT id, COALESCE(organization_id, 0) AS whose, priority, run_at, ROW_NUMBER() OVER ( \
            PARTITION BY COALESCE(organization_id, 0) ORDER BY priority, run_at, id \
        ) AS place \
        FROM jobs WHERE (state = 'queued' AND run_at <= ?) OR (state = 'running' AND lease_until <= ?) \
    ) ranked LEFT JOIN ( \
        SELECT COALESCE(organization_id, 0) AS whose, COUNT(*) AS held FROM jobs \
        WHERE state = 'running' AND lease_until > ? GROUP BY COALESCE(organization_id, 0) \
    ) busy ON busy.whose = ranked.whose \
    WHERE ranked.place + COALESCE(busy.held, 0) <= ? \
    ORDER BY ranked.priority, ranked.place + COALESCE(busy.held, 0), ranked.run_at, ranked.id LIMIT ?";

impl Platform {
    /// Claims up to `most` jobs that are due, under a lease until `until`; of one organization no more than `share` are at
    /// work at any time. A job whose last attempt was lost with its worker is given up on the way.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn claim_jobs(
        &self,
        owner: &str,
        (most, share): (u32, u32),
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ClaimedJob>, Error> {
        let work = async |line: Line| {
            // A server with nothing to do writes nothing, and stands in no writer's way.
            let ids = due(line.db(), (most, share), now).await?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let writing = line.write().await?;
            // Another worker may have been faster; one that is just taking a job is not waited for.
            let rows = Entity::find()
                .filter(Column::Id.is_in(ids.iter().copied()))
                .filter(is_due(now))
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .all(&*writing)
                .await?;
            let (lost, free): (Vec<Model>, Vec<Model>) =
                rows.into_iter().partition(|row| row.attempts >= row.max_attempts);
            give_up(&writing, &lost, now).await?;
            take(&writing, &free, owner, until).await?;
            writing.commit().await?;
            let mut claimed: Vec<ClaimedJob> =
                free.into_iter().map(|row| self.claimed(row, owner)).collect::<Result<_, Error>>()?;
            // In the order of their turns, which the database forgets.
            claimed.sort_by_key(|job| ids.iter().position(|id| *id == job.lease.job.cast_signed()));
            Ok(claimed)
        };
        self.store.pool.attempt(work).await
    }

    fn claimed(&self, row: Model, owner: &str) -> Result<ClaimedJob, Error> {
        let organization = row.organization_id.map(|id| OrganizationId::new(id.cast_unsigned()));
        let secret = match (row.secret_sealed, organization) {
            (Some(sealed), Some(of)) => Some(Password::new(self.store.keys.open(Purpose::Job, of, &sealed)?)),
            _ => None,
        };
        Ok(ClaimedJob {
            lease: Lease {
                job: row.id.cast_unsigned(),
                owner: owner.to_owned(),
                attempt: row.attempts.cast_unsigned() + 1,
            },
            kind: row.kind,
            organization,
            payload: serde_json::from_str(&row.payload).map_err(|fault| Error::Corrupt(Cause::new(fault)))?,
            secret,
            max_attempts: row.max_attempts.cast_unsigned(),
            created_at: row.created_at.instant()?,
        })
    }
}

async fn due(db: &DatabaseConnection, (most, share): (u32, u32), now: Timestamp) -> Result<Vec<i64>, Error> {
    let now = Millis::of(now).number();
    let values = [now.into(), now.into(), now.into(), i64::from(share).into(), i64::from(most).into()];
    let asked = Statement::from_sql_and_values(db.get_database_backend(), DUE, values);
    let rows = db.query_all_raw(asked).await?;
    Ok(rows.into_iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?)
}

fn is_due(now: Timestamp) -> Condition {
    let now = Millis::of(now);
    let waiting = Column::State.eq(JobState::Queued.word()).and(Column::RunAt.lte(now));
    let lost = Column::State.eq(JobState::Running.word()).and(Column::LeaseUntil.lte(now));
    Condition::any().add(waiting).add(lost)
}

async fn take(writing: &Writing, rows: &[Model], owner: &str, until: Timestamp) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let change = ActiveModel {
        state: Set(JobState::Running.word().to_owned()),
        lease_owner: Set(Some(owner.to_owned())),
        lease_until: Set(Some(Millis::of(until))),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&**writing)
        .await?;
    Ok(())
}

async fn give_up(writing: &Writing, rows: &[Model], now: Timestamp) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let change = ActiveModel {
        state: Set(JobState::Dead.word().to_owned()),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(Some(LOST.to_owned())),
        finished_at: Set(Some(Millis::of(now))),
        ..Default::default()
    };
    let those = Column::Id.is_in(rows.iter().map(|row| row.id));
    Entity::update_many().set(change).filter(those).exec(&**writing).await?;
    Ok(())
}
