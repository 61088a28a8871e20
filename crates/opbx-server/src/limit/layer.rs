//! What stands before every operation of the API: whose request it is, and whether it may be made now.

use super::{Counted, Verdict};
use crate::access::{Caller, Known, Means, TokenKind, presented};
use crate::api::ApiState;
use crate::client_address::ClientAddress;
use crate::problem::Problem;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opbx_core::id::OrganizationId;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// Finds out who asks, once for the whole request, and counts it where there are limits.
pub(crate) async fn limited(State(api): State<ApiState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = ClientAddress::of(&parts, api.trusted_proxies());
    parts.extensions.insert(address);
    let known = Caller::identified(&parts, &api).await;
    let (actor, of) = counted(&parts, &api, &known, address);
    parts.extensions.insert(Known(known));
    let Some(limits) = api.limits() else { return next.run(Request::from_parts(parts, body)).await };
    let standing = match limits.admit(actor, of, api.store(), api.now()).await {
        Verdict::Admitted(standing) => standing,
        Verdict::Refused { limit, after } => return Problem::RateLimited { limit, after }.into_response(),
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    for (name, number) in [(LIMIT, standing.limit), (REMAINING, standing.remaining)] {
        response.headers_mut().insert(name, HeaderValue::from(number));
    }
    response
}

/// By whom a request is counted. A token counts for itself only once it has been found right: otherwise anyone could use up what
/// is somebody else's.
fn counted(
    parts: &Parts,
    api: &ApiState,
    known: &Result<Caller, Problem>,
    address: ClientAddress,
) -> (Counted, Option<OrganizationId>) {
    let token = presented(parts, api).ok();
    match known {
        Ok(caller) => {
            let of = Some(caller.tenant.organization());
            let actor = match (&caller.means, caller.user, &token) {
                (Means::Installation { id }, ..) => Counted::Installation(*id),
                (Means::Token { id, .. }, ..) => Counted::Token(*id),
                (_, Some(user), _) => Counted::User(user.get()),
                (_, None, _) => Counted::at(address.0),
            };
            (actor, of)
        }
        // A token of the installation that was found right, and names no organization that it could act for.
        Err(Problem::Forbidden | Problem::NotFound) => match token {
            Some(token) if token.kind == TokenKind::Installation => (Counted::Installation(token.id), None),
            _ => (Counted::at(address.0), None),
        },
        Err(_) => (Counted::at(address.0), None),
    }
}
