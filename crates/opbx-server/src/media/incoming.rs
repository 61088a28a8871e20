//! A file with sound on its way in: from a form or from elsewhere, looked at while it is written, never whole in memory.

use super::format::{BEGINNING, format_of, milliseconds};
use crate::blob::{Blobs, Growing, NewBlob};
use crate::outgoing::{Download, NotFetched};
use opbx_core::id::OrganizationId;
use opbx_core::sound::{AudioFile, AudioFormat, ContentDigest};
use sha2::{Digest, Sha256};
use std::io;

/// The longest file of a prompt or a message, in bytes: 20 MB.
pub(crate) const LARGEST_FILE: u64 = 20_000_000;
/// The longest recording of a conversation, in bytes: 200 MB.
pub(crate) const LARGEST_RECORDING: u64 = 200_000_000;

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    /// It is longer than a file of its kind may be.
    #[error("The file is larger than {} MB.", .most / 1_000_000)]
    TooLarge {
        /// How long it may be, in bytes.
        most: u64,
    },
    /// It is neither of the formats that are played.
    #[error("The file is neither WAV nor MP3.")]
    NotSound,
    /// It cannot be written down.
    #[error("The file cannot be stored here.")]
    NotStored(#[from] io::Error),
}

/// Why a file from elsewhere is not here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotHad {
    /// It cannot be fetched.
    #[error(transparent)]
    NotFetched(#[from] NotFetched),
    /// It is not taken.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

/// A file that comes in.
pub(crate) struct Incoming {
    growing: Growing,
    beginning: Vec<u8>,
    format: Option<AudioFormat>,
    digest: Sha256,
    bytes: u64,
    most: u64,
}

impl Incoming {
    /// Begins a file of an organization, which may be so many bytes long.
    pub(crate) async fn begin(blobs: &Blobs, of: OrganizationId, most: u64) -> Result<Self, NotTaken> {
        let growing = blobs.begin(of).await?;
        Ok(Self { growing, beginning: Vec::new(), format: None, digest: Sha256::new(), bytes: 0, most })
    }

    /// Takes all of a file that is fetched from elsewhere, and ends it.
    pub(crate) async fn download(
        blobs: &Blobs,
        of: OrganizationId,
        most: u64,
        mut download: Download,
    ) -> Result<(NewBlob, AudioFile), NotHad> {
        if download.length().is_some_and(|length| length > most) {
            return Err(NotTaken::TooLarge { most }.into());
        }
        let mut incoming = Self::begin(blobs, of, most).await?;
        while let Some(piece) = download.next().await? {
            incoming.take(&piece).await?;
        }
        Ok(incoming.finish().await?)
    }

    /// Takes what comes next.
    pub(crate) async fn take(&mut self, piece: &[u8]) -> Result<(), NotTaken> {
        self.bytes += piece.len() as u64;
        if self.bytes > self.most {
            return Err(NotTaken::TooLarge { most: self.most });
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
