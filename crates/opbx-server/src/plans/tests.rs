//! Effects that are laid over plans, with and without a store.

use super::*;
use crate::clock::{Clock, zones};
use crate::test_store::{TestStore, author};
use opbx_core::decision::Effect;
use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_store::{Reason, Tenant};
use std::path::PathBuf;
use std::time::Duration;

/// Much longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

fn noon() -> Timestamp {
    "2026-03-09T12:00:00Z".parse().unwrap()
}

/// A store with one organization of one extension, and the plans over it.
struct Desk {
    there: TestStore,
    plans: Plans,
    organization: OrganizationId,
    extension: ExtensionId,
    stored: StoredOrganizations,
}

impl Desk {
    async fn new() -> Self {
        let there = TestStore::new(noon()).await;
        let organization = there.organization("acme", noon()).await;
        let row = Extension::new(ExtensionId::new(0), "1001".parse().unwrap(), "Alice".parse().unwrap());
        let mut edit = edit(&there, organization).await;
        let extension = edit.create(row).await.unwrap().object.id;
        edit.commit().await.unwrap();
        let clock = Clock::new(noon);
        let (store, claim) = (there.store.clone(), Arc::clone(&there.claim));
        let stored = StoredOrganizations::kept(store, clock, zones(), PlanMemory::default(), claim).await.unwrap();
        let (plans, _) = Plans::new(Organizations::Stored(stored.clone()), &zones(), |_| serde_json::Value::Null);
        Self { there, plans, organization, extension, stored }
    }

    fn disturb(&self, on: bool) -> Effect {
        Effect::DoNotDisturb { extension: self.extension, on }
    }

    async fn overlay(&self, number: u64, on: bool) -> Result<(), StoreAway> {
        self.plans.note(self.organization, number, &self.disturb(on));
        self.plans.overlay(self.organization, number, &self.disturb(on), Instant::now() + PATIENCE).await
    }

    /// What the applier does.
    async fn perform(&self, on: bool) -> Revision {
        let mut edit = edit(&self.there, self.organization).await;
        edit.perform(&self.disturb(on)).await.unwrap();
        edit.commit().await.unwrap().unwrap()
    }

    /// Whether the next call finds do-not-disturb; `None`: it finds no plan.
    async fn disturbed(&self) -> Option<bool> {
        let key = Some(&b"the-webhook-key-of-acme"[..]);
        let verified = self.plans.verified(None, key, Instant::now() + PATIENCE).await.unwrap().unwrap();
        let current = verified.current?;
        Some(current.plan.extension(self.extension).unwrap().do_not_disturb)
    }

    /// Lets the plans in memory go.
    fn forget(&self) {
        self.stored.clone().into_inner().shelf.clear();
    }

    async fn lose(&self) -> (PathBuf, PathBuf) {
        self.stored.keep_rest(PATIENCE).await;
        let (here, elsewhere) = (self.there.folder.path().join("opbx.db"), self.there.folder.path().join("elsewhere"));
        std::fs::rename(&here, &elsewhere).unwrap();
        (here, elsewhere)
    }
}

async fn edit(there: &TestStore, organization: OrganizationId) -> opbx_store::Edit {
    there.store.tenant(&Tenant::inside(organization, Reason::Command)).edit(author(), noon()).await.unwrap()
}

#[tokio::test]
async fn an_effect_counts_from_its_acknowledgement_on() {
    let desk = Desk::new().await;
    assert_eq!(desk.disturbed().await, Some(false));
    desk.overlay(1, true).await.unwrap();
    assert_eq!(desk.disturbed().await, Some(true));
    desk.forget();
    assert_eq!(desk.disturbed().await, Some(true), "also in a plan that is loaded again");
    let revision = desk.perform(true).await;
    desk.plans.settled(desk.organization, 1, Some(revision));
    assert_eq!(desk.disturbed().await, Some(true));
    // What comes after it in the store goes before it.
    let revision = desk.perform(false).await;
    desk.plans.changed(desk.organization, revision);
    assert_eq!(desk.disturbed().await, Some(false));
    // And one that will never be done is as if it had not been.
    desk.overlay(2, true).await.unwrap();
    assert_eq!(desk.disturbed().await, Some(true));
    desk.plans.settled(desk.organization, 2, None);
    assert_eq!(desk.disturbed().await, Some(false));
}

#[tokio::test]
async fn what_was_changed_before_an_effect_is_known_to_be_in_the_store_is_not_lost_to_it() {
    let desk = Desk::new().await;
    desk.overlay(1, true).await.unwrap();
    let done = desk.perform(true).await;
    let after = desk.perform(false).await;
    desk.plans.changed(desk.organization, after);
    // As far as is known here, the effect is still to come.
    assert_eq!(desk.disturbed().await, Some(true));
    desk.plans.settled(desk.organization, 1, Some(done));
    assert_eq!(desk.disturbed().await, Some(false));
}

#[tokio::test]
async fn effects_count_while_the_store_is_away() {
    let desk = Desk::new().await;
    assert_eq!(desk.disturbed().await, Some(false));
    let (here, elsewhere) = desk.lose().await;
    desk.overlay(1, true).await.unwrap();
    assert_eq!(desk.disturbed().await, Some(true));
    desk.forget();
    assert_eq!(desk.disturbed().await, Some(true), "a plan out of the snapshot has it too");
    desk.overlay(2, false).await.unwrap();
    assert_eq!(desk.disturbed().await, Some(false));
    std::fs::rename(&elsewhere, &here).unwrap();
    let revision = desk.perform(true).await;
    desk.plans.settled(desk.organization, 1, Some(revision));
    assert_eq!(desk.disturbed().await, Some(false), "the second is still to come");
    let revision = desk.perform(false).await;
    desk.plans.settled(desk.organization, 2, Some(revision));
    assert_eq!(desk.disturbed().await, Some(false));
}

#[tokio::test]
async fn an_effect_that_no_plan_can_be_compiled_with_is_noted_and_refused() {
    let desk = Desk::new().await;
    let (here, elsewhere) = desk.lose().await;
    let _ = std::fs::remove_dir_all(desk.there.folder.path().join("snapshots"));
    desk.stored.clone().into_inner().away.store(true, std::sync::atomic::Ordering::Release);
    assert_eq!(desk.overlay(1, true).await, Err(StoreAway));
    assert_eq!(desk.disturbed().await, None);
    std::fs::rename(&elsewhere, &here).unwrap();
    assert_eq!(desk.disturbed().await, Some(true));
    let nobody = OrganizationId::new(77);
    let refused = desk.plans.overlay(nobody, 2, &desk.disturb(true), Instant::now() + PATIENCE).await;
    assert_eq!(refused, Err(StoreAway));
}

#[tokio::test]
async fn a_given_plan_is_changed_at_once() {
    let desk = Desk::new().await;
    let tenant = desk.there.store.tenant(&Tenant::inside(desk.organization, Reason::Command));
    let (_, source) = tenant.load_plan().await.unwrap();
    let webhook_key = WebhookKey::new("the-webhook-key-of-acme").unwrap();
    let given = Organizations::Given(vec![Organization { source, domains: Vec::new(), webhook_key }]);
    let (plans, _) = Plans::new(given, &zones(), |_| serde_json::Value::Null);
    let desk = Desk { plans, ..desk };
    desk.overlay(1, true).await.unwrap();
    assert_eq!(desk.disturbed().await, Some(true));
    desk.plans.settled(desk.organization, 1, None);
    assert_eq!(desk.disturbed().await, Some(true));
}
