use serde::Serialize;

/// How a `Dial` ended, as its `action` is told in `CallStatus` and `DialCallStatus`.
///
/// Source: vendor page Verb/dial (documented) for `CallStatus`; cxml-java `DialStatus.java` for `DialCallStatus` (from an SDK
/// only).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DialStatus {
    /// Someone answered, and the conversation is over.
    Completed,
    /// Another word for the same, which cxml-java knows.
    Answered,
    /// Whoever was called is busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// Whoever was called cannot be reached.
    Failed,
    /// The caller hung up first.
    Canceled,
}

impl DialStatus {
    /// The word of the platform.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Answered => "answered",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}
