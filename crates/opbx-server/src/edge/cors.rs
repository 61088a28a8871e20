//! Which pages of others may read what the API answers.

use axum::Router;
use axum::http::header::{
    AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, IF_MATCH, LOCATION, ORIGIN, RANGE, RETRY_AFTER,
};
use axum::http::{HeaderName, HeaderValue, Method, Uri};
use std::str::FromStr;
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember what it was told.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Which pages of others may read answers; by default none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CorsOrigins(Which);

#[derive(Clone, PartialEq, Eq, Debug, Default)]
enum Which {
    #[default]
    None,
    /// Any, but never with a cookie.
    Any,
    /// These, exactly.
    These(Vec<HeaderValue>),
}

/// A text that is no list of origins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("origins like https://app.example.com, separated by commas, or * for any without cookies")]
pub struct NotOrigins;

impl FromStr for CorsOrigins {
    type Err = NotOrigins;

    /// Origins as browsers write them, separated by commas; `*` alone: any.
    fn from_str(text: &str) -> Result<Self, NotOrigins> {
        if text.trim() == "*" {
            return Ok(Self(Which::Any));
        }
        text.split(',').map(|word| origin(word.trim())).collect::<Result<_, _>>().map(|these| Self(Which::These(these)))
    }
}

/// Scheme, host and port, and nothing behind them: what a browser compares byte by byte.
fn origin(text: &str) -> Result<HeaderValue, NotOrigins> {
    let text = text.to_ascii_lowercase();
    let uri: Uri = text.parse().map_err(|_| NotOrigins)?;
    let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(NotOrigins);
    };
    let usual = if scheme == "http" { 80 } else { 443 };
    let is_origin = text == format!("{scheme}://{authority}")
        && !authority.as_str().contains('@')
        && !authority.host().is_empty()
        && authority.port_u16() != Some(usual);
    if is_origin { HeaderValue::from_str(&text).map_err(|_| NotOrigins) } else { Err(NotOrigins) }
}

/// Lets pages of these origins read the answers of a router, and answers what browsers ask before.
pub(crate) fn across_origins(router: Router, origins: &CorsOrigins) -> Router {
    let named = HeaderName::from_static;
    let cors = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_MATCH,
            RANGE,
            named("idempotency-key"),
            named("x-csrf"),
            named("x-organization"),
            named("x-request-id"),
            named("x-session-mode"),
        ])
        .expose_headers([
            CONTENT_DISPOSITION,
            ETAG,
            LOCATION,
            RETRY_AFTER,
            named("idempotency-replayed"),
            named("x-ratelimit-limit"),
            named("x-ratelimit-remaining"),
            named("x-request-id"),
        ])
        .vary([ORIGIN])
        .max_age(REMEMBERED);
    match &origins.0 {
        Which::None => router,
        Which::Any => router.layer(cors.allow_origin(AllowOrigin::any())),
        Which::These(these) => {
            router.layer(cors.allow_origin(AllowOrigin::list(these.iter().cloned())).allow_credentials(true))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_as_browsers_write_them() {
        for good in ["*", "https://app.example.com", "http://localhost:5173, https://App.Example.com:8443"] {
            assert!(good.parse::<CorsOrigins>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/page",
            "https://app.example.com:443",
            "https://me@app.example.com",
            "ftp://app.example.com",
            "https://a.example,*",
            "null",
        ] {
            assert!(bad.parse::<CorsOrigins>().is_err(), "{bad}");
        }
    }
}
