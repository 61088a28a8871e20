//! What callers changed, acknowledged and not in the store yet: applied to whatever a plan is compiled from.

use opbx_core::decision::Effect;
use opbx_core::effect::apply;
use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most effects of an organization that are in the store and kept for an older snapshot all the same.
const MOST_SETTLED: usize = 256;

/// Effects by organization, in the order of their numbers.
#[derive(Default)]
pub(super) struct Pending(Mutex<HashMap<OrganizationId, BTreeMap<u64, Noted>>>);

struct Noted {
    effect: Effect,
    /// The plan's revision since it is in the store. What is older than that still lacks it.
    settled: Option<u64>,
}

impl Pending {
    /// Takes an effect under its number.
    pub(super) fn note(&self, organization: OrganizationId, number: u64, effect: &Effect) {
        let noted = Noted { effect: effect.clone(), settled: None };
        self.all().entry(organization).or_default().insert(number, noted);
    }

    /// It is in the store since this revision, or will never be (`None`).
    pub(super) fn settle(&self, organization: OrganizationId, number: u64, revision: Option<u64>) {
        let mut all = self.all();
        let Some(noted) = all.get_mut(&organization) else { return };
        match (revision, noted.get_mut(&number)) {
            (Some(revision), Some(effect)) => effect.settled = Some(revision),
            _ => {
                noted.remove(&number);
            }
        }
        let settled: Vec<u64> =
            noted.iter().filter(|(_, noted)| noted.settled.is_some()).map(|(number, _)| *number).collect();
        for oldest in settled.iter().take(settled.len().saturating_sub(MOST_SETTLED)) {
            noted.remove(oldest);
        }
        if noted.is_empty() {
            all.remove(&organization);
        }
    }

    /// Nothing older than this revision will be compiled any more.
    pub(super) fn forget(&self, organization: OrganizationId, revision: u64) {
        let mut all = self.all();
        let Some(noted) = all.get_mut(&organization) else { return };
        noted.retain(|_, noted| noted.settled.is_none_or(|settled| settled > revision));
        if noted.is_empty() {
            all.remove(&organization);
        }
    }

    /// Whether this one is still to be applied.
    pub(super) fn holds(&self, organization: OrganizationId, number: u64) -> bool {
        let all = self.all();
        let noted = all.get(&organization).and_then(|noted| noted.get(&number));
        noted.is_some_and(|noted| noted.settled.is_none())
    }

    /// Applies to rows of a revision what these lack. Answers the highest number that is in them now.
    pub(super) fn apply(&self, organization: OrganizationId, revision: u64, source: &mut PlanSource) -> u64 {
        let all = self.all();
        let mut highest = 0;
        for (number, noted) in all.get(&organization).into_iter().flatten() {
            if noted.settled.is_none_or(|settled| settled > revision) {
                apply(source, &noted.effect);
                highest = *number;
            }
        }
        highest
    }

    fn all(&self) -> MutexGuard<'_, HashMap<OrganizationId, BTreeMap<u64, Noted>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::extension::Extension;
    use opbx_core::id::ExtensionId;
    use opbx_core::organization::Organization;

    const ACME: OrganizationId = OrganizationId::new(1);

    fn disturb(on: bool) -> Effect {
        Effect::DoNotDisturb { extension: ExtensionId::new(1), on }
    }

    /// Whether rows of a revision say do-not-disturb.
    fn disturbed(pending: &Pending, revision: u64) -> bool {
        let [name, zone] = ["Acme", "America/New_York"];
        let organization = Organization::new(ACME, name.parse().unwrap(), "US".parse().unwrap(), zone.parse().unwrap());
        let extension = Extension::new(ExtensionId::new(1), "1001".parse().unwrap(), "Alice".parse().unwrap());
        let mut source = PlanSource { extensions: vec![extension], ..PlanSource::new(organization) };
        pending.apply(ACME, revision, &mut source);
        source.extensions[0].do_not_disturb
    }

    #[test]
    fn effects_count_in_order_until_what_is_compiled_has_them() {
        let pending = Pending::default();
        pending.note(ACME, 8, &disturb(false));
        assert!(!disturbed(&pending, 5));
        pending.note(ACME, 7, &disturb(true));
        assert!(!disturbed(&pending, 5), "the eighth comes after the seventh");
        pending.note(ACME, 9, &disturb(true));
        assert!(disturbed(&pending, 5) && pending.holds(ACME, 9));
        pending.settle(ACME, 9, Some(6));
        assert!(!pending.holds(ACME, 9));
        assert!(disturbed(&pending, 5) && !disturbed(&pending, 6), "rows of revision 6 have it in them");
        pending.settle(ACME, 7, None);
        pending.settle(ACME, 8, None);
        pending.forget(ACME, 5);
        assert!(disturbed(&pending, 5));
        pending.forget(ACME, 6);
        assert!(!disturbed(&pending, 5) && pending.all().is_empty());
    }

    #[test]
    fn what_is_settled_is_not_kept_without_an_end() {
        let pending = Pending::default();
        for number in 0..1_000 {
            pending.note(ACME, number, &disturb(true));
            pending.settle(ACME, number, Some(number));
        }
        assert_eq!(pending.all()[&ACME].len(), MOST_SETTLED);
    }
}
