//! Organizations of a store: whose a request is, how fresh a plan is, and what goes on when the store is away.

use crate::bench::{Bench, apply, connect, domain, key, make, plan, set_status};
use crate::figures::Figures;
use axum::http::StatusCode;
use opbx_core::id::OrganizationId;
use opbx_core::organization::OrganizationStatus;
use opbx_server::PlanMemory;
use opbx_store::{Reason, Tenant};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

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
        Figures::read(&self.office, Bench::TOKEN).await
    }
}

/// Tries again until it is so; a change that another process made may take a second to be noticed.
pub(crate) async fn within_two_seconds(mut so: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !so().await {
        assert!(start.elapsed() < Duration::from_secs(2), "it did not come");
        tokio::time::sleep(Duration::from_millis(20)).await;
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
    within_two_seconds(async || {
        let (_, source) = tenant.load_plan().await.unwrap();
        source.extensions.iter().any(|extension| extension.do_not_disturb)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_others_write_counts_within_a_second() {
    let bench = Bench::new(&['a']).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    let id = OrganizationId::new(1);
    apply(&bench.store, id, &plan('a', 1009)).await;
    within_two_seconds(async || bench.sales('a').await.rings() == ["1001", "1009"]).await;
    set_status(&bench.store, id, OrganizationStatus::Suspended).await;
    within_two_seconds(async || bench.sales('a').await.rings().is_empty()).await;
    set_status(&bench.store, id, OrganizationStatus::Active).await;
    within_two_seconds(async || !bench.sales('a').await.rings().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_that_is_new_is_looked_up_before_it_is_refused() {
    let bench = Bench::new(&[]).await;
    let id = make(&bench.store, 'c').await;
    assert_eq!(bench.sales('c').await.rings(), ["1001", "1004"]);
    // A key that is new as well.
    let new = "another-key-of-c".parse().unwrap();
    connect(&bench.store, id, |settings| settings.webhook_key = new).await;
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
    // One plan takes 29 queries; the poll asks one now and then.
    let asked = bench.store.statements() - before;
    assert!(asked < 45, "{asked} statements for one plan");
    let before = bench.store.statements();
    bench.sales('a').await.rings();
    assert!(bench.store.statements() - before < 3, "a call on a warm plan asks nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_with_an_address_of_its_own_is_called_back_there() {
    let bench = Bench::new(&['a', 'b']).await;
    let begins = async |letter, address: &str| bench.sales(letter).await.action().starts_with(address);
    assert!(begins('a', "/api/voice/continue/").await);
    let id = OrganizationId::new(1);
    connect(&bench.store, id, |settings| settings.public_url = Some("https://pbx.a.example/".to_owned())).await;
    within_two_seconds(async || begins('a', "https://pbx.a.example/api/voice/continue/").await).await;
    assert!(begins('b', "/api/voice/continue/").await, "the other one's stays");
    // What is no address is as if there were none.
    connect(&bench.store, id, |settings| settings.public_url = Some("pbx.a.example".to_owned())).await;
    within_two_seconds(async || begins('a', "/api/voice/continue/").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_plans_than_memory_are_all_served() {
    // A third of a mebibyte each: three fit into one, with what else a plan takes only two.
    let long = |letter, second| {
        let prompts = (0..85).map(|place| format!("prompt P{place} say \"{}\"\n", "x".repeat(4_000)));
        plan(letter, second) + &prompts.collect::<String>()
    };
    let letters = ['a', 'b', 'c', 'd'];
    let bench = Bench::within(PlanMemory::mebibytes(1).unwrap(), &letters, long).await;
    let loads = async |letters: &[char]| {
        let before = bench.figures().await.of("opbx_plan_loads_total");
        for letter in letters {
            let second = (1002 + *letter as u32 - 'a' as u32).to_string();
            assert_eq!(bench.sales(*letter).await.rings(), ["1001", second.as_str()]);
        }
        bench.figures().await.of("opbx_plan_loads_total") - before
    };
    assert_eq!(loads(&letters).await, 4.0);
    assert!(loads(&letters).await >= 2.0, "they cannot all be in memory");
    assert_eq!(loads(&['d', 'd', 'd']).await, 0.0, "the last one is");
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
    // The plan that the refused change would have made, and that of `b`.
    assert_eq!((figure("opbx_degraded").await, figure("opbx_plan_load_failures_total").await), (1.0, 2.0));
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
    within_two_seconds(async || bench.get("/readyz").await.0 == StatusCode::SERVICE_UNAVAILABLE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_data_directory_that_is_gone_is_told() {
    let bench = Bench::new(&['a']).await;
    bench.sales('a').await.rings();
    std::fs::remove_dir_all(bench.folder.path()).unwrap();
    let degraded = ["degraded", "ok", "down", "ok", "down"].map(str::to_owned);
    assert_eq!(bench.standing().await, (StatusCode::SERVICE_UNAVAILABLE, degraded));
}
