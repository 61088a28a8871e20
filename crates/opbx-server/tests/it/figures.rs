//! The figures of a server, as Prometheus reads them.

use crate::bench::Bench;
use crate::office::{ACME_KEY, Answer, Office, posted, said};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;
use std::collections::BTreeMap;

const PLAN: &str = "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n";
const TOKEN: &str = "a-token-for-whoever-watches";

/// A page, read.
pub(crate) struct Figures(BTreeMap<String, f64>);

impl Figures {
    pub(crate) async fn read(office: &Office, token: &str) -> Self {
        let answer = page(office, Some(token)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        let lines = answer.body.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        Self(
            lines
                .map(|line| {
                    let (name, value) = line.rsplit_once(' ').unwrap();
                    (name.to_owned(), value.parse().unwrap())
                })
                .collect(),
        )
    }

    /// A figure by its name with its labels; a page without it is wrong.
    pub(crate) fn of(&self, name: &str) -> f64 {
        *self.0.get(name).unwrap_or_else(|| panic!("{name} is not among {:?}", self.0.keys()))
    }
}

async fn page(office: &Office, token: Option<&str>) -> Answer {
    let request = Request::get("/metrics");
    let request = match token {
        Some(token) => request.header("Authorization", format!("Bearer {token}")),
        None => request,
    };
    office.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn without_a_token_there_are_none() {
    let office = Office::new(PLAN);
    for token in [None, Some(TOKEN), Some("")] {
        let answer = page(&office, token).await;
        assert_eq!((answer.status, &answer.problem()["code"]), (StatusCode::NOT_FOUND, &json!("not_found")));
    }
}

#[tokio::test]
async fn whoever_presents_the_token_reads_them() {
    let office = Office::counted(PLAN, TOKEN);
    for token in [None, Some("a-token-for-whoever-watcher"), Some(ACME_KEY), Some("")] {
        let answer = page(&office, token).await;
        assert_eq!((answer.status, &answer.problem()["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthenticated")));
    }
    assert_eq!(page(&office, Some(TOKEN)).await.status, StatusCode::OK);
    // It is the key of nothing else.
    let call = posted("/api/voice/route", TOKEN, &said("1001", "1002", "subscriber"));
    assert_eq!(office.send(call).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn what_happens_is_counted_by_its_own_server() {
    let (office, idle) = (Office::counted(PLAN, TOKEN), Office::counted(PLAN, TOKEN));
    office.call("1001", "1002", "subscriber").await.document();
    let again = said("1001", "1002", "subscriber");
    office.post("/api/voice/route", &again).await.document();
    office.call("1001", "1999", "subscriber").await.document();
    office.call("1001", "911", "subscriber").await.document();
    let nonsense = Request::post("/api/voice/route").header("Authorization", format!("Bearer {ACME_KEY}"));
    office.send(nonsense.body(Body::from("{")).unwrap()).await.document();
    let strange = posted("/api/voice/route", "a-key-that-nobody-has", &again);
    assert_eq!(office.send(strange).await.status, StatusCode::UNAUTHORIZED);

    let figures = Figures::read(&office, TOKEN).await;
    let outcome = |outcome: &str| figures.of(&format!("opbx_voice_requests_total{{outcome=\"{outcome}\"}}"));
    assert_eq!([outcome("ring_extension"), outcome("emergency"), outcome("apology")], [2.0, 1.0, 1.0]);
    assert_eq!([outcome("notice"), outcome("menu")], [1.0, 0.0]);
    let alerts = |kind: &str| figures.of(&format!("opbx_alerts_total{{kind=\"{kind}\"}}"));
    assert_eq!([alerts("emergency_call"), alerts("journal_growing"), alerts("disk_nearly_full")], [1.0, 0.0, 0.0]);
    assert_eq!(figures.of("opbx_alerts_standing{kind=\"disk_nearly_full\"}"), 0.0);
    assert_eq!(figures.of("opbx_voice_repeated_total"), 1.0);
    assert_eq!(figures.of("opbx_voice_twins_total"), 0.0);
    assert_eq!(figures.of("opbx_voice_apologies_total{reason=\"unreadable\"}"), 1.0);
    assert_eq!(figures.of("opbx_voice_refused_total{reason=\"unauthenticated\"}"), 1.0);
    assert_eq!(figures.of("opbx_voice_request_duration_seconds_count"), 5.0);
    assert_eq!(figures.of("opbx_voice_request_duration_seconds_bucket{le=\"+Inf\"}"), 5.0);
    assert_eq!(figures.of("opbx_replay_answers"), 3.0);
    assert!(figures.of("opbx_replay_bytes") >= 3.0 * 512.0);
    assert_eq!((figures.of("opbx_organizations"), figures.of("opbx_plans_cached")), (1.0, 1.0));
    assert_eq!(figures.of(&format!("opbx_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
    assert!(figures.of("opbx_uptime_seconds") >= 0.0);
    for process in ["process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"] {
        assert!(figures.of(process) > 0.0, "{process}");
    }

    let others = Figures::read(&idle, TOKEN).await;
    assert_eq!(others.of("opbx_voice_requests_total{outcome=\"ring_extension\"}"), 0.0);
    assert_eq!(others.of("opbx_voice_request_duration_seconds_count"), 0.0);
}

#[tokio::test]
async fn every_figure_says_what_it_is() {
    let office = Office::counted(PLAN, TOKEN);
    office.call("1001", "1002", "subscriber").await.document();
    let body = page(&office, Some(TOKEN)).await.body;
    let mut kinds: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    kinds.sort_unstable();
    let own: Vec<&str> = kinds.iter().copied().filter(|kind| kind.starts_with("opbx_")).collect();
    insta::assert_snapshot!(own.join("\n"), @r"
    opbx_alerts_standing gauge
    opbx_alerts_total counter
    opbx_build_info gauge
    opbx_decisions_dropped_total counter
    opbx_decisions_queued gauge
    opbx_decisions_recorded_total counter
    opbx_degraded gauge
    opbx_organizations gauge
    opbx_plan_cache_bytes gauge
    opbx_plan_load_failures_total counter
    opbx_plan_loads_total counter
    opbx_plans_cached gauge
    opbx_replay_answers gauge
    opbx_replay_bytes gauge
    opbx_reports_not_kept_total counter
    opbx_reports_repeated_total counter
    opbx_reports_taken_total counter
    opbx_snapshots_unusable gauge
    opbx_store_errors_total counter
    opbx_store_statements_total counter
    opbx_uptime_seconds gauge
    opbx_voice_apologies_total counter
    opbx_voice_refused_total counter
    opbx_voice_repeated_total counter
    opbx_voice_request_duration_seconds histogram
    opbx_voice_requests_total counter
    opbx_voice_twins_total counter
    ");
    for kind in kinds {
        let name = kind.split(' ').next().unwrap();
        assert!(body.contains(&format!("# HELP {name} ")), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_store_tells_of_its_jobs() {
    let bench = Bench::new(&['a']).await;
    let figures = Figures::read(&bench.office, Bench::TOKEN).await;
    for name in ["opbx_jobs_queued", "opbx_jobs_dead", "opbx_jobs_oldest_seconds", "opbx_job_renewals_total"] {
        assert_eq!(figures.of(name), 0.0, "{name}");
    }
    for outcome in ["done", "failed", "dead", "lost", "given_back"] {
        assert_eq!(figures.of(&format!("opbx_job_runs_total{{outcome=\"{outcome}\"}}")), 0.0, "{outcome}");
    }
    let body = page(&bench.office, Some(Bench::TOKEN)).await.body;
    for name in ["opbx_jobs_queued", "opbx_job_runs_total"] {
        assert!(body.contains(&format!("# HELP {name} ")), "{name}");
    }
}
