//! The work that recordings leave: sound to be fetched, files to be removed.

use jiff::Timestamp;
use opbx_core::id::{MessageId, VoicemailBoxId};
use serde_json::{Value, json};

use crate::edit::Edit;
use crate::error::Error;
use crate::job::{NewJob, Priority};

/// The word of the work of fetching the sound of a recording.
pub const RECORDING_FETCH: &str = "recording_fetch";
/// The word of the work of removing files that nothing refers to any more.
pub const FILE_REMOVAL: &str = "file_removal";
/// The word of the work of telling the owner of a box of a message by mail.
pub const MESSAGE_LETTER: &str = "message_letter";

/// With the pauses between them, these take some three hours.
const FETCHES: u32 = 12;
/// With the pauses between them, these take about half an hour.
const LETTERS: u32 = 8;
/// A file that stays is found by the sweep of files.
const REMOVALS: u32 = 5;
/// How many files one job removes.
const FILES: usize = 100;

/// Whose sound is to be fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sought {
    /// That of a message.
    Message(MessageId),
    /// That of a recording of a conversation.
    Recording(u64),
    /// A greeting.
    Greeting {
        /// Of which box.
        voicemail_box: VoicemailBoxId,
        /// When it was spoken: a later one takes its place.
        spoken_at: Timestamp,
    },
}

impl Sought {
    /// What the job of fetching it needs to know.
    fn payload(self) -> Value {
        match self {
            Self::Message(id) => json!({ "message_id": id.get() }),
            Self::Recording(id) => json!({ "recording_id": id }),
            Self::Greeting { voicemail_box, spoken_at } => {
                json!({ "greeting_of": voicemail_box.get(), "spoken_at": spoken_at.as_millisecond() })
            }
        }
    }

    /// What a job's payload says.
    #[must_use]
    pub fn of_payload(payload: &Value) -> Option<Self> {
        let number = |name: &str| payload.get(name).and_then(Value::as_u64);
        if let Some(id) = number("message_id") {
            return Some(Self::Message(MessageId::new(id)));
        }
        if let Some(id) = number("recording_id") {
            return Some(Self::Recording(id));
        }
        let spoken_at = payload.get("spoken_at").and_then(Value::as_i64)?;
        let spoken_at = Timestamp::from_millisecond(spoken_at).ok()?;
        Some(Self::Greeting { voicemail_box: VoicemailBoxId::new(number("greeting_of")?), spoken_at })
    }
}

impl Edit {
    /// Leaves the job of fetching a recording's sound.
    pub(super) async fn seek(&mut self, sought: Sought) -> Result<(), Error> {
        // A greeting is waited for by someone who calls to hear it.
        let priority = if matches!(sought, Sought::Recording(_)) { Priority::Usual } else { Priority::Urgent };
        let job = NewJob { priority, ..NewJob::new(RECORDING_FETCH, sought.payload(), self.now, FETCHES) };
        self.enqueue(&job).await.map(drop)
    }

    /// Leaves the job of telling the owner of a box of a message, once for each message.
    pub(super) async fn leave_letter(&mut self, message: MessageId) -> Result<(), Error> {
        let job = NewJob::new(MESSAGE_LETTER, json!({ "message_id": message.get() }), self.now, LETTERS);
        // Identifiers of messages are those of the installation.
        let unique_key = Some(format!("{MESSAGE_LETTER}:{message}"));
        self.enqueue(&NewJob { unique_key, ..job }).await.map(drop)
    }

    /// Leaves the job of removing files: it can only be done when the rows are gone, and must be done then.
    pub(super) async fn leave_files(&mut self, keys: &[String]) -> Result<(), Error> {
        for keys in keys.chunks(FILES) {
            let job = NewJob::new(FILE_REMOVAL, json!({ "keys": keys }), self.now, REMOVALS);
            self.enqueue(&NewJob { priority: Priority::Idle, ..job }).await?;
        }
        Ok(())
    }
}
