//! Files that nothing refers to any more are removed.

use super::Failure;
use crate::blob::{BlobKey, Blobs};
use opbx_store::ClaimedJob;
use serde_json::Value;

/// Removes them. One that is gone is removed already; one that lies beside another server is removed by the sweep there.
pub(super) async fn perform(blobs: &Blobs, job: &ClaimedJob) -> Result<(), Failure> {
    let keys = job.payload.get("keys").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    for key in keys.filter_map(|key| key.parse::<BlobKey>().ok()) {
        // A job of one organization touches no file of another.
        if Some(key.organization()) == job.organization {
            blobs.remove(&key).await.map_err(Failure::again)?;
        }
    }
    Ok(())
}
