//! The organizations of an installation, for resellers and operators; and the first one, for whoever sets it up.

mod change;
mod create;
mod setup;
mod view;

use super::list::{FilterField, Values, list_schema};
use super::operation::{Access, Operation, data};
use super::schema::{Schemas, schema_of, to_change};
use axum::http::Method;
use serde_json::{Value, json};

const PATH: &str = "/organizations";
const TAG: &str = "organizations";
const FILTERS: &[FilterField] = &[FilterField { name: "status", values: Values::Words(&["active", "suspended"]) }];

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<view::ManagedOrganizationView>(&mut schemas);
    let made = schema_of::<view::MadeView>(&mut schemas);
    let whole = schemas.get("ManagedOrganization").cloned().unwrap_or_default();
    schemas.insert("ManagedOrganizationChanges".to_owned(), to_change(&whole, &change::rules(), &[]));
    let one = format!("{PATH}/{{id}}");
    let listing = Operation::new(Method::GET, PATH, "list_organizations", view::list)
        .about(TAG, "List the organizations of the installation")
        .access(Access::Installation)
        .paged()
        .filtered(FILTERS);
    vec![
        listing.answers_json(200, list_schema(&shown)).with_schemas(schemas),
        Operation::new(Method::POST, PATH, "create_organization", create::create)
            .about(TAG, "Make an organization and its owner; a password and a key that are not given are made up")
            .access(Access::Installation)
            .takes_json(create_schema())
            .answers_json(201, data(made.clone())),
        Operation::new(Method::GET, one.clone(), "show_organization", view::show)
            .about(TAG, "Show an organization of the installation")
            .access(Access::Installation)
            .answers_json(200, data(shown.clone())),
        Operation::new(Method::PATCH, one, "update_managed_organization", change::change)
            .about(TAG, "Rename, suspend or resume an organization, or set how much it may have")
            .access(Access::Installation)
            .conditional()
            .takes_json(json!({ "$ref": "#/components/schemas/ManagedOrganizationChanges" }))
            .answers_json(200, data(shown)),
        Operation::new(Method::POST, "/setup", "set_up", setup::set_up)
            .about(TAG, "Make the first organization of an empty installation, with the token that the server printed")
            .access(Access::Public)
            .takes_json(setup_schema())
            .answers_json(201, data(made))
            .refuses(&[404]),
    ]
}

fn text(longest: usize, example: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": longest, "example": example })
}

fn maybe(schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

/// What is said of an organization that is to be made.
fn organization_fields() -> Value {
    json!({
        "name": text(255, "Acme Dental"),
        "slug": maybe(&text(63, "acme-dental")),
        "timezone": text(100, "America/New_York"),
        "country": json!({ "type": "string", "pattern": "^[A-Z]{2}$", "example": "US" }),
        "domain": maybe(&text(253, "acme.cloudonix.net")),
        "domain_uuid": maybe(&text(36, "2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f")),
        "webhook_key": json!({ "type": ["string", "null"], "minLength": 16, "maxLength": 128 }),
    })
}

fn create_schema() -> Value {
    let mut fields = organization_fields();
    fields["owner_email"] = json!({ "type": "string", "format": "email", "maxLength": 254 });
    fields["owner_name"] = text(255, "Olive Ray");
    fields["owner_password"] = json!({ "type": ["string", "null"], "minLength": 10 });
    let required = ["name", "timezone", "country", "owner_email", "owner_name"];
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": fields })
}

fn setup_schema() -> Value {
    let organization = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "timezone", "country"],
        "properties": organization_fields(),
    });
    let owner = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "email", "password"],
        "properties": {
            "name": text(255, "Olive Ray"),
            "email": { "type": "string", "format": "email", "maxLength": 254 },
            "password": { "type": "string", "minLength": 10 },
        },
    });
    json!({
        "type": "object", "additionalProperties": false, "required": ["token", "organization", "owner"],
        "properties": { "token": { "type": "string" }, "organization": organization, "owner": owner },
    })
}
