//! The sound of what was recorded: fetched from the platform, and kept.

use super::{Failure, author};
use crate::jobs::Bell;
use crate::live::LiveCalls;
use crate::media::{Incoming, LARGEST_FILE, LARGEST_RECORDING, Library, NotHad, NotTaken};
use crate::outgoing::{NotFetched, Recordings};
use crate::plans::Plans;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::{ClaimedJob, Edit, Error, Kept, RECORDING_FETCH, Reason, Sought, Store, Tenant, TenantStore};
use std::sync::Arc;

/// What fetching recordings needs beside the store.
#[derive(Clone, Debug)]
pub(crate) struct Fetching {
    pub(crate) library: Library,
    pub(crate) platform: Recordings,
    pub(crate) plans: Arc<Plans>,
    pub(crate) bell: Bell,
    /// Whoever listens hears that a recording is here.
    pub(crate) calls: LiveCalls,
}

/// Fetches one. It may be asked again at any time: what is here is not fetched again.
pub(super) async fn perform(store: &Store, with: &Fetching, job: &ClaimedJob, now: Timestamp) -> Result<(), Failure> {
    let (Some(of), Some(sought)) = (job.organization, Sought::of_payload(&job.payload)) else {
        return Err(Failure::hopeless("it does not say which recording is to be fetched"));
    };
    let tenant = store.tenant(&Tenant::inside(of, Reason::Job));
    let Some(url) = tenant.audio_sought(sought).await? else { return Ok(()) };
    let key = match tenant.platform_settings().await {
        Ok(stored) => stored.settings.api_key,
        Err(Error::NotFound) => None,
        Err(fault) => return Err(fault.into()),
    };
    let most = if matches!(sought, Sought::Recording(_)) { LARGEST_RECORDING } else { LARGEST_FILE };
    let had = async {
        // The semaphore is never closed, and without a turn the work is merely not bounded.
        let _turn = with.library.turns.acquire().await.ok();
        let download = with.platform.get(&url, key.as_ref()).await?;
        Incoming::download(&with.library.blobs, of, most, download).await
    };
    let edit = || tenant.edit(author(RECORDING_FETCH), now);
    match had.await {
        Ok((blob, file)) => {
            let mut edit = edit().await?;
            let kept = edit.keep_audio(sought, file).await?;
            // Once the commit is on its way nobody knows whether a row refers to the file.
            let file = (kept == Kept::Stored).then(|| blob.leave());
            commit(with, of, edit).await?;
            drop(file);
            tell(with, &tenant, of, sought).await;
            match kept {
                Kept::Stored | Kept::NotWanted => Ok(()),
                Kept::NoRoom => Err(Failure::hopeless("the organization has as much audio as it may have")),
            }
        }
        Err(fault) => {
            let failure = failure(&fault);
            if failure.hopeless || job.lease.attempt >= job.max_attempts {
                let mut edit = edit().await?;
                edit.give_audio_up(sought, &fault.to_string()).await?;
                commit(with, of, edit).await?;
                tell(with, &tenant, of, sought).await;
            }
            Err(failure)
        }
    }
}

/// Makes a change: what it leaves to be done is begun at once, and calls are routed by it.
async fn commit(with: &Fetching, of: OrganizationId, edit: Edit) -> Result<(), Failure> {
    if let Some(revision) = edit.commit().await? {
        with.plans.changed(of, revision);
    }
    with.bell.ring();
    Ok(())
}

/// Tells what became of the recording of a call. Whoever does not hear of it sees it when they look.
async fn tell(with: &Fetching, tenant: &TenantStore, of: OrganizationId, sought: Sought) {
    let Sought::Recording(id) = sought else { return };
    let told = async {
        let Some(call) = tenant.recorded_call(id).await? else { return Ok(()) };
        if let Some(recording) = tenant.recordings_of(&[&call.call_id]).await?.get(&call.call_id) {
            with.calls.recorded(of, &call, recording);
        }
        Ok::<_, Error>(())
    };
    if let Err(fault) = told.await {
        tracing::debug!(%fault, "that a recording is here is not told");
    }
}

/// Whether it may go well another time. A file is not there at once when the platform tells of it, so that even an answer that
/// says so is asked for again.
fn failure(fault: &NotHad) -> Failure {
    match fault {
        NotHad::NotFetched(NotFetched::NotPublic) | NotHad::NotTaken(NotTaken::TooLarge { .. }) => {
            Failure::hopeless(fault)
        }
        NotHad::NotFetched(_) | NotHad::NotTaken(NotTaken::NotSound | NotTaken::NotStored(_)) => Failure::again(fault),
    }
}
