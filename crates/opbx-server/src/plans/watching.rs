//! Watching a store: what others write there, whether it is there at all, and taking it over when it is back.

use super::StoreAway;
use super::stored::{Stored, read_names};
use opbx_store::{Error, Standing};
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;
use tokio::time::timeout;

/// How often the store is asked whether anything has changed.
const POLL: Duration = Duration::from_millis(500);
/// How long a question of the store may go unanswered before it counts as away.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the store says when it is asked for a sign of life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answers {
    /// It answers.
    Well,
    /// It can be read and not be changed.
    ReadOnly,
}

pub(super) async fn watch(stored: Weak<Stored>) {
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(stored) = stored.upgrade() else { return };
        if stored.store.is_withheld() {
            stored.take_over().await;
        } else {
            stored.look().await;
        }
    }
}

impl Stored {
    /// Asks the store for a sign of life.
    pub(super) async fn answers(&self) -> Result<Answers, StoreAway> {
        // What came back and was not taken over yet is not what calls are decided by.
        if self.store.is_withheld() {
            return Err(StoreAway);
        }
        let Ok(Ok(_)) = timeout(PATIENCE, self.store.platform().standing()).await else { return Err(StoreAway) };
        match timeout(PATIENCE, self.store.takes_changes()).await {
            Ok(Ok(())) => Ok(Answers::Well),
            Ok(Err(_)) | Err(_) => Ok(Answers::ReadOnly),
        }
    }

    async fn look(&self) {
        match self.store.platform().standing().await {
            Ok(standing) => {
                if let Err(fault) = self.catch_up(standing).await {
                    self.is_away(&fault);
                }
            }
            Err(fault) => {
                self.is_away(&fault);
                let broken = matches!(fault, Error::Corrupt(_));
                if broken && !self.away.swap(true, Ordering::AcqRel) {
                    tracing::error!(%fault, "the store is broken; what is in memory goes on");
                }
                // Another database may come in its place: nobody gets to that before it was looked at.
                if self.keeper.is_some() && (broken || self.store.is_replaced()) {
                    self.store.withhold();
                }
            }
        }
    }

    /// Notices what others wrote. A plan is marked as old here, and loaded by the next call.
    async fn catch_up(&self, standing: Standing) -> Result<(), Error> {
        self.is_there();
        if *self.standing.lock().unwrap_or_else(PoisonError::into_inner) == standing {
            return Ok(());
        }
        let (mut there, mut changed, mut gone) = (HashMap::new(), Vec::new(), Vec::new());
        for revisions in self.store.platform().revisions().await? {
            there.insert(revisions.organization, revisions);
        }
        {
            let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
            let known: Vec<_> = names.all().map(Arc::clone).collect();
            for known in known {
                match there.remove(&known.id) {
                    None => {
                        names.remove(known.id);
                        gone.push(known.id);
                    }
                    Some(now)
                        if known.place == now.place.get()
                            && known.as_of == now.plan.get()
                            && known.plan.knows(now.plan.get()) => {}
                    Some(_) => changed.push(known.id),
                }
            }
        }
        if let Some(keeper) = self.keeper.as_ref().filter(|_| !gone.is_empty()) {
            gone.into_iter().for_each(|id| keeper.removed(id));
            keeper.names_changed();
        }
        changed.extend(there.into_keys());
        for id in changed {
            self.renew(id).await?;
        }
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        Ok(())
    }

    /// Takes the database over when it is back, whichever it is now, and reads everything again: nothing that was in memory
    /// is known to be of it.
    async fn take_over(&self) {
        let Some(keeper) = &self.keeper else { return };
        let migrated = match self.store.take_over(&keeper.data_dir, self.clock.now()).await {
            Ok(migrated) => migrated,
            Err(fault) => return self.tell(&fault),
        };
        let (names, standing) = match read_names(&self.store).await {
            Ok(known) => known,
            Err(fault) => {
                self.store.withhold();
                return self.tell(&fault);
            }
        };
        let organizations = names.all().count();
        keeper.forgive();
        *self.names.write().unwrap_or_else(PoisonError::into_inner) = names;
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = standing;
        self.shelf.clear();
        self.away.store(false, Ordering::Release);
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clear();
        keeper.names_changed();
        self.refit.store(true, Ordering::Release);
        keeper.bell.notify_one();
        tracing::info!(
            database = %self.store.location(),
            organizations,
            steps = migrated.steps.len(),
            "the store is back, and everything is read from it again"
        );
    }

    /// Says why the store cannot be taken over, once for each reason.
    fn tell(&self, fault: &dyn std::error::Error) {
        let why = crate::admin::chain(fault);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if *told != why {
            tracing::warn!(%why, "the store is still away");
            *told = why;
        }
    }
}
