//! A stand-in of the platform's recording host: files at addresses, some only for whoever has the key, some elsewhere.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// What stands at an address.
#[derive(Clone)]
pub(crate) enum There {
    /// A file for everyone.
    File(Vec<u8>),
    /// A file for whoever presents this key.
    Kept(Vec<u8>, &'static str),
    /// Another address.
    Elsewhere(String),
}

/// An address that was asked for, and what was presented there.
type Asked = (String, Option<String>);

/// A host that listens.
#[derive(Clone, Default)]
pub(crate) struct RecordingHost {
    port: u16,
    files: Arc<Mutex<BTreeMap<String, There>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl RecordingHost {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Self { port: listener.local_addr().unwrap().port(), ..Self::default() };
        let router = Router::new().fallback(answer).with_state(host.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    /// Where it is.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Puts something at an address, and answers that.
    pub(crate) fn put(&self, path: &str, there: There) -> String {
        self.files.lock().unwrap().insert(path.to_owned(), there);
        self.url(path)
    }

    /// What was asked for, with what was presented.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(host): State<RecordingHost>, uri: Uri, headers: HeaderMap) -> Response {
    let presented = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    host.asked.lock().unwrap().push((uri.path().to_owned(), presented.clone()));
    let there = host.files.lock().unwrap().get(uri.path()).cloned();
    match there {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(There::File(file)) => Bytes::from(file).into_response(),
        Some(There::Kept(file, key)) if presented == Some(format!("Bearer {key}")) => Bytes::from(file).into_response(),
        Some(There::Kept(..)) => StatusCode::UNAUTHORIZED.into_response(),
        Some(There::Elsewhere(address)) => Redirect::temporary(&address).into_response(),
    }
}
