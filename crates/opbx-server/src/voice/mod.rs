//! The hot path: a request of the platform about a call in, a document for the call out.
//!
//! After a request is known to come from the platform it is answered 200 with a document, whatever fails: an error of
//! HTTP is silence on a phone. The state of this room holds no store, so that a call cannot wait for one; the
//! recorder that it holds takes or refuses at once.

pub(crate) mod apology;
mod decide;
mod document;
mod inbound;
mod links;
mod next;
mod reader;
mod recording_token;
mod replay;
mod token;
mod verify;

pub(crate) use self::inbound::inbound;
pub(crate) use self::next::next;
pub(crate) use self::replay::Deliveries;
pub(crate) use self::token::Tokens;

use crate::alerts::Alerts;
use crate::clock::Clock;
use crate::effects::Effects;
use crate::fabric::Fabric;
use crate::log_numbers::LogNumbers;
use crate::media::MediaTokens;
use crate::meters::Meters;
use crate::plans::Plans;
use crate::recorder::{Recorder, Steps};
use std::sync::Arc;

/// All that answering a call needs.
#[derive(Clone, Debug)]
pub(crate) struct VoiceState(pub(crate) Arc<VoiceParts>);

/// What is behind it.
#[derive(Debug)]
pub(crate) struct VoiceParts {
    pub(crate) plans: Arc<Plans>,
    pub(crate) fabric: Fabric,
    pub(crate) deliveries: Deliveries,
    pub(crate) tokens: Tokens,
    /// Signs the addresses of prompts, which outlive the call.
    pub(crate) media: MediaTokens,
    /// What stands before the paths in a document: the public address, or nothing.
    pub(crate) public_url: Box<str>,
    pub(crate) clock: Clock,
    /// Where what was answered goes; nothing here waits for it.
    pub(crate) recorder: Recorder,
    /// Where what was decided adds to the rows of calls; nothing here waits for it either.
    pub(crate) steps: Steps,
    /// What carries out what callers do by keys.
    pub(crate) effects: Effects,
    /// What hears of emergency calls; nothing here waits for it.
    pub(crate) alerts: Alerts,
    pub(crate) meters: Arc<Meters>,
    /// How much of a number the log may hold.
    pub(crate) log_numbers: LogNumbers,
}
