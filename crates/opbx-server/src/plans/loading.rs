//! Plans of a store, loaded when they are called, with what callers changed and the store does not have yet.

use super::stored::Stored;
use super::{Current, Served, Slot, StoreAway};
use opbx_core::decision::Effect;
use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;
use opbx_store::{Error, Reason, Tenant};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a newer plan is waited for where there is an older one.
const NEWER: Duration = Duration::from_millis(1_500);
/// How much of the time for a plan is left for its snapshot, where the store does not answer.
const RECALLED: Duration = Duration::from_millis(600);
/// How often rows that have changed meanwhile are read again for one call.
const AGAIN: usize = 3;

impl Stored {
    /// The plan of an organization: what is in memory, if nothing newer is known; else it is loaded, once for all who
    /// wait. Where that fails, what is in memory goes on, and where nothing is, the snapshot.
    pub(super) async fn plan(&self, organization: &Served, deadline: Instant) -> Option<Arc<Current>> {
        let (id, slot) = (organization.id, &organization.plan);
        // Set before the plan is taken: a plan that is let go at this moment was not used before.
        slot.used.store(true, Ordering::Relaxed);
        let known = slot.current.load_full();
        if known.as_ref().is_some_and(|known| slot.is_satisfied_by(known)) {
            return known;
        }
        let stale = slot.stale.load(Ordering::Acquire);
        if self.is_away_now() {
            // Nothing newer can be had; what watches the store notices when it can.
            let recalled = if known.is_none() || stale { self.recall(id, slot).await } else { None };
            if recalled.is_some() || known.is_some() {
                return recalled.or(known);
            }
        }
        let soon = match &known {
            Some(_) => deadline.min(Instant::now() + NEWER),
            None if self.keeper.is_some() => deadline.checked_sub(RECALLED).unwrap_or(deadline),
            None => deadline,
        };
        let mut loading = pin!(self.load(id, slot));
        let mut loaded = timeout_at(soon, &mut loading).await;
        if loaded.is_err() && known.is_none() && soon < deadline {
            // It hangs: as long as there is time for it, the snapshot is looked for.
            if let Some(recalled) = self.recall(id, slot).await {
                return Some(recalled);
            }
            loaded = timeout_at(deadline, &mut loading).await;
        }
        let gone = match loaded {
            Ok(Ok(current)) => return Some(current),
            Ok(Err(fault)) => {
                self.is_away(&fault);
                matches!(fault, Error::NotFound)
            }
            Err(_) => {
                tracing::warn!(organization = id.get(), "a plan was not loaded in time");
                false
            }
        };
        self.failures.fetch_add(1, Ordering::Relaxed);
        let recalled = if !gone && (known.is_none() || stale) { self.recall(id, slot).await } else { None };
        recalled.or_else(|| slot.current.load_full())
    }

    async fn load(&self, id: OrganizationId, slot: &Arc<Slot>) -> Result<Arc<Current>, Error> {
        let _alone = slot.loading.lock().await;
        let known = slot.current.load_full();
        if let Some(known) = known.as_ref().filter(|known| slot.is_satisfied_by(known)) {
            return Ok(Arc::clone(known));
        }
        let mut current = self.read(id, slot).await?;
        // What was settled while it was read is noted no longer, and these rows lack it: they are read again. Where changes come
        // faster than that, the next call does it.
        for _ in 0..AGAIN {
            if slot.wanted.load(Ordering::Acquire) <= current.revision {
                break;
            }
            current = self.read(id, slot).await?;
        }
        let was = self.shelf.put(slot, Arc::clone(&current));
        if was.as_ref().map(Arc::as_ptr) != known.as_ref().map(Arc::as_ptr) && was.is_some() {
            // Another one came there meanwhile, out of a snapshot: it may have had an effect that this one lacks.
            slot.stale.store(true, Ordering::Release);
        }
        Ok(current)
    }

    /// A plan of the rows as they are, with what callers changed since.
    async fn read(&self, id: OrganizationId, slot: &Arc<Slot>) -> Result<Arc<Current>, Error> {
        let (revision, source) = self.store.tenant(&Tenant::inside(id, Reason::Webhook)).load_plan().await?;
        self.is_there();
        self.loads.fetch_add(1, Ordering::Relaxed);
        if let Some(keeper) = &self.keeper {
            keeper.loaded(id, slot, revision, &source);
        }
        slot.wanted.fetch_max(revision.get(), Ordering::AcqRel);
        Ok(self.compiled(id, slot, source, revision.get()))
    }

    /// A plan of these rows, with what callers changed since.
    pub(super) fn compiled(
        &self,
        id: OrganizationId,
        slot: &Slot,
        mut source: PlanSource,
        revision: u64,
    ) -> Arc<Current> {
        // Before the effects are looked at: one that is noted from here on makes it stale again.
        slot.stale.store(false, Ordering::Release);
        let effects = self.pending.apply(id, revision, &mut source);
        let (current, warnings) = Current::compile(source, &self.zones, revision);
        for warning in &warnings {
            tracing::debug!(organization = id.get(), ?warning, "put right in a plan");
        }
        Arc::new(Current { effects, ..current })
    }

    /// Whatever is compiled from now on has this effect.
    pub(super) fn note(&self, organization: OrganizationId, number: u64, effect: &Effect) {
        self.pending.note(organization, number, effect);
    }

    /// Decides an organization's calls with an effect that is noted from now on.
    pub(super) async fn overlay(
        &self,
        organization: OrganizationId,
        number: u64,
        deadline: Instant,
    ) -> Result<(), StoreAway> {
        let served = self.names().get(organization).map(Arc::clone).ok_or(StoreAway)?;
        served.plan.stale.store(true, Ordering::Release);
        if served.plan.current.load().is_none() && !self.is_away_now() {
            // The next call loads the plan, and has it.
            return Ok(());
        }
        let current = self.plan(&served, deadline).await;
        let has_it = current.is_some_and(|current| current.effects >= number);
        // What is settled meanwhile is in the rows.
        if has_it || !self.pending.holds(organization, number) { Ok(()) } else { Err(StoreAway) }
    }

    /// An effect is in the rows since this revision, or will never be.
    pub(super) fn settled(&self, organization: OrganizationId, number: u64, revision: Option<u64>) {
        let served = self.names().get(organization).map(Arc::clone);
        if let (Some(revision), Some(served)) = (revision, &served) {
            // Before it is let go below: whoever compiles older rows without it must see that these are old.
            self.is_at(served, revision);
        }
        self.pending.settle(organization, number, revision);
        if let (Some(revision), None) = (revision, &self.keeper) {
            // There are no older rows that a plan could be compiled from, but those that are being read.
            self.pending.forget(organization, revision);
        }
        let Some(served) = served else { return };
        let slot = &served.plan;
        if let Some(revision) = revision {
            self.is_there();
            if let Some(keeper) = &self.keeper {
                keeper.changed(organization, revision);
            }
        }
        // One that was compiled from newer rows has it twice, and perhaps over something that came after it.
        let has_it = slot.current.load().as_ref().is_some_and(|known| revision.is_none_or(|now| known.revision >= now));
        if has_it {
            slot.stale.store(true, Ordering::Release);
        }
    }
}

impl Slot {
    fn is_satisfied_by(&self, current: &Current) -> bool {
        self.wanted.load(Ordering::Acquire) <= current.revision && !self.stale.load(Ordering::Acquire)
    }

    pub(super) fn knows(&self, revision: u64) -> bool {
        revision <= self.wanted.load(Ordering::Acquire)
    }

    /// Its snapshot is of this revision.
    pub(super) fn kept(&self, revision: u64) {
        self.kept.store(revision.saturating_add(1), Ordering::Release);
    }

    /// Whether its snapshot is of this revision.
    pub(super) fn is_kept(&self, revision: u64) -> bool {
        self.kept.load(Ordering::Acquire) == revision.saturating_add(1)
    }
}
