//! The platform's words, as closed lists.

/// Where a session is.
///
/// The surprise is [`Answer`](Self::Answer): the call was answered *and is over*. The pick-up is [`Connected`](Self::Connected).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionStatus {
    /// It exists.
    New,
    /// An application decides about it.
    Processing,
    /// A destination rings.
    Ringing,
    /// Two parties talk, or the platform has answered.
    Connected,
    /// It was answered and ended normally.
    Answer,
    /// It ended: busy.
    Busy,
    /// It ended: nobody answered.
    NoAnswer,
    /// It ended: the caller gave up.
    Cancel,
    /// It ended: the account has no credit.
    NoCredit,
    /// It ended: no way to the destination.
    Congestion,
    /// It ended: failed.
    Failed,
    /// It ended: the application failed.
    Error,
    /// It was handed to another system; taken for the end of a call that was answered (assumed).
    External,
    /// A word that is not known: it says nothing about where the call is. What stands beside it still counts.
    Unknown,
}

impl SessionStatus {
    /// Every status.
    pub const ALL: [Self; 14] = [
        Self::New,
        Self::Processing,
        Self::Ringing,
        Self::Connected,
        Self::Answer,
        Self::Busy,
        Self::NoAnswer,
        Self::Cancel,
        Self::NoCredit,
        Self::Congestion,
        Self::Failed,
        Self::Error,
        Self::External,
        Self::Unknown,
    ];

    /// The word as webhooks have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Processing => "processing",
            Self::Ringing => "ringing",
            Self::Connected => "connected",
            Self::Answer => "answer",
            Self::Busy => "busy",
            Self::NoAnswer => "noanswer",
            Self::Cancel => "cancel",
            Self::NoCredit => "nocredit",
            Self::Congestion => "congestion",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::External => "external",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a word. Only its letters count, in either case.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match letters(word).as_str() {
            "canceled" | "cancelled" => Self::Cancel,
            "completed" => Self::Answer,
            letters => Self::ALL.into_iter().find(|status| status.as_str() == letters).unwrap_or(Self::Unknown),
        }
    }

    /// What it says about the call.
    #[must_use]
    pub const fn meaning(self) -> Meaning {
        match self {
            Self::New | Self::Processing => Meaning::Live(Progress::Initiated),
            Self::Ringing => Meaning::Live(Progress::Ringing),
            Self::Connected => Meaning::Live(Progress::Answered),
            Self::Answer | Self::External => Meaning::Ended(Disposition::Answered),
            Self::Busy => Meaning::Ended(Disposition::Busy),
            Self::NoAnswer => Meaning::Ended(Disposition::NoAnswer),
            Self::Cancel => Meaning::Ended(Disposition::Canceled),
            Self::NoCredit | Self::Congestion | Self::Failed | Self::Error => Meaning::Ended(Disposition::Failed),
            Self::Unknown => Meaning::Unknown,
        }
    }
}

/// What a status says about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The call goes on, and has come so far.
    Live(Progress),
    /// The call is over.
    Ended(Disposition),
    /// Nobody knows.
    Unknown,
}

/// How far a live call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// It exists.
    Initiated,
    /// Somebody is being rung.
    Ringing,
    /// It was answered and goes on.
    Answered,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Somebody, or the platform, answered.
    Answered,
    /// The other side was busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// It could not be made.
    Failed,
    /// The caller gave up.
    Canceled,
}

impl Disposition {
    /// Every disposition.
    pub const ALL: [Self; 5] = [Self::Answered, Self::Busy, Self::NoAnswer, Self::Failed, Self::Canceled];

    /// The word that a call record of the platform has for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "ANSWER",
            Self::Busy => "BUSY",
            Self::NoAnswer => "NOANSWER",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCEL",
        }
    }

    /// Reads a word, of which only the letters count, in either case. `CONGESTION` and every word that is not known is
    /// [`Failed`](Self::Failed): a record is kept whatever it says.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        Self::known(word).unwrap_or(Self::Failed)
    }

    /// The same, and `None` for a word that is not known.
    pub(super) fn known(word: &str) -> Option<Self> {
        Some(match letters(word).as_str() {
            "answer" | "answered" | "connected" => Self::Answered,
            "busy" => Self::Busy,
            "noanswer" => Self::NoAnswer,
            "cancel" | "canceled" | "cancelled" => Self::Canceled,
            "failed" | "congestion" => Self::Failed,
            _ => return None,
        })
    }
}

/// Which way a call went, seen from the domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From outside.
    Inbound,
    /// To outside, or started over the REST interface.
    Outbound,
    /// Between subscribers.
    Internal,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Self; 3] = [Self::Inbound, Self::Outbound, Self::Internal];

    /// The word as webhooks have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "incoming",
            Self::Outbound => "outgoing",
            Self::Internal => "internal",
        }
    }

    /// Reads a word, of which only the letters count, in either case; `None` when it is not known.
    ///
    /// The REST interface says `Inbound` and `Outbound` for what webhooks call `incoming` and `outgoing`; `application` and
    /// `outbound-api` are calls that were started there.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match letters(word).as_str() {
            "incoming" | "inbound" => Some(Self::Inbound),
            "outgoing" | "outbound" | "application" | "outboundapi" => Some(Self::Outbound),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }
}

/// The letters of a word in lower case. One that is longer than any word known is cut: it matches nothing either way.
pub(super) fn letters(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for status in SessionStatus::ALL {
            assert_eq!(SessionStatus::parse(status.as_str()), status);
            assert_eq!(SessionStatus::parse(&status.as_str().to_uppercase()), status);
        }
        for disposition in Disposition::ALL {
            assert_eq!(Disposition::known(disposition.as_str()), Some(disposition));
        }
        for direction in Direction::ALL {
            assert_eq!(Direction::parse(direction.as_str()), Some(direction));
        }
    }

    #[test]
    fn an_answer_is_an_end_and_connected_is_not() {
        assert_eq!(SessionStatus::parse("answer").meaning(), Meaning::Ended(Disposition::Answered));
        assert_eq!(SessionStatus::parse("connected").meaning(), Meaning::Live(Progress::Answered));
    }

    #[test]
    fn other_spellings_of_statuses() {
        for (word, status) in [
            ("NEW", SessionStatus::New),
            ("Ringing", SessionStatus::Ringing),
            ("no-answer", SessionStatus::NoAnswer),
            ("No Answer", SessionStatus::NoAnswer),
            ("no_credit", SessionStatus::NoCredit),
            ("Cancelled", SessionStatus::Cancel),
            ("completed", SessionStatus::Answer),
            ("answered", SessionStatus::Unknown),
            ("занято", SessionStatus::Unknown),
            ("", SessionStatus::Unknown),
        ] {
            assert_eq!(SessionStatus::parse(word), status, "{word}");
        }
    }

    #[test]
    fn other_spellings_of_dispositions_and_directions() {
        for (word, disposition) in [
            ("ANSWERED", Disposition::Answered),
            ("CONNECTED", Disposition::Answered),
            ("NO ANSWER", Disposition::NoAnswer),
            ("no-answer", Disposition::NoAnswer),
            ("canceled", Disposition::Canceled),
            ("CONGESTION", Disposition::Failed),
            ("FAILED", Disposition::Failed),
            ("REJECTED", Disposition::Failed),
            ("", Disposition::Failed),
        ] {
            assert_eq!(Disposition::parse(word), disposition, "{word}");
        }
        for (word, direction) in [
            ("Inbound", Some(Direction::Inbound)),
            ("Outbound", Some(Direction::Outbound)),
            ("application", Some(Direction::Outbound)),
            ("outbound-api", Some(Direction::Outbound)),
            ("sideways", None),
        ] {
            assert_eq!(Direction::parse(word), direction, "{word}");
        }
    }
}
