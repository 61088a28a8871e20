//! What a report says about a session, the platform's word for a call.

use jiff::Timestamp;
use serde_json::Value;

use super::error::Problem;
use super::fields::Fields;
use super::millionths::Millionths;
use super::time::time;
use super::value::{identifier, number, seconds, text, unexpected, whole};
use super::words::{Direction, SessionStatus};

/// When a call began, was answered, and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct SessionTimes {
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When the platform first answered the caller, which for a queue is when the music began; `None` = never. Not when a person
    /// was connected.
    pub answered_at: Option<Timestamp>,
    /// When it ended; `None` while it lives.
    pub ended_at: Option<Timestamp>,
}

const STARTED: [&str; 2] = ["callStartTime", "startTime"];
const ANSWERED: [&str; 2] = ["callAnswerTime", "answerTime"];
const ENDED: [&str; 2] = ["callEndTime", "endTime"];

impl SessionTimes {
    /// Reads `callStartTime` or `startTime`, and so on.
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        Self {
            started_at: fields.optional(&STARTED, time),
            answered_at: fields.optional(&ANSWERED, time),
            ended_at: fields.optional(&ENDED, time),
        }
    }

    /// `None` when there is none of the fields: then "not answered" would be a guess.
    fn read_if_there(fields: &mut Fields<'_>) -> Option<Self> {
        let is_there = [STARTED, ANSWERED, ENDED].iter().flatten().any(|name| fields.has(name));
        is_there.then(|| Self::read(fields))
    }
}

/// How well the sides heard each other, as the platform measured it. Units are assumed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Quality {
    /// Round trip time, in milliseconds (assumed).
    pub rtt: Option<Millionths>,
    /// Mean opinion score of what the platform received, 1 to 5.
    pub rx_mos: Option<Millionths>,
    /// Mean opinion score of what the platform sent, 1 to 5.
    pub tx_mos: Option<Millionths>,
    /// The synchronization source of the stream that was measured.
    pub ssrc: Option<String>,
}

impl Quality {
    /// Reads `profile.qos`.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        // A profile is the customer's: of any shape, and none of ours to complain about.
        let mut profile = fields.object_if_one("profile")?;
        let quality = profile.object("qos").map(|mut qos| {
            let quality = Self {
                rtt: qos.optional(&["rtt"], number),
                rx_mos: qos.optional(&["rx_mos"], number),
                tx_mos: qos.optional(&["tx_mos"], number),
                ssrc: qos.optional(&["ssrc"], text),
            };
            profile.close(qos);
            quality
        });
        fields.close(profile);
        quality
    }
}

/// The session in a call record.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Session {
    /// The number of the session.
    pub id: Option<u64>,
    /// The token of the session, which the REST interface and voice requests know it by.
    pub token: Option<String>,
    /// Which way the call went.
    pub direction: Option<Direction>,
    /// Where the session was when the record was written; `None` when it does not say.
    pub status: Option<SessionStatus>,
    /// Its times; `None` when the record says nothing at all about them.
    pub times: Option<SessionTimes>,
    /// The longest that the call might have lasted, in seconds; `None` = no limit.
    pub time_limit: Option<u32>,
    /// The platform's server, by its address.
    pub vapp_server: Option<String>,
    /// How well it could be heard.
    pub quality: Option<Quality>,
}

impl Session {
    /// Reads `session`: an object, its token alone, or nothing.
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let Some(mut object) = fields.object_if_one("session") else {
            let token = fields.optional(&["session"], identifier)?;
            return Some(Self { token: Some(token), ..Self::default() });
        };
        let session = Self {
            id: object.optional(&["id"], whole),
            token: object.optional(&["token"], identifier),
            direction: direction(&mut object),
            status: object.optional(&["status"], text).map(|word| known_status(&mut object, &word)),
            times: SessionTimes::read_if_there(&mut object),
            time_limit: object.optional(&["timeLimit"], seconds),
            vapp_server: object.optional(&["vappServer"], text),
            quality: Quality::read(&mut object),
        };
        fields.close(object);
        Some(session)
    }
}

/// Reads `direction`; a word that is not known is passed over.
pub(super) fn direction(fields: &mut Fields<'_>) -> Option<Direction> {
    let word = fields.optional(&["direction"], text)?;
    let direction = Direction::parse(&word);
    if direction.is_none() {
        fields.pass_over("direction", unknown(&word, "incoming, outgoing, internal or application"));
    }
    direction
}

/// The status behind a word; one that is not known is noted.
pub(super) fn known_status(fields: &mut Fields<'_>, word: &str) -> SessionStatus {
    let status = SessionStatus::parse(word);
    if status == SessionStatus::Unknown {
        fields.pass_over("status", unknown(word, "a status of a session"));
    }
    status
}

/// A word that is in no list.
pub(super) fn unknown(word: &str, expected: &'static str) -> Problem {
    unexpected(&Value::from(word), expected)
}
