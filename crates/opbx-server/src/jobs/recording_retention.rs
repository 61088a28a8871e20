//! Messages and recordings are let go when they are older than their organization keeps them.

use super::{Bell, Failure, author};
use jiff::{SignedDuration, Timestamp};
use opbx_store::{Reason, Store, Tenant};

/// The word of this kind of work.
pub(super) const RECORDING_RETENTION: &str = "recording_retention";
/// How many organizations are asked for at once.
const ORGANIZATIONS: u64 = 100;

pub(super) async fn perform(store: &Store, bell: &Bell, now: Timestamp) -> Result<(), Failure> {
    let platform = store.platform();
    let before = |days: u32| now - SignedDuration::from_hours(24 * i64::from(days));
    let mut last = None;
    loop {
        let page = platform.outgrown_messages(last, ORGANIZATIONS, now).await?;
        let Some((end, _)) = page.last() else { break };
        last = Some(*end);
        for (organization, days) in page {
            let tenant = store.tenant(&Tenant::inside(organization, Reason::Job));
            tenant.let_messages_go(before(days), author(RECORDING_RETENTION), now).await?;
        }
    }
    last = None;
    loop {
        let page = platform.outgrown_recordings(last, ORGANIZATIONS, now).await?;
        let Some((end, _)) = page.last() else { break };
        last = Some(*end);
        for (organization, days) in page {
            let tenant = store.tenant(&Tenant::inside(organization, Reason::Job));
            tenant.let_recordings_go(before(days), author(RECORDING_RETENTION), now).await?;
        }
    }
    bell.ring();
    Ok(())
}
