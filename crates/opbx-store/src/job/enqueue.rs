//! Leaving work behind: in the transaction of the change that leaves it, so that neither happens without the other.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::{JobState, NewJob};
use crate::edit::Edit;
use crate::entity::jobs;
use crate::error::{Cause, Constraint, Error};
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::seal::{Keyring, Purpose};

impl Edit {
    /// Leaves a job of the organization, which is there when the edit is committed. Answers its identifier; `None` when there
    /// is one of its key already.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<Option<u64>, Error> {
        let keys = &self.tenant.store.keys;
        self.within(insert(&*self.writing, keys, Some(self.tenant.organization), job, self.now)).await
    }
}

impl Platform {
    /// Leaves a job of the installation. Answers its identifier; `None` when there is one of its key already.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn enqueue(&self, job: &NewJob, now: Timestamp) -> Result<Option<u64>, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let id = insert(&*writing, &self.store.keys, None, job, now).await?;
            writing.commit().await?;
            Ok(id)
        };
        self.store.pool.attempt(work).await
    }
}

/// A violated key takes back its statement only, on either engine, so that the transaction goes on.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    keys: &Keyring,
    of: Option<OrganizationId>,
    job: &NewJob,
    now: Timestamp,
) -> Result<Option<u64>, Error> {
    let sealed = match (&job.secret, of) {
        (None, _) => None,
        (Some(secret), Some(of)) => Some(keys.seal(Purpose::Job, of, secret.reveal())?),
        // Sealed for nobody it would open for anybody.
        (Some(_), None) => return Err(Error::Corrupt(Cause::said("a job of no organization has a secret"))),
    };
    let row = jobs::ActiveModel {
        organization_id: Set(of.map(|of| of.get().cast_signed())),
        kind: Set(job.kind.to_owned()),
        payload: Set(job.payload.to_string()),
        secret_sealed: Set(sealed),
        unique_key: Set(job.unique_key.clone()),
        priority: Set(job.priority.number()),
        state: Set(JobState::Queued.word().to_owned()),
        run_at: Set(Millis::of(job.run_at)),
        attempts: Set(0),
        max_attempts: Set(job.max_attempts.max(1).cast_signed()),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(Millis::of(now)),
        finished_at: Set(None),
        ..Default::default()
    };
    match jobs::Entity::insert(row).exec(db).await.map_err(Error::from) {
        Ok(inserted) => Ok(Some(inserted.last_insert_id.cast_unsigned())),
        Err(Error::Conflict(Constraint::Twice)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
