//! The kinds of object of a plan as types, for those outside who handle one kind at a time.

use jiff::Timestamp;
use opbx_core::ai_assistant::AiAssistant;
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::business_hours::{BusinessHours, NamedHolidayList};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::extension::Extension;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::prompt::Prompt;
use opbx_core::ring_group::RingGroup;
use opbx_core::voicemail_box::VoicemailBox;

use crate::apply::PlanObject;
use crate::error::ObjectKind;
use crate::repo::Object;

/// A kind of object of a plan. There are as many as [`PlanObject`] has variants; nobody else makes one.
#[expect(private_bounds, reason = "sealed: how an object becomes rows is not for others to see")]
pub trait Kind: Object + Into<PlanObject> {
    /// Its kind as a value.
    const OBJECT: ObjectKind;

    /// Its identifier.
    fn number(&self) -> u64 {
        self.id()
    }

    /// What people tell it by inside the organization: a number, a name, a pattern.
    fn called(&self) -> String {
        self.key()
    }
}

macro_rules! kinds {
    ($($kind:ident $object:ident;)*) => {$(
        impl Kind for $object {
            const OBJECT: ObjectKind = ObjectKind::$kind;
        }

        impl From<$object> for PlanObject {
            fn from(object: $object) -> Self {
                Self::$kind(object)
            }
        }
    )*};
}

kinds! {
    Extension Extension;
    PhoneNumber PhoneNumber;
    RingGroup RingGroup;
    BusinessHours BusinessHours;
    HolidayList NamedHolidayList;
    IvrMenu IvrMenu;
    ConferenceRoom ConferenceRoom;
    VoicemailBox VoicemailBox;
    Prompt Prompt;
    AiAssistant AiAssistant;
    OutboundRule OutboundRule;
    BlockedCaller BlockedCaller;
}

/// An object and what its row says beside it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored<T> {
    /// The object.
    pub object: T,
    /// How often its row was written. Two readings with one revision are equal.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
