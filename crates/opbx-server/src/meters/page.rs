//! `GET /metrics`.

use super::{Meters, MetricsToken};
use crate::alerts::Alerts;
use crate::bearer::bearer;
use crate::jobs::Tally;
use crate::journal::JournalWatch;
use crate::live::Live;
use crate::plans::Plans;
use crate::problem::Problem;
use crate::voice::VoiceState;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// The form of Prometheus' text.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that the page is made of.
#[derive(Clone, Debug)]
pub(crate) struct MetricsPage {
    pub(crate) meters: Arc<Meters>,
    pub(crate) plans: Arc<Plans>,
    pub(crate) voice: VoiceState,
    pub(crate) alerts: Alerts,
    /// Of a server that has jobs.
    pub(crate) jobs: Option<Arc<Tally>>,
    /// Of a server that keeps what is reported.
    pub(crate) journal: Option<JournalWatch>,
    /// Of a server that has people.
    pub(crate) live: Option<Live>,
}

/// The page among the other addresses, for whoever presents the token. Without a token there is no such address.
pub(crate) fn beside(page: MetricsPage, token: Option<MetricsToken>) -> Router {
    let Some(token) = token else { return Router::new() };
    let guarded = async move |State(page): State<MetricsPage>, headers: HeaderMap| {
        let presented = bearer(&headers).is_some_and(|presented| token.is(presented));
        if presented { page.respond() } else { Problem::Unauthenticated.into_response() }
    };
    Router::new().route("/metrics", get(guarded)).with_state(page)
}

/// The page at an address of its own, for whoever can reach that.
pub(crate) fn own(page: MetricsPage) -> Router {
    Router::new().route("/metrics", get(async |State(page): State<MetricsPage>| page.respond())).with_state(page)
}

impl MetricsPage {
    fn respond(&self) -> Response {
        let voice = &self.voice.0;
        self.meters.alerts(&self.alerts);
        if let Some(jobs) = &self.jobs {
            self.meters.jobs(jobs);
        }
        if let Some(journal) = &self.journal {
            self.meters.journal(journal, voice.clock.now());
        }
        if let Some(live) = &self.live {
            self.meters.live(live);
        }
        let text = self.meters.page(&self.plans.figures(), voice.fabric.remembering(), voice.recorder.counts());
        ([(CONTENT_TYPE, TEXT)], text).into_response()
    }
}
