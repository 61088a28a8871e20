//! What a plan is compiled from: an organization's routing settings as rows, with references by identifier.

use crate::ai_assistant::AiAssistant;
use crate::blocked_caller::BlockedCaller;
use crate::business_hours::{BusinessHours, NamedHolidayList};
use crate::conference_room::ConferenceRoom;
use crate::destination::Destination;
use crate::extension::Extension;
use crate::ivr_menu::IvrMenu;
use crate::organization::Organization;
use crate::outbound_rule::OutboundRule;
use crate::phone_number::PhoneNumber;
use crate::prompt::Prompt;
use crate::ring_group::RingGroup;
use crate::voicemail_box::VoicemailBox;
use serde::{Deserialize, Serialize};

/// Everything that decides an organization's calls.
///
/// Every value in it is right by itself; whether the references lead anywhere is found out by
/// [`compile`](fn@super::compile), which never refuses.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PlanSource {
    /// The organization itself.
    pub organization: Organization,
    /// Its extensions.
    pub extensions: Vec<Extension>,
    /// Its inbound numbers.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Its ring groups.
    pub ring_groups: Vec<RingGroup>,
    /// Its schedules.
    pub business_hours: Vec<BusinessHours>,
    /// Its holiday lists.
    pub holiday_lists: Vec<NamedHolidayList>,
    /// Its menus.
    pub ivr_menus: Vec<IvrMenu>,
    /// Its conference rooms.
    pub conference_rooms: Vec<ConferenceRoom>,
    /// Its voicemail boxes.
    pub voicemail_boxes: Vec<VoicemailBox>,
    /// Its prompts.
    pub prompts: Vec<Prompt>,
    /// Its AI assistants.
    pub ai_assistants: Vec<AiAssistant>,
    /// Its outbound rules.
    pub outbound_rules: Vec<OutboundRule>,
    /// Its block list.
    pub blocked_callers: Vec<BlockedCaller>,
}

impl PlanSource {
    /// An organization with nothing in it.
    pub const fn new(organization: Organization) -> Self {
        Self {
            organization,
            extensions: Vec::new(),
            phone_numbers: Vec::new(),
            ring_groups: Vec::new(),
            business_hours: Vec::new(),
            holiday_lists: Vec::new(),
            ivr_menus: Vec::new(),
            conference_rooms: Vec::new(),
            voicemail_boxes: Vec::new(),
            prompts: Vec::new(),
            ai_assistants: Vec::new(),
            outbound_rules: Vec::new(),
            blocked_callers: Vec::new(),
        }
    }
}

impl PlanSource {
    /// Every destination written anywhere in it, those inside announcements included.
    pub fn destinations(&self) -> impl Iterator<Item = &Destination> {
        let extensions = self.extensions.iter().flat_map(|row| {
            [&row.forward_always, &row.forward_busy, &row.forward_no_answer, &row.forward_unreachable]
                .into_iter()
                .flatten()
        });
        let hours = self.business_hours.iter().flat_map(|row| {
            let exceptions = row.exceptions.as_slice().iter().filter_map(|exception| exception.destination.as_ref());
            [&row.open, &row.closed].into_iter().chain(exceptions)
        });
        let menus = self
            .ivr_menus
            .iter()
            .flat_map(|row| row.options.iter().map(|option| &option.destination).chain(std::iter::once(&row.failover)));
        extensions
            .chain(self.phone_numbers.iter().map(|row| &row.destination))
            .chain(self.ring_groups.iter().map(|row| &row.fallback))
            .chain(hours)
            .chain(menus)
            .chain(self.ai_assistants.iter().map(|row| &row.fallback))
            .chain(self.blocked_callers.iter().filter_map(|row| row.destination.as_ref()))
            .flat_map(Destination::with_what_follows)
    }
}
