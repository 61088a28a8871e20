//! What has expired is taken away.

use super::Failure;
use jiff::{SignedDuration, Timestamp};
use opbx_store::Store;

/// The word of this kind of work.
pub(super) const SWEEP: &str = "sweep";
/// How long answers to requests that may come again are kept.
const ANSWERS: SignedDuration = SignedDuration::from_hours(24);
/// How long a job that is done is kept; as long, its key is taken.
const DONE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a job that was given up can be tried again.
const DEAD: SignedDuration = SignedDuration::from_hours(90 * 24);

pub(super) async fn perform(store: &Store, now: Timestamp) -> Result<(), Failure> {
    let platform = store.platform();
    let access = platform.sweep_access(now).await?;
    let answers = platform.sweep_answers(now - ANSWERS).await?;
    let deliveries = platform.sweep_deliveries(now).await?;
    let jobs = platform.sweep_jobs(now - DONE, now - DEAD).await?;
    if access + answers + deliveries + jobs > 0 {
        tracing::debug!(access, answers, deliveries, jobs, "swept what had expired");
    }
    Ok(())
}
