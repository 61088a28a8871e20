//! Organizations of a store: known in memory, looked up before they are refused, their plans loaded when they are called.

use super::{
    Calling, Current, Failsafes, Figures, LastResort, Names, PlanMemory, Served, Shelf, Slot, StoreAway, Verified,
};
use crate::clock::Clock;
use crate::public_url::PublicUrl;
use crate::webhook_key::KeyHash;
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::decision::Effect;
use opbx_core::id::OrganizationId;
use opbx_store::{Error, Listed, Portrait, Reason, Standing, Store, Tenant};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, Weak};
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout, timeout_at};

/// How often the store is asked whether anything has changed.
const POLL: Duration = Duration::from_millis(500);
/// How long a change of the store may go unanswered before it counts as away.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a newer plan is waited for where there is an older one.
const NEWER: Duration = Duration::from_millis(1_500);
/// How long an answer about a name counts.
const ASKED_FOR: Duration = Duration::from_secs(1);
/// The most names asked about at a time. Strangers choose names; beyond this they are refused unheard.
const MOST_ASKED: usize = 10_000;

/// The organizations of a store, known to a server.
#[derive(Clone)]
pub struct StoredOrganizations(Arc<Stored>);

impl StoredOrganizations {
    /// Reads who is there, and watches for changes from then on for as long as somebody has this. Plans are loaded when
    /// they are called; those that do not fit into `memory` are let go, and loaded again.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub async fn load(store: Store, clock: Clock, zones: TimeZoneDatabase, memory: PlanMemory) -> Result<Self, Error> {
        // Asked first: what changes between the two is noticed by the first poll.
        let standing = store.platform().standing().await?;
        let (mut names, mut failsafes) = (Names::default(), Failsafes::default());
        let mut last = OrganizationId::new(0);
        loop {
            let page = store.platform().directory(last).await?;
            let Some(end) = page.last() else { break };
            last = end.organization;
            for listed in page {
                names.put(Arc::new(served(listed, Arc::default(), &mut failsafes)));
            }
        }
        let stored = Arc::new(Stored {
            store,
            clock,
            zones,
            names: RwLock::new(names),
            asked: Mutex::default(),
            shelf: Shelf::new(memory),
            standing: Mutex::new(standing),
            away: AtomicBool::new(false),
            loads: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            errors: AtomicU64::new(0),
        });
        tokio::spawn(watch(Arc::downgrade(&stored)));
        Ok(Self(stored))
    }

    /// The store itself, for what is beside the plans.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(super) fn into_inner(self) -> Arc<Stored> {
        self.0
    }
}

impl fmt::Debug for StoredOrganizations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// What is known of a store.
pub(crate) struct Stored {
    store: Store,
    clock: Clock,
    zones: TimeZoneDatabase,
    names: RwLock<Names>,
    /// When which name was asked about, and the answer that everyone who asks meanwhile waits for.
    asked: Mutex<HashMap<KeyHash, Asked>>,
    shelf: Shelf,
    standing: Mutex<Standing>,
    away: AtomicBool,
    loads: AtomicU64,
    failures: AtomicU64,
    errors: AtomicU64,
}

#[derive(Clone)]
struct Asked {
    at: Instant,
    answer: Arc<OnceCell<()>>,
}

impl Stored {
    pub(super) async fn verified(
        &self,
        domain: Option<&str>,
        presented: Option<&[u8]>,
        deadline: Instant,
    ) -> Result<Option<Verified>, StoreAway> {
        let Some(organization) = self.identified(domain, presented, deadline).await? else { return Ok(None) };
        let current = self.plan(&organization, deadline).await;
        Ok(Some(Verified { organization, current }))
    }

    /// Whose a request is, if it presents that organization's key.
    pub(super) async fn identified(
        &self,
        domain: Option<&str>,
        presented: Option<&[u8]>,
        deadline: Instant,
    ) -> Result<Option<Arc<Served>>, StoreAway> {
        let Some(key) = presented.and_then(|key| std::str::from_utf8(key).ok()) else {
            return Ok(None);
        };
        let digests = self.store.platform().webhook_digests(key);
        let digests: Vec<KeyHash> = digests.into_iter().map(KeyHash::of_digest).collect();
        let known = || self.names().find(domain, &digests, || self.clock.now());
        if let Some(organization) = known() {
            return Ok(Some(organization));
        }
        let name = match domain {
            Some(domain) => KeyHash::of(domain.to_ascii_lowercase().as_bytes()),
            None => KeyHash::of(format!("key {key}").as_bytes()),
        };
        self.ask(name, deadline, self.look_up(domain, key)).await?;
        Ok(known())
    }

    /// Whose call records come to an address with this secret.
    pub(super) async fn by_cdr_secret(
        &self,
        secret: &str,
        deadline: Instant,
    ) -> Result<Option<Arc<Served>>, StoreAway> {
        let digests = self.store.platform().cdr_digests(secret);
        let digests: Vec<KeyHash> = digests.into_iter().map(KeyHash::of_digest).collect();
        if let Some(organization) = self.names().by_cdr_secret(&digests) {
            return Ok(Some(organization));
        }
        let look_up = async {
            match self.store.platform().by_cdr_secret(secret).await? {
                Some(id) => self.renew(id).await,
                None => Ok(()),
            }
        };
        self.ask(KeyHash::of(format!("secret {secret}").as_bytes()), deadline, look_up).await?;
        Ok(self.names().by_cdr_secret(&digests))
    }

    /// Whose domain this is, as far as is known.
    pub(super) fn owner(&self, domain: &str) -> Option<OrganizationId> {
        self.names().owner(domain)
    }

    /// Looks in the store for whom a request names: once for each name and second, whoever asks meanwhile waits.
    async fn ask(
        &self,
        name: KeyHash,
        deadline: Instant,
        look_up: impl Future<Output = Result<(), Error>>,
    ) -> Result<(), StoreAway> {
        let asked = {
            let mut asked = lock(&self.asked);
            let now = Instant::now();
            let recent = |asked: &Asked| now.duration_since(asked.at) < ASKED_FOR;
            if asked.len() >= MOST_ASKED {
                asked.retain(|_, asked| recent(asked));
            }
            match asked.get(&name).filter(|asked| recent(asked)) {
                Some(asked) => asked.clone(),
                None if asked.len() >= MOST_ASKED => return Err(StoreAway),
                None => {
                    let new = Asked { at: now, answer: Arc::default() };
                    asked.insert(name, new.clone());
                    new
                }
            }
        };
        let answer = asked.answer.get_or_try_init(|| look_up);
        match timeout_at(deadline, answer).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(fault)) => Err(self.is_away(&fault)),
            Err(_) => Err(StoreAway),
        }
    }

    async fn look_up(&self, domain: Option<&str>, key: &str) -> Result<(), Error> {
        let platform = self.store.platform();
        let mut found = Vec::new();
        if let Some(domain) = domain {
            found.push(platform.by_domain(domain).await?);
            found.push(platform.by_domain_uuid(domain).await?);
        }
        found.push(platform.by_webhook_key(key, self.clock.now()).await?);
        for id in found.into_iter().flatten() {
            self.renew(id).await?;
        }
        Ok(())
    }

    /// Takes over what the store now says of an organization.
    async fn renew(&self, id: OrganizationId) -> Result<(), Error> {
        let listed = self.store.platform().listed(id).await?;
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        match listed {
            None => names.remove(id),
            Some(listed) => {
                let known = names.get(id);
                // What was read later may have been written here earlier.
                if known.is_some_and(|known| known.place > listed.place.get()) {
                    return Ok(());
                }
                let slot = known.map(|known| Arc::clone(&known.plan)).unwrap_or_default();
                names.put(Arc::new(served(listed, slot, &mut Failsafes::default())));
            }
        }
        Ok(())
    }

    /// The plan of an organization: what is in memory, if nothing newer is known; else it is loaded, once for all who
    /// wait. Where that fails, what is in memory goes on.
    async fn plan(&self, organization: &Served, deadline: Instant) -> Option<Arc<Current>> {
        let slot = &organization.plan;
        // Set before the plan is taken: a plan that is let go at this moment was not used before.
        slot.used.store(true, Ordering::Relaxed);
        let known = slot.current.load_full();
        if known.as_ref().is_some_and(|known| slot.is_satisfied_by(known)) {
            return known;
        }
        let soon = if known.is_some() { deadline.min(Instant::now() + NEWER) } else { deadline };
        match timeout_at(soon, self.load(organization.id, slot)).await {
            Ok(Ok(current)) => Some(current),
            Ok(Err(fault)) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                self.is_away(&fault);
                slot.current.load_full()
            }
            Err(_) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(organization = organization.id.get(), "a plan was not loaded in time");
                slot.current.load_full()
            }
        }
    }

    async fn load(&self, id: OrganizationId, slot: &Arc<Slot>) -> Result<Arc<Current>, Error> {
        let _alone = slot.loading.lock().await;
        let known = slot.current.load_full();
        if let Some(known) = known.filter(|known| slot.is_satisfied_by(known)) {
            return Ok(known);
        }
        let (revision, source) = self.store.tenant(&Tenant::inside(id, Reason::Webhook)).load_plan().await?;
        self.away.store(false, Ordering::Relaxed);
        self.loads.fetch_add(1, Ordering::Relaxed);
        let (current, warnings) = Current::compile(source, &self.zones, revision.get());
        for warning in &warnings {
            tracing::debug!(organization = id.get(), ?warning, "put right in a plan");
        }
        let current = Arc::new(current);
        slot.wanted.fetch_max(revision.get(), Ordering::AcqRel);
        self.shelf.put(slot, Arc::clone(&current));
        Ok(current)
    }

    /// Takes over what the store now says of an organization's place at the platform, which was changed here.
    pub(super) async fn moved(&self, organization: OrganizationId) {
        if let Err(fault) = self.renew(organization).await {
            // What watches the store will notice it too.
            self.is_away(&fault);
        }
    }

    /// The plan of an organization that is in memory, however old; the store is not asked.
    pub(super) fn held(&self, organization: OrganizationId) -> Option<Arc<Current>> {
        self.names().get(organization)?.plan.current.load_full()
    }

    /// Notes that a plan has a newer revision, which the next call loads.
    pub(super) fn changed(&self, organization: OrganizationId, revision: opbx_store::Revision) {
        if let Some(served) = self.names().get(organization) {
            served.plan.wanted.fetch_max(revision.get(), Ordering::AcqRel);
        }
    }

    /// Performs effects in the store, and loads the plan that follows from them.
    pub(super) async fn change(
        &self,
        portrait: Portrait,
        organization: &Served,
        effects: &[&Effect],
        (caller, now): (&Calling<'_>, Timestamp),
        deadline: Instant,
    ) -> Result<(), StoreAway> {
        let tenant = self.store.tenant(&Tenant::inside(organization.id, Reason::Webhook));
        for effect in effects {
            match timeout_at(deadline, tenant.perform(effect, caller.author(effect, portrait), now)).await {
                Ok(Ok(revision)) => {
                    let revision = revision.map_or(0, opbx_store::Revision::get);
                    organization.plan.wanted.fetch_max(revision, Ordering::AcqRel);
                }
                Ok(Err(fault)) => return Err(self.is_away(&fault)),
                Err(_) => return Err(StoreAway),
            }
        }
        Ok(())
    }

    pub(super) fn figures(&self) -> Figures {
        let (cached, cached_bytes) = self.shelf.held();
        Figures {
            organizations: self.names().all().count(),
            cached,
            cached_bytes,
            loads: self.loads.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
            store_errors: self.errors.load(Ordering::Relaxed),
            statements: self.store.statements(),
            away: self.away.load(Ordering::Relaxed),
        }
    }

    /// Asks the store for a sign of life.
    pub(super) async fn answers(&self) -> Result<(), StoreAway> {
        match timeout(PATIENCE, self.store.platform().standing()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(StoreAway),
        }
    }

    /// Notices what others wrote. A plan is marked as old here, and loaded by the next call.
    async fn catch_up(&self) -> Result<(), Error> {
        let platform = self.store.platform();
        let standing = platform.standing().await?;
        if self.away.swap(false, Ordering::Relaxed) {
            tracing::info!("the store is back");
        }
        if *lock(&self.standing) == standing {
            return Ok(());
        }
        let (mut there, mut changed) = (HashMap::new(), Vec::new());
        for revisions in platform.revisions().await? {
            there.insert(revisions.organization, revisions);
        }
        {
            let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
            let known: Vec<_> = names.all().map(Arc::clone).collect();
            for known in known {
                match there.remove(&known.id) {
                    None => names.remove(known.id),
                    Some(now) if known.place == now.place.get() && known.plan.knows(now.plan.get()) => {}
                    Some(_) => changed.push(known.id),
                }
            }
        }
        changed.extend(there.into_keys());
        for id in changed {
            self.renew(id).await?;
        }
        *lock(&self.standing) = standing;
        Ok(())
    }

    fn is_away(&self, fault: &Error) -> StoreAway {
        self.errors.fetch_add(1, Ordering::Relaxed);
        match fault {
            Error::Unavailable(cause) => {
                if !self.away.swap(true, Ordering::Relaxed) {
                    tracing::error!(%cause, "the store is away; what is in memory goes on");
                }
            }
            other => tracing::error!(fault = other as &dyn std::error::Error, "the store does not do what it is asked"),
        }
        StoreAway
    }

    fn names(&self) -> std::sync::RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Slot {
    fn is_satisfied_by(&self, current: &Current) -> bool {
        self.wanted.load(Ordering::Acquire) <= current.revision
    }

    fn knows(&self, revision: u64) -> bool {
        revision <= self.wanted.load(Ordering::Acquire)
    }
}

async fn watch(stored: Weak<Stored>) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(stored) = stored.upgrade() else { return };
        if let Err(fault) = stored.catch_up().await {
            stored.is_away(&fault);
        }
    }
}

fn served(listed: Listed, plan: Arc<Slot>, failsafes: &mut Failsafes) -> Served {
    plan.wanted.fetch_max(listed.plan.get(), Ordering::AcqRel);
    let id = listed.organization;
    let public_url = listed.public_url.as_deref().and_then(|address| {
        let read = address.parse::<PublicUrl>();
        if read.is_err() {
            tracing::warn!(organization = id.get(), address, "the organization's own public address cannot be used");
        }
        read.ok()
    });
    let domains = listed.domain.iter().chain(&listed.domain_uuid);
    let Listed { failsafe, language, voice, .. } = listed;
    Served {
        id,
        key: listed.key.map_or(KeyHash::NOBODY, KeyHash::of_digest),
        former_key: listed.former_key.map(|(key, until)| (KeyHash::of_digest(key), until)),
        cdr_secret: listed.cdr_secret.map(KeyHash::of_digest),
        domains: domains.map(|domain| domain.to_ascii_lowercase().into()).collect(),
        public_url,
        place: listed.place.get(),
        failsafe: failsafes.of(LastResort { failsafe, language, voice }),
        plan,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
