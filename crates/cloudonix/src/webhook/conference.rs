//! Something happened in a conference.
//!
//! Source: vendor page Verb/dial/conference for what can be asked for; of the payload, `StatusCallbackEvent` and `Session` were
//! seen, and of the events `participant-join`. The rest is TwiML's.

use jiff::Timestamp;

use super::delivery::DeliveryKey;
use super::domain::Domain;
use super::error::FieldFault;
use super::fields::Fields;
use super::payload::{Report, sealed};
use super::recording::session_token;
use super::session::unknown;
use super::time::time;
use super::value::{identifier, text, whole};
use super::words::letters;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConferenceEventKind {
    /// The conference has begun.
    Start,
    /// The conference is over.
    End,
    /// A participant came.
    Join,
    /// A participant left.
    Leave,
    /// A participant cannot be heard any more.
    Mute,
    /// A participant can be heard again.
    Unmute,
    /// A participant is held.
    Hold,
    /// A participant is back.
    Unhold,
    /// A participant pressed keys.
    Dtmf,
    /// Somebody began or ceased to speak.
    Speaker,
    /// A word that is not known.
    Unknown,
}

impl ConferenceEventKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Start,
        Self::End,
        Self::Join,
        Self::Leave,
        Self::Mute,
        Self::Unmute,
        Self::Hold,
        Self::Unhold,
        Self::Dtmf,
        Self::Speaker,
        Self::Unknown,
    ];

    /// The word by which it is asked for.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::Mute => "mute",
            Self::Unmute => "unmute",
            Self::Hold => "hold",
            Self::Unhold => "unhold",
            Self::Dtmf => "dtmf",
            Self::Speaker => "speaker",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a word, with or without `conference-` or `participant-` before it. Only its letters count, in either case.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        let letters = letters(word);
        let bare = letters.strip_prefix("conference").or_else(|| letters.strip_prefix("participant"));
        match bare.unwrap_or(&letters) {
            "speechstart" | "speechstop" => Self::Speaker,
            word => Self::ALL.into_iter().find(|kind| kind.as_str() == word).unwrap_or(Self::Unknown),
        }
    }

    /// Whether it is about one participant, so that it says nothing without naming who.
    #[must_use]
    pub const fn is_about_one(self) -> bool {
        !matches!(self, Self::Start | Self::End | Self::Speaker | Self::Unknown)
    }
}

/// One thing that happened in a conference.
///
/// Which conference it is, the address it is sent to should say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConferenceEvent {
    /// What happened.
    pub kind: ConferenceEventKind,
    /// What happened in the platform's own word.
    pub event_text: String,
    /// The event's own identifier (never seen, read if it comes).
    pub event_id: Option<String>,
    /// The token of the participant's session. There is always one when the event is about a participant.
    pub session: Option<String>,
    /// The name of the conference.
    pub name: Option<String>,
    /// The keys that were pressed.
    pub digits: Option<String>,
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// Its place among the events of the conference.
    pub sequence_number: Option<u64>,
    /// Which domain it is about.
    pub domain: Domain,
    /// What was there and could not be used.
    pub passed_over: Vec<FieldFault>,
}

impl sealed::Report for ConferenceEvent {
    fn read(mut fields: Fields<'_>) -> Result<Self, FieldFault> {
        let event_text = fields.required(&["StatusCallbackEvent", "event"], text)?;
        let kind = ConferenceEventKind::parse(&event_text);
        let session = session_token(&mut fields);
        if session.is_none() && kind.is_about_one() {
            return Err(fields.lack("Session"));
        }
        if kind == ConferenceEventKind::Unknown {
            fields.pass_over("StatusCallbackEvent", unknown(&event_text, "an event of a conference"));
        }
        Ok(Self {
            kind,
            event_text,
            event_id: fields.optional(&["eventId"], identifier),
            session,
            name: fields.optional(&["FriendlyName", "ConferenceName", "conference"], text),
            digits: fields.optional(&["Digits"], text),
            timestamp: fields.optional(&["timestamp"], time),
            sequence_number: fields.optional(&["SequenceNumber"], whole),
            domain: Domain::read(&mut fields),
            passed_over: fields.passed_over(),
        })
    }
}

impl Report for ConferenceEvent {
    /// `None` when nothing says which of several equal events it is: who leaves and comes back joins twice.
    fn delivery_key(&self, idempotency_key: Option<&str>, index: usize) -> Option<DeliveryKey> {
        DeliveryKey::told(idempotency_key, self.event_id.as_deref(), index).or_else(|| {
            let when = self.timestamp.map(|time| time.to_string()).unwrap_or_default();
            let place = self.sequence_number.map(|number| number.to_string()).unwrap_or_default();
            let session = self.session.as_deref().unwrap_or_default();
            let name = self.name.as_deref().unwrap_or_default();
            let facts = [session, name, self.event_text.as_str(), when.as_str(), place.as_str()];
            let is_one = !when.is_empty() || !place.is_empty();
            is_one.then(|| DeliveryKey::made_of("conference", &facts, index))
        })
    }

    fn passed_over(&self) -> &[FieldFault] {
        &self.passed_over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for kind in ConferenceEventKind::ALL {
            assert_eq!(ConferenceEventKind::parse(kind.as_str()), kind);
            assert_eq!(ConferenceEventKind::parse(&format!("participant-{}", kind.as_str())), kind);
            assert_eq!(ConferenceEventKind::parse(&format!("Conference_{}", kind.as_str())), kind);
        }
        assert_eq!(ConferenceEventKind::parse("participant-speech-start"), ConferenceEventKind::Speaker);
        assert_eq!(ConferenceEventKind::parse("participant"), ConferenceEventKind::Unknown);
        assert_eq!(ConferenceEventKind::parse(""), ConferenceEventKind::Unknown);
    }
}
