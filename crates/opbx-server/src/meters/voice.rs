//! What is counted about voice requests.

use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};
use std::fmt;
use std::time::Duration;

/// How long answers took.
pub(super) const DURATION: &str = "opbx_voice_request_duration_seconds";
/// The bounds of its buckets, in seconds: a decision takes some ten microseconds, and two seconds are the deadline.
pub(super) const BOUNDS: [f64; 14] =
    [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 2.0];

/// What answers come to, as routing says it; every notice besides the apology is the last one.
const OUTCOMES: [&str; 18] = [
    "ring_extension",
    "ring_group",
    "menu",
    "conference",
    "voicemail",
    "voicemail_owner",
    "assistant",
    "forward",
    "outbound",
    "emergency",
    "announcement",
    "feature",
    "hangup",
    "busy",
    "rejected",
    "apology",
    "step_expired",
    "notice",
];

/// Why a request got no document.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// It is not the platform's, or of nobody known.
    Unauthenticated,
    /// Whose it is cannot be asked.
    StoreAway,
}

/// Why a caller heard an apology.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ApologyFor {
    /// The request could not be read.
    Unreadable,
    /// It took too long.
    Late,
    /// Its plan could not be loaded.
    NoPlan,
    /// A defect of ours.
    Panic,
}

/// The handles of the voice room.
pub(crate) struct VoiceMeters {
    answered: [Counter; OUTCOMES.len()],
    duration: Histogram,
    repeated: Counter,
    twins: Counter,
    apologies: [Counter; 4],
    refused: [Counter; 2],
}

impl VoiceMeters {
    /// Made where a recorder is in place.
    pub(super) fn new() -> Self {
        Self {
            answered: OUTCOMES.map(|outcome| counter!("opbx_voice_requests_total", "outcome" => outcome)),
            duration: histogram!(DURATION),
            repeated: counter!("opbx_voice_repeated_total"),
            twins: counter!("opbx_voice_twins_total"),
            apologies: ["unreadable", "late", "no_plan", "panic"]
                .map(|reason| counter!("opbx_voice_apologies_total", "reason" => reason)),
            refused: ["unauthenticated", "store_away"]
                .map(|reason| counter!("opbx_voice_refused_total", "reason" => reason)),
        }
    }

    /// A request was answered with a document.
    pub(crate) fn answered(&self, outcome: &str, took: Duration) {
        let place = OUTCOMES.iter().position(|known| *known == outcome).unwrap_or(OUTCOMES.len() - 1);
        if let Some(counter) = self.answered.get(place) {
            counter.increment(1);
        }
        self.duration.record(took.as_secs_f64());
    }

    /// A request was the same as one before it.
    pub(crate) fn repeated(&self) {
        self.repeated.increment(1);
    }

    /// A request waited for one like it that was being decided.
    pub(crate) fn twin(&self) {
        self.twins.increment(1);
    }

    /// A caller heard an apology.
    pub(crate) fn apologized(&self, reason: ApologyFor) {
        if let Some(counter) = self.apologies.get(reason as usize) {
            counter.increment(1);
        }
    }

    /// A request got no document.
    pub(crate) fn refused(&self, reason: Refusal) {
        if let Some(counter) = self.refused.get(reason as usize) {
            counter.increment(1);
        }
    }
}

pub(super) fn describe() {
    describe_counter!("opbx_voice_requests_total", "Voice requests answered with a document, by what it does.");
    describe_histogram!(DURATION, "Seconds from the headers of a voice request to its document.");
    describe_counter!("opbx_voice_repeated_total", "Voice requests that got the answer given before.");
    describe_counter!("opbx_voice_twins_total", "Voice requests that waited for the same one being decided.");
    describe_counter!("opbx_voice_apologies_total", "Voice requests answered with an apology, by reason.");
    describe_counter!("opbx_voice_refused_total", "Voice requests that got no document, by reason.");
}

impl fmt::Debug for VoiceMeters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceMeters").finish_non_exhaustive()
    }
}
