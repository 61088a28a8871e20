//! Entries of the audit log are let go when they are older than their organization keeps them.

use super::{Failure, author};
use jiff::{SignedDuration, Timestamp};
use opbx_store::{Reason, Store, Tenant};

/// The word of this kind of work.
pub(super) const AUDIT_RETENTION: &str = "audit_retention";
/// How many organizations are asked for at once.
const ORGANIZATIONS: u64 = 100;
/// How many entries are let go in one transaction: others wait for it.
const ENTRIES: u64 = 1_000;

pub(super) async fn perform(store: &Store, now: Timestamp) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = store.platform().outgrown_audit_logs(last, ORGANIZATIONS, now).await?;
        let Some((end, _)) = page.last() else { return Ok(()) };
        last = Some(*end);
        for (organization, days) in page {
            let before = now - SignedDuration::from_hours(24 * i64::from(days));
            let tenant = store.tenant(&Tenant::inside(organization, Reason::Job));
            loop {
                let mut edit = tenant.edit(author(AUDIT_RETENTION), now).await?;
                let gone = edit.trim_audit_log(before, ENTRIES).await?;
                edit.commit().await?;
                if gone < ENTRIES {
                    break;
                }
            }
        }
    }
}
