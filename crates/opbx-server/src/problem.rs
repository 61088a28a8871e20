//! Refusals as documents (RFC 9457): the single place where a reason becomes a status, a code and words.

use crate::request_id::RequestId;
use axum::body::Body;
use axum::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a request is refused.
///
/// As a response it is only a mark: the outermost layer, which knows the name of the request, writes the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Problem {
    /// No key, a wrong one, or the one of another organization: the same answer to all, also where there is no such
    /// organization.
    Unauthenticated,
    /// Nothing stands at this address.
    NotFound,
    /// The address takes other methods: these.
    MethodNotAllowed(&'static str),
    /// The body is larger than [`LARGEST_BODY`](crate::app::LARGEST_BODY).
    BodyTooLarge,
    /// The address is longer than [`LONGEST_ADDRESS`](crate::app::LONGEST_ADDRESS).
    AddressTooLong,
    /// The server is stopping.
    Stopping,
    /// Nobody known is meant, and the store cannot be asked for others.
    StoreAway,
}

/// The document. `message` repeats `detail`: clients of other products look there.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'static str,
    code: &'static str,
    params: BTreeMap<&'static str, &'a str>,
    message: &'static str,
    request_id: String,
}

impl Problem {
    const fn status(self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::Stopping | Self::StoreAway => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable code, for machines.
    const fn code(self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::BodyTooLarge => "body_too_large",
            Self::AddressTooLong => "address_too_long",
            Self::Stopping | Self::StoreAway => "unavailable",
        }
    }

    /// Title and detail, for people.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unauthenticated => {
                ("Not authenticated", "The request carries no key that is valid here. Send it as a bearer token.")
            }
            Self::NotFound => ("Not found", "There is nothing at this address."),
            Self::MethodNotAllowed(_) => ("Method not allowed", "This address does not answer to this method."),
            Self::BodyTooLarge => ("Body too large", "A body may have at most 1 MiB."),
            Self::AddressTooLong => ("Address too long", "An address may have at most 8 KiB."),
            Self::Stopping => ("Not available", "The server is stopping. Another instance answers, or this one soon."),
            Self::StoreAway => {
                ("Not available", "The database cannot be asked at the moment. Send the request again later.")
            }
        }
    }

    /// The response with its document.
    pub(crate) fn respond(self, id: &RequestId) -> Response {
        let (title, detail) = self.words();
        let mut params = BTreeMap::new();
        if let Self::MethodNotAllowed(methods) = self {
            params.insert("allow", methods);
        }
        let document = Document {
            r#type: format!("urn:opbx:problem:{}", self.code()),
            title,
            status: self.status().as_u16(),
            detail,
            code: self.code(),
            params,
            message: detail,
            request_id: id.to_string(),
        };
        // Texts and a number: nothing in it can fail to be JSON.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (self.status(), Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::Unauthenticated => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::MethodNotAllowed(methods) => {
                headers.insert(ALLOW, HeaderValue::from_static(methods));
            }
            // What was not read would be taken for the next request.
            Self::BodyTooLarge => {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
