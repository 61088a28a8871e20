//! From the identifiers of a file to those of the database.

use std::collections::HashMap;

use opbx_core::destination::Destination;
use opbx_core::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, HolidayListId, IvrMenuId, PhoneNumberId, PromptId,
    RingGroupId, VoicemailBoxId,
};

use crate::error::ObjectKind;

/// What each identifier of a file is in the database.
///
/// One that is not known becomes zero, which no row has: it must never stay what it is, a number that belongs to some
/// other object there. The database then refuses the link.
#[derive(Default)]
pub(crate) struct Ids(HashMap<(ObjectKind, u64), u64>);

/// Writes the functions that replace an identifier of one kind.
macro_rules! replaced {
    ($($name:ident, $id:ident, $kind:ident;)*) => {$(
        pub(crate) fn $name(&self, id: &mut $id) {
            *id = $id::new(self.of(ObjectKind::$kind, id.get()));
        }
    )*};
}

impl Ids {
    pub(crate) fn learn(&mut self, kind: ObjectKind, in_file: u64, in_database: u64) {
        self.0.insert((kind, in_file), in_database);
    }

    pub(crate) fn known(&self, kind: ObjectKind, in_file: u64) -> Option<u64> {
        self.0.get(&(kind, in_file)).copied()
    }

    fn of(&self, kind: ObjectKind, in_file: u64) -> u64 {
        self.known(kind, in_file).unwrap_or(0)
    }

    replaced! {
        extension, ExtensionId, Extension;
        phone_number, PhoneNumberId, PhoneNumber;
        ring_group, RingGroupId, RingGroup;
        ivr_menu, IvrMenuId, IvrMenu;
        business_hours, BusinessHoursId, BusinessHours;
        holiday_list, HolidayListId, HolidayList;
        conference_room, ConferenceRoomId, ConferenceRoom;
        voicemail_box, VoicemailBoxId, VoicemailBox;
        ai_assistant, AiAssistantId, AiAssistant;
        prompt, PromptId, Prompt;
    }

    /// Replaces the identifiers of a destination and of what follows it. The language bounds how much can follow.
    pub(crate) fn destination(&self, destination: &mut Destination) {
        let mut next = Some(destination);
        while let Some(destination) = next.take() {
            match destination {
                Destination::Extension { id } => self.extension(id),
                Destination::RingGroup { id } => self.ring_group(id),
                Destination::IvrMenu { id } => self.ivr_menu(id),
                Destination::BusinessHours { id } => self.business_hours(id),
                Destination::ConferenceRoom { id } => self.conference_room(id),
                Destination::Voicemail { id } => self.voicemail_box(id),
                Destination::AiAssistant { id } => self.ai_assistant(id),
                Destination::Announcement { prompt_id, then } => {
                    self.prompt(prompt_id);
                    next = then.as_deref_mut();
                }
                Destination::Forward { .. } | Destination::Hangup | Destination::Busy => {}
            }
        }
    }
}
