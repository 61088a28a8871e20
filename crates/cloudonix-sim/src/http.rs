//! Requests over HTTP, and why they fail.

use cxml::{Limits, Method, ReadError, Response};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};

use crate::settings::Settings;
use crate::switches::Switches;
use crate::transcript::Answer;

/// Why a request brought no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There was no answer in time.
    #[error("no answer within {0} s")]
    Timeout(f32),
    /// The server could not be reached, or the connection broke.
    #[error("no connection: {0}")]
    Transport(String),
    /// The status is not 2xx.
    #[error("status {0}")]
    Status(u16),
    /// The answer is longer than a document may be.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// The answer is not UTF-8.
    #[error("the answer is not UTF-8")]
    NotText,
    /// The content type is not that of XML.
    #[error("the content type is {0:?}, not application/xml or text/xml")]
    ContentType(String),
    /// The answer is not a CXML document.
    #[error("not a CXML document: {0}")]
    Document(#[from] ReadError),
    /// The address is not one that the platform could ask.
    #[error("{0:?} is no address to ask: {1}")]
    Address(String, String),
    /// The address is that of a server which this exchange may not ask.
    #[error("{0} is not asked: it is not the origin of the application, and not in `Settings::origins`")]
    Elsewhere(String),
}

/// A client that asks only where it may.
#[derive(Debug)]
pub(crate) struct Line {
    client: Client,
    application: Url,
    public: Option<Url>,
    origins: Vec<String>,
}

impl Line {
    pub(crate) fn new(settings: &Settings, application: &Url) -> Result<Self, String> {
        // The second time it is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut origins = vec![application.origin().ascii_serialization()];
        for origin in &settings.origins {
            let url = Url::parse(origin).map_err(|fault| format!("{origin:?}: {fault}"))?;
            origins.push(url.origin().ascii_serialization());
        }
        let public = match &settings.public_origin {
            Some(origin) => Some(Url::parse(origin).map_err(|fault| format!("{origin:?}: {fault}"))?),
            None => None,
        };
        let allowed = origins.clone();
        let redirects = if settings.switches.follow_redirects {
            Policy::custom(move |attempt| {
                let origin = attempt.url().origin().ascii_serialization();
                if attempt.previous().len() > 10 {
                    attempt.error("more than 10 redirects")
                } else if allowed.contains(&origin) {
                    attempt.follow()
                } else {
                    attempt.error(format!("a redirect to {origin}, which is not asked"))
                }
            })
        } else {
            Policy::none()
        };
        // The settings of the machine (a proxy) are not the platform's.
        let client = Client::builder().no_proxy().redirect(redirects).timeout(settings.switches.timeout).build();
        let client = client.map_err(|fault| deepest(&fault))?;
        Ok(Self { client, application: application.clone(), public, origins })
    }

    /// Whether an address is the application's, by the name it is reached at or by the one it knows itself by.
    pub(crate) fn is_the_application(&self, url: &Url) -> bool {
        url.origin() == self.application.origin()
            || self.public.as_ref().is_some_and(|public| url.origin() == public.origin())
    }

    /// The address at which the application is reached.
    fn reached(&self, url: Url) -> Url {
        if !self.is_the_application(&url) {
            return url;
        }
        let mut reached = self.application.clone();
        reached.set_path(url.path());
        reached.set_query(url.query());
        reached
    }

    /// Sends a request and reads the answer, whatever its status.
    pub(crate) async fn send(
        &self,
        switches: &Switches,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, Fault> {
        let url = self.reached(url);
        let origin = url.origin().ascii_serialization();
        if !self.origins.contains(&origin) {
            return Err(Fault::Elsewhere(origin));
        }
        let request = match method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(body),
        };
        let fault = |fault: reqwest::Error| {
            if fault.is_timeout() {
                Fault::Timeout(switches.timeout.as_secs_f32())
            } else {
                Fault::Transport(deepest(&fault))
            }
        };
        let mut response = request.headers(headers).send().await.map_err(fault)?;
        let content_type = response.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let content_type = content_type.map(std::borrow::Cow::into_owned);
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(fault)? {
            body.extend_from_slice(&chunk);
            if body.len() > switches.max_document_bytes {
                return Err(Fault::TooLong(switches.max_document_bytes));
            }
        }
        let body = String::from_utf8(body).map_err(|_| Fault::NotText)?;
        Ok(Answer { status, content_type, body })
    }
}

/// The last link of the chain names the cause; the first only says that sending failed.
fn deepest(fault: &dyn std::error::Error) -> String {
    let mut deepest = fault;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The address that stands in a document: relative ones are resolved against the document's own.
///
/// Source: vendor page Verb/redirect and the container primer (documented). Addresses of other schemes (`cx://`, `service://`) lead
/// to parts of the platform that are not here.
pub(crate) fn resolve(base: &Url, address: &str) -> Result<Url, Fault> {
    let refuse = |why: &str| Fault::Address(address.to_owned(), why.to_owned());
    let mut url = base.join(address).map_err(|fault| refuse(&fault.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("only http and https are known here"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether an answer is a document, by the switches.
pub(crate) fn document(switches: &Switches, answer: &Answer) -> Result<Response, Fault> {
    if !(200..300).contains(&answer.status) && !switches.accept_error_status {
        return Err(Fault::Status(answer.status));
    }
    let content_type = answer.content_type.as_deref().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if switches.require_xml_content_type && !matches!(essence.as_str(), "application/xml" | "text/xml") {
        return Err(Fault::ContentType(content_type.to_owned()));
    }
    let limits = Limits {
        max_bytes: switches.max_document_bytes,
        ignore_unknown_attributes: switches.ignore_unknown_attributes,
        ..Limits::default()
    };
    Ok(Response::read_with(&answer.body, limits)?)
}
