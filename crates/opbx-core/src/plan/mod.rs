//! The plan: an organization's routing, compiled for looking up.
//!
//! A plan is immutable, holds the rules of its zones, and answers every look-up of a call by hash; nothing on a
//! call's way grows with the organization. Plans are never stored: what is kept is their [`PlanSource`].

mod compile;
mod compiled;
mod rules;
mod source;
mod table;
mod warning;
mod weight;

pub use self::compile::compile;
pub(crate) use self::compiled::{Group, Hours, Menu};
pub(crate) use self::rules::{BlockList, OutboundRules};
pub use self::source::PlanSource;
use self::table::Table;
pub use self::warning::{PlanProblem, PlanWarning};

use crate::ai_assistant::AiAssistant;
use crate::caps::CallCaps;
use crate::conference_room::ConferenceRoom;
use crate::extension::Extension;
use crate::extension_number::ExtensionNumber;
use crate::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PhoneNumberId, PromptId, RingGroupId,
    VoicemailBoxId,
};
use crate::notice::Language;
use crate::number::{E164, NumberFacts};
use crate::organization::Organization;
use crate::phone_number::PhoneNumber;
use crate::prompt::Prompt;
use crate::voicemail_box::VoicemailBox;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// An organization's routing, compiled.
#[derive(Clone, Debug)]
pub struct RoutingPlan {
    organization: Organization,
    language: Language,
    zone: TimeZone,
    extensions: Table<Extension>,
    extension_numbers: HashMap<ExtensionNumber, ExtensionId>,
    boxes_of: HashMap<ExtensionId, VoicemailBoxId>,
    phone_numbers: Table<PhoneNumber>,
    own_numbers: HashMap<E164, PhoneNumberId>,
    first_number: Option<E164>,
    groups: Table<Group>,
    menus: Table<Menu>,
    hours: Table<Hours>,
    rooms: Table<ConferenceRoom>,
    boxes: Table<VoicemailBox>,
    prompts: Table<Prompt>,
    assistants: Table<AiAssistant>,
    rules: OutboundRules,
    blocked: BlockList,
    forward_facts: HashMap<E164, NumberFacts>,
}

impl RoutingPlan {
    /// The organization's own settings.
    pub const fn organization(&self) -> &Organization {
        &self.organization
    }

    /// The language of what callers hear from us.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The zone of the organization's days.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The extension with this identifier.
    pub fn extension(&self, id: ExtensionId) -> Option<&Extension> {
        self.extensions.get(id)
    }

    /// The extension with this number, active or not.
    pub fn extension_by_number(&self, number: ExtensionNumber) -> Option<&Extension> {
        self.extensions.get(*self.extension_numbers.get(&number)?)
    }

    /// All extensions, in the order of their identifiers.
    pub fn extensions(&self) -> impl Iterator<Item = &Extension> {
        self.extensions.iter()
    }

    /// The own number with this identifier.
    pub fn phone_number(&self, id: PhoneNumberId) -> Option<&PhoneNumber> {
        self.phone_numbers.get(id)
    }

    /// The own number that is this number, active or not.
    pub fn own_number(&self, number: E164) -> Option<&PhoneNumber> {
        self.phone_numbers.get(*self.own_numbers.get(&number)?)
    }

    /// All own numbers, in the order of their identifiers.
    pub fn phone_numbers(&self) -> impl Iterator<Item = &PhoneNumber> {
        self.phone_numbers.iter()
    }

    /// The voicemail box of an extension: the first that names it.
    pub fn box_of(&self, extension: ExtensionId) -> Option<&VoicemailBox> {
        self.boxes.get(*self.boxes_of.get(&extension)?)
    }

    /// The voicemail box with this identifier.
    pub fn voicemail_box(&self, id: VoicemailBoxId) -> Option<&VoicemailBox> {
        self.boxes.get(id)
    }

    /// The conference room with this identifier.
    pub fn conference_room(&self, id: ConferenceRoomId) -> Option<&ConferenceRoom> {
        self.rooms.get(id)
    }

    /// The prompt with this identifier.
    pub fn prompt(&self, id: PromptId) -> Option<&Prompt> {
        self.prompts.get(id)
    }

    /// The AI assistant with this identifier.
    pub fn assistant(&self, id: AiAssistantId) -> Option<&AiAssistant> {
        self.assistants.get(id)
    }

    /// The limits that one more outbound call must keep: the organization's, and the extension's own or, where it
    /// sets none, those of every extension.
    pub fn caps(&self, extension: Option<ExtensionId>) -> (CallCaps, Option<CallCaps>) {
        let own = extension.and_then(|id| self.extension(id)).map(|extension| extension.caps);
        (self.organization.outbound_caps, own.map(|caps| caps.or(self.organization.per_extension_caps)))
    }

    pub(crate) fn group(&self, id: RingGroupId) -> Option<&Group> {
        self.groups.get(id)
    }

    pub(crate) fn menu(&self, id: IvrMenuId) -> Option<&Menu> {
        self.menus.get(id)
    }

    pub(crate) fn hours(&self, id: BusinessHoursId) -> Option<&Hours> {
        self.hours.get(id)
    }

    /// All ring groups, in the order of their identifiers.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter()
    }

    /// All menus, in the order of their identifiers.
    pub(crate) fn menus(&self) -> impl Iterator<Item = &Menu> {
        self.menus.iter()
    }

    /// All schedules, in the order of their identifiers.
    pub(crate) fn schedules(&self) -> impl Iterator<Item = &Hours> {
        self.hours.iter()
    }

    /// All conference rooms, in the order of their identifiers.
    pub(crate) fn conference_rooms(&self) -> impl Iterator<Item = &ConferenceRoom> {
        self.rooms.iter()
    }

    /// All voicemail boxes, in the order of their identifiers.
    pub(crate) fn voicemail_boxes(&self) -> impl Iterator<Item = &VoicemailBox> {
        self.boxes.iter()
    }

    /// All prompts, in the order of their identifiers.
    pub(crate) fn prompts(&self) -> impl Iterator<Item = &Prompt> {
        self.prompts.iter()
    }

    /// All AI assistants, in the order of their identifiers.
    pub(crate) fn assistants(&self) -> impl Iterator<Item = &AiAssistant> {
        self.assistants.iter()
    }

    pub(crate) const fn rules(&self) -> &OutboundRules {
        &self.rules
    }

    pub(crate) const fn blocked(&self) -> &BlockList {
        &self.blocked
    }

    /// The organization's first active number: the lowest identifier.
    pub(crate) const fn first_number(&self) -> Option<E164> {
        self.first_number
    }

    /// What is known of a number that some forward leads to.
    pub(crate) fn forward_facts(&self, number: E164) -> Option<NumberFacts> {
        self.forward_facts.get(&number).copied()
    }
}
