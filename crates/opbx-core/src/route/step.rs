//! Where in its flow a call is, as a value that the next request brings back.

use crate::id::{
    AiAssistantId, ConferenceRoomId, ExtensionId, IvrMenuId, MessageId, PhoneNumberId, RingGroupId, VoicemailBoxId,
};

/// Everything a follow-up request needs; nothing about a call is kept on the server.
///
/// It holds no plan revision: each step is decided by the plan of its moment, and whatever vanished meanwhile is
/// dealt with then.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What the call waits for.
    pub position: Position,
    /// What it has been through.
    pub passed: Passed,
}

impl Step {
    /// The start of a call.
    pub fn start() -> Self {
        Self { position: Position::Start, passed: Passed::default() }
    }
}

/// What a call has been through, as far as later decisions depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Passed {
    /// Destinations entered so far, over all decisions of the call.
    pub entered: u8,
    /// Forwards taken so far.
    pub forwards: u8,
    /// Wrong and missing keys in menus so far, over all menus.
    pub menu_turns: u8,
    /// The number the call came in by.
    pub number: Option<PhoneNumberId>,
    /// The ring group it went through last.
    pub group: Option<RingGroupId>,
    /// The menu whose option led here: its failover serves when this place vanishes.
    pub parent: Option<IvrMenuId>,
    /// Whether we answered the call: then it cannot be refused as busy any more.
    pub answered: bool,
    /// Whether the recording notice was played.
    pub notice_played: bool,
}

/// What a call waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Position {
    /// Nothing yet: its first request.
    Start,
    /// The end of a dial to a person's phone.
    Extension {
        /// Whose phone.
        extension: ExtensionId,
    },
    /// The end of a forwarded dial.
    Forward {
        /// Whose forward it was; `None`: a number's, a menu's …
        by: Option<ExtensionId>,
    },
    /// The end of an outbound dial.
    Outbound,
    /// The end of an emergency dial.
    Emergency,
    /// The end of an attempt of a ring group.
    Group(GroupStep),
    /// Keys for a menu.
    Menu {
        /// Which menu.
        menu: IvrMenuId,
        /// Whether the platform went past the input without any: silence.
        silent: bool,
    },
    /// A PIN for a conference room.
    RoomPin {
        /// Which room.
        room: ConferenceRoomId,
        /// Wrong PINs so far.
        tries: u8,
        /// Whether the platform went past the input without any: silence.
        silent: bool,
    },
    /// The end of a conference.
    Room,
    /// The end of a dial to an AI assistant.
    Assistant {
        /// Which assistant.
        assistant: AiAssistantId,
    },
    /// A key during a box's greeting.
    BoxGreeting {
        /// Which box.
        voicemail_box: VoicemailBoxId,
    },
    /// A message left in a box.
    BoxMessage {
        /// Which box.
        voicemail_box: VoicemailBoxId,
    },
    /// An extension number, to open its box.
    BoxNumber {
        /// Wrong or missing numbers so far.
        tries: u8,
    },
    /// The PIN of a box.
    BoxPin {
        /// Which box.
        voicemail_box: VoicemailBoxId,
        /// Wrong PINs so far in this call.
        tries: u8,
    },
    /// A key in the owner's menu.
    Owner(OwnerStep),
}

impl Position {
    /// A word for what it waits for, where a call is told step by step.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Extension { .. } => "extension",
            Self::Forward { .. } => "forward",
            Self::Outbound => "outbound",
            Self::Emergency => "emergency",
            Self::Group(_) => "ring_group",
            Self::Menu { .. } => "menu",
            Self::RoomPin { .. } => "conference_pin",
            Self::Room => "conference",
            Self::Assistant { .. } => "assistant",
            Self::BoxGreeting { .. } => "voicemail_greeting",
            Self::BoxMessage { .. } => "voicemail_message",
            Self::BoxNumber { .. } => "voicemail_number",
            Self::BoxPin { .. } => "voicemail_pin",
            Self::Owner(_) => "voicemail_owner",
        }
    }
}

/// Where a ring group is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupStep {
    /// Which group.
    pub group: RingGroupId,
    /// The round it is in, from 0.
    pub round: u8,
    /// The round-robin turn that this call got; 0 for other strategies.
    pub turn: u64,
    /// The members still to try in this round, in order, at most
    /// [`RingGroup::MAX_MEMBERS`](crate::ring_group::RingGroup::MAX_MEMBERS).
    pub remaining: Vec<ExtensionId>,
}

/// Where the owner of a box is in its menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OwnerStep {
    /// Which box.
    pub voicemail_box: VoicemailBoxId,
    /// What is waited for.
    pub place: OwnerPlace,
    /// Silences and unknown keys in a row.
    pub tries: u8,
}

/// A place in the owner's menu.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OwnerPlace {
    /// The choice of what to do.
    Main,
    /// A message was played; what to do with it.
    Message(MessageId),
    /// A new greeting is being recorded.
    Greeting,
    /// A new PIN is being entered.
    NewPin,
}
