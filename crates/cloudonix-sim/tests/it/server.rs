//! A voice application with fixed answers: what it says depends on the path alone, and on how often it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) location: Option<&'static str>,
    pub(crate) delay: Duration,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn xml(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            content_type: "application/xml",
            location: None,
            delay: Duration::ZERO,
            body: body.into().into_bytes(),
        }
    }

    /// A document with these verbs.
    pub(crate) fn verbs(verbs: &str) -> Self {
        Self::xml(format!("<Response>{verbs}</Response>"))
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::verbs("<Hangup/>") }
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Debug, Default)]
struct Shared {
    replies: BTreeMap<String, Vec<Reply>>,
    seen: Vec<Seen>,
}

type Script = Arc<Mutex<Shared>>;

/// The server. It ends with the runtime of its test.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) origin: String,
    script: Script,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let script = Script::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { origin, script }
    }

    /// What a path answers next; the last answer is repeated.
    pub(crate) fn on(&self, path: &str, reply: Reply) {
        self.script.lock().unwrap().replies.entry(path.to_owned()).or_default().push(reply);
    }

    /// Everything that was asked, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.script.lock().unwrap().seen.clone()
    }
}

async fn answer(State(script): State<Script>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let reply = {
        let mut script = script.lock().unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        script.seen.push(Seen { method: method.to_string(), target: uri.to_string(), headers, body });
        let replies = script.replies.entry(uri.path().to_owned()).or_default();
        if replies.len() > 1 { replies.remove(0) } else { replies.first().cloned().unwrap_or(Reply::status(404)) }
    };
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    let mut response = (StatusCode::from_u16(reply.status).unwrap(), reply.body).into_response();
    response.headers_mut().insert("content-type", HeaderValue::from_static(reply.content_type));
    if let Some(location) = reply.location {
        response.headers_mut().insert("location", HeaderValue::from_static(location));
    }
    response
}
