//! Changes of one organization wait for each other, and nobody else for them.

use opbx_store::{Query, Reason, Settings, Store, Tenant, TenantStore};

use crate::bench::{Bench, at, keys, new_organization};
use crate::changing::author;

/// The organizations of some letters, by a store of their own.
async fn opened(bench: &Bench, letters: [char; 2], connections: u32) -> [TenantStore; 2] {
    let settings = Settings { connections, ..Settings::default() };
    let store = Store::open(bench.store.location().clone(), keys(), settings).await.unwrap();
    let mut tenants = Vec::new();
    for letter in letters {
        let made = bench.store.platform().create(&new_organization(letter), &author(), at(0)).await.unwrap();
        tenants.push(store.tenant(&Tenant::inside(made.organization, Reason::Command)));
    }
    tenants.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_organization_cannot_take_all_connections() {
    let bench = Bench::mariadb("turns").await;
    let [busy, other] = opened(&bench, ['a', 'b'], 2).await;
    let open = busy.edit(author(), at(1)).await.unwrap();
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let busy = busy.clone();
            tokio::spawn(async move { busy.edit(author(), at(1)).await?.commit().await })
        })
        .collect();
    for _ in 0..20 {
        other.load_plan().await.unwrap();
    }
    assert!(waiting.iter().all(|change| !change.is_finished()));
    drop(open);
    for change in waiting {
        change.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_edit_reads_takes_no_connection_of_its_own() {
    for bench in [Bench::sqlite().await, Bench::mariadb("one_connection").await] {
        let [tenant, _] = opened(&bench, ['a', 'b'], 1).await;
        let edit = tenant.edit(author(), at(1)).await.unwrap();
        assert_eq!(edit.plan().await.unwrap().organization.name.as_str(), "Acme a");
        let everyone = Query { limit: 10, ..Query::default() };
        assert_eq!(edit.users(&everyone).await.unwrap().total, 1);
        edit.commit().await.unwrap();
    }
}
