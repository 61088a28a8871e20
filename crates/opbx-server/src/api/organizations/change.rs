//! `PATCH /organizations/{id}`.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, data};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading, Rules, merged};
use super::super::portrait::portrait;
use super::super::resource::Id;
use super::super::users::object;
use super::view::{version, view};
use crate::access::Installation;
use crate::api::settings_portrait;
use crate::field_errors::FieldError;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_core::text::Name;
use opbx_store::{Allowance, Reason, Tenant};
use serde_json::{Map, Value, json};

/// What may be said of an organization. Where it is and what it is called in addresses is its owner's or nobody's to say; sent
/// back as it was shown, it is no change.
pub(super) fn rules() -> Rules {
    Rules {
        required: &["name", "status"],
        immutable: &[],
        read_only: &["id", "slug", "country", "timezone", "created_at", "updated_at"],
        write_only: &[],
        defaults: object(json!({ "limits": { "extensions": null, "storage_mb": null, "api_per_minute": null } })),
    }
}

/// `PATCH /organizations/{id}`.
pub(super) async fn change(
    State(api): State<ApiState>,
    installation: Installation,
    id: Id,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let id = OrganizationId::new(id.0);
    let inside = Tenant::inside(id, Reason::SignedIn);
    let mut edit = api.store().tenant(&inside).edit(installation.author(portrait), api.now()).await?;
    let before = edit.settings().await?;
    precondition.holds(&Version::of(id.get(), before.revision))?;
    let current = serde_json::to_value(view(&api.store().platform().organization(id).await?)).map(object);
    let whole = merged(&rules(), Some(&current.unwrap_or_default()), &body).map_err(Problem::Invalid)?;
    let (name, status, allowance) = read(&whole)?;
    let mut after = before.object.clone();
    (after.organization.name, after.allowance) = (name, allowance);
    edit.update_settings(&before, after, settings_portrait).await?;
    edit.set_organization_status(status).await?;
    api.commit_for(inside, edit).await?;
    let organization = api.store().platform().organization(id).await?;
    Ok(version(&organization).on(data(&view(&organization))))
}

fn read(whole: &Map<String, Value>) -> Result<(Name, OrganizationStatus, Allowance), Problem> {
    let reading = Reading::default();
    let fields = reading.fields(whole);
    let (name, status, allowance) = (fields.spelled("name"), status(&fields), allowance(&fields));
    let (errors, _) = reading.finish();
    match (name, status, allowance) {
        (Some(name), Some(status), Some(allowance)) if errors.is_empty() => Ok((name, status, allowance)),
        _ => Err(Problem::Invalid(errors)),
    }
}

/// An object inside another one is replaced whole: what it leaves out has no limit.
fn allowance(fields: &Fields<'_>) -> Option<Allowance> {
    let limits = fields.nested("limits")?;
    limits.only(&["extensions", "storage_mb", "api_per_minute"]);
    let [extensions, storage_mb, api_per_minute] =
        ["extensions", "storage_mb", "api_per_minute"].map(|name| limits.maybe_whole(name));
    Some(Allowance { extensions: extensions?, storage_mb: storage_mb?, api_per_minute: api_per_minute? })
}

fn status(fields: &Fields<'_>) -> Option<OrganizationStatus> {
    match fields.text("status")? {
        "active" => Some(OrganizationStatus::Active),
        "suspended" => Some(OrganizationStatus::Suspended),
        _ => fields.wrong("status", FieldError::invalid("active or suspended")),
    }
}
