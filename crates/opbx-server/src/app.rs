//! The routes, in one list, and what stands before all of them.

use crate::edge::SecurityHeaders;
use crate::health::{Health, alive, ready, report};
use crate::problem::Problem;
use crate::request_id::{REQUEST_ID, RequestIds};
use crate::voice;
use crate::webhook::{self, WebhookState};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

/// The largest body that is read, in bytes.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;
/// The longest address that is looked at, in bytes.
pub(crate) const LONGEST_ADDRESS: usize = 8 * 1024;

/// Every address that is answered. Those of the API stand under both of its bases.
///
/// `beside` is what stands beside voice and the probes: the figures, the API.
pub(crate) fn router(webhooks: WebhookState, health: Health, beside: Router, before: Before) -> Router {
    let (mut router, mut reports) = (Router::new(), Router::new());
    for base in ["/api", "/api/v1"] {
        // The methods are checked by what verifies the call: `get` would also answer `HEAD`.
        router = router
            .route(&format!("{base}/voice/route"), any(voice::inbound))
            .route(&format!("{base}/voice/continue/{{token}}"), any(voice::next))
            .route(&format!("{base}/webhooks/cloudonix/call-initiated"), any(voice::inbound));
        let from_platform = format!("{base}/webhooks/cloudonix");
        reports = reports
            .route(&format!("{from_platform}/session-update"), any(webhook::session_updates))
            .route(&format!("{from_platform}/call-status"), any(webhook::session_updates))
            .route(&format!("{from_platform}/cdr"), any(webhook::call_records))
            .route(&format!("{from_platform}/cdr/{{secret}}"), any(webhook::call_records_by_secret))
            .route(&format!("{from_platform}/recording/{{token}}"), any(webhook::recording))
            .route(&format!("{from_platform}/conference/{{token}}"), any(webhook::conference));
    }
    let probes = Router::new().route("/livez", get(alive)).route("/readyz", get(ready)).route("/health", get(report));
    let probes = probes.with_state(health);
    let router = router.with_state(webhooks.0.voice.clone()).merge(reports.with_state(webhooks));
    named(router.merge(probes).merge(beside), before)
}

/// What stands before all addresses.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    /// Names requests.
    pub(crate) ids: RequestIds,
    /// What every answer carries.
    pub(crate) security: SecurityHeaders,
}

/// Gives a router what stands before all addresses.
pub(crate) fn named(router: Router, before: Before) -> Router {
    router
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed("GET, HEAD".into()))
        .layer(from_fn_with_state(before, front))
}

/// Gives every request its name, and every refusal its document.
async fn front(State(Before { ids, security }): State<Before>, mut request: Request, next: Next) -> Response {
    let id = ids.of(request.headers());
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    let mut response = if address > LONGEST_ADDRESS {
        Problem::AddressTooLong.into_response()
    } else {
        request.extensions_mut().insert(id.clone());
        next.run(request).await
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        // What the layers within said about every answer counts for the document too.
        let said = std::mem::take(response.headers_mut());
        response = problem.respond(&id);
        for (name, value) in &said {
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
    }
    security.onto(&mut response);
    response.headers_mut().insert(REQUEST_ID, id.header());
    response
}
