use serde::Serialize;

use crate::clock::Span;

/// The last status of a session, as its updates would have it.
///
/// Source: webhook reference §3 (seen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    /// Answered, and over. The platform's word means just that, and not that someone picked up.
    Answer,
    /// Busy.
    Busy,
    /// Nobody answered.
    NoAnswer,
    /// The caller gave up.
    Cancel,
    /// The network is busy.
    Congestion,
    /// It could not be completed.
    Failed,
    /// The application failed.
    Error,
}

/// What the CDR would say.
///
/// Source: webhook reference §4; the vendor's page names the words, the mapping from the status is not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "each is a word of the CDR, and that is all there is to say")]
pub enum Disposition {
    Answer,
    Busy,
    Cancel,
    Failed,
    Congestion,
    NoAnswer,
}

impl SessionStatus {
    /// The disposition that follows from the status.
    pub const fn disposition(self) -> Disposition {
        match self {
            Self::Answer => Disposition::Answer,
            Self::Busy => Disposition::Busy,
            Self::NoAnswer => Disposition::NoAnswer,
            Self::Cancel => Disposition::Cancel,
            Self::Congestion => Disposition::Congestion,
            Self::Failed | Self::Error => Disposition::Failed,
        }
    }

    /// The status in words of a phone call.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Answer => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no answer",
            Self::Cancel => "canceled",
            Self::Congestion => "congestion",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}

impl Disposition {
    /// The word of the CDR.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "ANSWER",
            Self::Busy => "BUSY",
            Self::Cancel => "CANCEL",
            Self::Failed => "FAILED",
            Self::Congestion => "CONGESTION",
            Self::NoAnswer => "NOANSWER",
        }
    }
}

/// How a call came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// The last status of the session.
    pub status: SessionStatus,
    /// The SIP code the caller's side got: 200 for a call that was answered.
    pub sip: u16,
    /// What the CDR would say.
    pub disposition: Disposition,
    /// How long it lasted in all.
    pub duration: Span,
    /// How long it was answered, in seconds, a begun one counted.
    pub billed: u64,
    /// Whether it was answered.
    pub answered: bool,
    /// What went wrong, when something did.
    pub last_error: Option<String>,
}
