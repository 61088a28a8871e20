//! Telling people that their configuration is another one, whoever changed it: through this server or another one, by a
//! command, or by keys.

use super::{Channel, Live, Payload};
use opbx_core::id::OrganizationId;
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Tells of each revision, until there can be no more.
pub(crate) async fn tell_revisions(live: Live, mut revisions: Receiver<(OrganizationId, u64)>) {
    loop {
        match revisions.recv().await {
            Ok((organization, revision)) => {
                let payload = Payload::plain(json!({ "revision": revision }));
                live.publish(Channel::Organization(organization), "config.changed", &payload);
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "so many changes at once are not told to those who listen");
            }
            Err(RecvError::Closed) => return,
        }
    }
}
