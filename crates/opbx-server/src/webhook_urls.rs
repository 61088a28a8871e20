//! What the platform must be told: where it asks, and where it reports.

use opbx_store::WebhookKey;
use serde::Serialize;
use utoipa::ToSchema;

/// The addresses of an organization's webhooks. Without a public address, the paths behind it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct WebhookUrls {
    /// Asked what to do with a call.
    pub route: String,
    /// The same, by the name that the platform's interface has for it.
    pub call_initiated: String,
    /// Told that calls have changed.
    pub session_update: String,
    /// Told of the record of a call. The platform has been seen to send records without a key, so this address carries a
    /// secret of the organization: as good as a key, and as little to be shown.
    pub cdr: String,
}

impl WebhookUrls {
    /// The addresses behind a public one.
    pub fn behind(public_url: Option<&str>, cdr_secret: &WebhookKey) -> Self {
        let outside = public_url.unwrap_or_default();
        Self {
            route: format!("{outside}/api/voice/route"),
            call_initiated: format!("{outside}/api/webhooks/cloudonix/call-initiated"),
            session_update: format!("{outside}/api/webhooks/cloudonix/session-update"),
            cdr: format!("{outside}/api/webhooks/cloudonix/cdr/{}", cdr_secret.reveal()),
        }
    }
}
