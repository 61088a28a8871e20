//! A call as routing sees it: what the platform said, where in its flow it is, and what was answered so far.

use crate::caps::Cap;
use crate::extension_number::ExtensionNumber;
use crate::id::{ExtensionId, MessageId, RingGroupId, VoicemailBoxId};
use crate::invalid::Invalid;
use crate::number::{E164, NumberFacts};
use crate::route::Step;
use std::str::FromStr;

/// One request of the platform about a call, read into core types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Where the call comes from.
    pub direction: Direction,
    /// Who calls.
    pub from: Party,
    /// Whom the caller dialled.
    pub to: Party,
    /// The caller's display name, if the platform gave one.
    pub caller_name: Option<Box<str>>,
    /// Where in its flow the call is.
    pub step: Step,
    /// What this request brought.
    pub input: Input,
    /// Answers to the questions that this request raised before.
    pub answers: Vec<Answer>,
}

impl Call {
    /// A call at its start.
    pub fn new(direction: Direction, from: Party, to: Party) -> Self {
        Self {
            direction,
            from,
            to,
            caller_name: None,
            step: Step::start(),
            input: Input::default(),
            answers: Vec::new(),
        }
    }
}

/// Where a call comes from, in the platform's words.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Direction {
    /// From a trunk.
    Inbound,
    /// To a trunk, already.
    Outbound,
    /// From a subscriber of the domain.
    Subscriber,
    /// From an application.
    Application,
    /// From the call interface of the platform.
    OutboundApi,
    /// Missing, or a word nobody knows; routed as inbound.
    Unknown,
}

impl Direction {
    /// Reads the platform's word, whatever its case.
    pub fn read(word: &str) -> Self {
        const WORDS: [(&str, Direction); 5] = [
            ("inbound", Direction::Inbound),
            ("outbound", Direction::Outbound),
            ("subscriber", Direction::Subscriber),
            ("application", Direction::Application),
            ("outbound-api", Direction::OutboundApi),
        ];
        let known = WORDS.iter().find(|(known, _)| word.trim().eq_ignore_ascii_case(known));
        known.map_or(Self::Unknown, |(_, direction)| *direction)
    }

    /// The word for it in traces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Subscriber => "subscriber",
            Self::Application => "application",
            Self::OutboundApi => "outbound-api",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the call comes from outside the organization; what nobody knows does.
    pub const fn is_from_outside(self) -> bool {
        matches!(self, Self::Inbound | Self::Unknown)
    }
}

/// Reads a person's word. The platform may send words nobody knows; a person who writes one is mistaken.
impl FromStr for Direction {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        match Self::read(word) {
            Self::Unknown => Err(Invalid::expected("inbound, outbound, subscriber, application or outbound-api")),
            direction => Ok(direction),
        }
    }
}

/// One end of a call: its text, and every way to read it as a number.
///
/// Behind a feature code (`*72…`) the readings are those of the code's argument. Which reading counts is decided
/// here, not by the shell: an own number is recognized in either.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Party {
    /// As received; of what looks like a number, blanks and `-().` are dropped. Empty when absent.
    pub text: Box<str>,
    /// Read as dialled inside the organization's country; never of a text with `+`.
    pub national: Option<NumberFacts>,
    /// Read as E.164, with or without `+`.
    pub international: Option<NumberFacts>,
}

/// What stands for a number that its owner does not show.
const WITHHELD: [&str; 5] = ["anonymous", "restricted", "private", "unavailable", "unknown"];

impl Party {
    /// Whether there is nothing.
    pub fn is_absent(&self) -> bool {
        self.text.is_empty()
    }

    /// As a caller: whether the number is not shown.
    pub fn is_withheld(&self) -> bool {
        self.is_absent() || WITHHELD.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    /// Read as an extension number.
    pub fn extension(&self) -> Option<ExtensionNumber> {
        self.text.parse().ok()
    }

    /// What stands behind a feature code, as if it had been dialled alone; `None` behind another code.
    pub fn behind(&self, code: &str) -> Option<Self> {
        let text = self.text.strip_prefix(code)?.into();
        Some(Self { text, ..self.clone() })
    }

    /// Its readings, the international one first. A feature code is no number, whatever stands behind it.
    pub fn readings(&self) -> impl Iterator<Item = NumberFacts> {
        [self.international, self.national].into_iter().flatten().filter(|_| !self.text.starts_with('*'))
    }

    /// As what an extension dialled: the national reading if such a number can exist, else the international one.
    pub fn dialled(&self) -> Option<NumberFacts> {
        self.best(self.national, self.international)
    }

    /// As the number of a caller: the international reading if such a number can exist, else the national one.
    pub fn calling(&self) -> Option<NumberFacts> {
        self.best(self.international, self.national)
    }

    fn best(&self, first: Option<NumberFacts>, second: Option<NumberFacts>) -> Option<NumberFacts> {
        let valid = |facts: &NumberFacts| facts.valid;
        let best = first.filter(valid).or(second.filter(valid)).or(self.international).or(self.national);
        best.filter(|_| !self.text.starts_with('*'))
    }
}

/// What a follow-up request brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Input {
    /// The keys pressed; `None` and empty both mean silence.
    pub keys: Option<Box<str>>,
    /// How a dial ended.
    pub dial: Option<DialResult>,
    /// What was recorded.
    pub recording: Option<RecordedAudio>,
}

/// Where the platform keeps a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordedAudio {
    /// Its address at the platform.
    pub url: Box<str>,
    /// Its length in seconds, if the platform said so.
    pub seconds: Option<u32>,
}

/// How a dial ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DialResult {
    /// Somebody answered, and the conversation is over.
    Answered,
    /// The caller gave up.
    Canceled,
    /// Busy, or declined.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// The phone could not be reached, or a word nobody knows.
    Failed,
}

impl DialResult {
    /// Reads the platform's word: only letters count, whatever their case (`no-answer` and `NoAnswer` are equal).
    pub fn read(word: &str) -> Self {
        let letters = || word.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase());
        let is = |known: &str| letters().eq(known.chars());
        if is("completed") || is("answered") {
            Self::Answered
        } else if is("canceled") || is("cancelled") || is("cancel") {
            Self::Canceled
        } else if is("busy") {
            Self::Busy
        } else if is("noanswer") {
            Self::NoAnswer
        } else {
            Self::Failed
        }
    }

    /// The word for it in traces and fixtures.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Canceled => "canceled",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
        }
    }

    /// Whether the call ends with it: answered and over, or given up.
    pub const fn ends_the_call(self) -> bool {
        matches!(self, Self::Answered | Self::Canceled)
    }
}

/// Reads a person's word. The platform may send words nobody knows, which count as failed; a person who writes one is
/// mistaken.
impl FromStr for DialResult {
    type Err = Invalid;

    fn from_str(word: &str) -> Result<Self, Invalid> {
        match Self::read(word) {
            Self::Failed if !word.eq_ignore_ascii_case("failed") => {
                Err(Invalid::expected("answered, completed, no-answer, busy, failed or canceled"))
            }
            result => Ok(result),
        }
    }
}

/// What only shared state can tell. The shell finds it out, adds the [`Answer`] to the call and asks again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Question {
    /// The next round-robin turn of a group. Asked once per call and group entered.
    Turn {
        /// Which group.
        group: RingGroupId,
    },
    /// Whether the caps let one more outbound call begin. Its limits are in the plan
    /// ([`RoutingPlan::caps`](crate::plan::RoutingPlan::caps)).
    Caps {
        /// Whose call it is; `None`: only the organization's caps count.
        extension: Option<ExtensionId>,
        /// The number about to be dialled.
        number: E164,
    },
    /// What is in a voicemail box, and whether its menu is locked.
    Box {
        /// Which box.
        voicemail_box: VoicemailBoxId,
    },
}

/// The answer to a [`Question`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The turn: any number; each next one is greater by one.
    Turn {
        /// Which group.
        group: RingGroupId,
        /// The turn.
        turn: u64,
    },
    /// Whether a cap is reached.
    Caps {
        /// Whose call was asked about.
        extension: Option<ExtensionId>,
        /// The cap that is; `None`: the call may begin.
        over: Option<OverCap>,
    },
    /// The box.
    Box {
        /// Which box.
        voicemail_box: VoicemailBoxId,
        /// What is in it; `None`: it cannot be told now.
        contents: Option<BoxContents>,
    },
}

/// A cap that is reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OverCap {
    /// Which one.
    pub cap: Cap,
    /// Whose: the extension's, or the organization's.
    pub of_extension: bool,
}

/// What is in a voicemail box.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoxContents {
    /// The messages in the order in which they came, which is that of their identifiers. What is heard or kept stays in
    /// its place.
    pub messages: Vec<BoxMessage>,
    /// Whether too many wrong PINs locked the owner's menu.
    pub locked: bool,
}

/// A message in a box.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BoxMessage {
    /// Its identifier.
    pub id: MessageId,
    /// Whether its owner has not heard it yet.
    pub new: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dial_results_are_read_by_their_letters() {
        for (word, result) in [
            ("completed", DialResult::Answered),
            ("Answered", DialResult::Answered),
            ("no-answer", DialResult::NoAnswer),
            ("NO ANSWER", DialResult::NoAnswer),
            ("noanswer", DialResult::NoAnswer),
            ("busy", DialResult::Busy),
            ("canceled", DialResult::Canceled),
            ("failed", DialResult::Failed),
            ("", DialResult::Failed),
            ("in-progress", DialResult::Failed),
            ("ünknown", DialResult::Failed),
        ] {
            assert_eq!(DialResult::read(word), result, "{word}");
        }
    }

    #[test]
    fn a_withheld_caller_is_known_by_any_of_its_words() {
        for word in ["", "anonymous", "Restricted", "PRIVATE", "unavailable", "Unknown"] {
            assert!(Party { text: word.into(), ..Party::default() }.is_withheld(), "{word}");
        }
        assert!(!Party { text: "1001".into(), ..Party::default() }.is_withheld());
    }
}
