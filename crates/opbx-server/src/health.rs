//! Whether the process lives, and whether it takes calls.

use crate::problem::Problem;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether requests should still be sent here. Clones say the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on another instance should be asked.
    pub(crate) fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// `GET /livez`: the process answers.
pub(crate) async fn alive() -> Response {
    said("alive")
}

/// `GET /readyz`: calls are answered here; 503 while the server is stopping.
pub(crate) async fn ready(State(readiness): State<Readiness>) -> Response {
    if readiness.0.load(Ordering::Relaxed) { Problem::Stopping.into_response() } else { said("ready") }
}

fn said(status: &str) -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{{\"status\":\"{status}\"}}")).into_response()
}
