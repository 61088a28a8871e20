//! Whether the store is there, as far as is known, and what is told of that.

use super::stored::Stored;
use super::{Figures, StoreAway};
use opbx_store::Error;
use std::sync::atomic::Ordering;

impl Stored {
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
            away: self.is_away_now(),
            snapshots: self.keeper.as_ref().is_some_and(|keeper| keeper.any.load(Ordering::Relaxed)),
            unusable_snapshots: self.keeper.as_ref().map_or(0, |keeper| keeper.unusable_files()),
        }
    }

    /// The store has just done what it was asked.
    pub(super) fn is_there(&self) {
        if self.away.swap(false, Ordering::AcqRel) {
            tracing::info!("the store is back");
        }
    }

    pub(super) fn is_away_now(&self) -> bool {
        self.away.load(Ordering::Acquire)
    }

    pub(super) fn is_away(&self, fault: &Error) -> StoreAway {
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
}
