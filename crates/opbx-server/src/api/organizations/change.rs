//! `PATCH /organizations/{id}`.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, data};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading};
use super::super::portrait::portrait;
use super::super::resource::Id;
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
use serde_json::{Map, Value};

/// What is to change; `None`: it stays.
struct Changes {
    name: Option<Name>,
    status: Option<OrganizationStatus>,
    extensions: Option<Option<u32>>,
    storage_mb: Option<Option<u32>>,
    api_per_minute: Option<Option<u32>>,
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
    let tenant = api.store().tenant(&Tenant::inside(id, Reason::SignedIn));
    let mut edit = tenant.edit(installation.author(portrait), api.now()).await?;
    let before = edit.settings().await?;
    precondition.holds(&Version::of(id.get(), before.revision))?;
    let changes = read(&body)?;
    let mut after = before.object.clone();
    if let Some(name) = changes.name {
        after.organization.name = name;
    }
    let Allowance { extensions, storage_mb, api_per_minute } = after.allowance;
    after.allowance = Allowance {
        extensions: changes.extensions.unwrap_or(extensions),
        storage_mb: changes.storage_mb.unwrap_or(storage_mb),
        api_per_minute: changes.api_per_minute.unwrap_or(api_per_minute),
    };
    edit.update_settings(&before, after, settings_portrait).await?;
    if let Some(status) = changes.status {
        edit.set_organization_status(status).await?;
    }
    if let Some(revision) = edit.commit().await? {
        api.routed(id, revision);
    }
    let organization = api.store().platform().organization(id).await?;
    Ok(version(&organization).on(data(&view(&organization))))
}

fn read(body: &Map<String, Value>) -> Result<Changes, Problem> {
    let reading = Reading::default();
    let changes = changes(&reading.fields(body));
    let (errors, _) = reading.finish();
    changes.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

fn changes(fields: &Fields<'_>) -> Option<Changes> {
    fields.only(&["name", "status", "limits"]);
    let name = if fields.says("name") { fields.spelled("name").map(Some) } else { Some(None) };
    let status = if fields.says("status") { status(fields).map(Some) } else { Some(None) };
    let limits = if fields.says("limits") { fields.nested("limits").map(Some) } else { Some(None) };
    let of = |limits: &Option<Fields<'_>>, name: &str| match limits {
        Some(limits) if limits.says(name) => limits.maybe_whole(name).map(Some),
        _ => Some(None),
    };
    let limits = limits?;
    if let Some(limits) = &limits {
        limits.only(&["extensions", "storage_mb", "api_per_minute"]);
    }
    let [extensions, storage_mb, api_per_minute] =
        ["extensions", "storage_mb", "api_per_minute"].map(|name| of(&limits, name));
    Some(Changes {
        name: name?,
        status: status?,
        extensions: extensions?,
        storage_mb: storage_mb?,
        api_per_minute: api_per_minute?,
    })
}

fn status(fields: &Fields<'_>) -> Option<OrganizationStatus> {
    match fields.text("status")? {
        "active" => Some(OrganizationStatus::Active),
        "suspended" => Some(OrganizationStatus::Suspended),
        _ => fields.wrong("status", FieldError::invalid("active or suspended")),
    }
}
