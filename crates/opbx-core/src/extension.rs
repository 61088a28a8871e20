//! An extension: a short number inside an organization and what answers it.

use crate::bounded::RingTimeout;
use crate::caps::CallCaps;
use crate::destination::{Destination, ForwardTarget};
use crate::extension_number::ExtensionNumber;
use crate::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PhoneNumberId, PromptId, RingGroupId,
    UserId, VoicemailBoxId,
};
use crate::organization::{Recording, Status};
use crate::sip_uri::SipUri;
use crate::text::{EmailAddress, Name};
use serde::{Deserialize, Serialize};

/// Whom an extension may dial outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboundPermission {
    /// Emergency numbers and feature codes only, not even colleagues.
    None,
    /// Own extensions and numbers.
    #[default]
    Internal,
    /// Also numbers of the organization's country.
    National,
    /// Also every other number that a rule allows.
    International,
}

/// What answers an extension.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ExtensionKind {
    /// A person's phone: the subscriber of that number, or a SIP address of its own.
    User {
        /// Dialled instead of the subscriber.
        sip_uri: Option<SipUri>,
    },
    /// Another number.
    Forward {
        /// Who is dialled.
        forward_to: ForwardTarget,
    },
    /// A ring group.
    RingGroup {
        /// Which one.
        ring_group_id: RingGroupId,
    },
    /// An IVR menu.
    Ivr {
        /// Which one.
        ivr_menu_id: IvrMenuId,
    },
    /// A conference room.
    Conference {
        /// Which one.
        conference_room_id: ConferenceRoomId,
    },
    /// A schedule.
    BusinessHours {
        /// Which one.
        business_hours_id: BusinessHoursId,
    },
    /// A voicemail box.
    Voicemail {
        /// Which one.
        voicemail_box_id: VoicemailBoxId,
    },
    /// An AI assistant.
    AiAssistant {
        /// Which one.
        ai_assistant_id: AiAssistantId,
    },
    /// A prompt, and then the end of the call.
    Announcement {
        /// What is played.
        prompt_id: PromptId,
    },
}

impl ExtensionKind {
    /// Where an extension of this kind leads, unless it is a person's phone.
    pub fn target(&self) -> Option<Destination> {
        Some(match self {
            Self::User { .. } => return None,
            Self::Forward { forward_to } => Destination::Forward { to: forward_to.clone() },
            Self::RingGroup { ring_group_id } => Destination::RingGroup { id: *ring_group_id },
            Self::Ivr { ivr_menu_id } => Destination::IvrMenu { id: *ivr_menu_id },
            Self::Conference { conference_room_id } => Destination::ConferenceRoom { id: *conference_room_id },
            Self::BusinessHours { business_hours_id } => Destination::BusinessHours { id: *business_hours_id },
            Self::Voicemail { voicemail_box_id } => Destination::Voicemail { id: *voicemail_box_id },
            Self::AiAssistant { ai_assistant_id } => Destination::AiAssistant { id: *ai_assistant_id },
            Self::Announcement { prompt_id } => Destination::Announcement { prompt_id: *prompt_id, then: None },
        })
    }

    /// The kind of extension that leads there, if one does; the inverse of [`target`](Self::target).
    pub fn leading_to(destination: Destination) -> Option<Self> {
        Some(match destination {
            Destination::Forward { to } => Self::Forward { forward_to: to },
            Destination::RingGroup { id } => Self::RingGroup { ring_group_id: id },
            Destination::IvrMenu { id } => Self::Ivr { ivr_menu_id: id },
            Destination::ConferenceRoom { id } => Self::Conference { conference_room_id: id },
            Destination::BusinessHours { id } => Self::BusinessHours { business_hours_id: id },
            Destination::Voicemail { id } => Self::Voicemail { voicemail_box_id: id },
            Destination::AiAssistant { id } => Self::AiAssistant { ai_assistant_id: id },
            Destination::Announcement { prompt_id, then: None } => Self::Announcement { prompt_id },
            Destination::Extension { .. }
            | Destination::Announcement { .. }
            | Destination::Hangup
            | Destination::Busy => return None,
        })
    }
}

/// An extension.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extension {
    /// Its identifier.
    pub id: ExtensionId,
    /// What is dialled to reach it.
    pub number: ExtensionNumber,
    /// What people call it.
    pub name: Name,
    /// Whether it takes part in routing.
    pub status: Status,
    /// What answers it.
    pub kind: ExtensionKind,
    /// Whether unanswered calls may be left in its box.
    pub voicemail_enabled: bool,
    /// How long it rings; `None`: the organization's time.
    pub ring_timeout: Option<RingTimeout>,
    /// Busy without ringing.
    pub do_not_disturb: bool,
    /// Where its calls go at once.
    pub forward_always: Option<Destination>,
    /// Where its calls go when it is busy.
    pub forward_busy: Option<Destination>,
    /// Where its calls go when nobody answers.
    pub forward_no_answer: Option<Destination>,
    /// Where its calls go when its phone cannot be reached.
    pub forward_unreachable: Option<Destination>,
    /// Whom it may dial outside, and to where its forwards may lead.
    pub outbound_permission: OutboundPermission,
    /// The number it presents outside; `None`: the organization's first.
    pub caller_id: Option<PhoneNumberId>,
    /// What is recorded of its calls; `None`: the organization's setting.
    pub recording: Option<Recording>,
    /// Its own limits; `None` in a field: the organization's.
    pub caps: CallCaps,
    /// Who is told of calls that rang here and that nobody took.
    #[serde(default)]
    pub missed_call_email: Option<EmailAddress>,
    /// The person whose extension it is. No call depends on it: it says who may change how it is reached.
    #[serde(default)]
    pub user: Option<UserId>,
}

impl Extension {
    /// A person's extension with the defaults of the API for everything else.
    pub const fn new(id: ExtensionId, number: ExtensionNumber, name: Name) -> Self {
        Self {
            id,
            number,
            name,
            status: Status::Active,
            kind: ExtensionKind::User { sip_uri: None },
            voicemail_enabled: false,
            ring_timeout: None,
            do_not_disturb: false,
            forward_always: None,
            forward_busy: None,
            forward_no_answer: None,
            forward_unreachable: None,
            outbound_permission: OutboundPermission::Internal,
            caller_id: None,
            recording: None,
            caps: CallCaps { concurrent: None, per_minute: None, per_day: None, cost_per_day: None },
            missed_call_email: None,
            user: None,
        }
    }

    /// Whether it is a person's phone.
    pub const fn is_user(&self) -> bool {
        matches!(self.kind, ExtensionKind::User { .. })
    }
}
