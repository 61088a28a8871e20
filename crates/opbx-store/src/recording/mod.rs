//! What is recorded: messages in voicemail boxes, greetings that owners speak, conversations.
//!
//! The platform records, keeps the sound at an address of its own, and tells of it more than once: with the step that follows,
//! by a callback, in any order, again and again. So each recording has an identity (the box and the call, the call and the
//! dial), which the database keeps once. Whoever tells of it first makes the row, and leaves the job that fetches the sound in
//! the same transaction; what comes later adds what was not known. A row stays whatever becomes of the fetching.

mod audio;
mod conversation;
mod greeting;
mod lock;
mod message;
mod once;
mod outgrown;
mod read;
mod settle;
mod work;

use jiff::Timestamp;
use opbx_core::decision::Recorded;
use opbx_core::id::{MessageId, VoicemailBoxId};

pub use self::audio::KeptAudio;
pub use self::settle::Kept;
pub use self::work::{FILE_REMOVAL, MESSAGE_LETTER, RECORDING_FETCH, Sought};
use crate::organization::Revision;

/// What is known of the call in which something happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallContext {
    /// The platform's token of the session.
    pub call_id: Box<str>,
    /// Who calls.
    pub from: Box<str>,
    /// The name that the caller shows.
    pub caller_name: Option<Box<str>>,
    /// When the platform asked.
    pub at: Timestamp,
}

/// What came of an effect, or of what was said of a recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Performed {
    /// Whether its key was not seen before.
    pub is_first: bool,
    /// The plan's new revision, where routing is changed.
    pub revision: Option<Revision>,
    /// The message that there is since now.
    pub message: Option<MessageId>,
}

/// Something that the platform says of a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordingReport {
    /// What was recorded.
    pub what: Recorded,
    /// Of a conversation: what tells its dial from the others of the call, if anything does.
    pub dial: Option<Box<str>>,
    /// In which call.
    pub call: CallContext,
    /// What became of it.
    pub outcome: RecordingOutcome,
}

/// What became of a recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RecordingOutcome {
    /// It has begun.
    InProgress,
    /// It is there.
    Completed {
        /// Where the platform keeps it.
        url: Box<str>,
        /// Its length in seconds, if the platform said so.
        seconds: Option<u32>,
    },
    /// There was nothing to record.
    Absent,
    /// It could not be made.
    Failed,
}

/// A message in a voicemail box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptMessage {
    /// Its identifier.
    pub id: MessageId,
    /// In which box it is.
    pub voicemail_box: VoicemailBoxId,
    /// The platform's token of the call in which it was left.
    pub call_id: String,
    /// Who left it.
    pub from_number: String,
    /// The name that they showed.
    pub caller_name: Option<String>,
    /// When it was left.
    pub received_at: Timestamp,
    /// When it was first heard, or said to be.
    pub heard_at: Option<Timestamp>,
    /// Whether its owner wants to keep it.
    pub saved: bool,
    /// How long it is in seconds, as the platform says.
    pub seconds: Option<u32>,
    /// Where the platform keeps it.
    pub url: Option<String>,
    /// What we hold of it.
    pub audio: KeptAudio,
}

/// A recording of a conversation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptRecording {
    /// Its identifier.
    pub id: u64,
    /// The platform's token of the call.
    pub call_id: String,
    /// What tells its dial from the others of the call.
    pub dial: Option<String>,
    /// When it was first heard of.
    pub received_at: Timestamp,
    /// How long it is in seconds, as the platform says.
    pub seconds: Option<u32>,
    /// Where the platform keeps it.
    pub url: Option<String>,
    /// What we hold of it.
    pub audio: KeptAudio,
}
