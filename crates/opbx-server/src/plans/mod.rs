//! The organizations served: found by domain or by key, their plans in memory, replaced whole.
//!
//! `voice` asks here and knows nothing of where a plan comes from: settings given at the start, or the store.

mod away;
mod failsafe;
mod identified;
mod keeper;
mod loading;
mod names;
mod pending;
mod shelf;
mod snapshots;
mod stored;
#[cfg(test)]
mod tests;
mod watching;

pub use self::shelf::PlanMemory;
pub use self::stored::StoredOrganizations;
pub(crate) use self::watching::Answers;

use self::failsafe::{Failsafes, LastResort};
use self::names::Names;
use self::shelf::Shelf;
use self::stored::Stored;
use crate::numbering::PhoneNumbers;
use crate::public_url::PublicUrl;
use crate::request_id::RequestId;
use crate::voice::apology;
use crate::webhook_key::{KeyHash, WebhookKey};
use arc_swap::ArcSwapOption;
use axum::body::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::decision::Effect;
use opbx_core::effect::apply;
use opbx_core::id::OrganizationId;
use opbx_core::plan::{PlanSource, PlanWarning, RoutingPlan, compile};
use opbx_store::{Actor, Author, Portrait, Revision, Store};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;
use tokio::time::Instant;

/// An organization to be served, with everything that its calls depend on.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its settings.
    pub source: PlanSource,
    /// The names of its domain at the platform, whatever their case: the domain's name, its uuid. Without any, its key
    /// alone identifies it, and whatever domain a request names that is nobody else's is its own.
    pub domains: Vec<String>,
    /// What the platform presents.
    pub webhook_key: WebhookKey,
}

/// Whom a server serves.
#[derive(Clone, Debug)]
pub enum Organizations {
    /// These, for as long as it runs.
    Given(Vec<Organization>),
    /// Those of a store, as it changes.
    Stored(StoredOrganizations),
}

impl Organizations {
    /// The store that they come from, if they come from one.
    pub(crate) fn store(&self) -> Option<Store> {
        match self {
            Self::Given(_) => None,
            Self::Stored(stored) => Some(stored.store().clone()),
        }
    }
}

/// The organizations served.
#[derive(Debug)]
pub(crate) enum Plans {
    /// Nothing but these.
    Given { names: Names, zones: TimeZoneDatabase },
    /// Those of a store; what callers change there is drawn for its audit log.
    Stored(Arc<Stored>, Portrait),
}

/// What is known of plans at a moment, for whoever watches the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Figures {
    /// Organizations known.
    pub(crate) organizations: usize,
    /// Plans in memory.
    pub(crate) cached: usize,
    /// Memory that these take.
    pub(crate) cached_bytes: usize,
    /// Plans loaded so far.
    pub(crate) loads: u64,
    /// Plans that could not be loaded.
    pub(crate) failures: u64,
    /// Questions that the store did not answer.
    pub(crate) store_errors: u64,
    /// Statements sent to the database.
    pub(crate) statements: u64,
    /// Whether the store is away, as far as was noticed.
    pub(crate) away: bool,
    /// Whether there are snapshots that plans can come from.
    pub(crate) snapshots: bool,
    /// Snapshots that cannot be used, as far as was found out.
    pub(crate) unusable_snapshots: usize,
}

/// Who changes something by telephone, for the audit log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calling<'c> {
    /// What they call from.
    pub(crate) from: &'c str,
    /// The request, to find it in the log of the server.
    pub(crate) request: &'c RequestId,
}

impl Calling<'_> {
    fn author(&self, effect: &Effect, portrait: Portrait) -> Author {
        let extension = match effect {
            Effect::DoNotDisturb { extension, .. } | Effect::ForwardAlways { extension, .. } => Some(*extension),
            _ => None,
        };
        let actor = Actor::Caller { extension, number: self.from.into() };
        Author { actor, request_id: Some(self.request.to_string().into()), address: None, portrait }
    }
}

/// The store does not answer, or not in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the store is away")]
pub(crate) struct StoreAway;

/// An organization that a request has proved to come from.
pub(crate) struct Served {
    pub(crate) id: OrganizationId,
    /// What a caller hears when there is no plan at all, written beforehand.
    pub(crate) failsafe: Bytes,
    key: KeyHash,
    /// The key that was replaced, and until when it still counts.
    former_key: Option<(KeyHash, Timestamp)>,
    /// What the address of its call records may carry instead of a key.
    cdr_secret: Option<KeyHash>,
    /// In lower case; shared with what finds the organization by them.
    domains: Box<[Arc<str>]>,
    /// Its own address outside, which goes before the installation's.
    pub(crate) public_url: Option<PublicUrl>,
    /// How often its place at the platform had changed.
    place: u64,
    /// The plan's revision of which the failsafe is.
    as_of: u64,
    plan: Arc<Slot>,
}

/// Where an organization's plan is kept.
#[derive(Default)]
struct Slot {
    current: ArcSwapOption<Current>,
    /// Whether a call used it since the shelf last asked.
    used: AtomicBool,
    /// The revision that the plan must have, as far as is known.
    wanted: AtomicU64,
    /// Whether the plan lacks an effect, or has one that it should not have.
    stale: AtomicBool,
    /// One more than the revision that its snapshot is of; 0: there is none that is known.
    kept: AtomicU64,
    /// Whoever loads the plan holds it; the others wait for what it loads.
    loading: tokio::sync::Mutex<()>,
    /// What a plan that is in no store was compiled from; boxed, since hardly any slot has one. Whoever changes it holds the lock until the new plan is in
    /// place.
    source: Mutex<Option<Box<PlanSource>>>,
}

/// What answers an organization's calls at this moment.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) plan: RoutingPlan,
    pub(crate) numbers: PhoneNumbers,
    /// What a caller hears when everything else failed, written beforehand so that it cannot.
    pub(crate) apology: Bytes,
    revision: u64,
    /// The highest number of an effect that was applied to what it was compiled from.
    effects: u64,
    /// How much memory all of this takes.
    bytes: usize,
}

/// Whose a request is, and the plan that decides it; `None`: it cannot be loaded.
#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) organization: Arc<Served>,
    pub(crate) current: Option<Arc<Current>>,
}

impl Plans {
    /// Compiles the plans that are given; of two organizations with the same domain or key the first has it.
    pub(crate) fn new(
        organizations: Organizations,
        zones: &TimeZoneDatabase,
        portrait: Portrait,
    ) -> (Self, Vec<PlanWarning>) {
        let organizations = match organizations {
            Organizations::Given(organizations) => organizations,
            Organizations::Stored(stored) => return (Self::Stored(stored.into_inner(), portrait), Vec::new()),
        };
        let (mut names, mut warnings) = (Names::default(), Vec::new());
        for Organization { source, domains, webhook_key } in organizations {
            let id = source.organization.id;
            let (current, problems) = Current::compile(source.clone(), zones, 0);
            warnings.extend(problems);
            let failsafe = current.apology.clone();
            let plan = Slot {
                current: ArcSwapOption::from_pointee(current),
                source: Mutex::new(Some(Box::new(source))),
                ..Slot::default()
            };
            names.add(Arc::new(Served {
                id,
                failsafe,
                key: webhook_key.hash(),
                former_key: None,
                cdr_secret: None,
                domains: domains.iter().map(|domain| domain.to_ascii_lowercase().into()).collect(),
                public_url: None,
                place: 0,
                as_of: 0,
                plan: Arc::new(plan),
            }));
        }
        (Self::Given { names, zones: zones.clone() }, warnings)
    }

    /// The organization that a webhook is for, if what it presents is that organization's key, and its plan.
    ///
    /// A domain that nobody has, a key that is wrong and a key that is missing take the same way.
    ///
    /// # Errors
    ///
    /// When nobody known is meant, and whether there is somebody else cannot be asked.
    pub(crate) async fn verified(
        &self,
        domain: Option<&str>,
        presented: Option<&[u8]>,
        deadline: Instant,
    ) -> Result<Option<Verified>, StoreAway> {
        match self {
            Self::Given { names, .. } => {
                let hash = presented.map_or(KeyHash::NOBODY, KeyHash::of);
                // None of these has a former key, so the time does not matter.
                let served = names.find(domain, &[hash], || Timestamp::MAX).filter(|_| presented.is_some());
                Ok(served.map(|served| Verified { current: served.plan.current.load_full(), organization: served }))
            }
            Self::Stored(stored, _) => stored.verified(domain, presented, deadline).await,
        }
    }

    /// Carries effects out on the settings and puts the plan that follows from them in place: the next call is
    /// decided by it. Answers the effects that change no setting, which are of no consequence here.
    ///
    /// # Errors
    ///
    /// When the store does not take them in time.
    pub(crate) async fn change<'e>(
        &self,
        organization: &Served,
        effects: &'e [Effect],
        (caller, now): (Calling<'_>, Timestamp),
        deadline: Instant,
    ) -> Result<Vec<&'e Effect>, StoreAway> {
        let (changing, others): (Vec<_>, Vec<_>) = effects.iter().partition(|effect| changes_settings(effect));
        match self {
            _ if changing.is_empty() => {}
            Self::Given { zones, .. } => organization.plan.change(&changing, zones),
            Self::Stored(stored, portrait) => {
                stored.change(*portrait, organization, &changing, (&caller, now), deadline).await?;
            }
        }
        Ok(others)
    }

    /// An effect of a call is acknowledged under this number and not in the store yet: whatever plan is compiled from now on has
    /// it. Numbers rise. Not to be called after it was [settled](Self::settled).
    pub(crate) fn note(&self, organization: OrganizationId, number: u64, effect: &Effect) {
        if let Self::Stored(stored, _) = self
            && changes_settings(effect)
        {
            stored.note(organization, number, effect);
        }
    }

    /// From now on the organization's calls are decided with an effect that was [noted](Self::note), also while the store is
    /// away.
    ///
    /// # Errors
    ///
    /// When there is nothing that a plan with it could be compiled from in time. It counts for the next plan that is compiled
    /// all the same.
    pub(crate) async fn overlay(
        &self,
        organization: OrganizationId,
        number: u64,
        effect: &Effect,
        deadline: Instant,
    ) -> Result<(), StoreAway> {
        match self {
            _ if !changes_settings(effect) => Ok(()),
            Self::Given { names, zones } => {
                if let Some(served) = names.get(organization) {
                    served.plan.change(&[effect], zones);
                }
                Ok(())
            }
            Self::Stored(stored, _) => stored.overlay(organization, number, deadline).await,
        }
    }

    /// An effect that was [noted](Self::note) is in the store now, since this revision of the plan, or will never be.
    pub(crate) fn settled(&self, organization: OrganizationId, number: u64, revision: Option<Revision>) {
        if let Self::Stored(stored, _) = self {
            stored.settled(organization, number, revision.map(Revision::get));
        }
    }

    /// Routes the next call of an organization by this revision of its plan, or a later one.
    pub(crate) fn changed(&self, organization: OrganizationId, revision: Revision) {
        if let Self::Stored(stored, _) = self {
            stored.changed(organization, revision);
        }
    }

    /// An organization's place at the platform was changed here: its domain, its key, its address.
    pub(crate) async fn moved(&self, organization: OrganizationId) {
        if let Self::Stored(stored, _) = self {
            stored.moved(organization).await;
        }
    }

    /// The plan of an organization that is in memory, for what goes on without the store.
    pub(crate) fn held(&self, organization: OrganizationId) -> Option<Arc<Current>> {
        match self {
            Self::Given { .. } => None,
            Self::Stored(stored, _) => stored.held(organization),
        }
    }

    /// Every revision that plans are at from now on, whoever made it; `None` where plans are given and stay as they are.
    pub(crate) fn revisions(&self) -> Option<broadcast::Receiver<(OrganizationId, u64)>> {
        match self {
            Self::Given { .. } => None,
            Self::Stored(stored, _) => Some(stored.revisions.subscribe()),
        }
    }

    /// What is known at this moment.
    pub(crate) fn figures(&self) -> Figures {
        match self {
            Self::Given { names, .. } => {
                let organizations = names.all().count();
                Figures { organizations, cached: organizations, ..Figures::default() }
            }
            Self::Stored(stored, _) => stored.figures(),
        }
    }

    /// Whether the store answers, and how; `None`: there is none.
    pub(crate) async fn store_answers(&self) -> Option<Result<Answers, StoreAway>> {
        match self {
            Self::Given { .. } => None,
            Self::Stored(stored, _) => Some(stored.answers().await),
        }
    }
}

impl Slot {
    fn change(&self, effects: &[&Effect], zones: &TimeZoneDatabase) {
        // A source that a panic left behind is whole: each effect changes one field.
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(source) = source.as_mut() else { return };
        // Every one is carried out, also behind one that changes something.
        let changes = effects.iter().filter(|effect| apply(source, effect)).count();
        if changes > 0 {
            let (current, _) = Current::compile(PlanSource::clone(source), zones, 0);
            self.current.store(Some(Arc::new(current)));
        }
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Current {
    fn compile(source: PlanSource, zones: &TimeZoneDatabase, revision: u64) -> (Self, Vec<PlanWarning>) {
        let numbers = PhoneNumbers::of(source.organization.country);
        let (plan, warnings) = compile(source, zones, &numbers);
        let organization = plan.organization();
        let apology = apology::apology(&organization.language, organization.voice.as_ref());
        let bytes = plan.bytes() + size_of::<Self>() - size_of::<RoutingPlan>() + apology.len();
        (Self { plan, numbers, apology, revision, effects: 0, bytes }, warnings)
    }
}

const fn changes_settings(effect: &Effect) -> bool {
    matches!(effect, Effect::DoNotDisturb { .. } | Effect::ForwardAlways { .. } | Effect::SetPin { .. })
}
