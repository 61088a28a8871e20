//! Jobs, by someone with the machine in hand.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::{Error, Job, JobQuery, JobState, Store};
use serde::Serialize;
use serde_json::Value;

/// A job as it is listed.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct JobView {
    id: u64,
    /// Whose; null: of the installation.
    organization_id: Option<u64>,
    kind: String,
    state: &'static str,
    attempts: u32,
    max_attempts: u32,
    run_at: Timestamp,
    last_error: Option<String>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
    payload: Value,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.id,
            organization_id: job.organization.map(OrganizationId::get),
            kind: job.kind,
            state: job.state.word(),
            attempts: job.attempts,
            max_attempts: job.max_attempts,
            run_at: job.run_at,
            last_error: job.last_error,
            created_at: job.created_at,
            finished_at: job.finished_at,
            payload: job.payload,
        }
    }
}

/// Jobs, the latest first, so many at most.
///
/// # Errors
///
/// [`Error::Unavailable`], [`Error::Corrupt`].
pub async fn jobs(
    store: &Store,
    state: Option<JobState>,
    kind: Option<&str>,
    most: u32,
) -> Result<Vec<JobView>, Error> {
    let query = JobQuery { state, kind: kind.map(str::to_owned), most: most.into() };
    Ok(store.platform().jobs(&query).await?.into_iter().map(JobView::from).collect())
}

/// Tries a job again that was given up.
///
/// # Errors
///
/// [`Error::NotFound`] when there is none that was given up; [`Error::Unavailable`].
pub async fn retry_job(store: &Store, id: u64, now: Timestamp) -> Result<(), Error> {
    store.platform().retry_job(id, now).await
}

/// Throws a job away, unless it is just being done.
///
/// # Errors
///
/// [`Error::NotFound`] when there is none, or it is being done; [`Error::Unavailable`].
pub async fn discard_job(store: &Store, id: u64) -> Result<(), Error> {
    store.platform().discard_job(id).await
}
