//! Who was rung in a call, by whom, and how that came out.

use jiff::{SignedDuration, Timestamp};

use super::evidence::{CallLog, whole};
use crate::call::DialResult;
use crate::call_state::{CallStatus, Disposition, earliest};
use crate::id::{ExtensionId, RingGroupId};

/// What a dial and the answer to it have in common: of one call, no two dials have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DialKey(pub Box<str>);

/// A dial, as far as it is known. The result may be heard of before the dial itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dial {
    /// How it began.
    pub start: Option<DialStart>,
    /// How it ended.
    pub end: Option<DialEnd>,
}

impl Dial {
    pub(super) fn merge(self, other: Self) -> Self {
        Self { start: earliest(self.start, other.start), end: earliest(self.end, other.end) }
    }
}

/// The beginning of a dial. The order is the order of what is kept: the earliest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DialStart {
    /// When it was decided.
    pub at: Timestamp,
    /// What led to it.
    pub via: Via,
    /// The phones that ring, all at once.
    pub phones: Vec<RungPhone>,
}

impl DialStart {
    pub(super) fn whole(self) -> Self {
        Self { at: whole(self.at), ..self }
    }
}

/// The end of a dial. The order is the order of what is kept: the earliest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DialEnd {
    /// When we heard of it.
    pub at: Timestamp,
    /// How it came out.
    pub result: DialResult,
    /// Seconds of conversation, if the platform said so.
    pub talked: Option<u32>,
    /// The number of the phone that took the call, if the platform said so.
    pub taken_by: Option<Box<str>>,
}

impl DialEnd {
    pub(super) fn whole(self) -> Self {
        Self { at: whole(self.at), ..self }
    }
}

/// A phone that rings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RungPhone {
    /// What it is.
    pub kind: PhoneKind,
    /// Whose extension it is, if it is one.
    pub extension: Option<ExtensionId>,
    /// Its number or address.
    pub number: Box<str>,
    /// What it is called.
    pub name: Option<Box<str>>,
}

/// What leads to a dial.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Via {
    /// What kind of thing.
    pub kind: ViaKind,
    /// Which ring group, if it is one.
    pub ring_group: Option<RingGroupId>,
    /// What it is called.
    pub name: Option<Box<str>>,
}

/// Makes an enumeration whose values have words, and the way back.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$said:meta])* $value:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$said])* $value,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value,)*];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $word,)* }
            }

            /// Reads [`as_str`](Self::as_str) back.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }
        }
    };
}

words! {
    /// What kind of phone rings.
    PhoneKind {
        /// An extension of the organization.
        Extension = "extension",
        /// A number outside that calls are forwarded to: a person, as an extension is.
        Forward = "forward",
        /// A number outside that was dialled.
        Outside = "outside",
        /// An assistant.
        Assistant = "assistant",
        /// A conference room.
        Conference = "conference",
    }
}

words! {
    /// What kind of thing led to a dial.
    ViaKind {
        /// The caller dialled it.
        Direct = "direct",
        /// A ring group.
        RingGroup = "ring_group",
        /// A menu.
        Menu = "menu",
        /// A forward of an extension.
        Forward = "forward",
    }
}

words! {
    /// How it came out for a phone that rang.
    LegResult {
        /// It took the call.
        Answered = "answered",
        /// One of several phones that rang at once took the call; nobody said which.
        OneAnswered = "one_answered",
        /// Another phone that rang at the same time took the call.
        AnsweredElsewhere = "answered_elsewhere",
        /// It was busy, or the call was declined.
        Busy = "busy",
        /// It was not answered in time.
        NoAnswer = "no_answer",
        /// It could not be reached.
        Failed = "failed",
        /// The caller gave up.
        Canceled = "canceled",
    }
}

impl LegResult {
    /// Whether this phone, or one that rang with it, took the call.
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Answered | Self::OneAnswered | Self::AnsweredElsewhere)
    }
}

impl PhoneKind {
    /// Whether a person of the organization answers it: an extension, or where one is forwarded to.
    pub const fn is_person(self) -> bool {
        matches!(self, Self::Extension | Self::Forward)
    }
}

/// A phone that rang in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The phone.
    pub phone: RungPhone,
    /// What led to it.
    pub via: Via,
    /// When it began to ring.
    pub started_at: Timestamp,
    /// When it took the call, if it did and that is known.
    pub answered_at: Option<Timestamp>,
    /// When it was over; `None` while it goes on.
    pub ended_at: Option<Timestamp>,
    /// How it came out; `None` while it goes on, and where nobody ever said.
    pub result: Option<LegResult>,
}

impl CallLog {
    /// Who was rung, in the order of time.
    ///
    /// A dial whose result never came is judged by the call, where the call tells: the last one was answered if the call
    /// was answered after it began, and came out as the call did if the call was never answered.
    #[must_use]
    pub fn legs(&self) -> Vec<Leg> {
        let mut dials: Vec<_> =
            self.dials.iter().filter_map(|(key, dial)| Some((dial.start.as_ref()?, key, dial))).collect();
        dials.sort_by(|(one, a, _), (other, b, _)| (one.at, a).cmp(&(other.at, b)));
        let last = dials.len().saturating_sub(1);
        let mut legs = Vec::new();
        for (place, (start, _, dial)) in dials.into_iter().enumerate() {
            let end = dial.end.clone().or_else(|| if place == last { self.end_of_last(start) } else { None });
            legs.extend(start.phones.iter().map(|phone| self.leg(start, phone, end.as_ref())));
        }
        legs
    }

    /// How the last dial ended that nobody told the result of, as far as the call tells.
    fn end_of_last(&self, start: &DialStart) -> Option<DialEnd> {
        let CallStatus::Ended(ending) = self.status() else { return None };
        let answered = self.answered_at();
        let result = match ending.disposition() {
            _ if answered.is_some_and(|answered| answered >= start.at) => DialResult::Answered,
            // Answered before this dial: by the platform, for a menu. What became of the dial is not known.
            Disposition::Answered => return None,
            _ if answered.is_some() => return None,
            Disposition::Busy => DialResult::Busy,
            Disposition::NoAnswer => DialResult::NoAnswer,
            Disposition::Failed => DialResult::Failed,
            Disposition::Canceled => DialResult::Canceled,
        };
        Some(DialEnd { at: self.ended_at()?, result, talked: None, taken_by: None })
    }

    fn leg(&self, start: &DialStart, phone: &RungPhone, end: Option<&DialEnd>) -> Leg {
        let result = end.map(|end| result_of(start, phone, end));
        let answered_at = end.filter(|_| result == Some(LegResult::Answered)).and_then(|end| match end.talked {
            Some(seconds) => end.at.checked_sub(SignedDuration::from_secs(seconds.into())).ok(),
            // The platform tells when it first answered the caller; within this dial, that was this phone.
            None => self.answered_at().filter(|at| (start.at..=end.at).contains(at)),
        });
        Leg {
            phone: phone.clone(),
            via: start.via.clone(),
            started_at: start.at,
            answered_at,
            ended_at: end.map(|end| end.at).or_else(|| self.ended_at()),
            result,
        }
    }
}

fn result_of(start: &DialStart, phone: &RungPhone, end: &DialEnd) -> LegResult {
    match end.result {
        DialResult::Answered if start.phones.len() == 1 => LegResult::Answered,
        DialResult::Answered => match &end.taken_by {
            Some(number) if *number == phone.number => LegResult::Answered,
            Some(number) if start.phones.iter().any(|other| other.number == *number) => LegResult::AnsweredElsewhere,
            _ => LegResult::OneAnswered,
        },
        DialResult::Busy => LegResult::Busy,
        DialResult::NoAnswer => LegResult::NoAnswer,
        DialResult::Failed => LegResult::Failed,
        DialResult::Canceled => LegResult::Canceled,
    }
}
