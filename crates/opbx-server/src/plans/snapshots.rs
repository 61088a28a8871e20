//! Plans and names out of snapshots, and the task that writes them.

use super::keeper::{Keeper, Next, Readable};
use super::names::Names;
use super::stored::Stored;
use super::{Current, Served, Slot};
use crate::public_url::PublicUrl;
use crate::webhook_key::KeyHash;
use axum::body::Bytes;
use opbx_core::id::OrganizationId;
use opbx_store::{DirectoryEntry, Error, PlanText, Reason, Revision, Tenant};
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

/// How often is looked for what is due where nobody rings.
const LOOK: Duration = Duration::from_millis(200);
/// How long a disk that did not take something is left alone.
const REFUSED: Duration = Duration::from_secs(5);
/// How much of its time the task leaves to others when it reads rows again, and when it writes the directory.
const REST: u32 = 9;

impl Stored {
    /// The plan of an organization out of its snapshot, in the place of what is in memory unless that is newer.
    pub(super) async fn recall(&self, id: OrganizationId, slot: &Arc<Slot>) -> Option<Arc<Current>> {
        let keeper = Arc::clone(self.keeper.as_ref()?);
        // Of one organization only one at a time; the others find what that one has put in place.
        let _turn =
            self.recalling.get(usize::try_from(id.get()).unwrap_or_default() % self.recalling.len())?.lock().await;
        let seen = slot.current.load_full();
        if let Some(seen) = seen.as_ref().filter(|_| !slot.stale.load(Ordering::Acquire)) {
            return Some(Arc::clone(seen));
        }
        let kept = spawn_blocking(move || keeper.read(id)).await.ok().flatten()?;
        let revision = kept.revision.get();
        if seen.as_ref().is_some_and(|seen| seen.revision > revision) {
            return None;
        }
        slot.kept(revision);
        let current = self.compiled(id, slot, kept.source, revision);
        tracing::info!(organization = id.get(), revision, "a plan comes from its snapshot");
        Some(self.shelf.put_instead(slot, seen.as_ref(), current))
    }

    /// Writes what is owed for as long as somebody has this. Before that, brings the folder in line with what is known.
    pub(super) async fn keep_up(stored: Weak<Self>, keeper: Arc<Keeper>) {
        let mut directory_again = Instant::now();
        loop {
            let _ = timeout(LOOK, keeper.bell.notified()).await;
            let Some(stored) = stored.upgrade() else { return };
            if stored.refit.swap(false, Ordering::AcqRel) {
                stored.bring_in_line(&keeper).await;
            }
            let mut refused = false;
            if Instant::now() >= directory_again && keeper.takes_directory() {
                let begun = Instant::now();
                refused |= !stored.write_directory(&keeper).await;
                directory_again = Instant::now() + begun.elapsed() * REST;
            }
            let mut rest = Duration::ZERO;
            while !refused && rest.is_zero() {
                let _alone = keeper.writing.lock().await;
                let Some(next) = keeper.next(stored.readable()) else { break };
                let (begun, reloads) = (Instant::now(), matches!(next, Next::Reload(_)));
                refused = !stored.carry_out(&keeper, next).await;
                if reloads {
                    rest = begun.elapsed() * REST;
                }
            }
            drop(stored);
            sleep(if refused { REFUSED } else { rest }).await;
        }
    }

    /// Writes what is owed at the end, as far as the time reaches. Snapshots that are missing altogether are left to the next
    /// start.
    pub(super) async fn keep_rest(&self, within: Duration) {
        let Some(keeper) = &self.keeper else { return };
        let rest = async {
            let _alone = keeper.writing.lock().await;
            if keeper.takes_directory() {
                self.write_directory(keeper).await;
            }
            let readable = if self.is_away_now() { Readable::Nothing } else { Readable::AtOnce };
            while let Some(next) = keeper.next(readable) {
                if !self.carry_out(keeper, next).await {
                    return;
                }
            }
        };
        if timeout(within, rest).await.is_err() {
            tracing::warn!("not every snapshot was written before the end");
        }
    }

    fn readable(&self) -> Readable {
        if self.is_away_now() { Readable::Nothing } else { Readable::WhatIsDue }
    }

    /// Answers whether it could be done.
    async fn carry_out(&self, keeper: &Arc<Keeper>, next: Next) -> bool {
        match next {
            Next::Remove(id) => self.remove_file(keeper, id).await,
            Next::Write(id, revision, text) => self.write_plan(keeper, id, revision, text).await,
            Next::Reload(id) => self.write_again(keeper, id).await,
        }
    }

    /// Answers whether the disk took it; what it did not take is owed on.
    async fn write_plan(&self, keeper: &Arc<Keeper>, id: OrganizationId, revision: Revision, text: PlanText) -> bool {
        let Some(slot) = self.names().get(id).map(|served| Arc::clone(&served.plan)) else { return true };
        let writing = Arc::clone(keeper);
        let written = spawn_blocking(move || writing.write(id, revision, &text)).await;
        match written.unwrap_or_else(|fault| Err(std::io::Error::other(fault))) {
            Ok(()) => {
                slot.kept(revision.get());
                self.pending.forget(id, revision.get());
                true
            }
            Err(fault) => {
                keeper.changed(id, revision.get());
                tracing::warn!(organization = id.get(), %fault, "a snapshot was not written");
                false
            }
        }
    }

    async fn write_again(&self, keeper: &Arc<Keeper>, id: OrganizationId) -> bool {
        let Some(slot) = self.names().get(id).map(|served| Arc::clone(&served.plan)) else { return true };
        let wanted = slot.wanted.load(Ordering::Acquire);
        if slot.is_kept(wanted) {
            return true;
        }
        match self.store.tenant(&Tenant::inside(id, Reason::Webhook)).load_plan().await {
            Ok((revision, source)) => match PlanText::of(&source) {
                Ok(text) => self.write_plan(keeper, id, revision, text).await,
                Err(fault) => {
                    tracing::error!(organization = id.get(), %fault, "a plan has no snapshot");
                    true
                }
            },
            Err(Error::NotFound) => true,
            Err(fault) => {
                self.is_away(&fault);
                keeper.changed(id, wanted);
                false
            }
        }
    }

    async fn remove_file(&self, keeper: &Arc<Keeper>, id: OrganizationId) -> bool {
        let removing = Arc::clone(keeper);
        let removed = spawn_blocking(move || removing.snapshots.remove(id)).await;
        let Err(fault) = removed.unwrap_or_else(|fault| Err(std::io::Error::other(fault))) else { return true };
        // The next start removes it.
        tracing::warn!(organization = id.get(), %fault, "the snapshot of an organization that is gone was not removed");
        true
    }

    async fn write_directory(&self, keeper: &Arc<Keeper>) -> bool {
        let served: Vec<Arc<Served>> = self.names().all().map(Arc::clone).collect();
        let writing = Arc::clone(keeper);
        let written = spawn_blocking(move || writing.write_directory(&served)).await;
        let Err(fault) = written.unwrap_or_else(|fault| Err(std::io::Error::other(fault))) else { return true };
        keeper.names_changed();
        tracing::warn!(%fault, "the directory of snapshots was not written");
        false
    }

    /// Removes the files of organizations that are gone, and finds those that have none of their present plan. While the
    /// store is away, all files are only looked at: those that cannot be used are told of before they are needed.
    async fn bring_in_line(&self, keeper: &Arc<Keeper>) {
        let away = self.is_away_now();
        let known: Vec<(OrganizationId, Arc<Slot>)> =
            self.names().all().map(|served| (served.id, Arc::clone(&served.plan))).collect();
        let looking = Arc::clone(keeper);
        let looked =
            spawn_blocking(move || if away { examine(&looking, &known) } else { compare(&looking, known) }).await;
        match looked.unwrap_or_else(|fault| Err(std::io::Error::other(fault))) {
            Ok(missing) => keeper.missing(missing),
            Err(fault) => tracing::warn!(%fault, "the folder of snapshots cannot be looked into"),
        }
    }
}

fn examine(keeper: &Keeper, known: &[(OrganizationId, Arc<Slot>)]) -> std::io::Result<Vec<OrganizationId>> {
    for (id, _) in known {
        if keeper.read(*id).is_some() {
            keeper.any.store(true, Ordering::Relaxed);
        }
    }
    Ok(Vec::new())
}

fn compare(keeper: &Keeper, known: Vec<(OrganizationId, Arc<Slot>)>) -> std::io::Result<Vec<OrganizationId>> {
    let ids: HashSet<OrganizationId> = known.iter().map(|(id, _)| *id).collect();
    // The same numbers in another database are other organizations, and what another secret sealed does not open.
    let of_another = keeper.snapshots.directory_location().is_none_or(|location| location != keeper.location);
    for id in keeper.snapshots.organizations()? {
        if of_another || !ids.contains(&id) {
            keeper.snapshots.remove(id)?;
        } else {
            keeper.any.store(true, Ordering::Relaxed);
        }
    }
    let mut missing = Vec::new();
    for (id, slot) in known {
        match keeper.snapshots.plan_revision(id) {
            Some(revision) if revision == slot.wanted.load(Ordering::Acquire) => slot.kept(revision),
            _ => missing.push(id),
        }
    }
    Ok(missing)
}

/// Who is known from the directory; `None`: nobody.
pub(super) fn names_of(keeper: &Keeper) -> Option<Names> {
    let mut names = Names::default();
    // Most have the same one.
    let mut failsafe = Bytes::new();
    let read = keeper.snapshots.directory(|entry| {
        if entry.failsafe.as_bytes() != failsafe {
            failsafe = Bytes::from(entry.failsafe.clone());
        }
        names.put(Arc::new(served(entry, failsafe.clone())));
    })?;
    for unusable in &read.unusable {
        keeper.found(unusable);
    }
    (read.organizations > 0).then_some(names)
}

fn served(entry: DirectoryEntry, failsafe: Bytes) -> Served {
    let DirectoryEntry { organization, place, domains, public_url, key, former_key, cdr_secret, .. } = entry;
    Served {
        id: organization,
        failsafe,
        key: key.map_or(KeyHash::NOBODY, KeyHash::of_digest),
        former_key: former_key.map(|(key, until)| (KeyHash::of_digest(key), until)),
        cdr_secret: cdr_secret.map(KeyHash::of_digest),
        domains: domains.into_iter().map(Into::into).collect(),
        public_url: public_url.and_then(|url| url.parse::<PublicUrl>().ok()),
        place,
        as_of: 0,
        plan: Arc::default(),
    }
}
