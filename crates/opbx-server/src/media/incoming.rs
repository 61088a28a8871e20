//! A file with sound on its way in: from a form or from elsewhere, looked at while it is written, never whole in memory.

use super::format::{BEGINNING, format_of, milliseconds};
use crate::blob::{Blobs, Growing, NewBlob};
use opbx_core::id::OrganizationId;
use opbx_core::sound::{AudioFile, AudioFormat, ContentDigest};
use sha2::{Digest, Sha256};
use std::io;

/// The longest file, in bytes: 20 MB.
pub(crate) const LARGEST_FILE: u64 = 20_000_000;

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    /// It is longer than [`LARGEST_FILE`].
    #[error("The file is larger than 20 MB.")]
    TooLarge,
    /// It is neither of the formats that are played.
    #[error("The file is neither WAV nor MP3.")]
    NotSound,
    /// It cannot be written down.
    #[error("The file cannot be stored here.")]
    NotStored(#[from] io::Error),
}

/// A file that comes in.
pub(crate) struct Incoming {
    growing: Growing,
    beginning: Vec<u8>,
    format: Option<AudioFormat>,
    digest: Sha256,
    bytes: u64,
}

impl Incoming {
    /// Begins a file of an organization.
    pub(crate) async fn begin(blobs: &Blobs, of: OrganizationId) -> Result<Self, NotTaken> {
        let growing = blobs.begin(of).await?;
        Ok(Self { growing, beginning: Vec::new(), format: None, digest: Sha256::new(), bytes: 0 })
    }

    /// Takes what comes next.
    pub(crate) async fn take(&mut self, piece: &[u8]) -> Result<(), NotTaken> {
        self.bytes += piece.len() as u64;
        if self.bytes > LARGEST_FILE {
            return Err(NotTaken::TooLarge);
        }
        if self.beginning.len() < BEGINNING {
            let room = BEGINNING - self.beginning.len();
            self.beginning.extend(piece.iter().take(room));
            if self.beginning.len() == BEGINNING {
                self.look()?;
            }
        }
        self.digest.update(piece);
        self.growing.write(piece).await?;
        Ok(())
    }

    /// Ends the file.
    pub(crate) async fn finish(mut self) -> Result<(NewBlob, AudioFile), NotTaken> {
        let format = self.look()?;
        let blob = self.growing.finish().await?;
        let file = AudioFile {
            format,
            bytes: self.bytes,
            milliseconds: milliseconds(format, &self.beginning, self.bytes),
            digest: ContentDigest::new(self.digest.finalize().into()),
            key: blob.key().to_string().into(),
        };
        Ok((blob, file))
    }

    fn look(&mut self) -> Result<AudioFormat, NotTaken> {
        if self.format.is_none() {
            self.format = format_of(&self.beginning);
        }
        self.format.ok_or(NotTaken::NotSound)
    }
}
