//! `GET /settings/platform/webhook-key`, `POST /settings/platform/rotate-key`.

use super::super::ApiState;
use super::super::answer::{data, instant};
use crate::access::{Permit, PlatformSettings as PlatformSettingsRight, Read, Update};
use crate::problem::Problem;
use crate::random_text::random_text;
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use opbx_store::{Entry, PLATFORM_SETTINGS, PlatformSettings};
use serde_json::json;

/// How long a key still counts after it was replaced.
pub(super) const FORMER_COUNTS: SignedDuration = SignedDuration::from_mins(10);

/// `GET /settings/platform/webhook-key`.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<PlatformSettingsRight>>,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let settings = edit.platform_settings().await?.settings;
    let name = settings.domain.unwrap_or_default();
    edit.record(&Entry::of("secret_read", PLATFORM_SETTINGS, None, name)).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(data(&json!({ "webhook_key": settings.webhook_key.reveal() })))
}

/// `POST /settings/platform/rotate-key`.
pub(super) async fn rotate(
    State(api): State<ApiState>,
    permit: Permit<Update<PlatformSettingsRight>>,
) -> Result<Response, Problem> {
    let until = api.now() + FORMER_COUNTS;
    let webhook_key = random_text()?.parse().map_err(|_| Problem::Internal)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.platform_settings().await?;
    let after = PlatformSettings { webhook_key, ..before.settings.clone() };
    let after = edit.update_platform_settings(&before, after, until).await?;
    api.commit_place(&permit.caller, edit).await?;
    let key = after.settings.webhook_key.reveal();
    Ok(data(&json!({ "webhook_key": key, "previous_valid_until": instant(until) })))
}
