//! Destinations as they are shown.

use opbx_core::destination::Destination;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a call can be sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = Destination, example = json!({ "type": "extension", "id": 3 }))]
pub(crate) enum DestinationView {
    /// An extension.
    Extension {
        /// Which one.
        id: u64,
    },
    /// A ring group.
    RingGroup {
        /// Which one.
        id: u64,
    },
    /// An IVR menu.
    IvrMenu {
        /// Which one.
        id: u64,
    },
    /// A schedule.
    BusinessHours {
        /// Which one.
        id: u64,
    },
    /// A conference room.
    ConferenceRoom {
        /// Which one.
        id: u64,
    },
    /// A voicemail box.
    Voicemail {
        /// Which one.
        id: u64,
    },
    /// An AI assistant.
    AiAssistant {
        /// Which one.
        id: u64,
    },
    /// Another number, a SIP address, or an extension by its number.
    Forward {
        /// Who is dialled.
        to: String,
    },
    /// A prompt, and what follows it.
    Announcement {
        /// What is played.
        prompt_id: u64,
        /// Where the call goes then; null: it ends.
        #[schema(no_recursion)]
        then: Option<Box<DestinationView>>,
    },
    /// The call ends.
    Hangup,
    /// The caller hears that it is busy.
    Busy,
}

impl From<&Destination> for DestinationView {
    fn from(destination: &Destination) -> Self {
        match destination {
            Destination::Extension { id } => Self::Extension { id: id.get() },
            Destination::RingGroup { id } => Self::RingGroup { id: id.get() },
            Destination::IvrMenu { id } => Self::IvrMenu { id: id.get() },
            Destination::BusinessHours { id } => Self::BusinessHours { id: id.get() },
            Destination::ConferenceRoom { id } => Self::ConferenceRoom { id: id.get() },
            Destination::Voicemail { id } => Self::Voicemail { id: id.get() },
            Destination::AiAssistant { id } => Self::AiAssistant { id: id.get() },
            Destination::Forward { to } => Self::Forward { to: to.to_string() },
            Destination::Announcement { prompt_id, then } => Self::Announcement {
                prompt_id: prompt_id.get(),
                then: then.as_deref().map(|then| Box::new(Self::from(then))),
            },
            Destination::Hangup => Self::Hangup,
            Destination::Busy => Self::Busy,
        }
    }
}
