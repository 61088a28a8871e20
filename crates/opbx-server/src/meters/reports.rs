//! What is counted about reports of the platform.

use crate::webhook::Receiver;
use metrics::{Counter, counter, describe_counter};
use std::fmt;

const RECEIVERS: [&str; 4] = ["session_update", "call_record", "recording", "conference"];

/// The handles of the receivers.
pub(crate) struct ReportMeters {
    taken: [Counter; RECEIVERS.len()],
    repeated: [Counter; RECEIVERS.len()],
    refused: [Counter; RECEIVERS.len()],
}

impl ReportMeters {
    /// Made where a recorder is in place.
    pub(super) fn new() -> Self {
        Self {
            taken: RECEIVERS.map(|receiver| counter!("opbx_reports_taken_total", "receiver" => receiver)),
            repeated: RECEIVERS.map(|receiver| counter!("opbx_reports_repeated_total", "receiver" => receiver)),
            refused: RECEIVERS.map(|receiver| counter!("opbx_reports_not_kept_total", "receiver" => receiver)),
        }
    }

    /// So many reports of a request are kept.
    pub(crate) fn taken(&self, receiver: Receiver<'_>, reports: usize) {
        increment(&self.taken, receiver, reports as u64);
    }

    /// A request was the same as one before it.
    pub(crate) fn repeated(&self, receiver: Receiver<'_>) {
        increment(&self.repeated, receiver, 1);
    }

    /// A request could not be kept.
    pub(crate) fn refused(&self, receiver: Receiver<'_>) {
        increment(&self.refused, receiver, 1);
    }
}

fn increment(counters: &[Counter; RECEIVERS.len()], receiver: Receiver<'_>, by: u64) {
    let place = RECEIVERS.iter().position(|known| *known == receiver.word());
    if let Some(counter) = place.and_then(|place| counters.get(place)) {
        counter.increment(by);
    }
}

pub(super) fn describe() {
    describe_counter!("opbx_reports_taken_total", "Reports of the platform that are kept, by receiver.");
    describe_counter!("opbx_reports_repeated_total", "Requests with reports that got the answer given before.");
    describe_counter!(
        "opbx_reports_not_kept_total",
        "Requests with reports that could not be kept: journal or disk full."
    );
}

impl fmt::Debug for ReportMeters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportMeters").finish_non_exhaustive()
    }
}
