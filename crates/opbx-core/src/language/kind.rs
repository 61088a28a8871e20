//! The kinds of object, each with its word.

/// What stands in column 1: the kinds of object, in the order in which they are printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// The organization itself.
    Organization,
    /// An extension.
    Extension,
    /// A schedule.
    Hours,
    /// A holiday list.
    Holidays,
    /// A ring group.
    Group,
    /// A menu.
    Menu,
    /// A conference room.
    Room,
    /// A voicemail box.
    Box,
    /// A prompt.
    Prompt,
    /// An AI assistant.
    Assistant,
    /// An inbound number.
    Number,
    /// An entry of the block list.
    Block,
    /// An outbound rule.
    Rule,
    /// The PINs of a room; fixtures and `--plan` only.
    Pins,
    /// The PIN of a box; fixtures and `--plan` only.
    Pin,
    /// A call to explain; fixtures only.
    Call,
}

impl Kind {
    /// Every kind, in the order in which they are printed.
    pub const ALL: [Self; 16] = [
        Self::Organization,
        Self::Extension,
        Self::Hours,
        Self::Holidays,
        Self::Group,
        Self::Menu,
        Self::Room,
        Self::Box,
        Self::Prompt,
        Self::Assistant,
        Self::Number,
        Self::Block,
        Self::Rule,
        Self::Pins,
        Self::Pin,
        Self::Call,
    ];

    /// The word that begins such an object.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Extension => "extension",
            Self::Hours => "hours",
            Self::Holidays => "holidays",
            Self::Group => "group",
            Self::Menu => "menu",
            Self::Room => "room",
            Self::Box => "box",
            Self::Prompt => "prompt",
            Self::Assistant => "assistant",
            Self::Number => "number",
            Self::Block => "block",
            Self::Rule => "rule",
            Self::Pins => "pins",
            Self::Pin => "pin",
            Self::Call => "call",
        }
    }

    /// The kinds that a name can refer to.
    pub(super) const REFERRED: [Self; 8] =
        [Self::Hours, Self::Holidays, Self::Group, Self::Menu, Self::Room, Self::Box, Self::Prompt, Self::Assistant];

    /// What errors call such an object.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Hours => "schedule",
            Self::Holidays => "holiday list",
            Self::Box => "voicemail box",
            Self::Block => "blocked number",
            _ => self.word(),
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// The words that begin an object.
pub(super) const OBJECT_WORDS: &[&str] = &[
    "organization",
    "extension",
    "hours",
    "holidays",
    "group",
    "menu",
    "room",
    "box",
    "prompt",
    "assistant",
    "number",
    "block",
    "rule",
    "pins",
    "pin",
    "call",
];
