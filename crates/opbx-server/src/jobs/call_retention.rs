//! What is known of calls is let go when it is older than its organization keeps it: calls themselves, why they were decided
//! as they were, what the platform said of them word by word.
//!
//! What is kept in files (recordings, messages) has ends and jobs of its own, since a file goes when its row has gone.

use super::Failure;
use jiff::Timestamp;
use opbx_store::{Outgrown, Reason, Store, Tenant};

/// The word of this kind of work.
pub(super) const CALL_RETENTION: &str = "call_retention";
/// How many organizations are asked for at once.
const ORGANIZATIONS: u64 = 100;

pub(super) async fn perform(store: &Store, now: Timestamp) -> Result<(), Failure> {
    let mut last = None;
    loop {
        let page = store.platform().outgrown(last, ORGANIZATIONS, now).await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some(end.organization);
        for outgrown in page {
            let_go(store, outgrown).await?;
        }
    }
}

async fn let_go(store: &Store, outgrown: Outgrown) -> Result<(), Failure> {
    let tenant = store.tenant(&Tenant::inside(outgrown.organization, Reason::Job));
    let (mut calls, mut payloads, mut traces) = (0, 0, 0);
    // Calls go with their payloads, and so those are not looked at twice.
    if let Some(before) = outgrown.records {
        calls = tenant.let_calls_go(before).await?;
    }
    if let Some(before) = outgrown.payloads {
        payloads = tenant.let_payloads_go(before).await?;
    }
    if let Some(before) = outgrown.traces {
        traces = tenant.let_traces_go(before).await?;
    }
    tracing::info!(organization = %outgrown.organization, calls, payloads, traces, "let go of what is kept no longer");
    Ok(())
}
