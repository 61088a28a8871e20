//! A destination as routing passes it around: borrowed, and cheap to copy.

use crate::destination::{Destination, ForwardTarget};
use crate::extension::ExtensionKind;
use crate::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PromptId, RingGroupId, VoicemailBoxId,
};

/// Where a call goes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target<'p> {
    Extension(ExtensionId),
    RingGroup(RingGroupId),
    IvrMenu(IvrMenuId),
    BusinessHours(BusinessHoursId),
    ConferenceRoom(ConferenceRoomId),
    Voicemail(VoicemailBoxId),
    AiAssistant(AiAssistantId),
    Forward(&'p ForwardTarget),
    Announcement(PromptId, Option<&'p Destination>),
    Hangup,
    Busy,
}

impl<'p> From<&'p Destination> for Target<'p> {
    fn from(destination: &'p Destination) -> Self {
        match destination {
            Destination::Extension { id } => Self::Extension(*id),
            Destination::RingGroup { id } => Self::RingGroup(*id),
            Destination::IvrMenu { id } => Self::IvrMenu(*id),
            Destination::BusinessHours { id } => Self::BusinessHours(*id),
            Destination::ConferenceRoom { id } => Self::ConferenceRoom(*id),
            Destination::Voicemail { id } => Self::Voicemail(*id),
            Destination::AiAssistant { id } => Self::AiAssistant(*id),
            Destination::Forward { to } => Self::Forward(to),
            Destination::Announcement { prompt_id, then } => Self::Announcement(*prompt_id, then.as_deref()),
            Destination::Hangup => Self::Hangup,
            Destination::Busy => Self::Busy,
        }
    }
}

impl<'p> Target<'p> {
    /// Where an extension of this kind leads; `None`: to a person's phone.
    pub(crate) const fn of(kind: &'p ExtensionKind) -> Option<Self> {
        Some(match kind {
            ExtensionKind::User { .. } => return None,
            ExtensionKind::Forward { forward_to } => Self::Forward(forward_to),
            ExtensionKind::RingGroup { ring_group_id } => Self::RingGroup(*ring_group_id),
            ExtensionKind::Ivr { ivr_menu_id } => Self::IvrMenu(*ivr_menu_id),
            ExtensionKind::Conference { conference_room_id } => Self::ConferenceRoom(*conference_room_id),
            ExtensionKind::BusinessHours { business_hours_id } => Self::BusinessHours(*business_hours_id),
            ExtensionKind::Voicemail { voicemail_box_id } => Self::Voicemail(*voicemail_box_id),
            ExtensionKind::AiAssistant { ai_assistant_id } => Self::AiAssistant(*ai_assistant_id),
            ExtensionKind::Announcement { prompt_id } => Self::Announcement(*prompt_id, None),
        })
    }

    /// The destination as others know it.
    pub(super) fn to_destination(self) -> Destination {
        match self {
            Self::Extension(id) => Destination::Extension { id },
            Self::RingGroup(id) => Destination::RingGroup { id },
            Self::IvrMenu(id) => Destination::IvrMenu { id },
            Self::BusinessHours(id) => Destination::BusinessHours { id },
            Self::ConferenceRoom(id) => Destination::ConferenceRoom { id },
            Self::Voicemail(id) => Destination::Voicemail { id },
            Self::AiAssistant(id) => Destination::AiAssistant { id },
            Self::Forward(to) => Destination::Forward { to: to.clone() },
            Self::Announcement(prompt_id, then) => {
                Destination::Announcement { prompt_id, then: then.map(|then| Box::new(then.clone())) }
            }
            Self::Hangup => Destination::Hangup,
            Self::Busy => Destination::Busy,
        }
    }
}
