//! What the files of prompts need now and then: those are removed that nothing refers to. Beside the jobs and not one of them:
//! the files lie beside this server, and a job could be claimed by another one.

use super::super::ApiState;
use crate::problem::Problem;
use opbx_store::{Reason, Tenant};
use std::time::Duration;

/// How often.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Looks after the files of prompts, at once and every hour, for as long as it is polled.
pub(crate) async fn upkeep(api: ApiState) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(problem) = sweep(&api).await {
            tracing::warn!(problem = problem.code(), "the files of prompts are not looked after until the next hour");
        }
    }
}

/// Removes the files that nothing refers to: left by a server that was killed, or by objects that a plan file removed.
async fn sweep(api: &ApiState) -> Result<(), Problem> {
    let blobs = &api.library().blobs;
    let away = |fault: std::io::Error| {
        tracing::warn!(%fault, "the storage cannot be read");
        Problem::StorageAway
    };
    for organization in blobs.organizations().await.map_err(away)? {
        // First the files, then who refers to them: a file that is written in between is not among the first.
        let files = blobs.settled(organization).await.map_err(away)?;
        let used = api.store().tenant(&Tenant::inside(organization, Reason::Job)).audio_keys().await?;
        for key in files.into_iter().filter(|key| !used.contains(&key.to_string())) {
            blobs.remove(&key).await.map_err(away)?;
            tracing::info!(%key, "a file that nothing referred to is removed");
        }
    }
    Ok(())
}
