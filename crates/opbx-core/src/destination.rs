//! Where a call can be sent: one type, used wherever a call can go.

use crate::extension_number::ExtensionNumber;
use crate::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PromptId, RingGroupId, VoicemailBoxId,
};
use crate::invalid::Invalid;
use crate::number::E164;
use crate::sip_uri::SipUri;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(ForwardTarget);

/// Where a call can be sent. It behaves the same by whatever path it is reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Destination {
    /// An extension and whatever it leads to.
    Extension {
        /// Which one.
        id: ExtensionId,
    },
    /// A ring group.
    RingGroup {
        /// Which one.
        id: RingGroupId,
    },
    /// An IVR menu.
    IvrMenu {
        /// Which one.
        id: IvrMenuId,
    },
    /// A schedule, which goes on to its open or its closed destination.
    BusinessHours {
        /// Which one.
        id: BusinessHoursId,
    },
    /// A conference room.
    ConferenceRoom {
        /// Which one.
        id: ConferenceRoomId,
    },
    /// A voicemail box, to leave a message in.
    Voicemail {
        /// Which one.
        id: VoicemailBoxId,
    },
    /// An AI assistant.
    AiAssistant {
        /// Which one.
        id: AiAssistantId,
    },
    /// A number outside, an extension by its number, or a SIP address.
    Forward {
        /// Who is dialled.
        to: ForwardTarget,
    },
    /// A prompt, and what follows it (nothing: hang up).
    Announcement {
        /// What is played.
        prompt_id: PromptId,
        /// Where the call goes when it was played.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        then: Option<Box<Destination>>,
    },
    /// The end of the call.
    Hangup,
    /// The busy signal.
    Busy,
}

impl Destination {
    /// Its kind as the API spells it, and the identifier of the object it names.
    pub const fn kind_and_id(&self) -> (&'static str, Option<u64>) {
        match self {
            Self::Extension { id } => ("extension", Some(id.get())),
            Self::RingGroup { id } => ("ring_group", Some(id.get())),
            Self::IvrMenu { id } => ("ivr_menu", Some(id.get())),
            Self::BusinessHours { id } => ("business_hours", Some(id.get())),
            Self::ConferenceRoom { id } => ("conference_room", Some(id.get())),
            Self::Voicemail { id } => ("voicemail", Some(id.get())),
            Self::AiAssistant { id } => ("ai_assistant", Some(id.get())),
            Self::Forward { .. } => ("forward", None),
            Self::Announcement { prompt_id, .. } => ("announcement", Some(prompt_id.get())),
            Self::Hangup => ("hangup", None),
            Self::Busy => ("busy", None),
        }
    }

    /// This destination and those that follow it behind announcements.
    pub fn with_what_follows(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |destination| match destination {
            Self::Announcement { then, .. } => then.as_deref(),
            _ => None,
        })
    }
}

/// Who a forward dials.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ForwardTarget {
    /// A SIP address, dialled directly.
    Sip(SipUri),
    /// An extension by its number.
    Extension(ExtensionNumber),
    /// A number, dialled through the outbound rules.
    Number(E164),
}

impl FromStr for ForwardTarget {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid = Invalid::expected(
            "a number like +12125550100, an extension number, or a SIP address like sip:bob@example.com",
        );
        if text.starts_with('+') {
            text.parse().map(Self::Number).map_err(|_| EXPECTED)
        } else if text.contains('@') {
            text.parse().map(Self::Sip).map_err(|_| EXPECTED)
        } else {
            text.parse().map(Self::Extension).map_err(|_| EXPECTED)
        }
    }
}

impl fmt::Display for ForwardTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sip(uri) => write!(f, "sip:{uri}"),
            Self::Extension(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// Where a call goes when its plan cannot be loaded at all: the few destinations that need no plan.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Failsafe {
    /// A number outside or a SIP address; not an extension, which only a plan knows.
    Forward {
        /// Who is dialled.
        to: ForwardTarget,
    },
    /// The end of the call.
    Hangup,
    /// The busy signal.
    Busy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forward_target_is_told_by_its_form() {
        assert!(matches!("+12125550100".parse(), Ok(ForwardTarget::Number(_))));
        assert!(matches!("1001".parse(), Ok(ForwardTarget::Extension(_))));
        assert!(matches!("sip:bob@example.com".parse(), Ok(ForwardTarget::Sip(_))));
        for bad in ["", "12", "2125550100", "sip:bob", "+12"] {
            assert!(bad.parse::<ForwardTarget>().is_err(), "{bad}");
        }
    }
}
