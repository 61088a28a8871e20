//! Listing and showing organizations.

use super::super::ApiState;
use super::super::answer::{Version, data, instant};
use super::super::list::QueryParameters;
use super::super::resource::Id;
use crate::access::Installation;
use crate::problem::Problem;
use crate::webhook_urls::WebhookUrls;
use axum::extract::State;
use axum::response::Response;
use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_store::ManagedOrganization;
use serde::Serialize;
use utoipa::ToSchema;

/// An organization as its provider sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ManagedOrganization)]
pub(super) struct ManagedOrganizationView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Its short name.
    #[schema(example = "acme-dental")]
    slug: String,
    /// Its country.
    #[schema(pattern = "^[A-Z]{2}$", example = "US")]
    country: String,
    /// Its zone.
    #[schema(example = "America/New_York")]
    timezone: String,
    /// Whether it is served.
    status: OrganizationStatusWord,
    /// How much it may have; null: as much as it likes.
    limits: AllowanceView,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Whether an organization is served.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrganizationStatus)]
enum OrganizationStatusWord {
    /// It is.
    Active,
    /// Its callers hear that it is not, and nobody signs in.
    Suspended,
}

/// How much an organization may have; null: as much as it likes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Allowance)]
struct AllowanceView {
    /// Extensions.
    extensions: Option<u32>,
    /// Audio, in megabytes.
    storage_mb: Option<u32>,
    /// Requests of the API in a minute.
    api_per_minute: Option<u32>,
}

/// An organization that was made. Its secrets are shown here and, but for the key, never again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MadeOrganization)]
pub(super) struct MadeView {
    /// The organization.
    pub(super) organization_id: u64,
    /// Its short name.
    pub(super) slug: String,
    /// Its owner.
    pub(super) owner_id: Option<u64>,
    /// What the platform presents.
    pub(super) webhook_key: String,
    /// What the platform must be told.
    pub(super) webhook_urls: WebhookUrls,
    /// The owner's password, where it was made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner_password: Option<String>,
}

pub(super) fn view(organization: &ManagedOrganization) -> ManagedOrganizationView {
    ManagedOrganizationView {
        id: organization.id.get(),
        name: organization.name.to_string(),
        slug: organization.slug.clone(),
        country: organization.country.to_string(),
        timezone: organization.timezone.to_string(),
        status: match organization.status {
            OrganizationStatus::Active => OrganizationStatusWord::Active,
            OrganizationStatus::Suspended => OrganizationStatusWord::Suspended,
        },
        limits: AllowanceView {
            extensions: organization.allowance.extensions,
            storage_mb: organization.allowance.storage_mb,
            api_per_minute: organization.allowance.api_per_minute,
        },
        created_at: instant(organization.created_at),
        updated_at: instant(organization.updated_at),
    }
}

pub(super) fn version(organization: &ManagedOrganization) -> Version {
    Version::of(organization.id.get(), organization.revision)
}

/// `GET /organizations`.
pub(super) async fn list(
    State(api): State<ApiState>,
    _: Installation,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let asked = parameters.page(super::FILTERS)?;
    let page = api.store().platform().organizations(&asked.query).await?;
    Ok(asked.answer(page, |organization| view(&organization)))
}

/// `GET /organizations/{id}`.
pub(super) async fn show(State(api): State<ApiState>, _: Installation, id: Id) -> Result<Response, Problem> {
    let organization = api.store().platform().organization(OrganizationId::new(id.0)).await?;
    Ok(version(&organization).on(data(&view(&organization))))
}
