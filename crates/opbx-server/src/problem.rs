//! Refusals as documents (RFC 9457): the single place where a reason becomes a status, a code and words.

use crate::field_errors::FieldErrors;
use crate::random_text::NoRandomness;
use crate::request_id::RequestId;
use axum::body::Body;
use axum::http::header::{ALLOW, CONNECTION, CONTENT_RANGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use opbx_store::{Constraint, Error};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// After how many seconds a request that was refused because something is away should be sent again.
const AGAIN: u32 = 5;

/// Why a request is refused.
///
/// As a response it is only a mark: the outermost layer, which knows the name of the request, writes the document.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Problem {
    /// No key, a wrong one, or the one of another organization: the same answer to all, also where there is no such
    /// organization.
    Unauthenticated,
    /// The e-mail address or the password is wrong; which of them is not told.
    InvalidCredentials,
    /// The person may not do this.
    Forbidden,
    /// The person was deactivated.
    AccountInactive,
    /// The organization was suspended.
    OrganizationInactive,
    /// A request with the cookie that does not come from our own pages.
    CrossOrigin,
    /// The password was right, and a code is wanted: with this challenge.
    SecondFactorNeeded(String),
    /// The organization requires a second factor that the person has not set up.
    SecondFactorRequired,
    /// The query or the body cannot be read at all.
    BadRequest(Cow<'static, str>),
    /// Nothing stands at this address, or not in this organization.
    NotFound,
    /// The address takes other methods: these.
    MethodNotAllowed(Cow<'static, str>),
    /// Something leads to the object that was to be removed.
    InUse(Value),
    /// The state of things does not allow it.
    Conflict(Cow<'static, str>),
    /// As much as the organization may have.
    LimitReached {
        /// Which limit.
        limit: &'static str,
        /// How much it allows.
        value: u64,
    },
    /// The object is no longer what `If-Match` names.
    Stale,
    /// The body is larger than the address takes.
    BodyTooLarge,
    /// The address is longer than [`LONGEST_ADDRESS`](crate::app::LONGEST_ADDRESS).
    AddressTooLong,
    /// The body is of a type that is not read here.
    UnsupportedMediaType(&'static str),
    /// Fields of the body are wrong.
    Invalid(FieldErrors),
    /// Too often; again after so many seconds.
    RateLimited {
        /// How often it may be in the time that counts: a minute, of codes an hour too.
        limit: u32,
        /// When it may be again, in seconds.
        after: u32,
    },
    /// As many as go on at once; again after so many seconds.
    Busy {
        /// When it may be tried again, in seconds.
        after: u32,
    },
    /// A defect of ours.
    Internal,
    /// The server is stopping.
    Stopping,
    /// Nobody known is meant, and the store cannot be asked for others.
    StoreAway,
    /// The store went away while a change was made: nobody knows whether it was.
    PerhapsDone,
    /// The place of the files cannot be reached, or is full.
    StorageAway,
    /// What was reported cannot be kept: the journal or its disk is full.
    NotKept,
    /// A part was asked for that the file does not have: it has so many bytes.
    OutsideTheFile(u64),
}

/// The document. `message` repeats `detail`: clients of other products look there.
#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    params: Map<String, Value>,
    message: &'a str,
    request_id: String,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Problem {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated | Self::InvalidCredentials | Self::SecondFactorNeeded(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::AccountInactive
            | Self::OrganizationInactive
            | Self::CrossOrigin
            | Self::SecondFactorRequired => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::InUse(_) | Self::Conflict(_) | Self::LimitReached { .. } => StatusCode::CONFLICT,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::AddressTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited { .. } | Self::Busy { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Stopping | Self::StoreAway | Self::PerhapsDone | Self::StorageAway | Self::NotKept => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::OutsideTheFile(_) => StatusCode::RANGE_NOT_SATISFIABLE,
        }
    }

    /// The stable code, for machines.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::InvalidCredentials => "invalid_credentials",
            Self::Forbidden => "forbidden",
            Self::AccountInactive => "account_inactive",
            Self::OrganizationInactive => "organization_inactive",
            Self::CrossOrigin => "csrf",
            Self::SecondFactorNeeded(_) | Self::SecondFactorRequired => "second_factor_required",
            Self::BadRequest(_) => "bad_request",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::InUse(_) => "in_use",
            Self::Conflict(_) => "conflict",
            Self::LimitReached { .. } => "limit_reached",
            Self::Stale => "precondition_failed",
            Self::BodyTooLarge => "body_too_large",
            Self::AddressTooLong => "address_too_long",
            Self::UnsupportedMediaType(_) => "unsupported_media_type",
            Self::Invalid(_) => "validation_failed",
            Self::RateLimited { .. } | Self::Busy { .. } => "rate_limited",
            Self::Internal => "internal",
            Self::Stopping | Self::StoreAway | Self::PerhapsDone | Self::StorageAway | Self::NotKept => "unavailable",
            Self::OutsideTheFile(_) => "range_not_satisfiable",
        }
    }

    /// The sentence for people.
    pub(crate) fn detail(&self) -> Cow<'static, str> {
        self.words().1
    }

    /// Title and detail, for people.
    fn words(&self) -> (&'static str, Cow<'static, str>) {
        let (title, detail) = match self {
            Self::Unauthenticated => {
                ("Not authenticated", "The request carries no key that is valid here. Send it as a bearer token.")
            }
            Self::InvalidCredentials => ("Not signed in", "The e-mail address or the password is wrong."),
            Self::Forbidden => ("Not allowed", "Your role does not allow this. Ask an owner of the organization."),
            Self::AccountInactive => {
                ("Account inactive", "This account is deactivated. Ask an owner of the organization.")
            }
            Self::OrganizationInactive => {
                ("Organization suspended", "This organization is suspended. Ask your provider.")
            }
            Self::CrossOrigin => (
                "Not from our pages",
                "With the cookie, a request that changes something must come from our own pages and carry the header X-CSRF: 1.",
            ),
            Self::SecondFactorNeeded(_) => (
                "Second factor needed",
                "Send the code of your authenticator with the challenge to /auth/login/second-factor.",
            ),
            Self::SecondFactorRequired => (
                "Second factor required",
                "The organization requires a second factor. Set one up in your profile first.",
            ),
            Self::BadRequest(detail) => return ("Bad request", detail.clone()),
            Self::NotFound => ("Not found", "There is nothing at this address."),
            Self::MethodNotAllowed(_) => ("Method not allowed", "This address does not answer to this method."),
            Self::InUse(_) => ("In use", "Other objects still lead to this one. Change them first."),
            Self::Conflict(detail) => return ("Conflict", detail.clone()),
            Self::LimitReached { .. } => ("Limit reached", "The organization has as much of this as it may have."),
            Self::Stale => ("Changed meanwhile", "The object is no longer what If-Match names. Read it again."),
            Self::BodyTooLarge => ("Body too large", "A body may have at most 1 MiB, an upload 20 MB."),
            Self::AddressTooLong => ("Address too long", "An address may have at most 8 KiB."),
            Self::UnsupportedMediaType(expected) => {
                return (
                    "Unsupported media type",
                    format!("The body must be {expected}. Say so in Content-Type.").into(),
                );
            }
            Self::Invalid(_) => ("Not valid", "Some fields are not valid. See errors."),
            Self::RateLimited { .. } => ("Too many requests", "Too many requests. Wait as long as Retry-After says."),
            Self::Busy { .. } => (
                "Too many at once",
                "As many of these are going on as can. Send it again after as long as Retry-After says.",
            ),
            Self::Internal => {
                ("Internal error", "Something went wrong here. It is in the log under this request's id.")
            }
            Self::Stopping => ("Not available", "The server is stopping. Another instance answers, or this one soon."),
            Self::StoreAway => {
                ("Not available", "The database cannot be asked at the moment. Send the request again later.")
            }
            Self::PerhapsDone => (
                "Not available",
                "The database fell silent while the change was made. Look whether it was before you send the request again.",
            ),
            Self::StorageAway => {
                ("Not available", "Files cannot be read or written at the moment. Send the request again later.")
            }
            Self::NotKept => (
                "Not available",
                "The disk takes nothing more at the moment, so this would be lost. Send the request again later.",
            ),
            Self::OutsideTheFile(bytes) => {
                return ("No such part", format!("The file has {bytes} bytes, and none of those of the range.").into());
            }
        };
        (title, detail.into())
    }

    /// What the words are filled with.
    fn params(&self) -> Map<String, Value> {
        let params = match self {
            Self::MethodNotAllowed(methods) => json!({ "allow": methods }),
            Self::LimitReached { limit, value } => json!({ "limit": limit, "value": value }),
            Self::RateLimited { limit, after } => json!({ "limit": limit, "retry_after": after }),
            Self::Busy { after } => json!({ "retry_after": after }),
            _ => Value::Null,
        };
        if let Value::Object(params) = params { params } else { Map::new() }
    }

    /// What only this kind of refusal tells.
    fn more(&self) -> Map<String, Value> {
        let more = match self {
            Self::SecondFactorNeeded(challenge) => {
                json!({ "challenge": challenge, "methods": ["totp", "recovery_code"] })
            }
            Self::InUse(references) => json!({ "references": references }),
            Self::Invalid(errors) => json!({ "errors": errors.sentences(), "error_codes": errors.codes() }),
            _ => Value::Null,
        };
        if let Value::Object(more) = more { more } else { Map::new() }
    }

    /// The response with its document.
    pub(crate) fn respond(&self, id: &RequestId) -> Response {
        let (title, detail) = self.words();
        let document = Document {
            r#type: format!("urn:opbx:problem:{}", self.code()),
            title,
            status: self.status().as_u16(),
            detail: &detail,
            code: self.code(),
            params: self.params(),
            message: &detail,
            request_id: id.to_string(),
            more: self.more(),
        };
        // Texts and numbers: nothing in it can fail to be JSON.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (self.status(), Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self {
            Self::Unauthenticated | Self::InvalidCredentials => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::MethodNotAllowed(methods) => {
                if let Ok(methods) = HeaderValue::from_str(methods) {
                    headers.insert(ALLOW, methods);
                }
            }
            // What was not read would be taken for the next request.
            Self::BodyTooLarge => {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Self::RateLimited { limit, after } => {
                headers.insert(RETRY_AFTER, (*after).into());
                headers.insert("x-ratelimit-limit", (*limit).into());
                headers.insert("x-ratelimit-remaining", HeaderValue::from_static("0"));
            }
            Self::Busy { after } => {
                headers.insert(RETRY_AFTER, (*after).into());
            }
            Self::Stopping | Self::StoreAway | Self::PerhapsDone | Self::StorageAway | Self::NotKept => {
                headers.insert(RETRY_AFTER, AGAIN.into());
            }
            Self::OutsideTheFile(bytes) => {
                if let Ok(range) = HeaderValue::from_str(&format!("bytes */{bytes}")) {
                    headers.insert(CONTENT_RANGE, range);
                }
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

impl From<crate::auth::NotHashed> for Problem {
    fn from(_: crate::auth::NotHashed) -> Self {
        tracing::error!("a password could not be hashed");
        Self::Internal
    }
}

impl From<crate::auth::TooOften> for Problem {
    fn from(wait: crate::auth::TooOften) -> Self {
        Self::RateLimited { limit: wait.limit, after: wait.after }
    }
}

impl From<crate::auth::Unusable> for Problem {
    fn from(_: crate::auth::Unusable) -> Self {
        tracing::error!("a second factor could not be used");
        Self::Internal
    }
}

/// What the store refuses. A conflict that names no field is a conflict as a whole.
impl From<NoRandomness> for Problem {
    fn from(fault: NoRandomness) -> Self {
        tracing::error!(%fault, "a request fails");
        Self::Internal
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        use crate::field_errors::FieldError;
        match error {
            Error::NotFound => Self::NotFound,
            Error::Stale => Self::Stale,
            Error::Conflict(Constraint::Reference) => {
                Self::Conflict("A reference leads to something that is not there any more. Read it again.".into())
            }
            Error::Conflict(Constraint::Twice) => Self::Conflict("Something is there twice. Leave one out.".into()),
            Error::Conflict(constraint) => match constraint.field() {
                Some(field) => Self::Invalid(FieldErrors::one(field, FieldError::taken())),
                None => Self::Conflict("Something else still leads to it.".into()),
            },
            Error::Unavailable(cause) => {
                tracing::warn!(%cause, "a request is refused: the store is away");
                Self::StoreAway
            }
            fault @ Error::Corrupt(_) => {
                tracing::error!(fault = &fault as &dyn std::error::Error, "a request fails");
                Self::Internal
            }
        }
    }
}
