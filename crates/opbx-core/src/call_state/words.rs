//! The platform's words for calls, and ours.

/// How far a live call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// It exists.
    Initiated,
    /// Somebody is being rung.
    Ringing,
    /// It was answered and goes on.
    Answered,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// It was answered and is over.
    Completed,
    /// The other side was busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// It could not be made.
    Failed,
    /// The caller gave up.
    Canceled,
}

impl Ending {
    /// The disposition of a call that ended so.
    #[must_use]
    pub const fn disposition(self) -> Disposition {
        match self {
            Self::Completed => Disposition::Answered,
            Self::Busy => Disposition::Busy,
            Self::NoAnswer => Disposition::NoAnswer,
            Self::Failed => Disposition::Failed,
            Self::Canceled => Disposition::Canceled,
        }
    }
}

/// The state of a call as people see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallStatus {
    /// The call goes on.
    Live(Progress),
    /// The call is over.
    Ended(Ending),
}

impl CallStatus {
    /// All states, in the order a call can pass through them.
    pub const ALL: [Self; 8] = [
        Self::Live(Progress::Initiated),
        Self::Live(Progress::Ringing),
        Self::Live(Progress::Answered),
        Self::Ended(Ending::Completed),
        Self::Ended(Ending::Busy),
        Self::Ended(Ending::NoAnswer),
        Self::Ended(Ending::Failed),
        Self::Ended(Ending::Canceled),
    ];

    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live(Progress::Initiated) => "initiated",
            Self::Live(Progress::Ringing) => "ringing",
            Self::Live(Progress::Answered) => "answered",
            Self::Ended(Ending::Completed) => "completed",
            Self::Ended(Ending::Busy) => "busy",
            Self::Ended(Ending::NoAnswer) => "no_answer",
            Self::Ended(Ending::Failed) => "failed",
            Self::Ended(Ending::Canceled) => "canceled",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// How far along the call is. It never goes down; the five ends are equally far.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Live(Progress::Initiated) => 0,
            Self::Live(Progress::Ringing) => 1,
            Self::Live(Progress::Answered) => 2,
            Self::Ended(_) => 3,
        }
    }
}

/// How a call ended, in the words of call records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Answered, Self::Busy, Self::NoAnswer, Self::Failed, Self::Canceled];

    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "ANSWERED",
            Self::Busy => "BUSY",
            Self::NoAnswer => "NO ANSWER",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }

    /// Reads what a platform record says, or our own word. Anything unknown is a failure, never an error: a record
    /// is kept whatever it says.
    #[must_use]
    pub fn from_platform(word: &str) -> Self {
        match letters(word).as_str() {
            "answer" | "answered" | "connected" => Self::Answered,
            "busy" => Self::Busy,
            "noanswer" => Self::NoAnswer,
            "cancel" | "canceled" | "cancelled" => Self::Canceled,
            _ => Self::Failed,
        }
    }

    /// The end of a call whose record says so.
    #[must_use]
    pub const fn ending(self) -> Ending {
        match self {
            Self::Answered => Ending::Completed,
            Self::Busy => Ending::Busy,
            Self::NoAnswer => Ending::NoAnswer,
            Self::Failed => Ending::Failed,
            Self::Canceled => Ending::Canceled,
        }
    }
}

/// What a status word of the platform says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlatformStatus {
    /// The call is live and has come so far.
    Live(Progress),
    /// The call is over.
    Ended(Ending),
    /// A word that is not known: it moves nothing, its times still count.
    Unknown,
}

impl PlatformStatus {
    /// Reads a status word; case, blanks and punctuation do not matter.
    ///
    /// The surprise is `answer`: the call was answered *and has ended*. The pick-up is `connected`.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match letters(word).as_str() {
            "new" | "processing" => Self::Live(Progress::Initiated),
            "ringing" => Self::Live(Progress::Ringing),
            "connected" => Self::Live(Progress::Answered),
            "answer" | "external" | "completed" => Self::Ended(Ending::Completed),
            "busy" => Self::Ended(Ending::Busy),
            "noanswer" => Self::Ended(Ending::NoAnswer),
            "cancel" | "canceled" | "cancelled" => Self::Ended(Ending::Canceled),
            "congestion" | "failed" | "error" | "nocredit" => Self::Ended(Ending::Failed),
            _ => Self::Unknown,
        }
    }
}

/// Which way a call went, as call records tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallDirection {
    /// From outside to us.
    Inbound,
    /// From us to outside.
    Outbound,
    /// Between extensions.
    Internal,
}

impl CallDirection {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Inbound, Self::Outbound, Self::Internal];

    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }

    /// Reads the direction of a session or record (or our own word); `None` when it is not known.
    #[must_use]
    pub fn from_platform(word: &str) -> Option<Self> {
        match letters(word).as_str() {
            "incoming" | "inbound" => Some(Self::Inbound),
            "outgoing" | "outbound" | "application" => Some(Self::Outbound),
            "internal" => Some(Self::Internal),
            _ => None,
        }
    }
}

/// The letters of a word in lower case. Longer than any word we know is cut: it matches nothing either way.
fn letters(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_lowercase()).take(16).collect()
}
