//! The sound of a recording, as columns.

use opbx_core::sound::{AudioFile, ContentDigest};
use sha2::{Digest, Sha256};

use crate::calls::cut;
use crate::error::{Cause, Error};
use crate::word;

/// The longest address that is kept, in characters. A longer one is none of the platform's.
const LONGEST_ADDRESS: usize = 2_000;
/// What is kept of a text from outside, in characters.
pub(super) const LONGEST: usize = 255;

/// What we hold of a recording's sound.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum KeptAudio {
    /// Nothing yet: it is being fetched from the platform.
    Receiving,
    /// A file.
    Stored(AudioFile),
    /// Nothing: it could not be had.
    Failed {
        /// Why, as a sentence.
        error: Box<str>,
    },
}

impl KeptAudio {
    /// The words of the states there are.
    pub const WORDS: [&str; 3] = ["receiving", "stored", "failed"];

    /// The word of its state.
    pub const fn word(&self) -> &'static str {
        let [receiving, stored, failed] = Self::WORDS;
        match self {
            Self::Receiving => receiving,
            Self::Stored(_) => stored,
            Self::Failed { .. } => failed,
        }
    }

    /// The file, if we hold it.
    pub const fn file(&self) -> Option<&AudioFile> {
        match self {
            Self::Stored(file) => Some(file),
            Self::Receiving | Self::Failed { .. } => None,
        }
    }
}

/// The columns of a recording's sound.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) state: String,
    pub(super) error: Option<String>,
    pub(super) format: Option<String>,
    pub(super) bytes: Option<i64>,
    pub(super) milliseconds: Option<i64>,
    pub(super) digest: Option<Vec<u8>>,
    pub(super) blob_key: Option<String>,
}

/// Takes the columns of a recording's sound out of its row, or puts them into one.
macro_rules! audio_columns {
    (of $row:expr) => {
        $crate::recording::audio::Columns {
            state: $row.state,
            error: $row.error,
            format: $row.format,
            bytes: $row.bytes,
            milliseconds: $row.milliseconds,
            digest: $row.digest,
            blob_key: $row.blob_key,
        }
    };
    (set $row:expr, $audio:expr) => {
        let columns = $crate::recording::audio::Columns::of($audio)?;
        $row.state = sea_orm::ActiveValue::Set(columns.state);
        $row.error = sea_orm::ActiveValue::Set(columns.error);
        $row.format = sea_orm::ActiveValue::Set(columns.format);
        $row.bytes = sea_orm::ActiveValue::Set(columns.bytes);
        $row.milliseconds = sea_orm::ActiveValue::Set(columns.milliseconds);
        $row.digest = sea_orm::ActiveValue::Set(columns.digest);
        $row.blob_key = sea_orm::ActiveValue::Set(columns.blob_key);
    };
}

pub(super) use audio_columns;

impl Columns {
    pub(super) fn of(audio: &KeptAudio) -> Result<Self, Error> {
        let columns = Self { state: audio.word().to_owned(), ..Self::default() };
        Ok(match audio {
            KeptAudio::Receiving => columns,
            KeptAudio::Failed { error } => Self { error: Some(cut(error, LONGEST)), ..columns },
            KeptAudio::Stored(file) => Self {
                format: Some(word::write(&file.format)?),
                bytes: Some(file.bytes.cast_signed()),
                milliseconds: file.milliseconds.map(i64::from),
                digest: Some(file.digest.bytes().to_vec()),
                blob_key: Some(file.key.to_string()),
                ..columns
            },
        })
    }

    pub(super) fn audio(self) -> Result<KeptAudio, Error> {
        let torn = || Error::Corrupt(Cause::said("the file of a recording is not all there"));
        let [receiving, stored, failed] = KeptAudio::WORDS;
        if self.state == receiving {
            return Ok(KeptAudio::Receiving);
        }
        if self.state == failed {
            return Ok(KeptAudio::Failed { error: self.error.unwrap_or_default().into() });
        }
        if self.state != stored {
            return Err(torn());
        }
        Ok(KeptAudio::Stored(AudioFile {
            format: word::read(&self.format.ok_or_else(torn)?)?,
            bytes: self.bytes.ok_or_else(torn)?.cast_unsigned(),
            milliseconds: whole(self.milliseconds)?,
            digest: ContentDigest::new(self.digest.and_then(|bytes| bytes.try_into().ok()).ok_or_else(torn)?),
            key: self.blob_key.ok_or_else(torn)?.into(),
        }))
    }
}

/// A number of a column that is never more than 32 bits.
pub(super) fn whole(number: Option<i64>) -> Result<Option<u32>, Error> {
    number.map(u32::try_from).transpose().map_err(|fault| Error::Corrupt(Cause::new(fault)))
}

/// Where the platform keeps a recording, and what that makes of it: an address that cannot be kept is none.
pub(super) fn kept_at(url: &str) -> (Option<String>, KeptAudio) {
    if url.chars().count() > LONGEST_ADDRESS {
        let error = "The platform's address of it is too long to be one.".into();
        return (None, KeptAudio::Failed { error });
    }
    (Some(url.to_owned()), KeptAudio::Receiving)
}

/// What a recording is known by: of the same length whatever strangers send, and of each kind its own.
pub(super) fn identity(kind: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(kind.as_bytes());
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}
