//! Copies of remote prompts: fetched when one is made, and once an hour those that could not be had before.

use super::{Bell, Failure, FetchPrompt, Got};
use crate::api::portrait;
use jiff::Timestamp;
use opbx_core::id::PromptId;
use opbx_store::{Actor, Author, ClaimedJob, NewJob, Reason, Store, Tenant};
use serde_json::{Value, json};

/// The word of the work of fetching one.
pub(crate) const PROMPT_FETCH: &str = "prompt_fetch";
/// The word of the work of looking which ones are missing.
pub(super) const REMOTE_PROMPTS: &str = "remote_prompts";
/// With the pauses between them, some minutes: then it waits for the hour.
const ATTEMPTS: u32 = 5;

/// The job of fetching a prompt that was just written.
pub(crate) fn prompt_fetch(prompt: PromptId, now: Timestamp) -> NewJob {
    NewJob::new(PROMPT_FETCH, json!({ "prompt_id": prompt.get() }), now, ATTEMPTS)
}

/// Fetches it.
pub(super) async fn perform(fetcher: &dyn FetchPrompt, job: &ClaimedJob) -> Result<(), Failure> {
    let prompt = job.payload.get("prompt_id").and_then(Value::as_u64);
    let (Some(of), Some(prompt)) = (job.organization, prompt) else {
        return Err(Failure::hopeless("it does not say which prompt is to be fetched"));
    };
    match fetcher.fetch(Tenant::inside(of, Reason::Job), PromptId::new(prompt)).await? {
        Got::All => Ok(()),
        Got::Nothing => Err(Failure::again("the file cannot be had; the prompt says why")),
    }
}

/// Leaves a job for each remote prompt of which there is no copy: tried once, since the next hour brings another one.
pub(super) async fn look(store: &Store, bell: &Bell, now: Timestamp) -> Result<(), Failure> {
    let mut after = PromptId::new(0);
    loop {
        let page = store.platform().remote_prompts_without_copy(after).await?;
        let Some((_, last)) = page.last() else { return Ok(()) };
        after = *last;
        for (organization, prompt) in page {
            let actor = Actor::Job { kind: REMOTE_PROMPTS };
            let author = Author { actor, request_id: None, address: None, portrait };
            let mut edit = store.tenant(&Tenant::inside(organization, Reason::Job)).edit(author, now).await?;
            edit.enqueue(&NewJob { max_attempts: 1, ..prompt_fetch(prompt, now) }).await?;
            edit.commit().await?;
        }
        bell.ring();
    }
}
