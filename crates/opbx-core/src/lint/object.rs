//! The objects of a plan as the lint sees them: places that calls come to.

use crate::ai_assistant::AiAssistant;
use crate::blocked_caller::BlockedCaller;
use crate::conference_room::ConferenceRoom;
use crate::extension::Extension;
use crate::organization::Organization;
use crate::phone_number::PhoneNumber;
use crate::plan::{Group, Hours, Menu, RoutingPlan};
use crate::prompt::Prompt;
use crate::trace::{Node, NodeKind};
use crate::voicemail_box::VoicemailBox;

/// An object that leads somewhere, or that something leads to.
#[derive(Clone, Copy)]
pub(super) enum Object<'p> {
    /// An inbound number.
    Number(&'p PhoneNumber),
    /// An extension.
    Extension(&'p Extension),
    /// An entry of the block list.
    Blocked(&'p BlockedCaller),
    /// The organization, for what it plays.
    Organization(&'p Organization),
    /// A ring group.
    Group(&'p Group),
    /// A menu.
    Menu(&'p Menu),
    /// A schedule.
    Hours(&'p Hours),
    /// A conference room.
    Room(&'p ConferenceRoom),
    /// A voicemail box.
    Box(&'p VoicemailBox),
    /// An AI assistant.
    Assistant(&'p AiAssistant),
    /// A prompt.
    Prompt(&'p Prompt),
}

/// Every object, in an order that depends on identifiers only.
pub(super) fn objects(plan: &RoutingPlan) -> Vec<Object<'_>> {
    let mut blocked: Vec<&BlockedCaller> = plan.blocked().iter().collect();
    blocked.sort_by_key(|entry| entry.id);
    let mut objects: Vec<Object<'_>> = plan.phone_numbers().map(Object::Number).collect();
    objects.extend(plan.extensions().map(Object::Extension));
    objects.extend(blocked.into_iter().map(Object::Blocked));
    objects.push(Object::Organization(plan.organization()));
    objects.extend(plan.groups().map(Object::Group));
    objects.extend(plan.menus().map(Object::Menu));
    objects.extend(plan.schedules().map(Object::Hours));
    objects.extend(plan.conference_rooms().map(Object::Room));
    objects.extend(plan.voicemail_boxes().map(Object::Box));
    objects.extend(plan.assistants().map(Object::Assistant));
    objects.extend(plan.prompts().map(Object::Prompt));
    objects
}

impl<'p> Object<'p> {
    /// The object in a path.
    pub(super) fn node(self) -> Node<'p> {
        match self {
            Self::Number(row) => Node::phone_number(row),
            Self::Extension(row) => Node::extension(row),
            Self::Blocked(row) => Node::blocked_caller(row),
            Self::Organization(row) => Node::organization(row),
            Self::Group(group) => Node::ring_group(&group.row),
            Self::Menu(menu) => Node::menu(&menu.row),
            Self::Hours(hours) => Node::hours(hours.id, &hours.name),
            Self::Room(row) => Node::room(row),
            Self::Box(row) => Node::voicemail_box(row),
            Self::Assistant(row) => Node::assistant(row),
            Self::Prompt(row) => Node::prompt(row),
        }
    }

    /// Its kind and identifier.
    pub(super) const fn key(self) -> (NodeKind, u64) {
        match self {
            Self::Number(row) => (NodeKind::PhoneNumber, row.id.get()),
            Self::Extension(row) => (NodeKind::Extension, row.id.get()),
            Self::Blocked(row) => (NodeKind::BlockedCaller, row.id.get()),
            Self::Organization(row) => (NodeKind::Organization, row.id.get()),
            Self::Group(group) => (NodeKind::RingGroup, group.row.id.get()),
            Self::Menu(menu) => (NodeKind::IvrMenu, menu.row.id.get()),
            Self::Hours(hours) => (NodeKind::BusinessHours, hours.id.get()),
            Self::Room(row) => (NodeKind::ConferenceRoom, row.id.get()),
            Self::Box(row) => (NodeKind::VoicemailBox, row.id.get()),
            Self::Assistant(row) => (NodeKind::AiAssistant, row.id.get()),
            Self::Prompt(row) => (NodeKind::Prompt, row.id.get()),
        }
    }

    /// Whether it takes part in routing.
    pub(super) const fn is_active(self) -> bool {
        match self {
            Self::Number(row) => row.status.is_active(),
            Self::Extension(row) => row.status.is_active(),
            Self::Blocked(row) => row.status.is_active(),
            Self::Organization(_) => true,
            Self::Group(group) => group.row.status.is_active(),
            Self::Menu(menu) => menu.row.status.is_active(),
            Self::Hours(hours) => hours.status.is_active(),
            Self::Room(row) => row.status.is_active(),
            Self::Box(row) => row.status.is_active(),
            Self::Assistant(row) => row.status.is_active(),
            Self::Prompt(row) => row.status.is_active(),
        }
    }
}
