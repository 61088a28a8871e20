//! AI assistants: voice agents elsewhere that a call can be handed to.

use crate::destination::Destination;
use crate::id::AiAssistantId;
use crate::invalid::Invalid;
use crate::organization::Status;
use crate::secret::Password;
use crate::sip_uri::SipUri;
use crate::spelled::spelled;
use crate::text::{Name, ParameterName, ParameterValue, ServiceNumber, ServiceProvider};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(StreamUrl);

/// Where a media stream is sent: a `wss` address.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamUrl(Box<str>);

impl StreamUrl {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StreamUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match cxml::WssUrl::new(text) {
            Ok(_) if text.len() <= 2_000 => Ok(Self(text.into())),
            _ => Err(Invalid::expected("an address like wss://example.com/stream")),
        }
    }
}

impl fmt::Display for StreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who an assistant signs in as.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// The user name.
    pub username: ParameterValue,
    /// The password; `None` when the user name alone suffices, or before it was set.
    pub password: Option<Password>,
}

/// How an assistant is reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Connection {
    /// A voice-agent service that the platform knows.
    Service {
        /// Which service.
        provider: ServiceProvider,
        /// The assistant's number there.
        number: ServiceNumber,
        /// How to sign in, where the service asks for it.
        credentials: Option<Credentials>,
    },
    /// A SIP address.
    Sip {
        /// The address.
        sip_uri: SipUri,
        /// How to sign in, where it asks for it.
        credentials: Option<Credentials>,
    },
    /// A WebSocket that carries the sound.
    Stream {
        /// The address.
        url: StreamUrl,
        /// What the other side is told, in this order.
        parameters: Vec<(ParameterName, ParameterValue)>,
    },
}

/// An AI assistant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AiAssistant {
    /// Its identifier.
    pub id: AiAssistantId,
    /// What people call it.
    pub name: Name,
    /// Whether calls are handed to it.
    pub status: Status,
    /// How it is reached.
    pub connection: Connection,
    /// Where the call goes when it cannot be reached.
    pub fallback: Destination,
}
