//! The description of the API as a page for people: Swagger UI out of the binary, so that it works without the network.

use super::ApiState;
use crate::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// Only files of our own, and no script inside the page. Styles inside it are what Swagger UI is made with, its pictures are `data:`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and its files below a base.
pub(super) fn routes(base: &str) -> Router<ApiState> {
    let refuse = async || Problem::MethodNotAllowed("GET, HEAD".into());
    Router::new()
        .route(&format!("{base}/docs"), get(page).fallback(refuse))
        .route(&format!("{base}/docs/{{file}}"), get(file).fallback(refuse))
}

async fn page() -> Response {
    answer("text/html; charset=utf-8", include_bytes!("index.html").as_slice().into())
}

/// The files that the page names, and no others.
async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    if name == "start.js" {
        return Ok(answer("text/javascript; charset=utf-8", include_bytes!("start.js").as_slice().into()));
    }
    let kind = match name.as_str() {
        "swagger-ui.css" => "text/css; charset=utf-8",
        "swagger-ui-bundle.js" => "text/javascript; charset=utf-8",
        "favicon-32x32.png" => "image/png",
        _ => return Err(Problem::NotFound),
    };
    match utoipa_swagger_ui::serve(&name, Arc::new(Config::from("openapi.json"))) {
        Ok(Some(found)) => Ok(answer(kind, found.bytes.into_owned().into())),
        Ok(None) | Err(_) => Err(Problem::NotFound),
    }
}

fn answer(kind: &'static str, body: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        // The same for everyone, and another one with the next version.
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    (headers, body).into_response()
}
