//! An organization's statistics are cut anew, in the zone that it is in now.

use super::Failure;
use opbx_store::{ClaimedJob, Reason, Store, Tenant};

pub(super) async fn perform(store: &Store, job: &ClaimedJob) -> Result<(), Failure> {
    let Some(organization) = job.organization else {
        return Err(Failure::hopeless("it does not say whose statistics are meant"));
    };
    let rebuilt = store.tenant(&Tenant::inside(organization, Reason::Job)).rebuild_statistics().await?;
    tracing::info!(%organization, calls = rebuilt.calls, "statistics were cut anew");
    Ok(())
}
