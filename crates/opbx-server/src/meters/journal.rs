//! What is told about the journal.

use super::Meters;
use crate::journal::JournalWatch;
use jiff::Timestamp;
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};

impl Meters {
    /// Takes over how the journal stands.
    pub(super) fn journal(&self, watch: &JournalWatch, now: Timestamp) {
        let depth = watch.journal.depth();
        let (refused, lost) = watch.journal.refused_and_lost();
        let waited = depth.oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0));
        with_local_recorder(&self.recorder, || {
            gauge!("opbx_journal_entries").set(depth.entries as f64);
            gauge!("opbx_journal_bytes").set(depth.bytes as f64);
            gauge!("opbx_journal_oldest_seconds").set(waited);
            counter!("opbx_journal_applied_total").absolute(watch.counts.applied());
            counter!("opbx_journal_put_aside_total").absolute(watch.counts.put_aside());
            counter!("opbx_journal_refused_total").absolute(refused);
            counter!("opbx_journal_lost_total").absolute(lost);
        });
    }
}

pub(super) fn describe() {
    describe_gauge!("opbx_journal_entries", "Entries that are acknowledged and not in the database yet.");
    describe_gauge!("opbx_journal_bytes", "Bytes of the journal's files.");
    describe_gauge!(
        "opbx_journal_oldest_seconds",
        "Seconds since the oldest entry that is being applied was received."
    );
    describe_counter!("opbx_journal_applied_total", "Entries brought into the database by this process.");
    describe_counter!("opbx_journal_put_aside_total", "Entries that the database refused, kept in files of their own.");
    describe_counter!("opbx_journal_refused_total", "Entries that were not taken: the journal or its disk is full.");
    describe_counter!(
        "opbx_journal_lost_total",
        "Entries that can no longer be read: the disk lost what it acknowledged."
    );
}
