//! The same on a MariaDB: whose a request is, what a caller sets, and what others write.

use crate::bench::{Bench, apply, domain, key, plan};
use crate::stored::within_two_seconds;
use axum::http::StatusCode;
use opbx_core::id::OrganizationId;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organizations_of_a_mariadb_are_served() {
    let bench = Bench::mariadb("served", &['a', 'b']).await;
    assert_eq!(bench.sales('a').await.rings(), ["1001", "1002"]);
    assert_eq!(bench.sales('b').await.rings(), ["1001", "1003"]);
    let stranger = bench.asked(Some(&domain('b')), &key('a'), "1099", "3000").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let (status, health) = bench.get("/health").await;
    assert_eq!((status, &health["checks"]["database"]["status"]), (StatusCode::OK, &json!("ok")));

    let done = bench.asked(Some(&domain('a')), &key('a'), "1002", "*78").await;
    assert!(done.document().contains("Do not disturb is on."));
    assert_eq!(bench.sales('a').await.rings(), ["1001"]);
    assert_eq!(bench.sales('b').await.rings(), ["1001", "1003"]);

    // Past the server, as another process would.
    apply(&bench.store, OrganizationId::new(2), &plan('b', 1009)).await;
    within_two_seconds(async || bench.sales('b').await.rings() == ["1001", "1009"]).await;
}
