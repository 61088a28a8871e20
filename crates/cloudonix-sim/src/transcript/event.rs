use std::collections::BTreeMap;

use serde::Serialize;

use super::{End, Why};
use crate::call::Direction;
use crate::clock::Span;
use crate::dial_status::DialStatus;

/// Something that happens in a call. Where nobody is named it is the caller who hears, presses, speaks and waits.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields say what they are, and each variant what happens")]
pub enum Event {
    /// The call begins.
    Calls { from: String, to: String, direction: Direction, caller_name: Option<String> },
    /// The platform asks the application. The address is without its origin where that is the application's.
    Asks { why: Why, method: String, address: String, parameters: BTreeMap<String, String> },
    /// A document came: its verbs, in order.
    Receives { status: u16, verbs: Vec<String> },
    /// An answer that is discarded has a status that is not 2xx.
    Disregards { status: u16 },
    /// A request brought nothing that the platform can use.
    RequestFails { reason: String },
    /// The platform answers the call, and time is billed from now on.
    IsAnswered,

    /// Speech. `early` is before the call is answered (SIP 183); `loops` is how often, 0 for ever.
    Hears { text: String, early: bool, loops: u32 },
    /// Audio.
    HearsAudio { url: String, early: bool, loops: u32 },
    /// Tones.
    HearsTones { digits: String, early: bool, loops: u32 },
    /// The beep before a recording.
    HearsBeep,
    /// Silence that a document asked for.
    Waits { length: Span },

    /// Keys.
    Presses { keys: String },
    /// Keys that nobody listens to.
    PressesInVain { keys: String },
    /// Words.
    Says { text: String },
    /// Words that nobody listens to.
    SaysInVain { text: String },
    /// Speech without words that matter.
    Speaks { length: Span },
    /// Nothing, until whoever waited has waited long enough.
    StaysSilent { length: Span },
    /// The caller ends the call.
    HangsUp,

    /// The recording of a `Record` is over.
    IsRecorded { length: Span, url: String },
    /// A `Record` recorded nothing.
    NothingRecorded,

    /// A `Dial` begins. What the document does not say about the caller is absent.
    Rings {
        whom: Vec<String>,
        timeout: Span,
        caller_id: Option<String>,
        caller_name: Option<String>,
        trunk: Option<String>,
        headers: BTreeMap<String, String>,
    },
    /// Someone who is called is busy.
    CalleeBusy { whom: String },
    /// Someone who is called declines.
    CalleeDeclines { whom: String },
    /// Someone who is called cannot be reached.
    CalleeUnreachable { whom: String },
    /// Someone answers, and the others stop ringing.
    CalleeAnswers { whom: String },
    /// The ringing time is over.
    NobodyAnswers { length: Span },
    /// Whoever was called hangs up.
    CalleeHangsUp { whom: String },
    /// The conversation has lasted as long as it may.
    TimeLimit { whom: String, limit: Span },
    /// A key of the caller ends the conversation and not the call.
    KeyEndsDial { key: String },
    /// A `Dial` is over.
    DialEnds { status: DialStatus },
    /// The recording of a `Dial` or of a conference is over.
    CallRecorded { length: Span, url: String },

    /// The caller comes into a conference room.
    JoinsConference { room: String, muted: bool },
    /// The conference begins.
    ConferenceStarts { room: String },
    /// The conference has not begun.
    WaitsInConference { room: String, music: bool },
    /// The caller leaves a conference room.
    LeavesConference { room: String },
    /// The conference is over for everyone.
    ConferenceEnds { room: String },
    /// There is no place in the room.
    ConferenceFull { room: String },

    /// A media stream is connected, and the document waits for it.
    StreamConnects { url: String },
    /// A media stream begins beside the call.
    StreamStarts { url: String, name: Option<String> },
    /// A media stream is over.
    StreamEnds { name: Option<String> },
    /// A `Stop` names no stream that there is.
    NoSuchStream { name: String },
    /// The caller listens to another session.
    Coaches { session: String, policy: String },
    /// And no longer.
    CoachingEnds,
    /// The caller talks to a voice agent.
    Converses { model: Option<String> },
    /// And no longer.
    ConversationEnds,

    /// `Hangup`.
    ApplicationHangsUp,
    /// `Reject`.
    ApplicationRejects { reason: String },
    /// The last verb is done, and none of them went on elsewhere.
    DocumentEnds,
    /// The call is over.
    Ends(End),
}
