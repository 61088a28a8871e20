//! Destinations in a body.

use super::Fields;
use crate::field_errors::FieldError;
use opbx_core::destination::Destination;
use opbx_core::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PromptId, RingGroupId, VoicemailBoxId,
};
use opbx_store::ObjectKind;

/// How many announcements may follow each other, as in the plan language.
const MOST_STEPS: u8 = 8;

impl Fields<'_> {
    /// Where a call can be sent.
    pub(crate) fn destination(&self, name: &str) -> Option<Destination> {
        self.nested(name)?.read_destination(MOST_STEPS)
    }

    /// The same, or null.
    pub(crate) fn maybe_destination(&self, name: &str) -> Option<Option<Destination>> {
        self.maybe(name, |fields| fields.destination(name))
    }

    fn read_destination(&self, steps: u8) -> Option<Destination> {
        let kind = self.text("type")?;
        let fields: &[&str] = match kind {
            "forward" => &["type", "to"],
            "announcement" => &["type", "prompt_id", "then"],
            "hangup" | "busy" => &["type"],
            _ => &["type", "id"],
        };
        let destination = match kind {
            "extension" => {
                self.leads_to(ObjectKind::Extension, |id| Destination::Extension { id: ExtensionId::new(id) })
            }
            "ring_group" => {
                self.leads_to(ObjectKind::RingGroup, |id| Destination::RingGroup { id: RingGroupId::new(id) })
            }
            "ivr_menu" => self.leads_to(ObjectKind::IvrMenu, |id| Destination::IvrMenu { id: IvrMenuId::new(id) }),
            "business_hours" => self
                .leads_to(ObjectKind::BusinessHours, |id| Destination::BusinessHours { id: BusinessHoursId::new(id) }),
            "conference_room" => self.leads_to(ObjectKind::ConferenceRoom, |id| Destination::ConferenceRoom {
                id: ConferenceRoomId::new(id),
            }),
            "voicemail" => {
                self.leads_to(ObjectKind::VoicemailBox, |id| Destination::Voicemail { id: VoicemailBoxId::new(id) })
            }
            "ai_assistant" => {
                self.leads_to(ObjectKind::AiAssistant, |id| Destination::AiAssistant { id: AiAssistantId::new(id) })
            }
            "forward" => self.spelled("to").map(|to| Destination::Forward { to }),
            "announcement" => self.announcement(steps),
            "hangup" => Some(Destination::Hangup),
            "busy" => Some(Destination::Busy),
            _ => {
                return self
                    .wrong("type", FieldError::invalid("a type of destination, such as extension or ring_group"));
            }
        };
        self.only(fields);
        destination
    }

    fn leads_to(&self, kind: ObjectKind, to: impl FnOnce(u64) -> Destination) -> Option<Destination> {
        self.reference("id", kind, to)
    }

    fn announcement(&self, steps: u8) -> Option<Destination> {
        let prompt_id = self.reference("prompt_id", ObjectKind::Prompt, PromptId::new);
        let then = match self.maybe_nested("then")? {
            None => None,
            Some(_) if steps == 0 => {
                return self
                    .wrong("then", FieldError::invalid("the end: at most eight announcements follow each other"));
            }
            Some(then) => Some(Box::new(then.read_destination(steps - 1)?)),
        };
        Some(Destination::Announcement { prompt_id: prompt_id?, then })
    }
}
