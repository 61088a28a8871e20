//! From the headers of a request to who sends it.

use super::token::{Kind, Presented};
use super::{Caller, Means};
use crate::api::ApiState;
use crate::client_address::ClientAddress;
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::UserId;
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::permission::{Permission, Role};
use opbx_store::{InstallationToken, Person as StoredPerson, Reason, Tenant};

/// The cookie of the web UI.
pub(crate) const COOKIE_NAME: &str = "opbx_session";
/// For whom a token of the installation acts.
const ORGANIZATION: &str = "x-organization";

/// Who sends a request, found out once for all that ask it.
#[derive(Clone, Debug)]
pub(crate) struct Known(pub(crate) Result<Caller, Problem>);

impl FromRequestParts<ApiState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        match parts.extensions.get::<Known>() {
            Some(Known(known)) => known.clone(),
            None => Self::identified(parts, api).await,
        }
    }
}

impl Caller {
    /// Finds out who sends a request.
    ///
    /// # Errors
    ///
    /// Why nobody could be found, as a refusal.
    pub(crate) async fn identified(parts: &Parts, api: &ApiState) -> Result<Self, Problem> {
        let presented = presented(parts, api)?;
        let Asked { tenant, role, user, name, second_factor_missing, means } = match presented.kind {
            Kind::Session => by_session(api, &presented).await?,
            Kind::Api => by_api_token(api, &presented).await?,
            Kind::Installation => by_installation_token(api, &presented, &parts.headers).await?,
            Kind::Once => return Err(Problem::Unauthenticated),
        };
        let request = parts.extensions.get::<RequestId>().cloned().ok_or(Problem::Internal)?;
        let address = parts.extensions.get::<ClientAddress>().and_then(|address| address.0);
        let address = address.map(|address| address.to_string().into());
        Ok(Self { tenant, role, user, name, second_factor_missing, means, request, address })
    }
}

/// A person who is signed in: not a token of the installation, which is nobody.
#[derive(Debug)]
pub(crate) struct Person(pub(crate) Caller, pub(crate) UserId);

impl FromRequestParts<ApiState> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        match (&caller.means, caller.user) {
            // What a person does about themselves is no matter of a program of theirs.
            (Means::Session { .. }, Some(user)) => Ok(Self(caller, user)),
            _ => Err(Problem::Forbidden),
        }
    }
}

/// What is known before the request itself is looked at.
struct Asked {
    tenant: Tenant,
    role: Role,
    user: Option<UserId>,
    name: Box<str>,
    second_factor_missing: bool,
    means: Means,
}

/// The token of a request: from its header, else from the cookie, which counts only for requests of our own pages.
pub(crate) fn presented(parts: &Parts, api: &ApiState) -> Result<Presented, Problem> {
    if let Some(header) = parts.headers.get(AUTHORIZATION) {
        let bearer = header.to_str().ok().and_then(|text| {
            let (scheme, token) = text.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token)
        });
        return bearer.and_then(Presented::read).ok_or(Problem::Unauthenticated);
    }
    let token = cookie(&parts.headers).and_then(Presented::read).filter(|token| token.kind == Kind::Session);
    let token = token.ok_or(Problem::Unauthenticated)?;
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let marked = parts.headers.get("x-csrf").is_some_and(|value| value == "1");
    if is_safe || (marked && is_ours(&parts.headers, api)) { Ok(token) } else { Err(Problem::CrossOrigin) }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    pairs.flat_map(|pairs| pairs.split(';')).find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        (name.trim() == COOKIE_NAME).then(|| value.trim())
    })
}

/// Whether a request comes from our own pages. A browser says so in one of two headers; without either it is refused.
pub(crate) fn is_ours(headers: &HeaderMap, api: &ApiState) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()) else { return false };
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let of_host = host.is_some_and(|host| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")).is_some_and(|origin| origin == host)
    });
    of_host || api.origin().is_some_and(|ours| ours == origin)
}

async fn by_session(api: &ApiState, presented: &Presented) -> Result<Asked, Problem> {
    let found = api.store().platform().session(presented.id, api.now()).await?;
    let (digest, session, person) = found.ok_or(Problem::Unauthenticated)?;
    if !presented.is(digest) {
        return Err(Problem::Unauthenticated);
    }
    if is_due(api, Some(session.last_seen_at)) {
        let (platform, id, now) = (api.store().platform(), session.id, api.now());
        api.note(async move { platform.touch_session(id, now).await });
    }
    asked(person, Means::Session { id: session.id })
}

async fn by_api_token(api: &ApiState, presented: &Presented) -> Result<Asked, Problem> {
    let found = api.store().platform().api_token(presented.id, api.now()).await?;
    let (digest, token, person) = found.ok_or(Problem::Unauthenticated)?;
    if !presented.is(digest) {
        return Err(Problem::Unauthenticated);
    }
    if is_due(api, token.last_used_at) {
        let (platform, id, now) = (api.store().platform(), token.id, api.now());
        api.note(async move { platform.touch_api_token(id, now).await });
    }
    let abilities = token.abilities.iter().filter_map(|word| Permission::parse(word)).collect();
    asked(person, Means::Token { id: token.id, name: token.name.into(), abilities })
}

async fn by_installation_token(api: &ApiState, presented: &Presented, headers: &HeaderMap) -> Result<Asked, Problem> {
    let token = installation_token(api, presented).await?;
    // Without an organization the token is nobody's inside one.
    let organization = headers.get(ORGANIZATION).ok_or(Problem::Forbidden)?;
    let organization = organization.to_str().ok().and_then(|text| text.parse().ok()).ok_or(Problem::NotFound)?;
    let organization = api.store().platform().named(&u64::to_string(&organization)).await?.id;
    Ok(Asked {
        tenant: Tenant::inside(organization, Reason::SignedIn),
        role: Role::Owner,
        user: None,
        name: token.name.into(),
        second_factor_missing: false,
        means: Means::Installation { id: token.id },
    })
}

/// The token of the installation that is presented.
pub(super) async fn installation_token(api: &ApiState, presented: &Presented) -> Result<InstallationToken, Problem> {
    let found = api.store().platform().installation_token(presented.id).await?;
    let (digest, token) = found.ok_or(Problem::Unauthenticated)?;
    if !presented.is(digest) {
        return Err(Problem::Unauthenticated);
    }
    if is_due(api, token.last_used_at) {
        let (platform, id, now) = (api.store().platform(), token.id, api.now());
        api.note(async move { platform.touch_installation_token(id, now).await });
    }
    Ok(token)
}

/// Whether it is time to note that something is used: once a minute, so that reading writes little.
fn is_due(api: &ApiState, last: Option<Timestamp>) -> bool {
    last.is_none_or(|last| api.now() >= last + SignedDuration::from_mins(1))
}

fn asked(person: StoredPerson, means: Means) -> Result<Asked, Problem> {
    admitted(&person)?;
    let StoredPerson { id, organization, name, role, second_factor_missing, .. } = person;
    let tenant = Tenant::inside(organization, Reason::SignedIn);
    Ok(Asked { tenant, role, user: Some(id), name: name.into(), second_factor_missing, means })
}

/// Whether a person may come in at all.
pub(crate) fn admitted(person: &StoredPerson) -> Result<(), Problem> {
    match (person.organization_status, person.status) {
        (OrganizationStatus::Suspended, _) => Err(Problem::OrganizationInactive),
        (_, Status::Inactive) => Err(Problem::AccountInactive),
        (OrganizationStatus::Active, Status::Active) => Ok(()),
    }
}
