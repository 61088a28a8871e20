//! Something is to be said about a recording.
//!
//! Source: attribute tables of CXML for the words. The payload was never seen: every name here is TwiML's or one that an earlier
//! product was prepared for.

use jiff::Timestamp;

use super::delivery::DeliveryKey;
use super::domain::Domain;
use super::error::{FieldFault, Problem};
use super::fields::Fields;
use super::payload::{Report, sealed};
use super::session::unknown;
use super::time::time;
use super::value::{identifier, seconds, text};
use super::web_address::WebAddress;
use super::words::letters;

/// What became of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordingOutcome {
    /// It has begun.
    InProgress,
    /// It is there.
    Completed {
        /// Where it can be fetched.
        url: WebAddress,
    },
    /// There was nothing to record.
    Absent,
    /// It could not be made.
    Failed,
}

impl RecordingOutcome {
    /// The word of the platform's attributes.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Completed { .. } => "completed",
            Self::Absent => "absent",
            Self::Failed => "failed",
        }
    }
}

/// One thing said about a recording.
///
/// Which recording it is, the address it is sent to should say: the payload may hold nothing that tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingEvent {
    /// What became of it. Without a word, or with one that is not known, an address means that it is there.
    pub outcome: RecordingOutcome,
    /// The event's own identifier (never seen, read if it comes).
    pub event_id: Option<String>,
    /// The recording's own identifier.
    pub id: Option<String>,
    /// The token of the session.
    pub session: Option<String>,
    /// Who called: a number in any spelling, or a subscriber's name; `None` when it does not say.
    pub from: Option<String>,
    /// The name that they show.
    pub caller_name: Option<String>,
    /// How long it is, in seconds.
    pub duration: Option<u32>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When this was so.
    pub timestamp: Option<Timestamp>,
    /// What went wrong, for people.
    pub error: Option<String>,
    /// Which domain it is about.
    pub domain: Domain,
    /// What was there and could not be used.
    pub passed_over: Vec<FieldFault>,
}

impl sealed::Report for RecordingEvent {
    fn read(mut fields: Fields<'_>) -> Result<Self, FieldFault> {
        Ok(Self {
            outcome: outcome(&mut fields)?,
            event_id: fields.optional(&["eventId"], identifier),
            id: fields.optional(&["RecordingSid", "RecordingId"], identifier),
            session: session_token(&mut fields),
            from: fields.optional(&["From", "callerId"], text),
            caller_name: fields.optional(&["CallerName"], text),
            duration: fields.optional(&["RecordingDuration", "duration"], seconds),
            started_at: fields.optional(&["RecordingStartTime"], time),
            timestamp: fields.optional(&["timestamp", "modifiedAt"], time),
            error: fields.optional(&["ErrorMessage", "lastError", "ErrorCode"], text),
            domain: Domain::read(&mut fields),
            passed_over: fields.passed_over(),
        })
    }
}

const STATUS: &str = "RecordingStatus";
const URL: [&str; 2] = ["RecordingUrl", "url"];

fn outcome(fields: &mut Fields<'_>) -> Result<RecordingOutcome, FieldFault> {
    let word = fields.optional(&[STATUS, "status"], text);
    match word.as_deref().map(letters).as_deref() {
        Some("inprogress") => Ok(RecordingOutcome::InProgress),
        Some("absent") => Ok(RecordingOutcome::Absent),
        Some("failed") => Ok(RecordingOutcome::Failed),
        Some("completed") => Ok(RecordingOutcome::Completed { url: fields.required(&URL, WebAddress::read)? }),
        _ => {
            let problem = match &word {
                Some(word) => unknown(word, "in-progress, completed, absent or failed"),
                None => Problem::Missing,
            };
            let fault = fields.fault(STATUS, problem);
            let url = fields.optional(&URL, WebAddress::read).ok_or_else(|| fault.clone())?;
            if word.is_some() {
                fields.pass_over(STATUS, fault.problem);
            }
            Ok(RecordingOutcome::Completed { url })
        }
    }
}

/// The session by any of the names that it has in requests: `Session` (a token, or an object with one), `CallSid`.
pub(super) fn session_token(fields: &mut Fields<'_>) -> Option<String> {
    // In a form the token within an object is `session.token`.
    let elsewhere = ["session.token", "CallSid", "token"];
    let Some(mut object) = fields.object_if_one("session") else {
        return fields.optional(&["Session"], identifier).or_else(|| fields.optional(&elsewhere, identifier));
    };
    let token = object.optional(&["token"], identifier);
    fields.close(object);
    token.or_else(|| fields.optional(&elsewhere, identifier))
}

impl Report for RecordingEvent {
    /// Of what is said, the session, the recording, its outcome and its address count. Where a payload may lack the first two,
    /// the key is one among those that came to the same address.
    fn delivery_key(&self, idempotency_key: Option<&str>, index: usize) -> Option<DeliveryKey> {
        let told = DeliveryKey::told(idempotency_key, self.event_id.as_deref(), index);
        let url = match &self.outcome {
            RecordingOutcome::Completed { url } => url.as_str(),
            _ => "",
        };
        let session = self.session.as_deref().unwrap_or_default();
        let id = self.id.as_deref().unwrap_or_default();
        let when = self.timestamp.map(|time| time.to_string()).unwrap_or_default();
        let made = || DeliveryKey::made_of("recording", &[session, id, self.outcome.as_str(), url, &when], index);
        Some(told.unwrap_or_else(made))
    }

    fn passed_over(&self) -> &[FieldFault] {
        &self.passed_over
    }
}
