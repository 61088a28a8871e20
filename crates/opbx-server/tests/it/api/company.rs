//! A server over a database with an organization in it, and people of every role who are signed in.

use crate::bench::author;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::{OrganizationId, UserId};
use opbx_core::organization::Status;
use opbx_core::permission::Role;
use opbx_server::clock::{Clock, zones};
use opbx_server::mail::MailSettings;
use opbx_server::{
    Config, Edge, JournalLimit, LogNumbers, MetricsAccess, OpenJournal, Organizations, Parts, PlanMemory,
    SecretKey as ServerKey, Server, Storage, StoredOrganizations, TraceDetail, build,
};
use opbx_store::{
    Allowance, DataDir, Keyring, Location, NewOrganization, NewSession, Reason, SecretDigest, SecretKey, Settings,
    Store, Tenant, TenantStore, User,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use test_servers::mariadb;
use tower::ServiceExt;

pub(crate) const SECRET: &str = "a secret of the tests, long enough to be one";

/// A server with one organization, `acme`, and a second one beside it.
pub(crate) struct Company {
    pub(crate) store: Store,
    pub(crate) organization: OrganizationId,
    router: Router,
    /// Where it listens, if it does its jobs.
    pub(crate) address: Option<SocketAddr>,
    now: Arc<Mutex<Timestamp>>,
    tokens: BTreeMap<&'static str, String>,
    users: BTreeMap<&'static str, UserId>,
    pub(crate) folder: TempDir,
    _data_dir: DataDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// What stands under `data`.
    pub(crate) fn data(&self) -> &Value {
        assert!(self.status.is_success(), "{self:?}");
        &self.body["data"]
    }

    /// The sentences of `errors`, after it was checked that `error_codes` has the same fields.
    pub(crate) fn errors(&self) -> &Value {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{self:?}");
        assert_eq!(self.body["code"], "validation_failed");
        let fields = |name: &str| self.body[name].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(fields("errors"), fields("error_codes"));
        &self.body["errors"]
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

impl Company {
    /// Without limits of how often it may be asked: time stands still here.
    pub(crate) async fn new() -> Self {
        Self::made(Wishes::default()).await.0
    }

    /// One that is told how its API looks from outside, and what its address is there.
    pub(crate) async fn with_edge(edge: Edge, public_url: Option<&str>) -> Self {
        Self::made(Wishes { edge, public_url, ..Wishes::default() }).await.0
    }

    /// One with a mail server; it does its jobs too.
    pub(crate) async fn with_mail(mail: Option<MailSettings>) -> Self {
        Self::made(Wishes { mail, ..Wishes::default() }).await.0
    }

    /// One with a mail server, whose disk should have more free than any has.
    pub(crate) async fn on_a_full_disk(mail: MailSettings) -> Self {
        Self::made(Wishes { mail: Some(mail), least_free: 101, ..Wishes::default() }).await.0
    }

    /// One whose server may fetch from these networks too.
    pub(crate) async fn reaching(allow: &str) -> Self {
        Self::made(Wishes { allow, ..Wishes::default() }).await.0
    }

    /// One that keeps what it decides for calls, with its reasons.
    pub(crate) async fn tracing() -> Self {
        Self::made(Wishes { trace: TraceDetail::All, ..Wishes::default() }).await.0
    }

    /// One whose server takes this address for the platform's interface, may fetch from these networks too, and sends mail like
    /// this.
    pub(crate) async fn with_platform(platform_api: &str, allow: &str, mail: Option<MailSettings>) -> Self {
        let public_url = Some("https://pbx.example.com");
        Self::made(Wishes { platform_api, allow, mail, public_url, ..Wishes::default() }).await.0
    }

    /// One over a database of a MariaDB, of this name.
    pub(crate) async fn on_mariadb(name: &str) -> Self {
        Self::made(Wishes { mariadb: Some(name), ..Wishes::default() }).await.0
    }

    /// The same with a mail server; it does its jobs too.
    pub(crate) async fn with_mail_on_mariadb(mail: MailSettings, name: &str) -> Self {
        Self::made(Wishes { mail: Some(mail), mariadb: Some(name), ..Wishes::default() }).await.0
    }

    /// A server over a database without any organization, and the token with which the first one is made.
    pub(crate) async fn empty() -> (Self, String) {
        let (company, token) = Self::made(Wishes { organizations: false, ..Wishes::default() }).await;
        (company, token.unwrap())
    }

    async fn made(wishes: Wishes<'_>) -> (Self, Option<String>) {
        // Whoever has mail to send or something to fetch does its jobs.
        let works = wishes.mail.is_some() || !wishes.allow.is_empty() || wishes.platform_api.starts_with("http:");
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::claim(folder.path()).unwrap();
        let keys = Keyring::new(&SecretKey::new(SECRET).unwrap());
        let location = match wishes.mariadb {
            Some(name) => mariadb::server().new_database(name).parse().unwrap(),
            None => Location::in_data_dir(data_dir.path()),
        };
        let store = Store::create(location, keys, Settings::default()).await.unwrap();
        let start: Timestamp = "2026-03-09T14:00:00Z".parse().unwrap();
        store.migrate(&data_dir, start).await.unwrap();
        let (mut tokens, mut users) = (BTreeMap::new(), BTreeMap::new());
        let organization =
            if wishes.organizations { make(&store, "acme", start).await } else { OrganizationId::new(1) };
        if wishes.organizations {
            for role in Role::ALL {
                let (user, token) = sign_in(&store, organization, role, start).await;
                tokens.insert(role.as_str(), token);
                users.insert(role.as_str(), user);
            }
            let other = make(&store, "other", start).await;
            tokens.insert("stranger", sign_in(&store, other, Role::Owner, start).await.1);
        }
        let now = Arc::new(Mutex::new(start));
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(move || *now.lock().unwrap())
        };
        let server = served(&store, clock, wishes, folder.path()).await;
        let (router, setup) = (server.router(), server.setup_token().map(str::to_owned));
        let mut address = None;
        if works {
            let listening = server.listen().await.unwrap();
            address = Some(listening.address());
            tokio::spawn(listening.run(std::future::pending()));
        }
        let company = Self { store, organization, router, address, now, tokens, users, folder, _data_dir: data_dir };
        (company, setup)
    }

    /// Another server over the same data, which may fetch from these networks.
    pub(crate) async fn server(&self, allow: &str) -> Server {
        served(&self.store, self.clock(), Wishes { allow, ..Wishes::default() }, self.folder.path()).await
    }

    fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::new(move || *now.lock().unwrap())
    }

    /// The same company, served from a copy of its data.
    pub(crate) async fn over(&self, data_dir: &Path) -> Self {
        let claim = DataDir::claim(data_dir).unwrap();
        let keys = Keyring::new(&SecretKey::new(SECRET).unwrap());
        let location = Location::in_data_dir(data_dir);
        let store = Store::open(location, keys, Settings::default()).await.unwrap();
        let router = served(&store, self.clock(), Wishes::default(), data_dir).await.router();
        Self {
            store,
            organization: self.organization,
            router,
            address: None,
            now: Arc::clone(&self.now),
            tokens: self.tokens.clone(),
            users: self.users.clone(),
            folder: tempfile::tempdir().unwrap(),
            _data_dir: claim,
        }
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, duration: SignedDuration) {
        let mut now = self.now.lock().unwrap();
        *now += duration;
    }

    /// Gives someone a password, hashed at the lowest cost.
    pub(crate) async fn set_password(&self, who: &str, password: &str) {
        let cost = argon2::Params::new(8, 1, 1, None).unwrap();
        let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cost);
        let hash = argon2::PasswordHasher::hash_password(&hasher, password.as_bytes()).unwrap().to_string();
        let mut edit = self.tenant().edit(author(), self.now()).await.unwrap();
        let user = edit.user(self.users[who]).await.unwrap();
        edit.set_password(&user.object, hash).await.unwrap();
        edit.commit().await.unwrap();
    }

    /// Allows the organization so many extensions, as its provider would.
    pub(crate) async fn allow_extensions(&self, most: u32) {
        self.allow(|allowance| allowance.extensions = Some(most)).await;
    }

    /// Changes what the organization may have, as its provider would.
    pub(crate) async fn allow(&self, change: impl FnOnce(&mut Allowance)) {
        let mut edit = self.tenant().edit(author(), self.now()).await.unwrap();
        let before = edit.settings().await.unwrap();
        let mut after = before.object.clone();
        change(&mut after.allowance);
        edit.update_settings(&before, after, |_| Value::Null).await.unwrap();
        edit.commit().await.unwrap();
    }

    /// Allows the organization so many requests in a minute, as its provider would.
    pub(crate) async fn allow_requests(&self, per_minute: Option<u32>) {
        self.allow(|allowance| allowance.api_per_minute = per_minute).await;
    }

    /// The answer to a request before its body is read.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned().into())
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request of someone: `owner`, `admin`, `agent`, `reporter`, or `stranger`, the owner of the other organization.
    pub(crate) async fn ask(&self, who: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(token) = self.tokens.get(who) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// What time it is there.
    pub(crate) fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    /// The identifier of the person of a role.
    pub(crate) fn user(&self, who: &str) -> u64 {
        self.users[who].get()
    }

    /// The organization's rows.
    pub(crate) fn tenant(&self) -> TenantStore {
        self.store.tenant(&Tenant::inside(self.organization, Reason::Command))
    }

    /// A request with any token, without a body.
    pub(crate) async fn as_bearer(&self, token: &str, method: Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        self.send(request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()).await
    }

    /// The header with which someone comes.
    pub(crate) fn bearer(&self, who: &str) -> String {
        format!("Bearer {}", self.tokens[who])
    }

    /// The same in another session of theirs.
    pub(crate) async fn bearer_anew(&self, who: &str) -> String {
        let secret = format!("s-another secret of {who}");
        let session = NewSession {
            user: self.users[who],
            digest: SecretDigest(Sha256::digest(secret.as_bytes()).into()),
            device: "another".to_owned(),
            address: "127.0.0.1".to_owned(),
            expires_at: self.now() + SignedDuration::from_hours(24),
        };
        let mut edit = self.tenant().edit(author(), self.now()).await.unwrap();
        let number = edit.open_session(session).await.unwrap();
        edit.commit().await.unwrap();
        format!("Bearer {number}|{secret}")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("owner", Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("owner", Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask("owner", Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("owner", Method::DELETE, path, None).await
    }
}

async fn served(store: &Store, clock: Clock, wishes: Wishes<'_>, data_dir: &Path) -> Server {
    let stored = StoredOrganizations::load(store.clone(), clock.clone(), zones(), PlanMemory::default()).await.unwrap();
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        public_url: wishes.public_url.map(|url| url.parse().unwrap()),
        secret_key: ServerKey::new(SECRET.into()).unwrap(),
        drain: Duration::ZERO,
        trace: wishes.trace,
        metrics: MetricsAccess::default(),
        log_numbers: LogNumbers::default(),
        edge: wishes.edge,
        mail: wishes.mail,
        fetch_allow: wishes.allow.parse().unwrap(),
        stale_after: SignedDuration::from_hours(4),
        platform_api: wishes.platform_api.parse().unwrap(),
    };
    let organizations = Organizations::Stored(stored);
    let storage = Some(Storage { data_dir: data_dir.to_path_buf(), least_free: wishes.least_free });
    let journal = storage.as_ref().map(|storage| OpenJournal::of(storage, JournalLimit::default()).unwrap());
    build(config, Parts { clock, zones: zones(), organizations, storage, journal })
}

/// What a company is to be like.
struct Wishes<'w> {
    edge: Edge,
    public_url: Option<&'w str>,
    mail: Option<MailSettings>,
    mariadb: Option<&'w str>,
    allow: &'w str,
    platform_api: &'w str,
    organizations: bool,
    trace: TraceDetail,
    least_free: u64,
}

impl Default for Wishes<'_> {
    fn default() -> Self {
        let edge = Edge { api_rate_limit: None, ..Edge::default() };
        let (trace, platform_api) = (TraceDetail::Off, "https://api.cloudonix.io");
        // How full the disk of whoever runs the tests is does not matter.
        Self {
            edge,
            public_url: None,
            mail: None,
            mariadb: None,
            allow: "",
            platform_api,
            organizations: true,
            trace,
            least_free: 0,
        }
    }
}

async fn make(store: &Store, slug: &str, now: Timestamp) -> OrganizationId {
    let new = NewOrganization {
        name: slug.parse().unwrap(),
        slug: slug.parse().unwrap(),
        country: "US".parse().unwrap(),
        timezone: "America/New_York".parse().unwrap(),
        owner: None,
        domain: Some(format!("{slug}.cloudonix.example")),
        domain_uuid: None,
        webhook_key: format!("the-webhook-key-of-{slug}").parse().unwrap(),
        cdr_secret: format!("the-cdr-secret-of-{slug}").parse().unwrap(),
    };
    store.platform().create(&new, &author(), now).await.unwrap().organization
}

/// Makes a person of a role and opens a session of theirs, past the sign-in: that has tests of its own.
async fn sign_in(store: &Store, of: OrganizationId, role: Role, now: Timestamp) -> (UserId, String) {
    let tenant = store.tenant(&Tenant::inside(of, Reason::Command));
    let mut edit = tenant.edit(author(), now).await.unwrap();
    let word = role.as_str();
    let user = User {
        id: UserId::new(0),
        name: format!("The {word}").parse().unwrap(),
        email: format!("{word}@{of}.example").parse().unwrap(),
        role,
        status: Status::Active,
        phone: None,
    };
    let id = edit.create_user(&user, None).await.unwrap().object.id;
    let secret = format!("s-the secret of {word} of {of}");
    let session = NewSession {
        user: id,
        digest: SecretDigest(Sha256::digest(secret.as_bytes()).into()),
        device: "test".to_owned(),
        address: "127.0.0.1".to_owned(),
        expires_at: now + SignedDuration::from_hours(24),
    };
    let number = edit.open_session(session).await.unwrap();
    edit.commit().await.unwrap();
    (id, format!("{number}|{secret}"))
}
