//! Answers: `{"data": …}`, with the version of what it shows.

use super::ApiState;
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

/// A JSON body.
pub(crate) fn json(value: &impl Serialize) -> Response {
    // Views hold texts, numbers, lists and objects with text keys: none of them fails to be JSON.
    let body = serde_json::to_vec(value).unwrap_or_default();
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], Body::from(body)).into_response()
}

/// `{"data": …}`.
pub(crate) fn data(value: &impl Serialize) -> Response {
    json(&json!({ "data": value }))
}

/// `{"data": …}` of a thing that was made, and where it is.
pub(crate) fn created(value: &impl Serialize, location: &str) -> Response {
    let mut response = data(value);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// An instant as the API writes it: UTC, with milliseconds.
pub(crate) fn instant(at: jiff::Timestamp) -> String {
    format!("{at:.3}")
}

/// Done, and nothing to say about it.
pub(crate) fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// It will be done, and there is nothing to say about it.
pub(crate) fn accepted() -> Response {
    StatusCode::ACCEPTED.into_response()
}

/// The version of an object: two answers with one version are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Version(String);

impl Version {
    pub(crate) fn of(id: u64, revision: u64) -> Self {
        Self(format!("\"{id}-{revision}\""))
    }

    /// Puts it into an answer.
    pub(crate) fn on(&self, mut response: Response) -> Response {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(ETAG, value);
        }
        response
    }
}

/// `If-Match`: the versions of which one must be the present one; none: any.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Precondition(Option<String>);

impl FromRequestParts<ApiState> for Precondition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &ApiState) -> Result<Self, Problem> {
        let header = parts.headers.get(IF_MATCH);
        let text = header.map(|header| header.to_str().map(str::to_owned)).transpose();
        text.map(Self).map_err(|_| Problem::BadRequest("The header If-Match cannot be read.".into()))
    }
}

impl Precondition {
    /// Whether an object of that version may be changed.
    ///
    /// # Errors
    ///
    /// [`Problem::Stale`].
    pub(crate) fn holds(&self, version: &Version) -> Result<(), Problem> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let matches = wanted.trim() == "*" || wanted.split(',').any(|one| one.trim() == version.0);
        if matches { Ok(()) } else { Err(Problem::Stale) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_precondition_holds_for_one_of_its_versions() {
        let now = Version::of(7, 3);
        for (wanted, holds) in [
            (None, true),
            (Some("*"), true),
            (Some("\"7-3\""), true),
            (Some("\"7-2\", \"7-3\""), true),
            (Some("\"7-2\""), false),
            (Some("7-3"), false),
            (Some(""), false),
            // A weak version never matches a precondition (RFC 9110, section 13.1.1).
            (Some("W/\"7-3\""), false),
        ] {
            assert_eq!(Precondition(wanted.map(str::to_owned)).holds(&now).is_ok(), holds, "{wanted:?}");
        }
    }
}
