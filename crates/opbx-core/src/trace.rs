//! Why a call went where it went: typed steps without prose. Sentences are made when somebody reads them.

use crate::ai_assistant::AiAssistant;
use crate::blocked_caller::BlockedCaller;
use crate::business_hours::MinuteOfDay;
use crate::conference_room::ConferenceRoom;
use crate::destination::ForwardTarget;
use crate::extension::Extension;
use crate::extension_number::ExtensionNumber;
use crate::id::BusinessHoursId;
use crate::ivr_menu::IvrMenu;
use crate::notice::Reason;
use crate::number::{E164, NumberPrefix};
use crate::organization::Organization;
use crate::outbound_rule::OutboundRule;
use crate::phone_number::PhoneNumber;
use crate::prompt::Prompt;
use crate::ring_group::RingGroup;
use crate::text::Name;
use crate::voicemail_box::VoicemailBox;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// One step of reasoning: at this object, this rule held, for this reason.
#[derive(Clone, PartialEq, Debug)]
pub struct TraceStep<'p> {
    /// Where the call was.
    pub node: Node<'p>,
    /// Which rule spoke, and what it said.
    pub because: Because<'p>,
    /// Rules that would have led elsewhere, and why they did not hold.
    pub not_taken: Vec<NotTaken<'p>>,
}

/// A reason: its code, and what fills the gaps of its sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct Because<'p> {
    /// The code.
    pub reason: Reason,
    /// The data.
    pub params: Params<'p>,
}

/// A way the call did not go.
#[derive(Clone, PartialEq, Debug)]
pub struct NotTaken<'p> {
    /// The object that would have led there.
    pub node: Node<'p>,
    /// Why it did not.
    pub because: Because<'p>,
}

/// Named data of a reason or of a spoken sentence.
pub type Params<'p> = Vec<(&'static str, Param<'p>)>;

/// One datum.
#[derive(Clone, PartialEq, Debug)]
pub enum Param<'p> {
    /// A text of the plan or a fixed word.
    Text(&'p str),
    /// A text of the call.
    Owned(Box<str>),
    /// A text shared with the plan.
    Shared(Arc<str>),
    /// A count, an index, seconds.
    Count(u64),
    /// A phone number.
    Number(E164),
    /// The beginning of phone numbers.
    Prefix(NumberPrefix),
    /// An extension number.
    Extension(ExtensionNumber),
    /// Several extension numbers.
    Extensions(Vec<ExtensionNumber>),
    /// A time of day.
    Time(MinuteOfDay),
    /// A date.
    Date(Date),
    /// A weekday.
    Weekday(Weekday),
    /// An instant.
    Instant(Timestamp),
}

impl<'p> From<&'p str> for Param<'p> {
    fn from(text: &'p str) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Param<'_> {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<E164> for Param<'_> {
    fn from(number: E164) -> Self {
        Self::Number(number)
    }
}

impl From<ExtensionNumber> for Param<'_> {
    fn from(number: ExtensionNumber) -> Self {
        Self::Extension(number)
    }
}

impl fmt::Display for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Owned(text) => f.write_str(text),
            Self::Shared(text) => f.write_str(text),
            Self::Count(count) => count.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Prefix(prefix) => prefix.fmt(f),
            Self::Extension(number) => number.fmt(f),
            Self::Extensions(numbers) => {
                for (index, number) in numbers.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    number.fmt(f)?;
                }
                Ok(())
            }
            Self::Time(time) => time.fmt(f),
            Self::Date(date) => date.fmt(f),
            // English short names; a reader's own language has them from its table (`notice::weekday`).
            Self::Weekday(day) => f.write_str(weekday(*day)),
            Self::Instant(instant) => instant.fmt(f),
        }
    }
}

/// The short English name of a weekday, as the plan language writes it.
pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "mon",
        Weekday::Tuesday => "tue",
        Weekday::Wednesday => "wed",
        Weekday::Thursday => "thu",
        Weekday::Friday => "fri",
        Weekday::Saturday => "sat",
        Weekday::Sunday => "sun",
    }
}

/// An object a call came to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Node<'p> {
    /// What kind of object.
    pub kind: NodeKind,
    /// Its identifier; `None` for what has none, such as the call itself.
    pub id: Option<u64>,
    /// What people call it: a name, or a number.
    pub name: Cow<'p, str>,
}

/// Kinds of objects in a trace.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeKind {
    /// The call itself.
    Call,
    /// The organization.
    Organization,
    /// An inbound number.
    PhoneNumber,
    /// An extension.
    Extension,
    /// A ring group.
    RingGroup,
    /// A menu.
    IvrMenu,
    /// A schedule.
    BusinessHours,
    /// A conference room.
    ConferenceRoom,
    /// A voicemail box.
    VoicemailBox,
    /// An AI assistant.
    AiAssistant,
    /// A prompt.
    Prompt,
    /// A forward.
    Forward,
    /// An outbound rule.
    OutboundRule,
    /// An entry of the block list.
    BlockedCaller,
    /// A holiday list.
    HolidayList,
    /// A feature code.
    FeatureCode,
}

impl NodeKind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Call,
        Self::Organization,
        Self::PhoneNumber,
        Self::Extension,
        Self::RingGroup,
        Self::IvrMenu,
        Self::BusinessHours,
        Self::ConferenceRoom,
        Self::VoicemailBox,
        Self::AiAssistant,
        Self::Prompt,
        Self::Forward,
        Self::OutboundRule,
        Self::BlockedCaller,
        Self::HolidayList,
        Self::FeatureCode,
    ];

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its stable spelling, the one of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Organization => "organization",
            Self::PhoneNumber => "phone_number",
            Self::Extension => "extension",
            Self::RingGroup => "ring_group",
            Self::IvrMenu => "ivr_menu",
            Self::BusinessHours => "business_hours",
            Self::ConferenceRoom => "conference_room",
            Self::VoicemailBox => "voicemail_box",
            Self::AiAssistant => "ai_assistant",
            Self::Prompt => "prompt",
            Self::Forward => "forward",
            Self::OutboundRule => "outbound_rule",
            Self::BlockedCaller => "blocked_caller",
            Self::HolidayList => "holiday_list",
            Self::FeatureCode => "feature_code",
        }
    }
}

impl<'p> Node<'p> {
    fn named(kind: NodeKind, id: u64, name: &'p str) -> Self {
        Self { kind, id: Some(id), name: Cow::Borrowed(name) }
    }

    /// The call itself.
    pub const fn call() -> Self {
        Self { kind: NodeKind::Call, id: None, name: Cow::Borrowed("") }
    }

    /// The organization.
    pub fn organization(row: &'p Organization) -> Self {
        Self::named(NodeKind::Organization, row.id.get(), row.name.as_str())
    }

    /// An inbound number.
    pub fn phone_number(row: &'p PhoneNumber) -> Self {
        Self { kind: NodeKind::PhoneNumber, id: Some(row.id.get()), name: Cow::Owned(row.number.to_string()) }
    }

    /// An extension.
    pub fn extension(row: &'p Extension) -> Self {
        Self::named(NodeKind::Extension, row.id.get(), row.name.as_str())
    }

    /// A ring group.
    pub fn ring_group(row: &'p RingGroup) -> Self {
        Self::named(NodeKind::RingGroup, row.id.get(), row.name.as_str())
    }

    /// A menu.
    pub fn menu(row: &'p IvrMenu) -> Self {
        Self::named(NodeKind::IvrMenu, row.id.get(), row.name.as_str())
    }

    /// A conference room.
    pub fn room(row: &'p ConferenceRoom) -> Self {
        Self::named(NodeKind::ConferenceRoom, row.id.get(), row.name.as_str())
    }

    /// A voicemail box.
    pub fn voicemail_box(row: &'p VoicemailBox) -> Self {
        Self::named(NodeKind::VoicemailBox, row.id.get(), row.name.as_str())
    }

    /// An AI assistant.
    pub fn assistant(row: &'p AiAssistant) -> Self {
        Self::named(NodeKind::AiAssistant, row.id.get(), row.name.as_str())
    }

    /// A prompt.
    pub fn prompt(row: &'p Prompt) -> Self {
        Self::named(NodeKind::Prompt, row.id.get(), row.name.as_str())
    }

    /// An outbound rule.
    pub fn outbound_rule(row: &'p OutboundRule) -> Self {
        Self::named(NodeKind::OutboundRule, row.id.get(), row.name.as_str())
    }

    /// An entry of the block list.
    pub fn blocked_caller(row: &'p BlockedCaller) -> Self {
        Self { kind: NodeKind::BlockedCaller, id: Some(row.id.get()), name: Cow::Owned(row.pattern.to_string()) }
    }

    /// A schedule.
    pub fn hours(id: BusinessHoursId, name: &'p Name) -> Self {
        Self::named(NodeKind::BusinessHours, id.get(), name.as_str())
    }

    /// A forward.
    pub fn forward(to: &ForwardTarget) -> Self {
        Self { kind: NodeKind::Forward, id: None, name: Cow::Owned(to.to_string()) }
    }

    /// A feature code.
    pub fn feature_code(code: &str) -> Self {
        Self { kind: NodeKind::FeatureCode, id: None, name: Cow::Owned(code.to_owned()) }
    }

    /// An object that is not there: only its kind and identifier are known.
    pub fn missing(kind: NodeKind, id: u64) -> Self {
        Self { kind, id: Some(id), name: Cow::Owned(format!("#{id}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_word_of_its_own() {
        for kind in NodeKind::ALL {
            assert_eq!(NodeKind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(NodeKind::of_word("queue"), None);
    }
}
