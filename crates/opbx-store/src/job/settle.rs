//! What becomes of a job that was claimed. Everything here counts only under the lease that was given.

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{JobState, Lease};
use crate::entity::jobs::{ActiveModel, Column, Entity};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;

/// What is kept of an error, in characters.
const LONGEST_ERROR: usize = 1_000;

impl Platform {
    /// Renews a lease.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it was lost to someone else; [`Error::Unavailable`].
    pub async fn renew_lease(&self, lease: &Lease, until: Timestamp) -> Result<(), Error> {
        let change = ActiveModel { lease_until: Set(Some(Millis::of(until))), ..Default::default() };
        self.settle(lease, change, false).await
    }

    /// The job is done. What of it was secret is gone with it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the lease was lost; [`Error::Unavailable`].
    pub async fn finish_job(&self, lease: &Lease, now: Timestamp) -> Result<(), Error> {
        let change = ActiveModel {
            state: Set(JobState::Done.word().to_owned()),
            secret_sealed: Set(None),
            last_error: Set(None),
            finished_at: Set(Some(Millis::of(now))),
            ..unclaimed()
        };
        self.settle(lease, change, false).await
    }

    /// The job has failed and is to be tried again at `run_at`; without one, it is given up.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the lease was lost; [`Error::Unavailable`].
    pub async fn fail_job(
        &self,
        lease: &Lease,
        said: &str,
        run_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let said = Set(Some(said.chars().take(LONGEST_ERROR).collect()));
        let change = match run_at {
            Some(run_at) => ActiveModel {
                state: Set(JobState::Queued.word().to_owned()),
                run_at: Set(Millis::of(run_at)),
                last_error: said,
                ..unclaimed()
            },
            None => ActiveModel {
                state: Set(JobState::Dead.word().to_owned()),
                last_error: said,
                finished_at: Set(Some(Millis::of(now))),
                ..unclaimed()
            },
        };
        self.settle(lease, change, false).await
    }

    /// Gives a job back as if it had not been claimed: its worker has to stop.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the lease was lost; [`Error::Unavailable`].
    pub async fn give_job_back(&self, lease: &Lease, now: Timestamp) -> Result<(), Error> {
        let change =
            ActiveModel { state: Set(JobState::Queued.word().to_owned()), run_at: Set(Millis::of(now)), ..unclaimed() };
        self.settle(lease, change, true).await
    }

    async fn settle(&self, lease: &Lease, change: ActiveModel, uncounted: bool) -> Result<(), Error> {
        let held = Column::Id
            .eq(lease.job.cast_signed())
            .and(Column::State.eq(JobState::Running.word()))
            .and(Column::LeaseOwner.eq(lease.owner.as_str()))
            .and(Column::Attempts.eq(lease.attempt.cast_signed()));
        let work = async |line: Line| {
            let writing = line.write().await?;
            let mut update = Entity::update_many().set(change).filter(held);
            if uncounted {
                update = update.col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1));
            }
            let done = update.exec(&*writing).await?;
            writing.commit().await?;
            if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
        };
        self.store.pool.attempt(work).await
    }
}

fn unclaimed() -> ActiveModel {
    ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..Default::default() }
}
