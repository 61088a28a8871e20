//! The plans of the organizations served: in memory, found by domain or by key, replaced whole.

use crate::numbering::PhoneNumbers;
use crate::voice::apology;
use crate::webhook_key::{KeyHash, WebhookKey};
use arc_swap::{ArcSwap, Guard};
use axum::body::Bytes;
use jiff::tz::TimeZoneDatabase;
use opbx_core::decision::Effect;
use opbx_core::effect::apply;
use opbx_core::id::OrganizationId;
use opbx_core::plan::{PlanSource, PlanWarning, RoutingPlan, compile};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

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

/// The organizations served.
#[derive(Debug)]
pub(crate) struct Plans {
    by_domain: HashMap<Box<str>, Arc<Served>>,
    by_key: HashMap<KeyHash, Arc<Served>>,
}

/// One of them.
pub(crate) struct Served {
    pub(crate) id: OrganizationId,
    key: KeyHash,
    any_domain: bool,
    current: ArcSwap<Current>,
    zones: TimeZoneDatabase,
    /// What the current plan was compiled from. Whoever changes it holds the lock until the new plan is in place.
    source: Mutex<PlanSource>,
}

/// What answers an organization's calls at this moment.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) plan: RoutingPlan,
    pub(crate) numbers: PhoneNumbers,
    /// What a caller hears when everything else failed, written beforehand so that it cannot.
    pub(crate) apology: Bytes,
}

impl Plans {
    /// Compiles the plans; of two organizations with the same domain or key the first has it.
    pub(crate) fn new(organizations: Vec<Organization>, zones: &TimeZoneDatabase) -> (Self, Vec<PlanWarning>) {
        let mut plans = Self { by_domain: HashMap::new(), by_key: HashMap::new() };
        let mut warnings = Vec::new();
        for organization in organizations {
            let (current, problems) = Current::compile(organization.source.clone(), zones);
            warnings.extend(problems);
            let served = Arc::new(Served {
                id: organization.source.organization.id,
                key: organization.webhook_key.hash(),
                any_domain: organization.domains.is_empty(),
                current: ArcSwap::from_pointee(current),
                zones: zones.clone(),
                source: Mutex::new(organization.source),
            });
            for domain in organization.domains {
                let domain = domain.to_ascii_lowercase().into();
                plans.by_domain.entry(domain).or_insert_with(|| Arc::clone(&served));
            }
            plans.by_key.entry(served.key).or_insert(served);
        }
        (plans, warnings)
    }

    /// The organization that a webhook is for, if what it presents is that organization's key.
    ///
    /// A domain that nobody has, a key that is wrong and a key that is missing take the same way.
    pub(crate) fn verified(&self, domain: Option<&str>, presented: Option<&[u8]>) -> Option<Arc<Served>> {
        let hash = presented.map_or(KeyHash::NOBODY, KeyHash::of);
        let named = domain.and_then(|domain| self.named(domain));
        // Looking a hash up tells nothing about the key: where two hashes part says nothing about what was hashed.
        let keyed = self.by_key.get(&hash).filter(|served| domain.is_none() || served.any_domain);
        let served = named.or(keyed);
        let right = served.map_or(&KeyHash::NOBODY, |served| &served.key).is(&hash);
        served.filter(|_| right && presented.is_some()).cloned()
    }

    fn named(&self, domain: &str) -> Option<&Arc<Served>> {
        if domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.by_domain.get(&*domain.to_ascii_lowercase());
        }
        self.by_domain.get(domain)
    }
}

impl Served {
    /// What answers its calls now.
    pub(crate) fn current(&self) -> Guard<Arc<Current>> {
        self.current.load()
    }

    /// Carries effects out on the settings and puts the plan that follows from them in place: the next call is
    /// decided by it. Answers the effects that change no setting, which are of no consequence here.
    pub(crate) fn change<'e>(&self, effects: &'e [Effect]) -> Vec<&'e Effect> {
        // A source that a panic left behind is whole: each effect changes one field.
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        let (changing, others): (Vec<_>, Vec<_>) = effects.iter().partition(|effect| changes_settings(effect));
        // Every one is carried out, also behind one that changes something.
        let changes = changing.into_iter().filter(|effect| apply(&mut source, effect)).count();
        if changes > 0 {
            let (current, _) = Current::compile(source.clone(), &self.zones);
            self.current.store(Arc::new(current));
        }
        others
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Current {
    fn compile(source: PlanSource, zones: &TimeZoneDatabase) -> (Self, Vec<PlanWarning>) {
        let numbers = PhoneNumbers::of(source.organization.country);
        let (plan, warnings) = compile(source, zones, &numbers);
        let apology = apology::apology(&plan);
        (Self { plan, numbers, apology }, warnings)
    }
}

const fn changes_settings(effect: &Effect) -> bool {
    matches!(effect, Effect::DoNotDisturb { .. } | Effect::ForwardAlways { .. } | Effect::SetPin { .. })
}
