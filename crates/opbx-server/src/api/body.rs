//! Bodies of requests: JSON objects, of a size.

use super::ApiState;
use crate::app::LARGEST_BODY;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Limited};
use serde_json::{Map, Value};

/// The largest file that is taken, with the form around it, in bytes.
pub(crate) const LARGEST_UPLOAD: usize = 20 * 1024 * 1024;

/// A JSON object.
#[derive(Debug)]
pub(crate) struct JsonObject(pub(crate) Map<String, Value>);

impl FromRequest<ApiState> for JsonObject {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &ApiState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        if !is_json(&parts.headers) {
            return Err(Problem::UnsupportedMediaType("application/json"));
        }
        object(&read(body, LARGEST_BODY).await?).map(Self)
    }
}

/// Whether a request says that its body is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// Whether a request says that its body is a form with files.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("multipart/form-data"))
}

/// The whole body, if it is not larger than that.
pub(crate) async fn read(body: Body, largest: usize) -> Result<Bytes, Problem> {
    match Limited::new(body, largest).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(fault) if fault.is::<http_body_util::LengthLimitError>() => Err(Problem::BodyTooLarge),
        Err(_) => Err(Problem::BadRequest("The body ended before it was complete.".into())),
    }
}

fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::BadRequest("The body must be a JSON object.".into())),
        Err(fault) => {
            let (line, column) = (fault.line(), fault.column());
            Err(Problem::BadRequest(format!("The body is not JSON (line {line}, column {column}).").into()))
        }
    }
}
