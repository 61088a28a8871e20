//! Jobs as an operator sees them: listed, counted, tried again, thrown away.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::JobState;
use crate::entity::jobs::{ActiveModel, Column, Entity, Model};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;

/// A job as it is listed. What of it is secret is not shown.
#[derive(Clone, PartialEq, Debug)]
pub struct Job {
    /// Its identifier.
    pub id: u64,
    /// Whose; `None`: of the installation.
    pub organization: Option<OrganizationId>,
    /// What kind of work.
    pub kind: String,
    /// What it needs to know.
    pub payload: Value,
    /// How it stands.
    pub state: JobState,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// How often it was tried.
    pub attempts: u32,
    /// How often it may be.
    pub max_attempts: u32,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was left.
    pub created_at: Timestamp,
    /// When it was done or given up.
    pub finished_at: Option<Timestamp>,
}

/// Which jobs are asked for, the latest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JobQuery {
    /// Only those that stand so.
    pub state: Option<JobState>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// So many at most.
    pub most: u64,
}

/// How much work there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct JobFigures {
    /// Waiting for their time or for a worker.
    pub queued: u64,
    /// With a worker.
    pub running: u64,
    /// Given up.
    pub dead: u64,
    /// Since when the oldest one that is due has been waiting.
    pub oldest_due: Option<Timestamp>,
}

impl Platform {
    /// Jobs, the latest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn jobs(&self, query: &JobQuery) -> Result<Vec<Job>, Error> {
        let work = async |line: Line| {
            let mut rows = Entity::find();
            if let Some(state) = query.state {
                rows = rows.filter(Column::State.eq(state.word()));
            }
            if let Some(kind) = &query.kind {
                rows = rows.filter(Column::Kind.eq(kind.as_str()));
            }
            let rows = rows.order_by_desc(Column::Id).limit(query.most).all(line.db()).await?;
            rows.into_iter().map(job).collect()
        };
        self.store.pool.attempt(work).await
    }

    /// What the jobs of a kind need to know that wait for a worker or have one: of so many at most.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn unfinished_jobs(&self, kind: &str, most: u64) -> Result<Vec<Value>, Error> {
        let work = async |line: Line| {
            let unfinished = [JobState::Queued.word(), JobState::Running.word()];
            let rows = Entity::find().filter(Column::State.is_in(unfinished)).filter(Column::Kind.eq(kind));
            let rows = rows.limit(most).select_only().column(Column::Payload).into_tuple::<String>();
            let read = |text: String| serde_json::from_str(&text).map_err(|fault| Error::Corrupt(Cause::new(fault)));
            rows.all(line.db()).await?.into_iter().map(read).collect()
        };
        self.store.pool.attempt(work).await
    }

    /// How much work there is.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn job_figures(&self, now: Timestamp) -> Result<JobFigures, Error> {
        let work = async |line: Line| {
            let of = |state: JobState| Entity::find().filter(Column::State.eq(state.word()));
            let due = of(JobState::Queued).filter(Column::RunAt.lte(Millis::of(now)));
            let oldest = due.select_only().column(Column::RunAt).order_by_asc(Column::RunAt).limit(1);
            let oldest: Option<i64> = oldest.into_tuple().one(line.db()).await?;
            Ok(JobFigures {
                queued: of(JobState::Queued).count(line.db()).await?,
                running: of(JobState::Running).count(line.db()).await?,
                dead: of(JobState::Dead).count(line.db()).await?,
                oldest_due: oldest.map(|millis| Millis::stored(millis).instant()).transpose()?,
            })
        };
        self.store.pool.attempt(work).await
    }

    /// Tries a job again that was given up, at once and as often as it may be from the beginning.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none that was given up; [`Error::Unavailable`].
    pub async fn retry_job(&self, id: u64, now: Timestamp) -> Result<(), Error> {
        let change = ActiveModel {
            state: Set(JobState::Queued.word().to_owned()),
            attempts: Set(0),
            run_at: Set(Millis::of(now)),
            finished_at: Set(None),
            ..Default::default()
        };
        let own = Column::Id.eq(id.cast_signed()).and(Column::State.eq(JobState::Dead.word()));
        let work = async |line: Line| {
            let writing = line.write().await?;
            let done = Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await?;
            if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
        };
        self.store.pool.attempt(work).await
    }

    /// Throws a job away, unless a worker has it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none, or a worker has it; [`Error::Unavailable`].
    pub async fn discard_job(&self, id: u64) -> Result<(), Error> {
        let own = Column::Id.eq(id.cast_signed()).and(Column::State.ne(JobState::Running.word()));
        let work = async |line: Line| {
            let writing = line.write().await?;
            let done = Entity::delete_many().filter(own).exec(&*writing).await?;
            writing.commit().await?;
            if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
        };
        self.store.pool.attempt(work).await
    }

    /// Forgets jobs that were done before one instant, or given up before another. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn sweep_jobs(&self, done_before: Timestamp, dead_before: Timestamp) -> Result<u64, Error> {
        let over = |state: JobState, before: Timestamp| {
            Column::State.eq(state.word()).and(Column::FinishedAt.lt(Millis::of(before)))
        };
        let old = Condition::any().add(over(JobState::Done, done_before)).add(over(JobState::Dead, dead_before));
        let work = async |line: Line| {
            let writing = line.write().await?;
            let gone = Entity::delete_many().filter(old).exec(&*writing).await?.rows_affected;
            writing.commit().await?;
            Ok(gone)
        };
        self.store.pool.attempt(work).await
    }
}

fn job(row: Model) -> Result<Job, Error> {
    let unknown = || Error::Corrupt(Cause::said("a job stands in no way that is known"));
    Ok(Job {
        id: row.id.cast_unsigned(),
        organization: row.organization_id.map(|id| OrganizationId::new(id.cast_unsigned())),
        kind: row.kind,
        payload: serde_json::from_str(&row.payload).map_err(|fault| Error::Corrupt(Cause::new(fault)))?,
        state: JobState::of_word(&row.state).ok_or_else(unknown)?,
        run_at: row.run_at.instant()?,
        attempts: row.attempts.cast_unsigned(),
        max_attempts: row.max_attempts.cast_unsigned(),
        last_error: row.last_error,
        created_at: row.created_at.instant()?,
        finished_at: row.finished_at.map(Millis::instant).transpose()?,
    })
}
