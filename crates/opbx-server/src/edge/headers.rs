//! What every answer says to whatever shows it.

use crate::public_url::PublicUrl;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing that is answered is guessed at, framed, or runs anything; pages say for themselves what they need.
const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    // The web UI is a phone; nobody else needs anything of the machine.
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(self)"),
    ),
];

/// For a year the browser comes back with TLS only.
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What every answer carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecurityHeaders {
    /// Whether the server is reached by TLS.
    tls: bool,
}

impl SecurityHeaders {
    /// Of a server with this address outside.
    pub(crate) fn of(public_url: Option<&PublicUrl>) -> Self {
        Self { tls: public_url.is_some_and(|url| url.as_str().starts_with("https://")) }
    }

    /// Puts them onto an answer, where it does not say otherwise itself.
    pub(crate) fn onto(self, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in HEADERS {
            headers.entry(name).or_insert(value);
        }
        if self.tls {
            headers.entry(STRICT_TRANSPORT_SECURITY).or_insert(ONLY_TLS);
        }
    }
}

/// What the API answers is of nobody else, and not to be kept.
pub(crate) async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
