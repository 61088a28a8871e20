//! People who may sign in.

mod change;
mod invite;
mod table;
mod view;

pub(super) use self::change::{tell_former_address, version};
pub(super) use self::table::UserRows;
pub(super) use self::view::{UserView, email, name, object};

use super::crud::{results_of_many, status_of_many};
use super::list::{FilterField, Values, list_schema};
use super::operation::{Access, Operation, data};
use super::schema::{Schemas, schema_of, to_change, to_create};
use axum::http::Method;
use opbx_core::permission::{Action, Resource};
use serde_json::{Value, json};

const TAG: &str = "users";
pub(super) const ROLES: &[&str] = &["owner", "admin", "agent", "reporter"];
const FILTERS: &[FilterField] = &[
    FilterField { name: "role", values: Values::Words(ROLES) },
    FilterField { name: "status", values: Values::Words(&["active", "inactive"]) },
];

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<UserView>(&mut schemas);
    let whole = schemas.get("User").cloned().unwrap_or_default();
    let password = json!({ "type": "string", "minLength": 10, "maxLength": 1_000, "writeOnly": true });
    let (rules, secrets) = (view::rules(), [("password", password)]);
    schemas.insert("NewUser".to_owned(), to_create(&whole, &rules, &secrets));
    schemas.insert("UserChanges".to_owned(), to_change(&whole, &rules, &[]));
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let may = |action| Access::Right(action, Resource::Users);
    let listing = Operation::new(Method::GET, "/users", "list_users", change::list)
        .about(TAG, "List users")
        .access(may(Action::Read))
        .answers_json(200, list_schema(&shown))
        .with_schemas(schemas)
        .paged()
        .filtered(FILTERS);
    let one = |method, id: &str| -> Operation {
        Operation::new(method, "/users/{id}", id, change::change)
            .about(TAG, "Change a user: what is absent stays, null clears")
            .access(may(Action::Update))
            .conditional()
            .takes_json(reference("UserChanges"))
            .answers_json(200, data(reference("User")))
            .refuses(&[409])
    };
    vec![
        listing,
        Operation::new(Method::POST, "/users", "create_user", change::create)
            .about(TAG, "Make a new user; without a password they have to be invited")
            .access(may(Action::Create))
            .repeatable()
            .takes_json(several(&reference("NewUser")))
            .answers_json(
                201,
                data(json!({ "oneOf": [reference("User"), { "type": "array", "items": reference("User") }] })),
            ),
        Operation::new(Method::PATCH, "/users", "update_users_status", change::change_many)
            .about(TAG, "Activate or deactivate several users")
            .access(may(Action::Update))
            .takes_json(status_of_many())
            .answers_json(200, data(results_of_many())),
        Operation::new(Method::GET, "/users/{id}", "get_user", change::show)
            .about(TAG, "Show a user")
            .access(may(Action::Read))
            .answers_json(200, data(reference("User"))),
        one(Method::PUT, "replace_user"),
        one(Method::PATCH, "update_user"),
        Operation::new(Method::DELETE, "/users/{id}", "delete_user", change::remove)
            .about(TAG, "Remove a user")
            .access(may(Action::Delete))
            .conditional()
            .answers_nothing(204)
            .refuses(&[409]),
        Operation::new(Method::POST, "/users/{id}/invite", "invite_user", invite::invite)
            .about(TAG, "Invite a user who has no password yet: by mail, or with the link in the answer where no mail can be sent")
            .access(may(Action::Update))
            .answers_json(200, data(invitation()))
            .refuses(&[409]),
    ]
}

fn invitation() -> Value {
    json!({
        "type": "object",
        "required": ["sent", "link", "expires_at"],
        "properties": {
            "sent": { "type": "boolean", "description": "Whether a mail is on its way." },
            "link": {
                "type": ["string", "null"],
                "description": "Where no mail can be sent: the link to hand over. It works once.",
                "example": "https://pbx.example.com/invite/12%7Co-9fK2mQ",
            },
            "expires_at": { "type": "string", "format": "date-time", "example": "2026-03-12T14:00:00.000Z" },
        },
    })
}

fn several(one: &Value) -> Value {
    let items = json!({ "type": "array", "minItems": 1, "maxItems": super::resource::MOST_MADE, "items": one });
    json!({ "oneOf": [one, {
        "type": "object", "additionalProperties": false, "required": ["items"], "properties": { "items": items },
    }] })
}
