//! What a person does about themselves: their name, their password, where they are signed in, their second factor.

mod person;
mod second_factor;
mod sessions;

use super::list::list_schema;
use super::operation::{Access, Operation, data};
use super::schema::{Schemas, object, schema_of, to_change};
use super::users::UserView;
use axum::http::Method;
use serde_json::json;

const TAG: &str = "profile";

pub(super) fn operations() -> Vec<Operation> {
    let user = json!({ "$ref": "#/components/schemas/User" });
    let text = || json!({ "type": "string" });
    let mut schemas = Schemas::new();
    schema_of::<UserView>(&mut schemas);
    let whole = schemas.get("User").cloned().unwrap_or_default();
    let changes = Schemas::from([("ProfileChanges".to_owned(), to_change(&whole, &person::rules(), &[]))]);
    let change = json!({ "$ref": "#/components/schemas/ProfileChanges" });
    let session = json!({
        "type": "object",
        "required": ["id", "device", "address", "created_at", "last_seen_at", "current"],
        "properties": {
            "id": { "type": "integer", "format": "int64" }, "device": text(), "address": text(),
            "created_at": { "type": "string", "format": "date-time" },
            "last_seen_at": { "type": "string", "format": "date-time" },
            "current": { "type": "boolean" },
        },
    });
    let person = Access::SignedIn;
    vec![
        Operation::new(Method::GET, "/profile", "get_profile", person::show)
            .about(TAG, "Show oneself")
            .access(person)
            .answers_json(200, data(user.clone())),
        Operation::new(Method::PATCH, "/profile", "update_profile", person::change)
            .about(TAG, "Change one's own name, address or phone")
            .access(person)
            .conditional()
            .takes_json(change)
            .with_schemas(changes)
            .answers_json(200, data(user)),
        Operation::new(Method::PUT, "/profile/password", "change_password", person::change_password)
            .about(TAG, "Change one's password; all other sessions end")
            .access(person)
            .takes_json(object(
                &json!({ "current_password": text(), "password": text(), "password_confirmation": text() }),
            ))
            .answers_nothing(204),
        Operation::new(Method::GET, "/profile/sessions", "list_sessions", sessions::list)
            .about(TAG, "Where one is signed in")
            .access(person)
            .paged()
            .answers_json(200, list_schema(&session)),
        Operation::new(Method::DELETE, "/profile/sessions/{id}", "delete_session", sessions::end)
            .about(TAG, "Sign out somewhere else")
            .access(person)
            .answers_nothing(204),
        Operation::new(Method::POST, "/profile/totp", "begin_totp", second_factor::begin)
            .about(TAG, "Begin to set up a second factor")
            .access(person)
            .answers_json(200, data(object(&json!({ "secret": text(), "uri": text() }))))
            .refuses(&[409]),
        Operation::new(Method::POST, "/profile/totp/verify", "verify_totp", second_factor::verify)
            .about(TAG, "Turn the second factor on with a first code; answers the recovery codes, once")
            .access(person)
            .takes_json(object(&json!({ "code": text() })))
            .answers_json(200, data(object(&json!({ "recovery_codes": { "type": "array", "items": text() } }))))
            .refuses(&[409]),
        Operation::new(Method::DELETE, "/profile/totp", "disable_totp", second_factor::disable)
            .about(TAG, "Turn the second factor off")
            .access(person)
            .takes_json(object(&json!({ "current_password": text() })))
            .answers_nothing(204),
    ]
}
