//! Prompts as sound: for people who may see them, and for the platform.

use super::super::ApiState;
use super::super::resource::Id;
use crate::access::{Permit, Prompts, Read};
use crate::blob::BlobKey;
use crate::media::Media;
use crate::media::range::{Wanted, wanted};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use opbx_core::prompt::Prompt;
use opbx_core::sound::AudioFile;
use opbx_store::{Reason, Tenant};
use std::time::Duration;
use tokio::time::timeout;

/// How long the store may take to say what is played: a caller waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// For people: asked again each time, so that a right that is taken back counts.
const OF_PEOPLE: &str = "private, no-cache";
/// For the platform: a content never changes under its address.
const OF_THE_PLATFORM: &str = "public, max-age=86400, immutable";

/// `GET /prompts/{id}/audio`.
pub(super) async fn listen(
    State(api): State<ApiState>,
    permit: Permit<Read<Prompts>>,
    id: Id,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let prompt = api.tenant(&permit.caller).find::<Prompt>(id.0).await?.object;
    let file = prompt.sound.file().ok_or(Problem::NotFound)?;
    sound(&api, file, &method, &headers, OF_PEOPLE).await
}

/// `GET /media/{token}`: whatever is wrong with the token, there is nothing.
pub(super) async fn fetch_media(
    State(api): State<ApiState>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let media = api.library().tokens.open(&token).ok_or(Problem::NotFound)?;
    let prompt = prompt(&api, media).await?;
    let file = prompt.sound.file().filter(|file| file.digest.beginning() == media.content).ok_or(Problem::NotFound)?;
    sound(&api, file, &method, &headers, OF_THE_PLATFORM).await
}

/// The prompt as the store has it; while that is away, as the plan has it by which calls are routed meanwhile.
async fn prompt(api: &ApiState, media: Media) -> Result<Prompt, Problem> {
    let tenant = api.store().tenant(&Tenant::inside(media.organization, Reason::Webhook));
    let found = timeout(PATIENCE, tenant.find::<Prompt>(media.prompt.get())).await;
    let problem = match found {
        Ok(Ok(stored)) => return Ok(stored.object),
        Ok(Err(fault)) => Problem::from(fault),
        Err(_) => Problem::StoreAway,
    };
    let held = if problem == Problem::StoreAway { api.plans().held(media.organization) } else { None };
    held.and_then(|current| current.plan.prompt(media.prompt).cloned()).ok_or(problem)
}

/// A file, or the part of it that is wanted.
async fn sound(
    api: &ApiState,
    file: &AudioFile,
    method: &Method,
    headers: &HeaderMap,
    keeping: &'static str,
) -> Result<Response, Problem> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let version = format!("\"{}\"", file.digest);
    let told = |status: StatusCode, body: Body| {
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keeping));
        if let Ok(version) = HeaderValue::from_str(&version) {
            headers.insert(ETAG, version);
        }
        response
    };
    let is_known =
        |known: &str| known.trim() == "*" || known.split(',').any(|one| one.trim().trim_start_matches("W/") == version);
    if text(IF_NONE_MATCH).is_some_and(is_known) {
        return Ok(told(StatusCode::NOT_MODIFIED, Body::empty()));
    }
    // A part of another version is of no use; and only GET has parts.
    let is_same = text(IF_RANGE).is_none_or(|known| known.trim() == version);
    let asked = if *method == Method::GET && is_same { text(RANGE) } else { None };
    let (status, range) = match wanted(asked, file.bytes) {
        Wanted::Whole => (StatusCode::OK, 0..file.bytes),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Outside => return Err(Problem::OutsideTheFile(file.bytes)),
    };
    let length = range.end - range.start;
    let place = format!("bytes {}-{}/{}", range.start, range.end.saturating_sub(1), file.bytes);
    let mut response = told(status, part(api, file, range).await?);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.format.media_type()));
    headers.insert(CONTENT_LENGTH, length.into());
    if let (StatusCode::PARTIAL_CONTENT, Ok(place)) = (status, HeaderValue::from_str(&place)) {
        headers.insert(CONTENT_RANGE, place);
    }
    Ok(response)
}

async fn part(api: &ApiState, file: &AudioFile, range: std::ops::Range<u64>) -> Result<Body, Problem> {
    let missing = || {
        tracing::error!(key = &*file.key, "a file that a prompt refers to is not in the storage");
        Problem::StorageAway
    };
    let key = file.key.parse::<BlobKey>().map_err(|_| missing())?;
    match api.library().blobs.part(&key, range).await {
        Ok(Some(part)) => Ok(Body::new(part)),
        Ok(None) => Err(missing()),
        Err(fault) => {
            tracing::error!(%fault, key = &*file.key, "a file cannot be read");
            Err(Problem::StorageAway)
        }
    }
}
