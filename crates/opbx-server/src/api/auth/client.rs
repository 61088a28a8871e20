//! From where and how someone signs in.

use super::super::ApiState;
use crate::access::is_ours;
use crate::auth::Tried;
use crate::client_address::ClientAddress;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use opbx_core::id::UserId;
use opbx_store::{Actor, Author, Edit, Error, Person, Reason, Tenant};

/// From where and how someone signs in.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// With which request.
    pub(super) request: RequestId,
    /// What it calls itself.
    pub(super) device: String,
    /// Where it is.
    pub(super) from: ClientAddress,
    /// The same, as it is written down.
    pub(super) address: String,
    /// Whether it wants the cookie instead of the token.
    pub(super) cookie: bool,
}

impl FromRequestParts<ApiState> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let cookie = wants_cookie(&parts.headers);
        // A foreign page must not be able to sign someone in as someone else.
        if cookie && !is_ours(&parts.headers, api) {
            return Err(Problem::CrossOrigin);
        }
        let request = parts.extensions.get::<RequestId>().cloned().ok_or(Problem::Internal)?;
        let device = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let from = parts.extensions.get::<ClientAddress>().copied().unwrap_or(ClientAddress(None));
        Ok(Self { request, device: device.to_owned(), from, address: from.to_string(), cookie })
    }
}

impl Client {
    /// A try of someone there.
    pub(super) fn tries(&self, user: Option<UserId>) -> Tried<'_> {
        Tried { request: &self.request, address: &self.address, user }
    }

    /// Begins a change in the name of someone who proves with it who they are.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when their organization has gone; [`Error::Unavailable`].
    pub(super) async fn edit(&self, api: &ApiState, person: &Person) -> Result<Edit, Error> {
        let author = Author {
            actor: Actor::User { id: person.id, name: person.name.as_str().into() },
            request_id: Some(self.request.to_string().into()),
            address: Some(self.address.as_str()).filter(|address| !address.is_empty()).map(Into::into),
            portrait: super::super::portrait::portrait,
        };
        api.store().tenant(&inside(person)).edit(author, api.now()).await
    }
}

/// The way in for someone who has just proved who they are.
pub(super) const fn inside(person: &Person) -> Tenant {
    Tenant::inside(person.organization, Reason::SignedIn)
}

fn wants_cookie(headers: &HeaderMap) -> bool {
    headers.get("x-session-mode").is_some_and(|mode| mode == "cookie")
}
