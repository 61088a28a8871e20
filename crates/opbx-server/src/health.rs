//! Whether the process lives, and whether it takes calls.

use crate::plans::Plans;
use crate::problem::Problem;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::collections::BTreeMap;
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

/// What the state of the server is told from.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    pub(crate) readiness: Readiness,
    pub(crate) plans: Arc<Plans>,
}

/// `GET /livez`: the process answers.
pub(crate) async fn alive() -> Response {
    said("alive")
}

/// `GET /readyz`: calls are answered here; 503 while the server is stopping.
pub(crate) async fn ready(State(health): State<Health>) -> Response {
    if health.readiness.0.load(Ordering::Relaxed) { Problem::Stopping.into_response() } else { said("ready") }
}

/// `GET /health`: what the server depends on, asked now. Without its database it answers calls from memory: degraded.
pub(crate) async fn report(State(health): State<Health>) -> Response {
    let (mut status, mut checks) = ("ok", BTreeMap::new());
    if let Some(answer) = health.plans.store_answers().await {
        checks.insert("database", if answer.is_ok() { "ok" } else { "down" });
        if answer.is_err() {
            status = "degraded";
        }
    }
    let report = Report { status, checks, version: env!("CARGO_PKG_VERSION") };
    // Texts only: nothing in it can fail to be JSON.
    let body = serde_json::to_vec(&report).unwrap_or_default();
    let code = if status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, [(CONTENT_TYPE, "application/json")], body).into_response()
}

#[derive(Serialize)]
struct Report {
    status: &'static str,
    checks: BTreeMap<&'static str, &'static str>,
    version: &'static str,
}

fn said(status: &str) -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{{\"status\":\"{status}\"}}")).into_response()
}
