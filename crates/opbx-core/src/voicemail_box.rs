//! Voicemail boxes.

use crate::bounded::{MaxMessageSeconds, MaxMessages};
use crate::id::{ExtensionId, PromptId, VoicemailBoxId};
use crate::organization::Status;
use crate::secret::Pin;
use crate::text::{EmailAddress, Name};
use serde::{Deserialize, Serialize};

/// What the mail about a new message holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmailMode {
    /// No mail is sent.
    None,
    /// A link to the message.
    #[default]
    Link,
    /// The message itself.
    Attach,
}

/// A voicemail box.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VoicemailBox {
    /// Its identifier.
    pub id: VoicemailBoxId,
    /// What people call it.
    pub name: Name,
    /// Whether messages can be left in it.
    pub status: Status,
    /// Whose box it is; `None`: nobody's in particular.
    pub extension_id: Option<ExtensionId>,
    /// What its owner enters; `None`: it opens from its own extension only.
    pub pin: Option<Pin>,
    /// What callers hear; `None`: a sentence with its name.
    pub greeting: Option<PromptId>,
    /// The longest message.
    pub max_length: MaxMessageSeconds,
    /// How many messages it holds.
    pub max_messages: MaxMessages,
    /// Who is told of a new message.
    pub email: Option<EmailAddress>,
    /// How they are told.
    pub email_mode: EmailMode,
}

impl VoicemailBox {
    /// An active box with the defaults of the API for everything else.
    pub const fn new(id: VoicemailBoxId, name: Name) -> Self {
        Self {
            id,
            name,
            status: Status::Active,
            extension_id: None,
            pin: None,
            greeting: None,
            max_length: MaxMessageSeconds::literal::<120>(),
            max_messages: MaxMessages::literal::<100>(),
            email: None,
            email_mode: EmailMode::Link,
        }
    }
}
