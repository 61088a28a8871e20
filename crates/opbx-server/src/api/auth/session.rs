//! The session that a request comes with.

use super::super::ApiState;
use super::super::answer::{data, done};
use super::answer::{set_cookie, shown, signed_in};
use super::client::Client;
use crate::access::{Caller, Means, NewToken, Presented, TokenKind, presented};
use crate::auth;
use crate::live;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use opbx_core::permission::permissions;
use opbx_store::{Entry, USER};
use serde_json::{Value, json};

/// Who is signed in with a session, and the token that they came with.
#[derive(Debug)]
pub(super) struct InSession {
    caller: Caller,
    id: u64,
    presented: Presented,
}

impl FromRequestParts<ApiState> for InSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        match caller.means {
            Means::Session { id } => Ok(Self { caller, id, presented: presented(parts, api)? }),
            // A token is no session: it is neither renewed nor signed out.
            Means::Token { .. } | Means::Installation { .. } => Err(Problem::Forbidden),
        }
    }
}

/// `POST /auth/refresh`.
pub(super) async fn refresh(
    State(api): State<ApiState>,
    session: InSession,
    client: Client,
) -> Result<Response, Problem> {
    session.caller.enrolled()?;
    let user = session.caller.user.ok_or(Problem::Forbidden)?;
    let token = NewToken::draw(TokenKind::Session).map_err(|_| Problem::Internal)?;
    let expires_at = api.now() + auth::SESSION;
    let mut edit = api.edit(&session.caller).await?;
    let digests = (session.presented.digest(), token.digest());
    match edit.renew_session(session.id, digests, expires_at).await {
        Err(opbx_store::Error::NotFound) => return Err(Problem::Unauthenticated),
        renewed => renewed?,
    }
    let user = edit.user(user).await?;
    api.commit(&session.caller, edit).await?;
    let of = session.caller.tenant.organization();
    Ok(signed_in(&api, token.text(session.id), expires_at, (&user.object, of), client.cookie))
}

/// `POST /auth/logout`.
pub(super) async fn logout(State(api): State<ApiState>, session: InSession) -> Result<Response, Problem> {
    let user = session.caller.user.ok_or(Problem::Forbidden)?;
    let mut edit = api.edit(&session.caller).await?;
    match edit.end_session(user, session.id).await {
        Err(opbx_store::Error::NotFound) => return Err(Problem::Unauthenticated),
        ended => ended?,
    }
    edit.record(&Entry::of("signed_out", USER, Some(user.get()), session.caller.name.to_string())).await?;
    api.commit(&session.caller, edit).await?;
    let mut response = done();
    set_cookie(&api, &mut response, "", 0);
    Ok(response)
}

/// `GET /auth/me`.
pub(super) async fn me(State(api): State<ApiState>, caller: Caller) -> Result<Response, Problem> {
    let of = caller.tenant.organization();
    let organization = api.store().platform().named(&of.to_string()).await?;
    let user = match caller.user {
        Some(user) => shown(&api.tenant(&caller).user(user).await?.object, of),
        None => Value::Null,
    };
    let may = permissions(caller.role).into_iter();
    let may = may.filter_map(|permission| caller.cut(permission)).map(|permission| permission.to_string());
    Ok(data(&json!({
        "user": user,
        "organization": {
            "id": of.get(),
            "name": organization.name,
            "slug": organization.slug,
            "timezone": organization.timezone,
            "status": organization.status,
        },
        "permissions": may.collect::<Vec<_>>(),
        "realtime": { "key": live::KEY, "path": "/app" },
    })))
}
