//! Those who are in no organization: a token of the installation, and whoever has not said who they are.

use super::Caller;
use super::authenticate::{installation_token, presented};
use super::token::Kind;
use crate::api::ApiState;
use crate::client_address::ClientAddress;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use opbx_store::{Actor, Author, Portrait};

/// A token of the installation: of a reseller or an operator.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    id: u64,
    name: Box<str>,
    from: Anyone,
}

/// Whoever sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Anyone {
    request: RequestId,
    address: Option<Box<str>>,
}

impl Installation {
    /// What the audit log keeps of it.
    pub(crate) fn author(&self, portrait: Portrait) -> Author {
        let actor = Actor::Installation { token: self.id, name: self.name.clone() };
        Author { actor, ..self.from.author(portrait) }
    }
}

impl Anyone {
    /// What the audit log keeps of someone who proved to have the machine in hand.
    pub(crate) fn author(&self, portrait: Portrait) -> Author {
        let request_id = Some(self.request.to_string().into());
        Author { actor: Actor::Command, request_id, address: self.address.clone(), portrait }
    }
}

impl FromRequestParts<ApiState> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let request = parts.extensions.get::<RequestId>().cloned().ok_or(Problem::Internal)?;
        let address = parts.extensions.get::<ClientAddress>().and_then(|address| address.0);
        let address = address.map(|address| address.to_string().into());
        Ok(Self { request, address })
    }
}

impl FromRequestParts<ApiState> for Installation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let presented = presented(parts, api)?;
        if presented.kind != Kind::Installation {
            // Credentials that are wrong are wrong here too; to everyone else there is nothing.
            Caller::from_request_parts(parts, api).await?;
            return Err(Problem::NotFound);
        }
        let token = installation_token(api, &presented).await?;
        let from = Anyone::from_request_parts(parts, api).await?;
        Ok(Self { id: token.id, name: token.name.into(), from })
    }
}
