//! A document on its way to the platform.

use crate::fabric::Given;
use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Response as HttpResponse};
use axum::response::{IntoResponse, Response};

/// CXML, and the word for what it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Document {
    pub(super) xml: Bytes,
    /// The outcome, as the log tells it.
    pub(super) outcome: &'static str,
}

impl Document {
    pub(super) fn new(document: &cxml::Response, outcome: &'static str) -> Self {
        // Most documents fit; the longest grow once or twice.
        let mut xml = String::with_capacity(512);
        document.write_into(&mut xml);
        Self { xml: xml.into(), outcome }
    }

    /// As it is remembered.
    pub(super) fn given(&self) -> Given {
        Given { body: self.xml.clone(), outcome: self.outcome }
    }
}

/// The document that was given before.
impl From<Given> for Document {
    fn from(given: Given) -> Self {
        Self { xml: given.body, outcome: given.outcome }
    }
}

/// Always 200: whatever the document says, it is an answer.
impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let mut response = HttpResponse::new(Body::from(self.xml));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        response
    }
}
