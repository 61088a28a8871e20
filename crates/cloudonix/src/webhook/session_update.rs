//! A session has changed.
//!
//! Source: vendor pages make.com/webhooks/sessionUpdates and dataModels/session; traffic.

use jiff::Timestamp;

use super::delivery::{CallKey, DeliveryKey};
use super::domain::Domain;
use super::error::FieldFault;
use super::fields::Fields;
use super::payload::{Report, sealed};
use super::session::{Quality, SessionTimes, direction, known_status};
use super::time::time;
use super::value::{identifier, identifiers, seconds, text, whole};
use super::words::{Direction, SessionStatus};

/// One change of a session: at least ten for each call, in any order, some of them twice, some after the call's record.
///
/// What comes with a call that was started over the REST interface (`callback`, `routes`, `url`) and the customer's own `profile` are
/// not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionUpdate {
    /// Which call it is about.
    pub key: CallKey,
    /// The event's own identifier (observed, may be missing).
    pub event_id: Option<String>,
    /// The number of the session.
    pub id: Option<u64>,
    /// The token of the session; missing in older traffic.
    pub token: Option<String>,
    /// Which domain it is about.
    pub domain: Domain,
    /// The subscriber at either end.
    pub subscriber_id: Option<u64>,
    /// The subscriber who calls.
    pub outgoing_subscriber_id: Option<u64>,
    /// Who calls: a number in any spelling, or a subscriber's name; `None` when it is withheld.
    pub caller_id: Option<String>,
    /// What was dialled.
    pub destination: Option<String>,
    /// Which way the call goes.
    pub direction: Option<Direction>,
    /// Where the session is.
    pub status: SessionStatus,
    /// The status in the platform's own word.
    pub status_text: String,
    /// When the session was made.
    pub created_at: Option<Timestamp>,
    /// When this was so.
    pub modified_at: Option<Timestamp>,
    /// The times of the call so far.
    pub times: SessionTimes,
    /// The longest that the call may last, in seconds; `None` = no limit.
    pub time_limit: Option<u32>,
    /// The platform's server, by its address.
    pub vapp_server: Option<String>,
    /// What happened; there is no list of its words.
    pub action: Option<String>,
    /// Why, for people.
    pub reason: Option<String>,
    /// What went wrong last, for people.
    pub last_error: Option<String>,
    /// The SIP Call-IDs of the call's legs.
    pub call_ids: Vec<String>,
    /// How well it could be heard.
    pub quality: Option<Quality>,
    /// What was there and could not be used.
    pub passed_over: Vec<FieldFault>,
}

impl sealed::Report for SessionUpdate {
    fn read(mut fields: Fields<'_>) -> Result<Self, FieldFault> {
        let status_text = fields.required(&["status"], text)?;
        let token = fields.optional(&["token", "session"], identifier);
        let id = fields.optional(&["id"], whole);
        let call_ids = fields.optional(&["callIds", "callId"], identifiers).unwrap_or_default();
        let key = CallKey::of(token.as_ref(), call_ids.first(), id).ok_or_else(|| fields.lack("token"))?;
        let status = known_status(&mut fields, &status_text);
        Ok(Self {
            key,
            event_id: fields.optional(&["eventId"], identifier),
            id,
            token,
            domain: Domain::read(&mut fields),
            subscriber_id: fields.optional(&["subscriberId"], whole),
            outgoing_subscriber_id: fields.optional(&["outgoingSubscriberId"], whole),
            caller_id: fields.optional(&["callerId", "from"], text),
            destination: fields.optional(&["destination", "to"], text),
            direction: direction(&mut fields),
            status,
            status_text,
            created_at: fields.optional(&["createdAt"], time),
            modified_at: fields.optional(&["modifiedAt", "updatedAt", "timestamp"], time),
            times: SessionTimes::read(&mut fields),
            time_limit: fields.optional(&["timeLimit"], seconds),
            vapp_server: fields.optional(&["vappServer"], text),
            action: fields.optional(&["action"], text),
            reason: fields.optional(&["reason"], text),
            last_error: fields.optional(&["lastError"], text),
            call_ids,
            quality: Quality::read(&mut fields),
            passed_over: fields.passed_over(),
        })
    }
}

impl Report for SessionUpdate {
    fn delivery_key(&self, idempotency_key: Option<&str>, index: usize) -> Option<DeliveryKey> {
        let told = DeliveryKey::told(idempotency_key, self.event_id.as_deref(), index);
        Some(told.unwrap_or_else(|| {
            let at = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
            let SessionTimes { started_at, answered_at, ended_at } = self.times;
            // Without its own time, two updates of one status differ by what they add.
            let when = match self.modified_at {
                Some(modified) => modified.to_string(),
                None => [started_at, answered_at, ended_at].map(at).join("/"),
            };
            let status = match self.status {
                SessionStatus::Unknown => self.status_text.as_str(),
                known => known.as_str(),
            };
            DeliveryKey::made_of("session", &[&self.key.as_str(), status, &when], index)
        }))
    }

    fn passed_over(&self) -> &[FieldFault] {
        &self.passed_over
    }
}
