//! Organizations of a store: known in memory, looked up before they are refused, their plans loaded when they are called.

use super::keeper::Keeper;
use super::pending::Pending;
use super::snapshots::names_of;
use super::{
    Calling, Current, Failsafes, LastResort, Names, PlanMemory, Served, Shelf, Slot, StoreAway, Verified, watching,
};
use crate::clock::Clock;
use crate::public_url::PublicUrl;
use crate::webhook_key::KeyHash;
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::decision::Effect;
use opbx_core::id::OrganizationId;
use opbx_store::{DataDir, Error, Listed, Portrait, Reason, Standing, Store, Tenant};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{OnceCell, broadcast};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

/// How many plans can come from their snapshots at the same time.
pub(super) const RECALLING: usize = 16;
/// How long an answer about a name counts.
const ASKED_FOR: Duration = Duration::from_secs(1);
/// The most names asked about at a time. Strangers choose names; beyond this they are refused unheard.
const MOST_ASKED: usize = 10_000;
/// The most revisions that wait for whoever is told of them; behind them one is missed, and the next is not.
const MOST_UNTOLD: usize = 1_024;

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
        let known = read_names(&store).await?;
        Ok(Self::of(store, (clock, zones, memory), None, known))
    }

    /// The same with snapshots in a data directory, which are written while the store is there and served from while it is
    /// away: also from the start, where it cannot be read or is [withheld](Store::withhold). Then it is taken over when it
    /// comes.
    ///
    /// # Errors
    ///
    /// When the store cannot be read, and nobody is known from snapshots.
    pub async fn kept(
        store: Store,
        clock: Clock,
        zones: TimeZoneDatabase,
        memory: PlanMemory,
        data_dir: Arc<DataDir>,
    ) -> Result<Self, Error> {
        let keeper = Arc::new(Keeper::new(&store, data_dir));
        let fault = match read_names(&store).await {
            Ok(known) => {
                keeper.names_changed();
                return Ok(Self::of(store, (clock, zones, memory), Some(keeper), known));
            }
            Err(fault) => fault,
        };
        let reading = Arc::clone(&keeper);
        let names = spawn_blocking(move || {
            reading.any.store(reading.snapshots.organizations().is_ok_and(|any| !any.is_empty()), Ordering::Relaxed);
            names_of(&reading)
        });
        let Some(names) = names.await.ok().flatten() else { return Err(fault) };
        if !store.is_withheld() {
            tracing::error!(why = %crate::admin::chain(&fault), "the store went away while it was read");
            store.withhold();
        }
        tracing::error!(
            database = %store.location(),
            organizations = names.all().count(),
            "the store is away; calls are routed from snapshots"
        );
        let this = Self::of(store, (clock, zones, memory), Some(keeper), (names, Standing::default()));
        this.0.away.store(true, Ordering::Release);
        Ok(this)
    }

    fn of(
        store: Store,
        (clock, zones, memory): (Clock, TimeZoneDatabase, PlanMemory),
        keeper: Option<Arc<Keeper>>,
        (names, standing): (Names, Standing),
    ) -> Self {
        let stored = Arc::new(Stored {
            store,
            clock,
            zones,
            names: RwLock::new(names),
            asked: Mutex::default(),
            shelf: Shelf::new(memory),
            standing: Mutex::new(standing),
            away: AtomicBool::new(false),
            told: Mutex::default(),
            loads: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            pending: Pending::default(),
            recalling: Default::default(),
            refit: AtomicBool::new(true),
            revisions: broadcast::Sender::new(MOST_UNTOLD),
            keeper,
        });
        tokio::spawn(watching::watch(Arc::downgrade(&stored)));
        if let Some(keeper) = &stored.keeper {
            tokio::spawn(Stored::keep_up(Arc::downgrade(&stored), Arc::clone(keeper)));
        }
        Self(stored)
    }

    /// Writes what is still owed to the snapshots, at the end.
    pub async fn keep_rest(&self, within: Duration) {
        self.0.keep_rest(within).await;
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
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) zones: TimeZoneDatabase,
    pub(super) names: RwLock<Names>,
    /// When which name was asked about, and the answer that everyone who asks meanwhile waits for.
    asked: Mutex<HashMap<KeyHash, Asked>>,
    pub(super) shelf: Shelf,
    pub(super) standing: Mutex<Standing>,
    pub(super) away: AtomicBool,
    /// Why the store could not be taken over, as was last told.
    pub(super) told: Mutex<String>,
    pub(super) loads: AtomicU64,
    pub(super) failures: AtomicU64,
    pub(super) errors: AtomicU64,
    pub(super) pending: Pending,
    /// Whoever takes a plan from its snapshot holds that of its organization.
    pub(super) recalling: [tokio::sync::Mutex<()>; RECALLING],
    /// Whether the snapshots are to be brought in line with what is known.
    pub(super) refit: AtomicBool,
    /// Whoever wants to know hears of each revision that plans are at from now on.
    pub(super) revisions: broadcast::Sender<(OrganizationId, u64)>,
    /// Where there are snapshots.
    pub(super) keeper: Option<Arc<Keeper>>,
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
    pub(super) async fn renew(&self, id: OrganizationId) -> Result<(), Error> {
        let listed = self.store.platform().listed(id).await?;
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        let Some(listed) = listed else {
            names.remove(id);
            drop(names);
            if let Some(keeper) = &self.keeper {
                keeper.removed(id);
                keeper.names_changed();
            }
            return Ok(());
        };
        let known = names.get(id).map(Arc::clone);
        // What was read later may have been written here earlier.
        if known.as_ref().is_some_and(|known| known.place > listed.place.get()) {
            return Ok(());
        }
        let revision = listed.plan.get();
        if let Some(known) = &known {
            self.is_at(known, revision);
        }
        let slot = known.as_ref().map(|known| Arc::clone(&known.plan)).unwrap_or_default();
        let served = Arc::new(served(listed, slot, &mut Failsafes::default()));
        names.put(Arc::clone(&served));
        drop(names);
        if let Some(keeper) = &self.keeper {
            if known.is_none_or(|known| !known.is_known_like(&served)) {
                keeper.names_changed();
            }
            if !served.plan.is_kept(revision) {
                keeper.changed(id, revision);
            }
        }
        Ok(())
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
        self.is_there();
        if let Some(served) = self.names().get(organization) {
            self.is_at(served, revision.get());
        }
        if let Some(keeper) = &self.keeper {
            keeper.changed(organization, revision.get());
        }
    }

    /// Notes which revision the next call needs, and tells of it if it is new, whoever made it.
    pub(super) fn is_at(&self, served: &Served, revision: u64) {
        if served.plan.wanted.fetch_max(revision, Ordering::AcqRel) < revision {
            // Nobody may want to know.
            let _ = self.revisions.send((served.id, revision));
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
                    if let Some(revision) = revision {
                        self.changed(organization.id, revision);
                    }
                }
                Ok(Err(fault)) => return Err(self.is_away(&fault)),
                Err(_) => return Err(StoreAway),
            }
        }
        Ok(())
    }

    pub(super) fn names(&self) -> std::sync::RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("store", &self.store).finish_non_exhaustive()
    }
}

/// Everybody in a store, and how it stood before that was asked: what changes meanwhile is noticed by the first poll.
pub(super) async fn read_names(store: &Store) -> Result<(Names, Standing), Error> {
    let standing = store.platform().standing().await?;
    let (mut names, mut failsafes) = (Names::default(), Failsafes::default());
    let mut last = OrganizationId::new(0);
    loop {
        let page = store.platform().directory(last).await?;
        let Some(end) = page.last() else { return Ok((names, standing)) };
        last = end.organization;
        for listed in page {
            names.put(Arc::new(served(listed, Arc::default(), &mut failsafes)));
        }
    }
}

fn served(listed: Listed, plan: Arc<Slot>, failsafes: &mut Failsafes) -> Served {
    plan.wanted.fetch_max(listed.plan.get(), Ordering::AcqRel);
    let (id, as_of) = (listed.organization, listed.plan.get());
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
        as_of,
        failsafe: failsafes.of(LastResort { failsafe, language, voice }),
        plan,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
