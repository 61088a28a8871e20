//! The sound of a prompt as a file of ours: what is known of it, and where it is when it is not with us.

use crate::invalid::Invalid;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(ContentDigest);

/// What we hold of a prompt's sound.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sound {
    /// Nothing: a text needs no file, and that of a remote prompt is not fetched yet.
    #[default]
    Absent,
    /// Nothing, because it could not be fetched the last time.
    Unreachable {
        /// Why, as a sentence.
        error: Box<str>,
    },
    /// A file.
    Held(AudioFile),
}

impl Sound {
    /// The file, if we hold it.
    pub const fn file(&self) -> Option<&AudioFile> {
        match self {
            Self::Held(file) => Some(file),
            Self::Absent | Self::Unreachable { .. } => None,
        }
    }
}

/// A file with sound that we hold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AudioFile {
    /// What its content is, found in the content itself.
    pub format: AudioFormat,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// How long it lasts, in milliseconds, where its beginning tells.
    pub milliseconds: Option<u32>,
    /// The digest of its content.
    pub digest: ContentDigest,
    /// Where the storage keeps it. No key is used twice.
    pub key: Box<str>,
}

/// What the content of a file with sound is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AudioFormat {
    /// RIFF with WAVE in it.
    Wav,
    /// MPEG audio, layer 3.
    Mp3,
}

impl AudioFormat {
    /// How HTTP calls it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
        }
    }
}

/// The SHA-256 of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// A digest of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Its beginning, for a token: what differs there is another file.
    pub fn beginning(&self) -> [u8; 8] {
        self.0.first_chunk().copied().unwrap_or_default()
    }
}

impl FromStr for ContentDigest {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let invalid = || Invalid::expected("a SHA-256 as 64 hexadecimal digits");
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(invalid());
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * place..2 * place + 2).ok_or_else(invalid)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentDigest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = ContentDigest::new(std::array::from_fn(|place| place as u8 * 7));
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for bad in ["", "00", &"g".repeat(64), &"+1".repeat(32), &"ä".repeat(32)] {
            assert!(bad.parse::<ContentDigest>().is_err(), "{bad}");
        }
    }
}
