//! `GET`, `PUT` and `PATCH /organization/limits`.

use super::super::ApiState;
use super::super::answer::{Precondition, data};
use super::super::body::JsonObject;
use super::super::extensions::{CapsView, limits as read_caps};
use super::super::form::{Fields, Reading, Rules, merged};
use super::super::users::object;
use super::settings::{portrait, version};
use crate::access::{Limits, Means, Permit, Read, Update};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_store::{Allowance, OrganizationSettings};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// How much an organization may; null: as much as it likes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganizationLimits)]
pub(super) struct LimitsView {
    /// Outbound calls, all together.
    outbound: CapsView,
    /// Outbound calls of each extension that sets none of its own.
    per_extension: CapsView,
    /// Extensions; set by the installation.
    extensions: Option<u32>,
    /// Audio, in megabytes; set by the installation.
    storage_mb: Option<u32>,
    /// Requests of the API in a minute; set by the installation.
    api_per_minute: Option<u32>,
}

/// What only the installation sets.
const OF_THE_INSTALLATION: [&str; 3] = ["extensions", "storage_mb", "api_per_minute"];

pub(super) fn rules() -> Rules {
    Rules {
        required: &[],
        immutable: &[],
        read_only: &[],
        write_only: &[],
        defaults: object(json!({
            "outbound": { "concurrent": 10, "per_minute": 30, "per_day": 500, "cost_per_day": null },
            "per_extension": { "concurrent": 2, "per_minute": 10, "per_day": 200, "cost_per_day": null },
            "extensions": null, "storage_mb": null, "api_per_minute": null,
        })),
    }
}

pub(super) fn shown(settings: &OrganizationSettings) -> Map<String, Value> {
    serde_json::to_value(view(settings)).map(object).unwrap_or_default()
}

fn view(settings: &OrganizationSettings) -> LimitsView {
    let OrganizationSettings { organization, allowance, .. } = settings;
    LimitsView {
        outbound: CapsView::of(&organization.outbound_caps),
        per_extension: CapsView::of(&organization.per_extension_caps),
        extensions: allowance.extensions,
        storage_mb: allowance.storage_mb,
        api_per_minute: allowance.api_per_minute,
    }
}

/// `GET /organization/limits`.
pub(super) async fn show(State(api): State<ApiState>, permit: Permit<Read<Limits>>) -> Result<Response, Problem> {
    let stored = api.tenant(&permit.caller).settings().await?;
    Ok(version(&stored).on(data(&view(&stored.object))))
}

/// `PUT` and `PATCH /organization/limits`.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<Limits>>,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.settings().await?;
    let now = shown(&before.object);
    let is_installation = matches!(permit.caller.means, Means::Installation { .. });
    let differs = |name: &&str| body.get(*name).is_some_and(|value| now.get(*name) != Some(value));
    if !is_installation && OF_THE_INSTALLATION.iter().any(differs) {
        return Err(Problem::Forbidden);
    }
    precondition.holds(&version(&before))?;
    let whole = merged(&rules(), Some(&now), &body).map_err(Problem::Invalid)?;
    let after = read(&whole, &before.object)?;
    let stored = edit.update_settings(&before, after, portrait).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&stored).on(data(&view(&stored.object))))
}

fn read(whole: &Map<String, Value>, before: &OrganizationSettings) -> Result<OrganizationSettings, Problem> {
    let reading = Reading::default();
    let settings = settings(&reading.fields(whole), before);
    let (errors, _) = reading.finish();
    settings.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

fn settings(fields: &Fields<'_>, before: &OrganizationSettings) -> Option<OrganizationSettings> {
    let (outbound, per_extension) = (read_caps(fields, "outbound"), read_caps(fields, "per_extension"));
    let [extensions, storage_mb, api_per_minute] = OF_THE_INSTALLATION.map(|name| fields.maybe_whole(name));
    let mut after = before.clone();
    after.organization.outbound_caps = outbound?;
    after.organization.per_extension_caps = per_extension?;
    after.allowance = Allowance { extensions: extensions?, storage_mb: storage_mb?, api_per_minute: api_per_minute? };
    Some(after)
}
