//! Organizations of a store: whose a request is, how fresh a plan is, and what goes on when the store is away.

use crate::figures::Figures;
use crate::office::{Answer, Office, posted};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::language;
use opbx_core::organization::OrganizationStatus;
use opbx_server::clock::{Clock, zones};
use opbx_server::{MetricsAccess, Organizations, Storage, StoredOrganizations};
use opbx_store::{
    Changes, DataDir, Keyring, Location, NewOrganization, Reason, Scope, SecretKey, Settings, Store, Tenant,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const TOKEN: &str = "the-token-of-the-figures";

/// The same numbers everywhere; what the second phone of an organization is called tells whose it is.
fn plan(letter: char, second: u32) -> String {
    format!(
        "organization \"Acme {letter}\" US America/New_York\nextension 1001 Alice\nextension {second} Bob\nextension 1099 Carol\n\
         extension 3000 Sales -> group Sales\ngroup Sales all at once\n  1001 {second}\n"
    )
}

/// A store and a server on it.
struct Bench {
    store: Store,
    office: Office,
    calls: AtomicU32,
    folder: TempDir,
    _data_dir: DataDir,
}

fn noon() -> Timestamp {
    "2026-03-09T12:00:00Z".parse().unwrap()
}

fn domain(letter: char) -> String {
    format!("{letter}.cloudonix.example")
}

fn key(letter: char) -> String {
    format!("webhook-key-of-{letter}")
}

impl Bench {
    /// With organizations of these letters.
    async fn new(letters: &[char]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::claim(folder.path()).unwrap();
        let keys = Keyring::new(&SecretKey::new("a secret of the tests, long enough to be one").unwrap());
        let location = Location::in_data_dir(data_dir.path());
        let store = Store::create(location, keys, Settings::default()).await.unwrap();
        store.migrate(&data_dir, noon()).await.unwrap();
        for letter in letters {
            make(&store, *letter).await;
        }
        let stored = StoredOrganizations::load(store.clone(), Clock::new(noon), zones()).await.unwrap();
        let metrics = MetricsAccess { listen: None, token: Some(TOKEN.parse().unwrap()) };
        // However full the disk of this machine is.
        let storage = Storage { data_dir: data_dir.path().to_path_buf(), least_free: 0 };
        let office = Office::watched(Organizations::Stored(stored), None, metrics, Some(storage));
        Self { store, office, calls: AtomicU32::new(0), folder, _data_dir: data_dir }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("opbx.db")
    }

    /// A new call to `to`, as some domain and with some key.
    async fn asked(&self, domain: Option<&str>, key: &str, from: &str, to: &str) -> Answer {
        let session = format!("session-{}", self.calls.fetch_add(1, Ordering::Relaxed));
        let said = json!({"Session": session, "CallSid": session, "From": from, "To": to,
            "Direction": "subscriber", "CallStatus": "in-progress", "Domain": domain});
        self.office.send(posted("/api/voice/route", key, &said)).await
    }

    /// A call of an organization to its group.
    async fn sales(&self, letter: char) -> Answer {
        self.asked(Some(&domain(letter)), &key(letter), "1099", "3000").await
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.office.send(Request::get(path).body(Body::empty()).unwrap()).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }
}

impl Bench {
    /// What `/health` says: the whole, then cache, database, queue, storage.
    async fn standing(&self) -> (StatusCode, [String; 5]) {
        let (code, report) = self.get("/health").await;
        let checks: Vec<&String> = report["checks"].as_object().unwrap().keys().collect();
        assert_eq!(checks, ["cache", "database", "queue", "storage"]);
        let status = |of: &Value| of["status"].as_str().unwrap().to_owned();
        let checks = ["cache", "database", "queue", "storage"].map(|name| status(&report["checks"][name]));
        let [cache, database, queue, storage] = checks;
        (code, [status(&report), cache, database, queue, storage])
    }

    async fn figures(&self) -> Figures {
        Figures::read(&self.office, TOKEN).await
    }
}

/// Makes an organization and gives it its plan: the second phone is 1002 for `a`, 1003 for `b` and so on.
async fn make(store: &Store, letter: char) -> OrganizationId {
    let new = NewOrganization {
        name: format!("Acme {letter}").parse().unwrap(),
        slug: format!("acme-{letter}").parse().unwrap(),
        country: "US".parse().unwrap(),
        timezone: "America/New_York".parse().unwrap(),
        owner: None,
        domain: Some(domain(letter)),
        domain_uuid: Some(format!("UUID-{letter}")),
        webhook_key: key(letter).parse().unwrap(),
        cdr_secret: format!("the-cdr-secret-of-{letter}").parse().unwrap(),
    };
    let id = store.platform().create(&new, noon()).await.unwrap().organization;
    let second = 1002 + letter as u32 - 'a' as u32;
    apply(store, id, &plan(letter, second)).await;
    id
}

async fn apply(store: &Store, id: OrganizationId, text: &str) {
    let source = language::parse(text, &zones()).unwrap().source;
    let scope = Scope { organization: true, prune: true, dry_run: false };
    let tenant = store.tenant(&Tenant::inside(id, Reason::Command));
    tenant.apply(Changes { source: &source, scope }, noon()).await.unwrap();
}

/// Tries again until it is so; a change that another process made may take a second to be noticed.
async fn within_two_seconds(mut so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !so().await {
        assert!(start.elapsed() < Duration::from_secs(2), "it did not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organizations_with_the_same_numbers_never_see_each_other() {
    let bench = Bench::new(&['a', 'b']).await;
    let rings = |letter| if letter == 'a' { ["1001", "1002"] } else { ["1001", "1003"] };
    let mut actions = Vec::new();
    for keyed in ['a', 'b'] {
        for named in ['a', 'b'] {
            for name in [domain(named), domain(named).to_uppercase(), format!("uuid-{named}")] {
                let answer = bench.asked(Some(&name), &key(keyed), "1099", "3000").await;
                if keyed == named {
                    assert_eq!(answer.rings(), rings(keyed), "{name}");
                    actions.push((keyed, answer.action()));
                } else {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name} with the key of {keyed}");
                }
            }
        }
        let answer = bench.asked(None, &key(keyed), "1099", "3000").await;
        assert_eq!(answer.rings(), rings(keyed), "the key alone");
    }
    // A token of one organization, with whatever domain and key: only its own call goes on.
    for (of, action) in actions {
        for keyed in ['a', 'b'] {
            for named in ['a', 'b'] {
                let said = json!({"Session": "another", "Domain": domain(named), "DialCallStatus": "no-answer"});
                let answer = bench.office.send(posted(&action, &key(keyed), &said)).await;
                if keyed == named {
                    let document = answer.document();
                    assert!(document.contains("cannot be continued"), "{of} {keyed}: {document}");
                } else {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_key_learns_nothing() {
    let bench = Bench::new(&['a']).await;
    let mut answers = Vec::new();
    for (domain, key) in [
        ("a.cloudonix.example", "a-key-that-nobody-has"),
        ("nobody.cloudonix.example", "a-key-that-nobody-has"),
        ("nobody.cloudonix.example", "webhook-key-of-a"),
    ] {
        let answer = bench.asked(Some(domain), key, "1099", "3000").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        answers.push(answer.problem());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_caller_sets_counts_on_the_next_call() {
    let bench = Bench::new(&['a', 'b']).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    let done = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await;
    assert!(done.document().contains("Do not disturb is on."));
    assert_eq!(bench.sales('a').await.rings(), ["1001"]);
    assert_eq!(bench.sales('b').await.rings(), ["1001", "1003"]);
    // It is in the store, not only here.
    let tenant = bench.store.tenant(&Tenant::inside(OrganizationId::new(1), Reason::Command));
    let (_, source) = tenant.load_plan().await.unwrap();
    assert!(source.extensions.iter().any(|extension| extension.do_not_disturb));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_write_counts_within_a_second() {
    let bench = Bench::new(&['a']).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    let id = OrganizationId::new(1);
    apply(&bench.store, id, &plan('a', 1009)).await;
    within_two_seconds(async || bench.sales('a').await.rings() == ["1001", "1009"]).await;
    bench.store.platform().set_status(id, OrganizationStatus::Suspended, noon()).await.unwrap();
    within_two_seconds(async || bench.sales('a').await.rings().is_empty()).await;
    bench.store.platform().set_status(id, OrganizationStatus::Active, noon()).await.unwrap();
    within_two_seconds(async || !bench.sales('a').await.rings().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_that_is_new_is_looked_up_before_it_is_refused() {
    let bench = Bench::new(&[]).await;
    let id = make(&bench.store, 'c').await;
    assert_eq!(bench.sales('c').await.rings(), ["1001", "1004"]);
    // A key that is new as well.
    let new = "another-key-of-c".parse().unwrap();
    bench.store.platform().rotate_webhook_key(id, &new, noon(), noon()).await.unwrap();
    within_two_seconds(async || {
        let answer = bench.asked(Some(&domain('c')), "another-key-of-c", "1099", "3000").await;
        answer.status == StatusCode::OK
    })
    .await;
    assert_eq!(bench.sales('c').await.status, StatusCode::UNAUTHORIZED, "the former key has ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_first_calls_load_a_plan_once() {
    let bench = Arc::new(Bench::new(&['a']).await);
    let before = bench.store.statements();
    let calls = (0..50).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move { bench.sales('a').await.rings() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), ["1001", "1002"]);
    }
    // One plan takes 26 queries; the poll asks one now and then.
    let asked = bench.store.statements() - before;
    assert!(asked < 45, "{asked} statements for one plan");
    let before = bench.store.statements();
    bench.sales('a').await.rings();
    assert!(bench.store.statements() - before < 3, "a call on a warm plan asks nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_go_on_while_the_database_is_away() {
    let bench = Bench::new(&['a', 'b']).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    assert_eq!(bench.standing().await, (StatusCode::OK, ["ok"; 5].map(str::to_owned)));
    let figure = async |name: &str| bench.figures().await.of(name);
    assert_eq!((figure("opbx_plan_loads_total").await, figure("opbx_plans_cached").await), (1.0, 1.0));
    assert_eq!((figure("opbx_organizations").await, figure("opbx_degraded").await), (2.0, 0.0));

    let elsewhere = bench.folder.path().join("elsewhere.db");
    std::fs::rename(bench.file(), &elsewhere).unwrap();
    let ill = ["degraded", "ok", "down", "ok", "ok"].map(str::to_owned);
    assert_eq!(bench.standing().await, (StatusCode::SERVICE_UNAVAILABLE, ill));
    assert_eq!(bench.get("/readyz").await.0, StatusCode::OK);
    for _ in 0..100 {
        assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    }
    // What cannot be written is not confirmed, and changes nothing.
    let refused = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await.document();
    assert!(refused.contains("try again later") && !refused.contains("is on"), "{refused}");
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    // Known, but its plan was never loaded: an apology. Not known: nobody can tell.
    assert!(bench.sales('b').await.document().contains("We are sorry"));
    assert_eq!(bench.sales('z').await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((figure("opbx_degraded").await, figure("opbx_plan_load_failures_total").await), (1.0, 1.0));
    assert_eq!(figure("opbx_voice_apologies_total{reason=\"no_plan\"}").await, 1.0);
    assert_eq!(figure("opbx_voice_refused_total{reason=\"store_away\"}").await, 1.0);
    assert!(figure("opbx_store_errors_total").await >= 2.0 && figure("opbx_store_statements_total").await > 26.0);

    std::fs::rename(&elsewhere, bench.file()).unwrap();
    assert_eq!(bench.standing().await, (StatusCode::OK, ["ok"; 5].map(str::to_owned)));
    assert_eq!(bench.sales('b').await.rings(), ["1001", "1003"]);
    let done = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await;
    assert!(done.document().contains("Do not disturb is on."));
    assert_eq!(bench.sales('a').await.rings(), ["1001"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_answer_anybody_is_down() {
    let bench = Bench::new(&['a']).await;
    assert_eq!(bench.standing().await.1[0], "ok");
    // Nobody has called yet: no plan is in memory, and none can be loaded.
    std::fs::rename(bench.file(), bench.folder.path().join("elsewhere.db")).unwrap();
    let down = ["down", "ok", "down", "ok", "ok"].map(str::to_owned);
    assert_eq!(bench.standing().await, (StatusCode::SERVICE_UNAVAILABLE, down));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_directory_that_is_gone_is_told() {
    let bench = Bench::new(&['a']).await;
    bench.sales('a').await.rings();
    std::fs::remove_dir_all(bench.folder.path()).unwrap();
    let degraded = ["degraded", "ok", "down", "ok", "down"].map(str::to_owned);
    assert_eq!(bench.standing().await, (StatusCode::SERVICE_UNAVAILABLE, degraded));
}
