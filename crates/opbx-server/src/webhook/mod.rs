//! What the platform reports and what needs no answer but "taken".
//!
//! A receiver finds out whose the report is, reads it, and appends it to the journal; then it answers. What a report means
//! for a call is worked out when it is applied. Nothing here waits for the database, and nothing here decides about calls.
//!
//! # Architecture invariants
//!
//! * A 2xx means that the report is on the disk. There is no other way to one.
//! * Whose a report is follows from what it presents (a key, a secret address, a signed token), never from what it says.
//! * Reports that say nothing usable are refused as a whole: nothing of them is kept.

mod apply;
mod facts;
mod keys;
mod receive;
mod request;
mod verify;

pub(crate) use self::apply::Application;
pub(crate) use self::keys::{Receiver, ReportKeys};
pub(crate) use self::receive::{call_records, call_records_by_secret, conference, recording, session_updates};

use crate::journal::Journal;
use crate::live::LiveCalls;
use crate::voice::VoiceState;
use std::sync::Arc;

/// All that taking reports needs.
#[derive(Clone, Debug)]
pub(crate) struct WebhookState(pub(crate) Arc<WebhookParts>);

/// What is behind it.
#[derive(Debug)]
pub(crate) struct WebhookParts {
    /// What calls share with what is reported of them.
    pub(crate) voice: VoiceState,
    /// Where reports go; none: a plan file is served, and nothing is kept.
    pub(crate) journal: Option<Journal>,
    pub(crate) keys: ReportKeys,
    /// Whoever listens hears of what is acknowledged.
    pub(crate) calls: LiveCalls,
}
