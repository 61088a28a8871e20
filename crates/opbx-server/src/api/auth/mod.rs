//! Signing in and out.

mod answer;
mod by_link;
mod client;
mod session;
mod sign_in;

use super::operation::{Access, Operation, data};
use super::schema::object;
use axum::http::Method;
use serde_json::{Value, json};

const TAG: &str = "auth";

pub(super) fn operations() -> Vec<Operation> {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let credentials = object(&json!({ "email": text("As it was given."), "password": text("As it was chosen.") }));
    let code = object(
        &json!({ "challenge": text("From the first half."), "code": text("Of the authenticator, or a recovery code.") }),
    );
    vec![
        Operation::new(Method::POST, "/auth/login", "login", sign_in::login)
            .about(TAG, "Sign in with e-mail address and password")
            .access(Access::Public)
            .takes_json(credentials)
            .answers_json(200, signed_in())
            .refuses(&[401, 403]),
        Operation::new(Method::POST, "/auth/login/second-factor", "login_second_factor", sign_in::second_factor)
            .about(TAG, "Go on with a code, where a second factor is on")
            .access(Access::Public)
            .takes_json(code)
            .answers_json(200, signed_in())
            .refuses(&[401, 403]),
        Operation::new(Method::POST, "/auth/refresh", "refresh", session::refresh)
            .about(TAG, "Exchange the session's token for a new one; the old one is dead")
            .answers_json(200, signed_in()),
        Operation::new(Method::POST, "/auth/logout", "logout", session::logout)
            .about(TAG, "End this session")
            .answers_nothing(204),
        Operation::new(Method::GET, "/auth/me", "me", session::me)
            .about(TAG, "Who is signed in, and what they may do")
            .answers_json(200, data(me())),
        Operation::new(Method::POST, "/auth/forgot", "forgot_password", by_link::forgot)
            .about(TAG, "Ask for a mail with a link to choose a new password; the answer is the same for every address")
            .access(Access::Public)
            .takes_json(object(
                &json!({ "email": { "type": "string", "format": "email", "example": "alice@acme.example" } }),
            ))
            .answers_nothing(202),
        Operation::new(Method::POST, "/auth/reset", "reset_password", by_link::reset)
            .about(TAG, "Choose a new password with the token of a link; all sessions end")
            .access(Access::Public)
            .takes_json(chosen())
            .answers_nothing(204)
            .refuses(&[403]),
        Operation::new(Method::POST, "/auth/accept-invite", "accept_invite", by_link::accept_invite)
            .about(TAG, "Choose the first password with the token of an invitation, and sign in")
            .access(Access::Public)
            .takes_json(chosen())
            .answers_json(200, signed_in())
            .refuses(&[403]),
    ]
}

/// A password that is chosen with a link.
fn chosen() -> Value {
    let password = json!({
        "type": "string", "minLength": 10, "maxLength": 1_000, "writeOnly": true, "example": "correct horse battery",
    });
    object(&json!({
        "token": { "type": "string", "description": "The last part of the link.", "example": "12|o-9fK2mQ" },
        "password": password,
        "password_confirmation": password,
    }))
}

fn signed_in() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["token_type", "expires_at", "user"],
        "properties": {
            "token": { "type": "string", "description": "Absent with the cookie." },
            "token_type": text,
            "expires_at": { "type": "string", "format": "date-time" },
            "user": user(),
        },
    })
}

fn user() -> Value {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer", "format": "int64" }));
    json!({
        "type": "object",
        "required": ["id", "name", "email", "role", "organization_id"],
        "properties": { "id": number, "name": text, "email": text, "role": text, "organization_id": number },
    })
}

fn me() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["user", "organization", "permissions", "realtime"],
        "properties": {
            "user": { "oneOf": [user(), { "type": "null" }] },
            "organization": { "type": "object" },
            "permissions": { "type": "array", "items": text },
            "realtime": { "type": "object", "properties": { "key": text, "path": text } },
        },
    })
}
