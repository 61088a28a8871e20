//! Is this request really the platform's, and whose call is it?

use super::VoiceState;
use super::apology::Failure;
use super::reader::VoiceRequest;
use crate::app::LARGEST_BODY;
use crate::bearer::bearer;
use crate::meters::Refusal;
use crate::plans::{Current, Served, Verified};
use crate::problem::Problem;
use crate::request_id::RequestId;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long a request may take, from its headers to its answer. A caller who hears nothing for longer hangs up.
pub(super) const DEADLINE: Duration = Duration::from_secs(2);

/// How much of a body that is too large is still read, in bytes.
const MOST_DROPPED: usize = 16 * LARGEST_BODY;

const DOMAIN: HeaderName = HeaderName::from_static("x-cx-domain");

/// A request whose key is the key of the organization that it names.
///
/// As an extractor it is the policy of every voice handler: there is no other way to an organization.
#[derive(Debug)]
pub(crate) struct VerifiedCall {
    /// Whose call it is.
    pub(super) organization: Arc<Served>,
    /// The plan of this moment; `None`: it cannot be loaded.
    pub(super) plan: Option<Arc<Current>>,
    /// What the platform says; where it could not be read, what was read until then.
    pub(super) request: VoiceRequest,
    /// Why it could not be read.
    pub(super) failure: Option<Failure>,
    pub(super) id: RequestId,
    /// When its headers were there.
    pub(super) since: Instant,
}

impl FromRequest<VoiceState> for VerifiedCall {
    type Rejection = Problem;

    async fn from_request(request: Request, voice: &VoiceState) -> Result<Self, Problem> {
        let since = Instant::now();
        if request.method() != Method::POST && request.method() != Method::GET {
            return Err(Problem::MethodNotAllowed("GET, POST".into()));
        }
        let (mut parts, body) = request.into_parts();
        let id = parts.extensions.remove::<RequestId>().ok_or(Problem::NotFound)?;
        let mut said = VoiceRequest::default();
        said.read_form(parts.uri.query().unwrap_or_default().as_bytes());
        let failure = match body_of(body, since + DEADLINE).await? {
            Ok(body) => said.read_body(content_type(&parts), &body).map_err(Failure::Unreadable).err(),
            Err(failure) => Some(failure),
        };
        // A body that came late has used the time up, but its caller is still there.
        let deadline = (since + DEADLINE).max(Instant::now() + DEADLINE / 2);
        let plans = &voice.0.plans;
        let verified = plans.verified(domain(&said, &parts.headers), bearer(&parts.headers), deadline).await;
        match verified {
            Ok(Some(Verified { organization, current })) => {
                Ok(Self { organization, plan: current, request: said, failure, id, since })
            }
            Ok(None) => {
                voice.0.meters.voice.refused(Refusal::Unauthenticated);
                tracing::info!(request_id = %id, "a voice request without a valid key was refused");
                Err(Problem::Unauthenticated)
            }
            Err(away) => {
                voice.0.meters.voice.refused(Refusal::StoreAway);
                tracing::warn!(request_id = %id, %away, "a voice request of nobody known was refused");
                Err(Problem::StoreAway)
            }
        }
    }
}

/// The whole body, or why the call has to do without it.
async fn body_of(mut body: Body, deadline: Instant) -> Result<Result<Bytes, Failure>, Problem> {
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(too_large(body).await);
    }
    let collected = tokio::time::timeout_at(deadline, Limited::new(&mut body, LARGEST_BODY).collect());
    match collected.await {
        Ok(Ok(body)) => Ok(Ok(body.to_bytes())),
        Ok(Err(fault)) if fault.is::<LengthLimitError>() => Err(too_large(body).await),
        Ok(Err(fault)) => Ok(Err(Failure::Unreadable(fault.to_string()))),
        Err(_) => Ok(Err(Failure::Late)),
    }
}

/// Refuses a body, after dropping what comes of it for a while: whoever is still sending when the connection closes
/// sees a broken connection and not the refusal.
async fn too_large(body: Body) -> Problem {
    let mut rest = Limited::new(body, MOST_DROPPED);
    let dropped = async { while let Some(Ok(_)) = rest.frame().await {} };
    // Whether it ended, failed or took too long, the answer is the same.
    let _ = tokio::time::timeout(DEADLINE, dropped).await;
    Problem::BodyTooLarge
}

fn content_type(parts: &Parts) -> Option<&str> {
    parts.headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// The domain that the request names: in what it says, else in its header.
fn domain<'r>(said: &'r VoiceRequest, headers: &'r HeaderMap) -> Option<&'r str> {
    let header = || headers.get(DOMAIN)?.to_str().ok();
    let given = |domain: &&str| !domain.is_empty();
    said.domain.as_deref().map(str::trim).filter(given).or_else(|| header().map(str::trim).filter(given))
}
