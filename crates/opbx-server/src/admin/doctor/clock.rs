//! The clock of the machine: openings, limits and signatures depend on it.

use super::Finding;
use crate::admin::Place;
use jiff::{SignedDuration, Timestamp};
use opbx_store::Store;
use std::time::UNIX_EPOCH;

const CHECK: &str = "clock";
/// How far the clock may be behind what was written, or beside that of the database.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(5);
/// The first second of 2026, the year in which this was written: no right clock shows less.
const WRITTEN: i64 = 1_767_225_600;
const REMEDY: &str = "Set the clock, and keep it right with NTP (chrony, systemd-timesyncd).";

/// Compares it with the year of this program, with the last write of the database, and with the database's own clock.
pub(super) async fn findings(place: &Place, store: Option<&Store>, now: Timestamp) -> Vec<Finding> {
    let mut findings = Vec::new();
    if now.as_second() < WRITTEN {
        findings.push(Finding::fault(CHECK, format!("It shows {now:.0}, which is long past."), REMEDY));
    }
    if let Some(written) = last_write(place)
        && written > now + TOLERANCE
    {
        let text = format!("It shows {now:.0}, and the database was written at {written:.0}: it was set back.");
        findings.push(Finding::warning(CHECK, text, REMEDY));
    }
    let theirs = match store {
        Some(store) => store.its_time().await.ok().flatten(),
        None => None,
    };
    if let Some(theirs) = theirs {
        let apart = theirs.duration_since(now).abs();
        if apart > TOLERANCE {
            let text = format!("It is {} seconds apart from the clock of the database.", apart.as_secs());
            findings.push(Finding::warning(CHECK, text, "Keep both clocks right with NTP."));
        }
    }
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, format!("It shows {now:.0}.")));
    }
    findings
}

/// When the database was last written, as its disk noted it.
fn last_write(place: &Place) -> Option<Timestamp> {
    let modified = std::fs::metadata(place.location().file()?).ok()?.modified().ok()?;
    let since = modified.duration_since(UNIX_EPOCH).ok()?;
    Timestamp::from_second(since.as_secs().cast_signed()).ok()
}
