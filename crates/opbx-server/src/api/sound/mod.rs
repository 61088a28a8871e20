//! Files with sound, for people and for the platform: served in parts, and each playing to a person written down.

mod media;
mod plays;

pub(crate) use self::plays::Plays;

use super::ApiState;
use super::operation::{Access, Operation};
use crate::blob::BlobKey;
use crate::media::range::{Wanted, wanted};
use crate::problem::Problem;
use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use opbx_core::sound::AudioFile;
use serde_json::json;

/// For people: asked again each time, so that a right that is taken back counts.
pub(super) const OF_PEOPLE: &str = "private, no-cache";

/// The operation for the platform, which comes without credentials.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        answers_sound(Operation::new(Method::GET, "/media/{token}", "get_media", media::fetch))
            .about("media", "Fetch the file of a prompt or a message by its signed address, without credentials")
            .path_parameter("token", json!({ "type": "string" }))
            .access(Access::Public),
    ]
}

/// What is said of an operation that answers with a file, or with a part of it.
pub(super) fn answers_sound(operation: Operation) -> Operation {
    let sound = || json!({ "audio/wav": {}, "audio/mpeg": {} });
    operation
        .header("Range", "Which part of the file: `bytes=0-1023`.")
        .header("If-Range", "The ETag of the file of which a part is there already.")
        .header("If-None-Match", "The ETag of the file that is there already: 304 when it is still the same.")
        .answers_content(200, sound())
        .answers_content(206, sound())
        .answers_nothing(304)
        .refuses(&[416])
}

/// A file, or the part of it that is wanted.
pub(in crate::api) async fn served(
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
        tracing::error!(key = &*file.key, "a file that something refers to is not in the storage");
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
