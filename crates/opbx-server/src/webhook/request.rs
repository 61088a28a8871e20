//! A request that reports something, read as far as it can be without knowing whose it is.

use crate::app::LARGEST_BODY;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, Method, Uri};
use cloudonix::webhook::{Payload, ReadError};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;
use tokio::time::timeout;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

const DOMAIN: HeaderName = HeaderName::from_static("x-cx-domain");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("x-idempotency-key");

/// What came.
pub(super) struct Reported {
    pub(super) headers: HeaderMap,
    /// The reports, or why they are none.
    pub(super) payload: Result<Payload, ReadError>,
}

impl Reported {
    /// Takes a request of one of these methods.
    ///
    /// # Errors
    ///
    /// Another method; a body that is too large, breaks off or does not come.
    pub(super) async fn take(request: Request, methods: &[Method]) -> Result<Self, Problem> {
        if !methods.contains(request.method()) {
            let allowed: Vec<&str> = methods.iter().map(Method::as_str).collect();
            return Err(Problem::MethodNotAllowed(allowed.join(", ").into()));
        }
        let (parts, body) = request.into_parts();
        let body = match timeout(PATIENCE, whole(body)).await {
            Ok(body) => body?,
            Err(_) => return Err(Problem::BadRequest("The body did not come in time.".into())),
        };
        let payload = read(&parts.headers, &parts.uri, &body);
        Ok(Self { headers: parts.headers, payload })
    }

    /// What the request says that it is known by.
    pub(super) fn idempotency_key(&self) -> Option<&str> {
        self.text(&IDEMPOTENCY_KEY)
    }

    /// The domain that a header names.
    pub(super) fn domain(&self) -> Option<&str> {
        self.text(&DOMAIN)
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }
}

async fn whole(body: Body) -> Result<Vec<u8>, Problem> {
    match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(fault) if fault.is::<LengthLimitError>() => Err(Problem::BodyTooLarge),
        Err(_) => Err(Problem::BadRequest("The body broke off.".into())),
    }
}

/// JSON, or a form; what the body does not say, the address may.
fn read(headers: &HeaderMap, uri: &Uri, body: &[u8]) -> Result<Payload, ReadError> {
    let pairs = |text: &[u8]| form_urlencoded::parse(text).into_owned().collect::<Vec<(String, String)>>();
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    if body.iter().all(u8::is_ascii_whitespace) && !query.is_empty() {
        return Ok(Payload::from_pairs(query));
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = content_type.to_ascii_lowercase().contains("x-www-form-urlencoded");
    let payload = if is_form { Ok(Payload::from_pairs(pairs(body))) } else { Payload::from_json(body) };
    payload.map(|payload| payload.filled_from(query))
}

/// Why reports are not taken, for whoever sent them.
pub(super) fn refusal(fault: &ReadError) -> Problem {
    match fault {
        ReadError::Field { fault: field, .. } => {
            let error = FieldError::rule("invalid", format!("{}.", fault.to_string().trim_end_matches('.')));
            Problem::Invalid(FieldErrors::one(field.field.clone(), error))
        }
        other => Problem::BadRequest(other.to_string().into()),
    }
}
