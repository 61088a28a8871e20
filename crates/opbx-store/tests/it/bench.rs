//! A database to try things on, of either engine, and how a story is told on both.

use std::path::PathBuf;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::{
    DataDir, Keyring, Location, NewOrganization, NewOwner, Reason, SecretKey, Settings, Store, Tenant, TenantStore,
};
use tempfile::TempDir;
use test_servers::mariadb;

use crate::changing::author;

/// A story as two tests, one for each engine.
macro_rules! on_both {
    ($($story:ident;)*) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(&crate::bench::Bench::sqlite().await).await;
            })*
        }
        mod on_mariadb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story(&crate::bench::Bench::mariadb(stringify!($story)).await).await;
            })*
        }
    };
}

pub(crate) use on_both;

/// A migrated database of its own.
pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) data_dir: DataDir,
    pub(crate) folder: TempDir,
}

pub(crate) fn keys() -> Keyring {
    Keyring::new(&SecretKey::new("a secret of the tests, long enough to be one").unwrap())
}

/// Instants of the stories: nothing here reads a clock.
pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap()
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::claim(&folder.path().join("data")).unwrap();
        let location = Location::in_data_dir(data_dir.path());
        Self::at(location, data_dir, folder).await
    }

    pub(crate) async fn mariadb(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::claim(&folder.path().join("data")).unwrap();
        let location = mariadb::server().new_database(name).parse().unwrap();
        Self::at(location, data_dir, folder).await
    }

    async fn at(location: Location, data_dir: DataDir, folder: TempDir) -> Self {
        let store = Store::create(location, keys(), Settings::default()).await.unwrap();
        store.migrate(&data_dir, at(0)).await.unwrap();
        Self { store, data_dir, folder }
    }

    /// The database file.
    pub(crate) fn file(&self) -> PathBuf {
        self.data_dir.path().join("opbx.db")
    }

    /// An organization and the way into it. `letter` tells it from others.
    pub(crate) async fn organization(&self, letter: char) -> TenantStore {
        let created = self.store.platform().create(&new_organization(letter), &author(), at(0)).await.unwrap();
        self.inside(created.organization)
    }

    pub(crate) fn inside(&self, organization: OrganizationId) -> TenantStore {
        self.store.tenant(&Tenant::inside(organization, Reason::Command))
    }
}

pub(crate) fn new_organization(letter: char) -> NewOrganization {
    NewOrganization {
        name: format!("Acme {letter}").parse().unwrap(),
        slug: format!("acme-{letter}").parse().unwrap(),
        country: "US".parse().unwrap(),
        timezone: "America/New_York".parse().unwrap(),
        owner: Some(NewOwner {
            name: "Olive Ray".parse().unwrap(),
            email: format!("Olive@{letter}.example").parse().unwrap(),
            password_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".to_owned(),
        }),
        domain: Some(format!("{letter}.cloudonix.example")),
        domain_uuid: Some(format!("uuid-{letter}")),
        webhook_key: format!("webhook-key-of-{letter}").parse().unwrap(),
        cdr_secret: format!("the-cdr-secret-of-{letter}").parse().unwrap(),
    }
}
