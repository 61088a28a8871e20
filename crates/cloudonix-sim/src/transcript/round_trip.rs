use serde::Serialize;
use serde_json::{Map, Value};

use crate::clock::Moment;

/// A request of the platform, and what came back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoundTrip {
    /// When it was sent.
    pub at: Moment,
    /// Why.
    pub why: Why,
    /// `GET` or `POST`.
    pub method: String,
    /// The address as it was asked, parameters of a `GET` included.
    pub url: String,
    /// The parameters: the body of a `POST`.
    pub parameters: Map<String, Value>,
    /// What came back, unless nothing did.
    pub answer: Option<Answer>,
    /// What went wrong, when something did.
    pub fault: Option<String>,
}

/// An answer over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The content type, when there is one.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

/// Why the platform asks.
///
/// Source: CXML reference §5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// A call began.
    Start,
    /// A `Redirect`.
    Redirect,
    /// The `action` of a `Dial`.
    DialAction,
    /// The `action` of a `Gather`.
    GatherAction,
    /// The `action` of a `Record`.
    RecordAction,
    /// The `action` of a `Connect`.
    ConnectAction,
    /// An `action` after the caller hung up: its answer is not used.
    LateAction,
    /// A `Say` or `Play` is over.
    PlaybackStatus,
    /// Something about a recording.
    RecordingStatus,
    /// Something happened in a conference.
    ConferenceStatus,
    /// A stream started or stopped.
    StreamStatus,
    /// Something happened in a conversation with an agent.
    ConverseStatus,
}

impl Why {
    /// Whether the answer is the next document. Other answers are discarded.
    pub const fn wants_document(self) -> bool {
        matches!(
            self,
            Self::Start
                | Self::Redirect
                | Self::DialAction
                | Self::GatherAction
                | Self::RecordAction
                | Self::ConnectAction
        )
    }

    /// What a request that wants no document tells.
    pub(crate) const fn tells(self) -> &'static str {
        match self {
            Self::LateAction => "how it ended, after the call",
            Self::PlaybackStatus => "playback is over",
            Self::RecordingStatus => "about the recording",
            Self::ConferenceStatus => "about the conference",
            Self::StreamStatus => "about the stream",
            Self::ConverseStatus => "about the conversation",
            Self::Start
            | Self::Redirect
            | Self::DialAction
            | Self::GatherAction
            | Self::RecordAction
            | Self::ConnectAction => "",
        }
    }
}
