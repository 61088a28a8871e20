//! Files with sound, of prompts, messages and recordings: how they come in, what they are, where they are kept, and the signed
//! addresses under which the platform fetches them without credentials.

mod format;
mod incoming;
pub(crate) mod range;
mod token;

pub(crate) use self::incoming::{Incoming, LARGEST_FILE, LARGEST_RECORDING, NotHad, NotTaken};
pub(crate) use self::token::{Media, MediaTokens, Opened};

use crate::blob::{BlobKey, Blobs};
use crate::outgoing::Outgoing;
use opbx_core::sound::AudioFile;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many files are fetched from elsewhere at once.
const AT_ONCE: usize = 4;

/// What keeps files with sound, fetches those from elsewhere, and reads the tokens of their addresses.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) blobs: Blobs,
    pub(crate) outgoing: Outgoing,
    pub(crate) tokens: MediaTokens,
    /// Whoever fetches a file waits for its turn here.
    pub(crate) turns: Arc<Semaphore>,
}

impl Library {
    pub(crate) fn new(blobs: Blobs, outgoing: Outgoing, tokens: MediaTokens) -> Self {
        Self { blobs, outgoing, tokens, turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Removes a file that nothing refers to any more. One that cannot be removed is found by the next sweep.
    pub(crate) async fn forget(&self, file: &AudioFile) {
        let Ok(key) = file.key.parse::<BlobKey>() else { return };
        if let Err(fault) = self.blobs.remove(&key).await {
            tracing::warn!(%fault, %key, "a file that nothing refers to stays until the next sweep");
        }
    }
}
