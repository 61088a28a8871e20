//! `Idempotency-Key`: a request that is sent again gets its first answer, and has no second effect.
//!
//! Only answers that tell of success are kept: what was refused had no effect, and may be sent again as it is or mended.
//! The answer is kept after the change was made, so a server that is killed between the two leaves a request of which
//! nobody knows, as does a database that goes away while the change is made; after a minute the next one of its key counts
//! as the first.

use super::ApiState;
use super::body::{Kind, content_type, is_form, is_json, read};
use super::operation::Access;
use crate::access::{Caller, Means};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opbx_core::id::UserId;
use opbx_store::{GivenAnswer, Repeated, RequestKey, TenantStore};
use sha2::{Digest, Sha256};
use std::error::Error;
use std::future::Future;
use std::sync::Arc;

/// The header that says what is the same request.
const KEY: &str = "idempotency-key";
/// The longest key, in bytes.
const LONGEST: usize = 255;

/// An operation of which a request may be sent again: one that makes something, and whose answer holds no secret.
#[derive(Clone, Debug)]
pub(super) struct Repeatable {
    pub(super) api: ApiState,
    /// Who may.
    pub(super) access: Access,
    /// What its body may be; `None`: it takes none.
    pub(super) types: Option<Arc<[Box<str>]>>,
    /// Whether its handler streams a form into the storage. That is not read here, and whoever reads it asks for its
    /// [`Repetition`].
    pub(super) streams_forms: bool,
}

impl Repeatable {
    /// What the body of a request is, if it is to be read before the handler sees it. What the handler will refuse whatever
    /// stands in the body is not: whoever may not do this does not make us read megabytes.
    fn body(&self, headers: &HeaderMap, caller: &Caller) -> Option<Kind> {
        let may = match self.access {
            Access::Right(action, resource) => caller.enrolled().is_ok() && caller.grant(action, resource).is_some(),
            Access::SignedIn => true,
            Access::Public | Access::Installation => false,
        };
        if !may || (self.streams_forms && is_form(headers)) {
            return None;
        }
        let Some(types) = &self.types else { return Some(Kind::Json) };
        let takes = |kind: &str| types.iter().any(|taken| **taken == *kind);
        if is_json(headers) {
            return takes("application/json").then_some(Kind::Json);
        }
        takes(&content_type(headers)).then_some(Kind::Upload)
    }
}

/// Stands before every such operation.
pub(super) async fn once(State(of): State<Repeatable>, request: Request, next: Next) -> Result<Response, Problem> {
    if !request.headers().contains_key(KEY) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    // Whoever is not known learns nothing about keys.
    let caller = Caller::from_request_parts(&mut parts, &of.api).await?;
    let Some(kind) = of.body(&parts.headers, &caller) else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let Some(repetition) = Repetition::named(&parts.headers, &parts.uri, &caller)? else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let body = read(body, kind).await?;
    let digest = Sha256::digest(&body).into();
    let work = async move { Ok(next.run(Request::from_parts(parts, Body::from(body))).await) };
    repetition.answered(&of.api, &caller, digest, work).await
}

/// A request that may be sent again: by whom, where, under which key.
#[derive(Clone, Debug)]
pub(super) struct Repetition {
    key: RequestKey,
    /// A question that asks something else is another one: a dry run and the real one have the same body.
    query: String,
}

impl Repetition {
    /// That of a request; `None`: it has no key.
    pub(super) fn of(request: &Request, caller: &Caller) -> Result<Option<Self>, Problem> {
        Self::named(request.headers(), request.uri(), caller)
    }

    fn named(headers: &HeaderMap, address: &Uri, caller: &Caller) -> Result<Option<Self>, Problem> {
        let Some(key) = headers.get(KEY) else { return Ok(None) };
        let key = key.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
        let key = key.ok_or_else(|| {
            Problem::BadRequest("The Idempotency-Key must have 1 to 255 printable characters.".into())
        })?;
        let told = format!("{}\n{}\n{key}", sender(caller), place(address.path()));
        let query = address.query().unwrap_or_default().to_owned();
        Ok(Some(Self { key: RequestKey(Sha256::digest(told).into()), query }))
    }

    /// The answer of the first request of this kind, which `work` makes if this is the first. It goes on when whoever asked is
    /// gone: what was begun is done, and its answer kept for when they ask again.
    pub(super) async fn answered(
        self,
        api: &ApiState,
        caller: &Caller,
        body: [u8; 32],
        work: impl Future<Output = Result<Response, Problem>> + Send + 'static,
    ) -> Result<Response, Problem> {
        let (tenant, now) = (api.tenant(caller), api.now());
        let answered = tokio::spawn(async move { self.answer(&tenant, now, body, work).await });
        answered.await.unwrap_or_else(|fault| {
            tracing::error!(%fault, "a request with a key ended without an answer");
            Err(Problem::Internal)
        })
    }

    async fn answer(
        self,
        tenant: &TenantStore,
        now: jiff::Timestamp,
        body: [u8; 32],
        work: impl Future<Output = Result<Response, Problem>>,
    ) -> Result<Response, Problem> {
        let digest = Sha256::new().chain_update(&self.query).chain_update([0]).chain_update(body).finalize();
        match tenant.begin_request(self.key, RequestKey(digest.into()), now).await? {
            Repeated::Answered(answer) => return Ok(again(answer)),
            Repeated::AtWork => {
                return Err(Problem::Conflict("The first request with this Idempotency-Key is still at work.".into()));
            }
            Repeated::OtherBody => {
                let error =
                    FieldError::rule("other_body", "An earlier request with this key had another body. Use a new key.");
                return Err(Problem::Invalid(FieldErrors::one("idempotency_key", error)));
            }
            Repeated::First => {}
        }
        let answer = work.await;
        let (succeeded, problem) = match &answer {
            Ok(response) => (response.status().is_success(), response.extensions().get()),
            Err(problem) => (false, Some(problem)),
        };
        let perhaps_done = problem == Some(&Problem::PerhapsDone);
        if succeeded {
            return keep(tenant, self.key, answer?).await;
        }
        // Perhaps it was done: the next one of its key hears that this one is at work, and a minute later is the first.
        if !perhaps_done && let Err(fault) = tenant.forget_request(self.key).await {
            tracing::warn!(fault = &fault as &dyn Error, "a request with a key that came to nothing is not forgotten");
        }
        answer
    }
}

/// Who sends a request, whatever session they have: someone who signs in again sends the same one.
fn sender(caller: &Caller) -> String {
    let organization = caller.tenant.organization();
    let user = caller.user.map(UserId::get).unwrap_or_default();
    match &caller.means {
        Means::Session { .. } => format!("{organization} session {user}"),
        Means::Token { name, .. } => format!("{organization} token {user} {name:?}"),
        Means::Installation { id } => format!("{organization} installation {id}"),
    }
}

/// Where a request goes, by either base.
fn place(path: &str) -> &str {
    path.strip_prefix("/api/v1").or_else(|| path.strip_prefix("/api")).unwrap_or(path)
}

/// Keeps an answer that tells of success. What was done is done, whether its answer can be kept or not.
async fn keep(tenant: &TenantStore, asked: RequestKey, response: Response) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|fault| {
        tracing::error!(%fault, "the answer to a request with a key breaks off");
        Problem::Internal
    })?;
    let answer = GivenAnswer {
        status: parts.status.as_u16(),
        location: parts.headers.get(LOCATION).and_then(|location| location.to_str().ok()).map(str::to_owned),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    if let Err(fault) = tenant.keep_answer(asked, answer).await {
        tracing::warn!(fault = &fault as &dyn Error, "the answer to a request with a key is not kept");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn again(answer: GivenAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(answer.body)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    if let Some(location) = answer.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
        headers.insert(LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_store::TestStore;
    use jiff::Timestamp;
    use opbx_store::{Reason, Tenant};

    #[tokio::test]
    async fn what_was_perhaps_done_is_not_done_again_at_once() {
        let now: Timestamp = "2026-03-09T14:00:00Z".parse().unwrap();
        let there = TestStore::new(now).await;
        let made = there.organization("acme", now).await;
        let tenant = there.store.tenant(&Tenant::inside(made, Reason::Command));
        let ask = async |key: u8, at: Timestamp, outcome: Result<StatusCode, Problem>| {
            let asked = Repetition { key: RequestKey([key; 32]), query: String::new() };
            let answer = asked.answer(&tenant, at, [0; 32], async { outcome.map(IntoResponse::into_response) }).await;
            answer.map(|response| response.status())
        };
        // Nothing was begun: it may be sent again at once.
        assert_eq!(ask(1, now, Err(Problem::StoreAway)).await, Err(Problem::StoreAway));
        assert_eq!(ask(1, now, Ok(StatusCode::CREATED)).await, Ok(StatusCode::CREATED));
        assert_eq!(ask(2, now, Err(Problem::PerhapsDone)).await, Err(Problem::PerhapsDone));
        assert!(matches!(ask(2, now, Ok(StatusCode::CREATED)).await, Err(Problem::Conflict(_))));
        let later = now + jiff::SignedDuration::from_mins(1);
        assert_eq!(ask(2, later, Ok(StatusCode::CREATED)).await, Ok(StatusCode::CREATED));
        // A handler says it by a mark on its answer.
        let marked = Repetition { key: RequestKey([3; 32]), query: String::new() };
        let answer = marked.answer(&tenant, now, [0; 32], async { Ok(Problem::PerhapsDone.into_response()) }).await;
        assert_eq!(answer.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(matches!(ask(3, now, Ok(StatusCode::CREATED)).await, Err(Problem::Conflict(_))));
    }

    #[test]
    fn both_bases_are_one_place() {
        assert_eq!((place("/api/v1/users"), place("/api/users")), ("/users", "/users"));
    }
}
