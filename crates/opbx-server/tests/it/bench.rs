//! A store with organizations in it, and a server on it.

use crate::office::{Answer, Office, Watched, posted};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::language;
use opbx_core::organization::OrganizationStatus;
use opbx_server::clock::{Clock, zones};
use opbx_server::{MetricsAccess, Organizations, PlanMemory, Storage, StoredOrganizations, TraceDetail};
use opbx_store::{
    Actor, Author, Changes, DataDir, Keyring, Location, NewOrganization, PlatformSettings, Reason, Scope, SecretKey,
    Settings, Store, Tenant,
};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use test_servers::mariadb;
use test_servers::silence::Proxy;

/// The same numbers everywhere; what the second phone of an organization is called tells whose it is.
pub(crate) fn plan(letter: char, second: u32) -> String {
    format!(
        "organization \"Acme {letter}\" US America/New_York\nextension 1001 Alice\nextension {second} Bob\nextension 1099 Carol\n\
         extension 3000 Sales -> group Sales\ngroup Sales all at once 20s, 2 rounds\n  1001 {second}\n"
    )
}

/// A store and a server on it.
pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) office: Office,
    calls: AtomicU32,
    pub(crate) folder: TempDir,
    _data_dir: DataDir,
}

pub(crate) fn noon() -> Timestamp {
    "2026-03-09T12:00:00Z".parse().unwrap()
}

pub(crate) fn domain(letter: char) -> String {
    format!("{letter}.cloudonix.example")
}

pub(crate) fn key(letter: char) -> String {
    format!("webhook-key-of-{letter}")
}

impl Bench {
    /// What the figures of the server are read with.
    pub(crate) const TOKEN: &str = "the-token-of-the-figures";

    /// With organizations of these letters, in a file.
    pub(crate) async fn new(letters: &[char]) -> Self {
        Self::tracing(letters, TraceDetail::All).await
    }

    /// The same, with so much of each decision kept.
    pub(crate) async fn tracing(letters: &[char], trace: TraceDetail) -> Self {
        let (folder, data_dir) = data_dir();
        let location = Location::in_data_dir(data_dir.path());
        let store = furnished(location, &data_dir, letters).await;
        let office = office(store.clone(), &data_dir, trace, PlanMemory::default()).await;
        Self { store, office, calls: AtomicU32::new(0), folder, _data_dir: data_dir }
    }

    /// The same with so much memory for plans, and with plans made of letters and second phones.
    pub(crate) async fn within(memory: PlanMemory, letters: &[char], plan: impl Fn(char, u32) -> String) -> Self {
        let (folder, data_dir) = data_dir();
        let store = furnished(Location::in_data_dir(data_dir.path()), &data_dir, &[]).await;
        for letter in letters {
            make_with(&store, *letter, &plan).await;
        }
        let office = office(store.clone(), &data_dir, TraceDetail::Off, memory).await;
        Self { store, office, calls: AtomicU32::new(0), folder, _data_dir: data_dir }
    }

    /// The same on a MariaDB.
    pub(crate) async fn mariadb(name: &str, letters: &[char]) -> Self {
        let (folder, data_dir) = data_dir();
        let location = mariadb::server().new_database(name).parse().unwrap();
        let store = furnished(location, &data_dir, letters).await;
        let office = office(store.clone(), &data_dir, TraceDetail::All, PlanMemory::default()).await;
        Self { store, office, calls: AtomicU32::new(0), folder, _data_dir: data_dir }
    }

    /// The same on a MariaDB that can fall silent for the server, while the tests go on talking to it.
    pub(crate) async fn silenced(name: &str, letters: &[char], settings: Settings) -> (Self, Proxy) {
        let (folder, data_dir) = data_dir();
        let location: Location = mariadb::server().new_database(name).parse().unwrap();
        let shown = location.to_string();
        let store = furnished(location, &data_dir, letters).await;
        let proxy = Proxy::before(mariadb::server().socket()).await;
        let this_way = proxy.url(shown.rsplit('/').next().unwrap()).parse().unwrap();
        let store_of_the_server = Store::open(this_way, keys(), settings).await.unwrap();
        let office = office(store_of_the_server, &data_dir, TraceDetail::All, PlanMemory::default()).await;
        (Self { store, office, calls: AtomicU32::new(0), folder, _data_dir: data_dir }, proxy)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("opbx.db")
    }

    /// A new call to `to`, as some domain and with some key.
    pub(crate) async fn asked(&self, domain: Option<&str>, key: &str, from: &str, to: &str) -> Answer {
        let session = format!("session-{}", self.calls.fetch_add(1, Ordering::Relaxed));
        let said = json!({"Session": session, "CallSid": session, "From": from, "To": to,
            "Direction": "subscriber", "CallStatus": "in-progress", "Domain": domain});
        self.office.send(posted("/api/voice/route", key, &said)).await
    }

    /// A call of an organization to its group.
    pub(crate) async fn sales(&self, letter: char) -> Answer {
        self.asked(Some(&domain(letter)), &key(letter), "1099", "3000").await
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.office.send(Request::get(path).body(Body::empty()).unwrap()).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }
}

fn data_dir() -> (TempDir, DataDir) {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = DataDir::claim(folder.path()).unwrap();
    (folder, data_dir)
}

fn keys() -> Keyring {
    Keyring::new(&SecretKey::new("a secret of the tests, long enough to be one").unwrap())
}

async fn furnished(location: Location, data_dir: &DataDir, letters: &[char]) -> Store {
    let store = Store::create(location, keys(), Settings::default()).await.unwrap();
    store.migrate(data_dir, noon()).await.unwrap();
    for letter in letters {
        make(&store, *letter).await;
    }
    store
}

async fn office(store: Store, data_dir: &DataDir, trace: TraceDetail, memory: PlanMemory) -> Office {
    let stored = StoredOrganizations::load(store, Clock::new(noon), zones(), memory).await.unwrap();
    let metrics = MetricsAccess { listen: None, token: Some(Bench::TOKEN.parse().unwrap()) };
    // However full the disk of this machine is.
    let storage = Some(Storage { data_dir: data_dir.path().to_path_buf(), least_free: 0 });
    Office::watched(Organizations::Stored(stored), None, Watched { trace, metrics, storage })
}

/// Makes an organization and gives it its plan: the second phone is 1002 for `a`, 1003 for `b` and so on.
pub(crate) async fn make(store: &Store, letter: char) -> OrganizationId {
    make_with(store, letter, plan).await
}

async fn make_with(store: &Store, letter: char, plan: impl Fn(char, u32) -> String) -> OrganizationId {
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
    let id = store.platform().create(&new, &author(), noon()).await.unwrap().organization;
    let second = 1002 + letter as u32 - 'a' as u32;
    apply(store, id, &plan(letter, second)).await;
    id
}

pub(crate) async fn apply(store: &Store, id: OrganizationId, text: &str) {
    let source = language::parse(text, &zones()).unwrap().source;
    let scope = Scope { organization: true, prune: true, dry_run: false };
    let tenant = store.tenant(&Tenant::inside(id, Reason::Command));
    let changes = Changes { source: &source, scope, author: &author(), settings: |_| Value::Null };
    tenant.apply(changes, noon()).await.unwrap();
}

/// Someone with the machine in hand, who draws nothing.
pub(crate) fn author() -> Author {
    Author { actor: Actor::Command, request_id: None, address: None, portrait: |_| Value::Null }
}

/// Serves an organization again, or no longer.
pub(crate) async fn set_status(store: &Store, id: OrganizationId, status: OrganizationStatus) {
    let tenant = store.tenant(&Tenant::inside(id, Reason::Command));
    let mut edit = tenant.edit(author(), noon()).await.unwrap();
    edit.set_organization_status(status).await.unwrap();
    edit.commit().await.unwrap();
}

/// Changes how an organization and the platform know each other; a former key ends at once.
pub(crate) async fn connect(store: &Store, id: OrganizationId, change: impl FnOnce(&mut PlatformSettings)) {
    let tenant = store.tenant(&Tenant::inside(id, Reason::Command));
    let mut edit = tenant.edit(author(), noon()).await.unwrap();
    let before = edit.platform_settings().await.unwrap();
    let mut after = before.settings.clone();
    change(&mut after);
    edit.update_platform_settings(&before, after, noon()).await.unwrap();
    edit.commit().await.unwrap();
}
