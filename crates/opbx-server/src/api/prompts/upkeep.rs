//! What the files of prompts need now and then: remote ones are fetched that were not, and files are removed that nothing
//! refers to.

use super::super::ApiState;
use super::fetch::fetch_remote_prompt;
use crate::problem::Problem;
use opbx_core::id::PromptId;
use opbx_store::{Reason, Tenant};
use std::time::Duration;
use tokio::task::JoinSet;

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
        if let Err(problem) = fetch_what_is_missing(&api).await {
            tracing::warn!(problem = problem.code(), "remote prompts are not looked after until the next hour");
        }
    }
}

/// Fetches every remote prompt of which there is no copy, also those that could not be fetched before.
async fn fetch_what_is_missing(api: &ApiState) -> Result<(), Problem> {
    let mut after = PromptId::new(0);
    loop {
        let page = api.store().platform().remote_prompts_without_copy(after).await?;
        let Some((_, last)) = page.last() else { return Ok(()) };
        after = *last;
        // Each waits for its turn: one that answers slowly holds up few others.
        let mut fetching = JoinSet::new();
        for (organization, prompt) in page {
            let (api, tenant) = (api.clone(), Tenant::inside(organization, Reason::Job));
            fetching.spawn(async move { fetch_remote_prompt(&api, tenant, prompt).await });
        }
        while let Some(fetched) = fetching.join_next().await {
            // One that panicked is in the log already, and keeps nobody from the others.
            if let Ok(Err(problem)) = fetched {
                return Err(problem);
            }
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
