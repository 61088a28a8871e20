//! An object of whatever kind.

use super::{
    AiAssistant, BlockedCaller, BusinessHours, ConferenceRoom, Extension, IvrMenu, NamedHolidayList, OutboundRule,
    PhoneNumber, Prompt, RingGroup, VoicemailBox,
};
use crate::repo::Object;

/// An object of a plan, of whatever kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanObject {
    /// An extension.
    Extension(Extension),
    /// An inbound number.
    PhoneNumber(PhoneNumber),
    /// A ring group.
    RingGroup(RingGroup),
    /// A schedule.
    BusinessHours(BusinessHours),
    /// A holiday list.
    HolidayList(NamedHolidayList),
    /// A menu.
    IvrMenu(IvrMenu),
    /// A conference room.
    ConferenceRoom(ConferenceRoom),
    /// A voicemail box.
    VoicemailBox(VoicemailBox),
    /// A prompt.
    Prompt(Prompt),
    /// An AI assistant.
    AiAssistant(AiAssistant),
    /// An outbound rule.
    OutboundRule(OutboundRule),
    /// An entry of the block list.
    BlockedCaller(BlockedCaller),
}

/// Does the same with the object of each variant.
macro_rules! whatever {
    ($object:expr, $it:ident => $do:expr) => {
        match $object {
            PlanObject::Extension($it) => $do,
            PlanObject::PhoneNumber($it) => $do,
            PlanObject::RingGroup($it) => $do,
            PlanObject::BusinessHours($it) => $do,
            PlanObject::HolidayList($it) => $do,
            PlanObject::IvrMenu($it) => $do,
            PlanObject::ConferenceRoom($it) => $do,
            PlanObject::VoicemailBox($it) => $do,
            PlanObject::Prompt($it) => $do,
            PlanObject::AiAssistant($it) => $do,
            PlanObject::OutboundRule($it) => $do,
            PlanObject::BlockedCaller($it) => $do,
        }
    };
}

impl PlanObject {
    /// Its identifier.
    pub fn id(&self) -> u64 {
        whatever!(self, it => Object::id(it))
    }
}
