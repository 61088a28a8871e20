//! What callers hear: the prompts of the library, and texts written where they are spoken.

use crate::id::PromptId;
use crate::invalid::Invalid;
use crate::organization::Status;
use crate::sound::Sound;
use crate::spelled::spelled;
use crate::text::{Name, SpokenText, Voice};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(AudioUrl);

/// The address of an audio file elsewhere: `http` or `https`, no blanks, at most 2,000 characters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AudioUrl(Box<str>);

impl AudioUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AudioUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
        let right = host.is_some_and(|host| !host.is_empty())
            && text.len() <= 2_000
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'));
        if right {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::expected("an address like https://example.com/hello.mp3"))
        }
    }
}

impl fmt::Display for AudioUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a prompt's sound comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PromptKind {
    /// A file that was uploaded.
    Upload,
    /// A text, spoken by the platform.
    Text {
        /// What is said.
        text: SpokenText,
        /// Who says it; `None`: the organization's voice.
        voice: Option<Voice>,
    },
    /// A file elsewhere.
    Remote {
        /// Where.
        url: AudioUrl,
    },
}

/// A prompt of the library.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Prompt {
    /// Its identifier.
    pub id: PromptId,
    /// What people call it.
    pub name: Name,
    /// Whether it may be played.
    pub status: Status,
    /// Where its sound comes from.
    pub kind: PromptKind,
    /// What we hold of it.
    #[serde(default)]
    pub sound: Sound,
}

/// What a menu says: a text of its own, or a prompt of the library.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum MenuPrompt {
    /// A prompt of the library.
    Library {
        /// Which one.
        prompt_id: PromptId,
    },
    /// A text.
    Text {
        /// What is said.
        text: SpokenText,
        /// Who says it; `None`: the organization's voice.
        #[serde(default)]
        voice: Option<Voice>,
    },
}
