//! A server that falls silent without closing: the connections are replaced, and work goes on.

use std::time::Duration;

use opbx_store::{Error, Location, Reason, Settings, Store, Tenant};
use test_servers::mariadb;
use test_servers::silence::Proxy;

use crate::bench::{Bench, at, keys, new_organization};
use crate::changing::author;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_are_replaced() {
    let bench = Bench::mariadb("silence").await;
    let created = bench.store.platform().create(&new_organization('a'), &author(), at(0)).await.unwrap();
    let shown = bench.store.location().to_string();
    let database = shown.rsplit('/').next().unwrap();
    let proxy = Proxy::before(mariadb::server().socket()).await;
    let location: Location = proxy.url(database).parse().unwrap();
    let settings = Settings {
        deadline: Duration::from_millis(600),
        acquire: Duration::from_millis(300),
        silent_limit: 3,
        connections: 2,
    };
    let store = Store::open(location, keys(), settings).await.unwrap();
    let tenant = store.tenant(&Tenant::inside(created.organization, Reason::Webhook));
    let wanted = tenant.load_plan().await.unwrap();

    proxy.fall_silent();
    for _ in 0..2 {
        assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    }
    assert_eq!(store.replacements(), 0, "one slow answer is no silence");
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    assert_eq!(store.replacements(), 1);

    proxy.heal();
    assert_eq!(tenant.load_plan().await.unwrap(), wanted, "new connections are good");
    assert_eq!(store.replacements(), 1);
}
