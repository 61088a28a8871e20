//! `Idempotency-Key`: a request that is sent again gets its first answer, and has no second effect.
//!
//! Only answers that tell of success are kept: what was refused had no effect, and may be sent again as it is or mended.
//! The answer is kept after the change was made, so a server that is killed between the two leaves a request of which
//! nobody knows; after a minute the next one of its key counts as the first.

use super::ApiState;
use super::body::{LARGEST_UPLOAD, is_form, is_json, read};
use crate::access::Caller;
use crate::app::LARGEST_BODY;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use opbx_store::{GivenAnswer, Repeated, RequestKey, TenantStore};
use sha2::{Digest, Sha256};
use std::future::Future;

/// The header that says what is the same request.
const KEY: &str = "idempotency-key";
/// The longest key, in bytes.
const LONGEST: usize = 255;

/// Stands before every operation that makes something and whose answer holds no secret.
pub(super) async fn once(State(api): State<ApiState>, request: Request, next: Next) -> Result<Response, Problem> {
    if !request.headers().contains_key(KEY) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    // Whoever is not known learns nothing about keys.
    let caller = Caller::from_request_parts(&mut parts, &api).await?;
    let Some(repetition) = Repetition::named(&parts.headers, &parts.uri, &caller)? else {
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let body = read(body, if is_json(&parts.headers) { LARGEST_BODY } else { LARGEST_UPLOAD }).await?;
    let digest = Sha256::digest(&body).into();
    let work = async { Ok(next.run(Request::from_parts(parts, Body::from(body))).await) };
    repetition.answered(&api, &caller, digest, work).await
}

/// The same before an operation that streams a form with a file into the storage: that is not read here, and whoever reads it
/// asks for its [`Repetition`].
pub(super) async fn once_but_for_forms(
    state: State<ApiState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if is_form(request.headers()) { Ok(next.run(request).await) } else { once(state, request, next).await }
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
        let told = format!("{:?}\n{:?}\n{}\n{key}", caller.means, caller.user, address.path());
        let query = address.query().unwrap_or_default().to_owned();
        Ok(Some(Self { key: RequestKey(Sha256::digest(told).into()), query }))
    }

    /// The answer of the first request of this kind, which `work` makes if this is the first.
    pub(super) async fn answered(
        self,
        api: &ApiState,
        caller: &Caller,
        body: [u8; 32],
        work: impl Future<Output = Result<Response, Problem>>,
    ) -> Result<Response, Problem> {
        let tenant = api.tenant(caller);
        let digest = Sha256::new().chain_update(&self.query).chain_update([0]).chain_update(body).finalize();
        match tenant.begin_request(self.key, RequestKey(digest.into()), api.now()).await? {
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
        match work.await {
            Ok(response) => settle(&tenant, self.key, response).await,
            Err(problem) => {
                tenant.forget_request(self.key).await?;
                Err(problem)
            }
        }
    }
}

/// Keeps an answer that tells of success, and forgets the request otherwise.
async fn settle(tenant: &TenantStore, asked: RequestKey, response: Response) -> Result<Response, Problem> {
    if !response.status().is_success() {
        tenant.forget_request(asked).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = read(body, usize::MAX).await?;
    let answer = GivenAnswer {
        status: parts.status.as_u16(),
        location: parts.headers.get(LOCATION).and_then(|location| location.to_str().ok()).map(str::to_owned),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    // What was done is done, whether its answer can be kept or not.
    if let Err(fault) = tenant.keep_answer(asked, answer).await {
        tracing::warn!(fault = &fault as &dyn std::error::Error, "the answer to a request with a key is not kept");
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
