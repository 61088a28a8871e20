//! How an organization and the platform know each other: `/settings/platform`, and its keys.

mod change;
mod keys;
mod view;

use super::operation::{Access, Operation, data};
use super::schema::{Schemas, object, schema_of, to_change};
use axum::http::Method;
use opbx_core::permission::{Action, Resource};
use serde_json::json;

const PATH: &str = "/settings/platform";
const TAG: &str = "platform-settings";

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<view::PlatformSettingsView>(&mut schemas);
    let whole = schemas.get("PlatformSettings").cloned().unwrap_or_default();
    schemas.insert("PlatformSettingsChanges".to_owned(), to_change(&whole, &view::rules(), &[]));
    let changes = json!({ "$ref": "#/components/schemas/PlatformSettingsChanges" });
    let may = |action| Access::Right(action, Resource::PlatformSettings);
    let key = json!({ "type": "string", "example": "kWm5V0xJ2n8qRr3bYd4uT6pLzC7sAe1f" });
    let instant = json!({ "type": "string", "format": "date-time" });
    let rotated = object(&json!({ "webhook_key": key, "previous_valid_until": instant }));
    let mut operations = vec![
        Operation::new(Method::GET, PATH, "get_platform_settings", change::show)
            .about(TAG, "Show how the organization and the platform know each other")
            .access(may(Action::Read))
            .answers_json(200, data(shown.clone()))
            .with_schemas(schemas),
    ];
    for (method, verb) in [(Method::PUT, "replace"), (Method::PATCH, "update")] {
        operations.push(
            Operation::new(method, PATH, format!("{verb}_platform_settings"), change::change)
                .about(TAG, "Change how the organization and the platform know each other")
                .access(may(Action::Update))
                .conditional()
                .takes_json(changes.clone())
                .answers_json(200, data(shown.clone())),
        );
    }
    operations.extend([
        Operation::new(Method::GET, format!("{PATH}/webhook-key"), "get_webhook_key", keys::show)
            .about(TAG, "Show the key that the platform presents; the reading is in the audit log")
            .access(may(Action::Read))
            .answers_json(200, data(object(&json!({ "webhook_key": key })))),
        Operation::new(Method::POST, format!("{PATH}/rotate-key"), "rotate_webhook_key", keys::rotate)
            .about(TAG, "Make another key for the platform; the present one still counts for ten minutes")
            .access(may(Action::Update))
            .answers_json(200, data(rotated)),
    ]);
    operations
}
