//! A store for the tests inside this crate: an embedded database of its own, migrated, in a folder that goes with it.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::{Actor, Author, DataDir, Keyring, Location, NewOrganization, SecretKey, Settings, Store};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;

/// The store, and what must stay as long as it.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) claim: Arc<DataDir>,
    pub(crate) folder: TempDir,
}

impl TestStore {
    pub(crate) async fn new(now: Timestamp) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let claim = Arc::new(DataDir::claim(folder.path()).unwrap());
        let location = Location::in_data_dir(claim.path());
        let store = Store::create(location, keys(), Settings::default()).await.unwrap();
        store.migrate(&claim, now).await.unwrap();
        Self { store, claim, folder }
    }

    /// Makes an organization without an owner and without a domain.
    pub(crate) async fn organization(&self, slug: &str, now: Timestamp) -> OrganizationId {
        let new = NewOrganization {
            name: slug.parse().unwrap(),
            slug: slug.parse().unwrap(),
            country: "US".parse().unwrap(),
            timezone: "America/New_York".parse().unwrap(),
            owner: None,
            domain: None,
            domain_uuid: None,
            webhook_key: format!("the-webhook-key-of-{slug}").parse().unwrap(),
            cdr_secret: format!("the-cdr-secret-of-{slug}").parse().unwrap(),
        };
        self.store.platform().create(&new, &author(), now).await.unwrap().organization
    }
}

pub(crate) fn keys() -> Keyring {
    Keyring::new(&SecretKey::new("a secret of the tests, long enough to be one").unwrap())
}

/// Someone with the machine in hand, who draws nothing.
pub(crate) fn author() -> Author {
    Author { actor: Actor::Command, request_id: None, address: None, portrait: |_| Value::Null }
}
