//! Whether the process lives, whether it takes calls, and whether it has what it depends on.

use crate::clock::Clock;
use crate::jobs::Tally;
use crate::journal::JournalWatch;
use crate::plans::{Answers, Figures, Plans};
use crate::problem::Problem;
use crate::storage::{Ailing, Storage};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// After how many seconds a job that is due has waited too long.
const LONGEST_WAIT: u64 = 300;

/// After how many seconds what was acknowledged has waited too long for the database.
const LATE: i64 = 30;
/// How full the journal may become, in percent.
const FULL: u64 = 80;

/// Whether requests should still be sent here. Clones say the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readiness(Arc<AtomicBool>);

impl Readiness {
    /// From now on another instance should be asked.
    pub(crate) fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn stopping(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What the state of the server is told from.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    pub(crate) readiness: Readiness,
    pub(crate) plans: Arc<Plans>,
    /// Where it keeps its data, if it does.
    pub(crate) storage: Option<Storage>,
    /// How its jobs come along, if it has any.
    pub(crate) jobs: Option<Arc<Tally>>,
    /// How its journal stands, if it has one, and what time it is.
    pub(crate) journal: Option<(JournalWatch, Clock)>,
}

/// `GET /livez`: the process answers.
pub(crate) async fn alive() -> Response {
    said("alive")
}

/// `GET /readyz`: calls are answered here; 503 while the server is stopping, and while the store is away and nobody's plan is
/// in memory or in a snapshot. As far as was noticed: it is asked often, and asks nobody.
pub(crate) async fn ready(State(health): State<Health>) -> Response {
    let figures = health.plans.figures();
    if health.readiness.stopping() {
        Problem::Stopping.into_response()
    } else if figures.away && !has_plans(&figures) {
        Problem::StoreAway.into_response()
    } else {
        said("ready")
    }
}

/// `GET /health`: what the server depends on, asked now, none of it for longer than a second.
pub(crate) async fn report(State(health): State<Health>) -> Response {
    let report = health.examine().await;
    let code = if report.status == Standing::Ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Texts only: nothing in it can fail to be JSON.
    let body = serde_json::to_vec(&report).unwrap_or_default();
    (code, [(CONTENT_TYPE, "application/json")], body).into_response()
}

/// Whether there is somebody whose calls can be decided without the store.
const fn has_plans(figures: &Figures) -> bool {
    figures.cached > 0 || figures.snapshots && figures.organizations > 0
}

/// How something stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    Ok,
    /// Something is missing, and calls are answered without it.
    Degraded,
    /// As a check: it is not there. As a whole: calls cannot be answered here.
    Down,
}

#[derive(Serialize)]
struct Report {
    status: Standing,
    checks: BTreeMap<&'static str, Check>,
    version: &'static str,
}

#[derive(Serialize)]
struct Check {
    status: Standing,
    /// For people; nothing of the inside, since nobody has to sign in to read it.
    detail: Cow<'static, str>,
}

impl Check {
    const fn new(status: Standing, detail: &'static str) -> Self {
        Self { status, detail: Cow::Borrowed(detail) }
    }
}

impl Health {
    async fn examine(&self) -> Report {
        let (database, storage) = tokio::join!(self.database(), self.storage());
        let answers =
            !self.readiness.stopping() && (database.status != Standing::Down || has_plans(&self.plans.figures()));
        let cache = Check::new(Standing::Ok, "What calls share is in the memory of this process.");
        let queue = queue(self.jobs.as_deref(), self.journal.as_ref().map(|(watch, clock)| Backlog::of(watch, clock)));
        let checks = BTreeMap::from([("database", database), ("cache", cache), ("queue", queue), ("storage", storage)]);
        let status = match checks.values().all(|check| check.status == Standing::Ok) {
            _ if !answers => Standing::Down,
            true => Standing::Ok,
            false => Standing::Degraded,
        };
        Report { status, checks, version: env!("CARGO_PKG_VERSION") }
    }

    async fn database(&self) -> Check {
        match self.plans.store_answers().await {
            None => Check::new(Standing::Ok, "A plan file is served; there is no database."),
            Some(Ok(Answers::Well)) => Check::new(Standing::Ok, "It answers."),
            Some(Ok(Answers::ReadOnly)) => Check::new(Standing::Degraded, "It can be read and not be changed."),
            Some(Err(_)) => self.without_database(),
        }
    }

    fn without_database(&self) -> Check {
        let figures = self.plans.figures();
        let from = if figures.snapshots { "memory and from snapshots" } else { "memory" };
        let unusable = match figures.unusable_snapshots {
            0 => String::new(),
            1 => " One snapshot cannot be used.".to_owned(),
            many => format!(" {many} snapshots cannot be used."),
        };
        let detail = format!("It does not answer; calls are answered from {from}.{unusable}");
        Check { status: Standing::Down, detail: detail.into() }
    }

    async fn storage(&self) -> Check {
        let Some(storage) = &self.storage else {
            return Check::new(Standing::Ok, "A plan file is served; nothing is kept.");
        };
        match storage.examine().await {
            Ok(()) => Check::new(Standing::Ok, "The data directory can be written to."),
            Err(Ailing::NearlyFull) => Check::new(Standing::Degraded, "The disk is nearly full."),
            Err(Ailing::NotWritable(_)) => Check::new(Standing::Down, "The data directory cannot be written to."),
            Err(Ailing::Silent) => Check::new(Standing::Down, "The disk does not answer."),
        }
    }
}

/// What of the journal is not applied.
#[derive(Clone, Copy, Debug)]
struct Backlog {
    /// For how long the oldest entry has waited, in seconds.
    seconds: i64,
    /// How much of the journal is taken, in percent.
    fullness: u64,
    /// Whether the disk lost, or the database refused, something that was acknowledged.
    damaged: bool,
}

impl Backlog {
    fn of(watch: &JournalWatch, clock: &Clock) -> Self {
        let seconds = watch.journal.depth().oldest.map_or(0, |oldest| clock.now().duration_since(oldest).as_secs());
        let (_, lost) = watch.journal.refused_and_lost();
        let damaged = lost > 0 || watch.counts.put_aside() > 0;
        Self { seconds, fullness: watch.journal.fullness(), damaged }
    }
}

/// As the runner and the applier saw it last. Jobs that were given up are for the figures: one of them is no reason to wake
/// anyone, and stays until someone looks.
fn queue(jobs: Option<&Tally>, backlog: Option<Backlog>) -> Check {
    let Some(jobs) = jobs else {
        return Check::new(Standing::Ok, "A plan file is served; nothing is done later.");
    };
    if let Some(backlog) = backlog {
        let wrong = match backlog {
            Backlog { fullness: FULL.., .. } => Some("The journal is nearly full of what waits for the database."),
            Backlog { seconds: LATE.., .. } => {
                Some("What the platform reported has been waiting for the database for a while.")
            }
            Backlog { damaged: true, .. } => Some("Something that was acknowledged could not be applied; see the log."),
            _ => None,
        };
        if let Some(detail) = wrong {
            return Check::new(Standing::Degraded, detail);
        }
    }
    if jobs.oldest_seconds() > LONGEST_WAIT {
        return Check::new(Standing::Degraded, "Jobs have been waiting for more than five minutes.");
    }
    Check::new(Standing::Ok, "Jobs are done as they come.")
}

fn said(status: &str) -> Response {
    ([(CONTENT_TYPE, "application/json")], format!("{{\"status\":\"{status}\"}}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_that_wait_too_long_are_no_good_sign_and_dead_ones_are_for_the_figures() {
        let tally = Tally::default();
        tally.seen(9, 7, LONGEST_WAIT);
        assert_eq!(queue(Some(&tally), None).status, Standing::Ok);
        tally.seen(1, 0, LONGEST_WAIT + 1);
        assert_eq!(queue(Some(&tally), None).status, Standing::Degraded);
        assert_eq!(queue(None, None).status, Standing::Ok);
    }

    #[test]
    fn what_waits_for_the_database_too_long_is_no_good_sign() {
        let tally = Tally::default();
        let standing =
            |seconds, fullness, damaged| queue(Some(&tally), Some(Backlog { seconds, fullness, damaged })).status;
        assert_eq!(standing(LATE - 1, FULL - 1, false), Standing::Ok);
        assert_eq!(standing(LATE, 0, false), Standing::Degraded);
        assert_eq!(standing(0, FULL, false), Standing::Degraded);
        assert_eq!(standing(0, 0, true), Standing::Degraded);
    }
}
