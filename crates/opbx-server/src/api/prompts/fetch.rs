//! The copy of a remote prompt: fetched once, kept here, and played from here.

use super::super::ApiState;
use super::change::{forget_replaced, has_room};
use crate::blob::NewBlob;
use crate::jobs::{Failure, FetchPrompt, Got, PROMPT_FETCH, author, prompt_fetch};
use crate::media::{Incoming, LARGEST_FILE, NotHad, NotTaken};
use crate::problem::Problem;
use jiff::Timestamp;
use opbx_core::id::{OrganizationId, PromptId};
use opbx_core::prompt::{AudioUrl, Prompt, PromptKind};
use opbx_core::sound::{AudioFile, Sound};
use opbx_store::{Edit, Error, Stored, Tenant};
use std::pin::Pin;

/// What came of fetching a prompt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fetched {
    /// Its file is here now.
    Kept,
    /// It is not, and the prompt says why.
    Unreachable,
    /// Nothing had to be fetched: it is no remote prompt (any more), or its file was here.
    NotNeeded,
}

/// Leaves the job of fetching the file of a prompt that is written, if it needs one. Whoever asked does not wait for it.
pub(super) async fn leave(edit: &mut Edit, prompt: &Prompt, now: Timestamp) -> Result<(), Problem> {
    if matches!((&prompt.kind, &prompt.sound), (PromptKind::Remote { .. }, Sound::Absent)) {
        edit.enqueue(&prompt_fetch(prompt.id, now)).await?;
    }
    Ok(())
}

/// Fetches prompts for the jobs that were left.
#[derive(Clone, Debug)]
pub(crate) struct PromptFetcher(pub(crate) ApiState);

impl FetchPrompt for PromptFetcher {
    fn fetch(&self, tenant: Tenant, prompt: PromptId) -> Pin<Box<dyn Future<Output = Result<Got, Failure>> + Send>> {
        let api = self.0.clone();
        Box::pin(async move {
            match fetch_remote_prompt(&api, tenant, prompt).await {
                Ok(Fetched::Kept | Fetched::NotNeeded) => Ok(Got::All),
                Ok(Fetched::Unreachable) => Ok(Got::Nothing),
                Err(problem) => Err(Failure::again(problem.code())),
            }
        })
    }
}

/// Fetches the file of a remote prompt and keeps it, or writes down why it cannot be had. It takes no longer than a minute or
/// so, and may be called again at any time: a file that is here is not fetched again.
///
/// # Errors
///
/// When the store or the storage is away: nothing is known then, and nothing has changed.
async fn fetch_remote_prompt(api: &ApiState, tenant: Tenant, id: PromptId) -> Result<Fetched, Problem> {
    // The semaphore is never closed, and without a turn the work is merely not bounded.
    let _turn = api.library().turns.acquire().await.ok();
    let Some(before) = wanting(api, tenant, id).await? else { return Ok(Fetched::NotNeeded) };
    let PromptKind::Remote { url } = &before.object.kind else { return Ok(Fetched::NotNeeded) };
    let (blob, sound) = match downloaded(api, tenant.organization(), url).await {
        Ok((blob, file)) => (Some(blob), Sound::Held(file)),
        Err(NotHad::NotTaken(NotTaken::NotStored(fault))) => {
            tracing::error!(%fault, "a file cannot be stored");
            return Err(Problem::StorageAway);
        }
        Err(NotHad::NotTaken(refused)) => (None, refused.into()),
        Err(NotHad::NotFetched(refused)) => {
            tracing::debug!(%id, fault = &refused as &dyn std::error::Error, "a remote prompt cannot be fetched");
            (None, refused.into())
        }
    };
    keep(api, tenant, id, url, blob, sound).await
}

/// The prompt, if it wants to be fetched.
async fn wanting(api: &ApiState, tenant: Tenant, id: PromptId) -> Result<Option<Stored<Prompt>>, Problem> {
    match api.store().tenant(&tenant).find::<Prompt>(id.get()).await {
        Ok(stored) => Ok(Some(stored).filter(|stored| stored.object.sound.file().is_none())),
        Err(Error::NotFound) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

async fn downloaded(api: &ApiState, of: OrganizationId, url: &AudioUrl) -> Result<(NewBlob, AudioFile), NotHad> {
    let library = api.library();
    let download = library.outgoing.get(url.as_str()).await?;
    Incoming::download(&library.blobs, of, LARGEST_FILE, download).await
}

/// Writes down what came of it, unless the prompt has another address by now.
async fn keep(
    api: &ApiState,
    tenant: Tenant,
    id: PromptId,
    url: &AudioUrl,
    blob: Option<NewBlob>,
    mut sound: Sound,
) -> Result<Fetched, Problem> {
    let mut edit = api.store().tenant(&tenant).edit(author(PROMPT_FETCH), api.now()).await?;
    let before = match edit.find::<Prompt>(id.get()).await {
        Ok(before) => before,
        Err(Error::NotFound) => return Ok(Fetched::NotNeeded),
        Err(fault) => return Err(fault.into()),
    };
    let is_same = matches!(&before.object.kind, PromptKind::Remote { url: now } if now == url);
    if !is_same || before.object.sound.file().is_some() {
        return Ok(Fetched::NotNeeded);
    }
    if let Sound::Held(file) = &sound {
        match has_room(&edit, Some(id), file.bytes).await {
            Ok(()) => {}
            Err(Problem::LimitReached { .. }) => {
                let error = "The organization has as much audio as it may have.".into();
                sound = Sound::Unreachable { error };
            }
            Err(problem) => return Err(problem),
        }
    }
    let fetched = if sound.file().is_some() { Fetched::Kept } else { Fetched::Unreachable };
    let after = edit.update(&before, Prompt { sound, ..before.object.clone() }).await?;
    // As with a file that is uploaded: once the commit is on its way nobody knows whether a row refers to the file.
    let file = blob.filter(|_| fetched == Fetched::Kept).map(NewBlob::leave);
    api.commit_for(tenant, edit).await?;
    drop(file);
    forget_replaced(api, &before.object, Some(&after.object)).await;
    Ok(fetched)
}
