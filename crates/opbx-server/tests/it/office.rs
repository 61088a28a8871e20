//! A server with a phone system from text, and a clock that tests move.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use opbx_core::language;
use opbx_server::clock::{Clock, zones};
use opbx_server::{
    Config, Edge, FetchAllow, JournalLimit, LogNumbers, MetricsAccess, OpenJournal, Organization, Organizations, Parts,
    PlatformApi, Recorder, SecretKey, Storage, TraceDetail, WebhookKey, build,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tower::ServiceExt;

/// Who calls from where in most tests.
pub(crate) const SESSION: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";
pub(crate) const ACME: &str = "acme.cloudonix.net";
pub(crate) const ACME_KEY: &str = "the-key-of-acme-at-the-platform";
pub(crate) const OTHER: &str = "other.cloudonix.net";
pub(crate) const OTHER_KEY: &str = "the-key-of-the-other-organization";

/// A phone system that answers.
pub(crate) struct Office {
    router: Router,
    recorder: Recorder,
    now: Arc<Mutex<Option<Timestamp>>>,
    calls: AtomicU32,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// How a server is watched.
#[derive(Default)]
pub(crate) struct Watched {
    /// How much of each decision is kept.
    pub(crate) trace: TraceDetail,
    /// How its figures are read.
    pub(crate) metrics: MetricsAccess,
    /// Where its data is.
    pub(crate) storage: Option<Storage>,
}

impl Office {
    /// The phone system of `acme`, beside another organization with the same plan.
    pub(crate) fn new(plan: &str) -> Self {
        Self::with(
            &[(plan, &[ACME, "0c5a6e0e-3b56-4a8e-9b11-2f6f0a0d9c55"], ACME_KEY), (plan, &[OTHER], OTHER_KEY)],
            None,
        )
    }

    /// Any organizations: plan, domains, key.
    pub(crate) fn with(organizations: &[(&str, &[&str], &str)], public_url: Option<&str>) -> Self {
        Self::of(given(organizations), public_url)
    }

    /// The phone system of `acme` alone, whose figures are read with a token.
    pub(crate) fn counted(plan: &str, token: &str) -> Self {
        let metrics = MetricsAccess { listen: None, token: Some(token.parse().unwrap()) };
        Self::watched(given(&[(plan, &[ACME], ACME_KEY)]), None, Watched { metrics, ..Watched::default() })
    }

    /// Organizations from anywhere.
    pub(crate) fn of(organizations: Organizations, public_url: Option<&str>) -> Self {
        Self::watched(organizations, public_url, Watched::default())
    }

    /// Organizations from anywhere, watched like this.
    pub(crate) fn watched(organizations: Organizations, public_url: Option<&str>, watched: Watched) -> Self {
        let Watched { trace, metrics, storage } = watched;
        let zones = zones();
        let now = Arc::new(Mutex::new(Some("2026-03-09T14:00:00Z".parse().unwrap())));
        let config = Config {
            listen: ([127, 0, 0, 1], 0).into(),
            public_url: public_url.map(|url| url.parse().unwrap()),
            secret_key: SecretKey::new("a secret for tests, longer than 32 characters".into()).unwrap(),
            drain: Duration::ZERO,
            trace,
            metrics,
            log_numbers: LogNumbers::Full,
            edge: Edge::default(),
            mail: None,
            fetch_allow: FetchAllow::default(),
            stale_after: SignedDuration::from_hours(4),
            platform_api: PlatformApi::default(),
        };
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(move || now.lock().unwrap_or_else(PoisonError::into_inner).unwrap())
        };
        let kept = storage.as_ref().filter(|_| matches!(organizations, Organizations::Stored(_)));
        let journal = kept.map(|storage| OpenJournal::of(storage, JournalLimit::default()).unwrap());
        let server = build(config, Parts { clock, zones, organizations, storage, journal });
        assert!(server.warnings().is_empty(), "{:?}", server.warnings());
        Self { router: server.router(), recorder: server.recorder().clone(), now, calls: AtomicU32::new(0) }
    }

    /// Where what is decided goes.
    pub(crate) const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, duration: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now = now.map(|now| now + duration);
    }

    /// From now on whoever asks for the time panics.
    pub(crate) fn break_clock(&self) {
        *self.now.lock().unwrap() = None;
    }

    /// Sets the clock, also one that was broken.
    pub(crate) fn set_clock(&self, now: &str) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = Some(now.parse().unwrap());
    }

    /// Any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// A request of the platform: JSON, posted with the key of `acme`.
    pub(crate) async fn post(&self, path: &str, said: &Value) -> Answer {
        self.send(posted(path, ACME_KEY, said)).await
    }

    /// A call that begins: who calls whom. The first has the session that [`said`] says, each further one its own.
    pub(crate) async fn call(&self, from: &str, to: &str, direction: &str) -> Answer {
        let earlier = self.calls.fetch_add(1, Ordering::Relaxed);
        self.post("/api/voice/route", &said_in(&session(earlier), from, to, direction)).await
    }

    /// The latest of these calls goes on, with more to say.
    pub(crate) async fn follow(&self, action: &str, more: &Value) -> Answer {
        let latest = self.calls.load(Ordering::Relaxed).saturating_sub(1);
        let mut body = said_in(&session(latest), "1001", "3000", "subscriber");
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(action, &body).await
    }
}

fn given(organizations: &[(&str, &[&str], &str)]) -> Organizations {
    let zones = zones();
    let organizations = organizations.iter().zip(1..).map(|((plan, domains, key), id)| {
        let mut source = language::parse(plan, &zones).unwrap().source;
        source.organization.id = OrganizationId::new(id);
        let domains = domains.iter().map(ToString::to_string).collect();
        Organization { source, domains, webhook_key: WebhookKey::new(key).unwrap() }
    });
    Organizations::Given(organizations.collect())
}

fn session(earlier: u32) -> String {
    if earlier == 0 { SESSION.to_owned() } else { format!("{earlier:032x}") }
}

/// What the platform says of a call.
pub(crate) fn said(from: &str, to: &str, direction: &str) -> Value {
    said_in(SESSION, from, to, direction)
}

/// What it says of the call of this session.
pub(crate) fn said_in(session: &str, from: &str, to: &str, direction: &str) -> Value {
    json!({"Session": session, "CallSid": session, "From": from, "To": to, "Direction": direction,
        "CallStatus": "in-progress", "Domain": ACME})
}

/// A request with a key and a body of JSON.
pub(crate) fn posted(path: &str, key: &str, said: &Value) -> Request<Body> {
    let request = Request::builder().method(Method::POST).uri(path).header("authorization", format!("Bearer {key}"));
    request.header("content-type", "application/json").body(Body::from(said.to_string())).unwrap()
}

impl Answer {
    /// The document, which must be one, without the parts that differ from run to run.
    pub(crate) fn document(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/xml");
        let document = cxml::Response::read(&self.body).unwrap();
        let mut kept = String::new();
        let pretty = document.to_pretty_xml();
        let mut rest = pretty.as_str();
        while let Some((before, token)) = rest.split_once("/continue/") {
            kept.push_str(before);
            kept.push_str("/continue/…");
            rest = token.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        }
        kept + rest
    }

    /// The address at which the call goes on.
    pub(crate) fn action(&self) -> String {
        let (_, rest) = self.body.split_once("action=\"").unwrap_or_else(|| panic!("no action: {}", self.body));
        rest.split('"').next().unwrap().to_owned()
    }

    /// Every extension that the document rings.
    pub(crate) fn rings(&self) -> Vec<String> {
        let numbers = self.body.split("<Number>").skip(1);
        numbers.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    }

    /// The problem document, which must be one of the house's form, without the name of the request.
    pub(crate) fn problem(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.body);
        let mut problem: Value = serde_json::from_str(&self.body).unwrap();
        let fields: Vec<&str> = problem.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["code", "detail", "message", "params", "request_id", "status", "title", "type"]);
        assert_eq!(problem["message"], problem["detail"]);
        assert_eq!(problem["status"], self.status.as_u16());
        let id = problem.as_object_mut().unwrap().remove("request_id").unwrap();
        assert_eq!(id.as_str(), self.headers["x-request-id"].to_str().ok());
        problem
    }
}
