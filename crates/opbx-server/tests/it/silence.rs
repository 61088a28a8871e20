//! A store that says nothing any more, without closing: callers hear an answer in time all the same.

use crate::bench::{Bench, domain, key};
use axum::http::StatusCode;
use opbx_store::Settings;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The two seconds, and what a busy machine may add: less than the three for which the store waits for a connection.
const IN_TIME: Duration = Duration::from_millis(2_800);

/// Does this, which must be over in time.
async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = work.await;
    assert!(begun.elapsed() < IN_TIME, "{what} took {:?}", begun.elapsed());
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn voice_answers_in_time_while_the_store_is_silent() {
    // The patience that a server has: longer than a caller's.
    let (bench, proxy) = Bench::silenced("silence", &['a', 'b'], Settings::default()).await;
    let bench = Arc::new(bench);
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    proxy.fall_silent();

    // A plan in memory asks nobody.
    for _ in 0..20 {
        let answer = in_time("a call on a warm plan", bench.sales('a')).await;
        assert_eq!(answer.rings(), ["1001", "1002"]);
    }
    // What a caller sets is not confirmed.
    let (domain, key) = (domain('a'), key('a'));
    let code = bench.asked(Some(&domain), &key, "1002", "*78");
    let refused = in_time("a feature code", code).await.document();
    assert!(refused.contains("try again later") && !refused.contains("is on"), "{refused}");
    // A plan that was never loaded: an apology, for many at once as for one.
    let mut calls = JoinSet::new();
    for _ in 0..5 {
        let bench = Arc::clone(&bench);
        calls.spawn(async move { in_time("a call on a plan that is not there", bench.sales('b')).await });
    }
    for answer in calls.join_all().await {
        assert!(answer.document().contains("We are sorry"), "{}", answer.body);
    }
    // Whoever is not known: nobody can tell.
    assert_eq!(in_time("a stranger", bench.sales('z')).await.status, StatusCode::SERVICE_UNAVAILABLE);
    let (status, health) = in_time("the report", bench.get("/health")).await;
    assert_eq!((status, &health["status"]), (StatusCode::SERVICE_UNAVAILABLE, &"degraded".into()));
    assert_eq!(in_time("readiness", bench.get("/readyz")).await.0, StatusCode::OK);
    assert_eq!(in_time("the last", bench.sales('a')).await.rings(), ["1001", "1002"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_newer_plan_does_not_come_the_older_one_goes_on_in_time() {
    let (bench, proxy) = Bench::silenced("silence_newer", &['a'], Settings::default()).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    let done = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await;
    assert!(done.document().contains("Do not disturb is on."));
    // The server knows that there is a newer plan, and asks for it in vain. What the caller set is in force all the same.
    proxy.fall_silent();
    for _ in 0..2 {
        assert_eq!(in_time("a call", bench.sales('a')).await.rings(), ["1001"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_well_again_when_the_store_is() {
    let settings = Settings {
        deadline: Duration::from_millis(400),
        acquire: Duration::from_millis(200),
        silent_limit: 3,
        connections: 4,
    };
    let (bench, proxy) = Bench::silenced("silence_healed", &['a', 'b'], settings).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    proxy.fall_silent();
    assert!(in_time("a call on a plan that is not there", bench.sales('b')).await.document().contains("We are sorry"));
    proxy.heal();
    let begun = Instant::now();
    while bench.get("/health").await.0 != StatusCode::OK || bench.sales('b').await.rings() != ["1001", "1003"] {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let done = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await;
    assert!(done.document().contains("Do not disturb is on."));
    assert_eq!(bench.sales('a').await.rings(), ["1001"]);
}
