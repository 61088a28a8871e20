//! The answer to who has signed in: a token, or the cookie of the web UI.

use super::super::ApiState;
use super::super::answer::{instant, json};
use crate::access::COOKIE_NAME;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::User;
use serde_json::{Value, json as object};

/// The bare answer of every route that signs in.
pub(super) fn signed_in(
    api: &ApiState,
    token: String,
    expires_at: Timestamp,
    (user, organization): (&User, OrganizationId),
    cookie: bool,
) -> Response {
    let mut body = object!({
        "token_type": "Bearer",
        "expires_at": instant(expires_at),
        "user": shown(user, organization),
    });
    if !cookie {
        body["token"] = Value::String(token);
        return json(&body);
    }
    let mut response = json(&body);
    set_cookie(api, &mut response, &token, expires_at.duration_since(api.now()).as_secs());
    response
}

/// A person as those who sign in see themselves.
pub(super) fn shown(user: &User, organization: OrganizationId) -> Value {
    object!({
        "id": user.id.get(),
        "name": user.name,
        "email": user.email,
        "role": user.role.as_str(),
        "organization_id": organization.get(),
    })
}

/// Sets the cookie for so many seconds; none: takes it away.
pub(super) fn set_cookie(api: &ApiState, response: &mut Response, token: &str, seconds: i64) {
    let secure = if api.origin().is_some_and(|origin| origin.starts_with("https://")) { "; Secure" } else { "" };
    let cookie = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
