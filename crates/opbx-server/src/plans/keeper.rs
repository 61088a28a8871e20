//! What writes snapshots: one task, beside the calls, that owes the disk what has changed.
//!
//! The rows of a plan that was loaded are handed over as text; where that is not possible, since too much is waiting or
//! because the disk did not take it, they are read from the store again, slowly. So are those of organizations that changed
//! and were not called since, and those of which there is no snapshot yet.

use super::{Served, Slot};
use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;
use opbx_store::{DataDir, DirectoryEntry, KeptPlan, Location, PlanText, Revision, Snapshots, Store, Unusable};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// The most bytes of text that wait to be written.
const MOST_WAITING: usize = 16 * 1024 * 1024;
/// How long a change is left alone: most often the next call loads its plan and brings the text along.
const SOON: Duration = Duration::from_millis(100);

/// The snapshots of a server, and what is owed to them.
pub(super) struct Keeper {
    pub(super) snapshots: Snapshots,
    /// The claim on the directory that they are in.
    pub(super) data_dir: Arc<DataDir>,
    /// Which database they are of.
    pub(super) location: String,
    owed: Mutex<Owed>,
    pub(super) bell: Notify,
    /// Whoever writes holds it.
    pub(super) writing: tokio::sync::Mutex<()>,
    /// Whether there is any that a plan could come from.
    pub(super) any: AtomicBool,
    /// Files that could not be used, until they are written again.
    unusable: Mutex<BTreeSet<PathBuf>>,
}

#[derive(Default)]
struct Owed {
    plans: BTreeMap<OrganizationId, Debt>,
    bytes: usize,
    directory: bool,
    /// Organizations that are no more.
    gone: Vec<OrganizationId>,
    /// Organizations without a snapshot of their present plan, as was found at the start.
    missing: Vec<OrganizationId>,
}

/// What is owed to the file of an organization.
struct Debt {
    since: Instant,
    text: Option<(Revision, PlanText)>,
    /// The revision that it should have at least.
    wanted: u64,
}

/// What can be read again from the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Readable {
    /// It is away.
    Nothing,
    /// What was left alone long enough, and then what is missing.
    WhatIsDue,
    /// What has changed, without waiting.
    AtOnce,
}

/// What is to be done next.
pub(super) enum Next {
    /// Write this.
    Write(OrganizationId, Revision, PlanText),
    /// Read the rows again and write them.
    Reload(OrganizationId),
    /// Take its file away.
    Remove(OrganizationId),
}

impl Keeper {
    pub(super) fn new(store: &Store, data_dir: Arc<DataDir>) -> Self {
        let location = match store.location() {
            // A data directory that is moved has the same database in it.
            Location::File(path) if *path == data_dir.path().join("opbx.db") => "opbx.db".to_owned(),
            elsewhere => elsewhere.to_string(),
        };
        Self {
            snapshots: store.snapshots(data_dir.path()),
            data_dir,
            location,
            owed: Mutex::default(),
            bell: Notify::new(),
            writing: tokio::sync::Mutex::default(),
            any: AtomicBool::new(false),
            unusable: Mutex::default(),
        }
    }

    /// Takes the rows of a plan that was loaded, unless the file has them.
    pub(super) fn loaded(&self, id: OrganizationId, slot: &Slot, revision: Revision, source: &PlanSource) {
        if slot.is_kept(revision.get()) {
            return;
        }
        match PlanText::of(source) {
            Ok(text) => self.owe_text(id, revision, text),
            Err(fault) => tracing::error!(organization = id.get(), %fault, "a plan has no snapshot"),
        }
    }

    fn owe_text(&self, id: OrganizationId, revision: Revision, text: PlanText) {
        let mut owed = self.owed();
        let Owed { plans, bytes, .. } = &mut *owed;
        let debt = plans.entry(id).or_insert_with(Debt::new);
        debt.wanted = debt.wanted.max(revision.get());
        if let Some((_, older)) = debt.text.take() {
            *bytes -= older.bytes();
        }
        if debt.wanted == revision.get() && *bytes + text.bytes() <= MOST_WAITING {
            *bytes += text.bytes();
            debt.text = Some((revision, text));
        }
        drop(owed);
        self.bell.notify_one();
    }

    /// A plan has this revision now: its snapshot should follow.
    pub(super) fn changed(&self, id: OrganizationId, revision: u64) {
        let mut owed = self.owed();
        let debt = owed.plans.entry(id).or_insert_with(Debt::new);
        debt.wanted = debt.wanted.max(revision);
    }

    /// An organization is no more.
    pub(super) fn removed(&self, id: OrganizationId) {
        let mut owed = self.owed();
        if let Some((_, text)) = owed.plans.remove(&id).and_then(|debt| debt.text) {
            owed.bytes -= text.bytes();
        }
        owed.gone.push(id);
    }

    /// Who is known, or by what, has changed.
    pub(super) fn names_changed(&self) {
        self.owed().directory = true;
    }

    /// These have no snapshot of their present plan.
    pub(super) fn missing(&self, ids: Vec<OrganizationId>) {
        self.owed().missing = ids;
    }

    /// Nothing is owed that was: another database is read.
    pub(super) fn forgive(&self) {
        *self.owed() = Owed::default();
    }

    /// Whether the directory is to be written; asked once.
    pub(super) fn takes_directory(&self) -> bool {
        std::mem::take(&mut self.owed().directory)
    }

    /// What is to be done next: text that is there first, then what can be read again if the store is there.
    pub(super) fn next(&self, readable: Readable) -> Option<Next> {
        let mut owed = self.owed();
        let Owed { plans, bytes, missing, gone, .. } = &mut *owed;
        if let Some(id) = gone.pop() {
            return Some(Next::Remove(id));
        }
        let with_text = plans.iter().find(|(_, debt)| debt.text.is_some()).map(|(id, _)| *id);
        if let Some(id) = with_text {
            let (revision, text) = plans.get_mut(&id)?.text.take()?;
            *bytes -= text.bytes();
            if plans.get(&id).is_some_and(|debt| debt.wanted <= revision.get()) {
                plans.remove(&id);
            }
            return Some(Next::Write(id, revision, text));
        }
        if readable == Readable::Nothing {
            return None;
        }
        let is_due = |debt: &Debt| readable == Readable::AtOnce || debt.since.elapsed() >= SOON;
        let due = plans.iter().find(|(_, debt)| is_due(debt)).map(|(id, _)| *id);
        if let Some(id) = due {
            plans.remove(&id);
            return Some(Next::Reload(id));
        }
        if readable == Readable::AtOnce { None } else { missing.pop().map(Next::Reload) }
    }

    /// Writes a file, and answers whether the disk took it.
    pub(super) fn write(&self, id: OrganizationId, revision: Revision, text: &PlanText) -> std::io::Result<()> {
        self.snapshots.write_plan(id, revision, text)?;
        self.any.store(true, Ordering::Relaxed);
        self.usable(&self.snapshots.plan_file(id));
        Ok(())
    }

    /// Writes the directory.
    pub(super) fn write_directory(&self, served: &[Arc<Served>]) -> std::io::Result<()> {
        self.snapshots.write_directory(&self.location, served.iter().map(|served| entry(served)))?;
        self.usable(&self.snapshots.directory_file());
        Ok(())
    }

    /// Reads the file of an organization. One that cannot be used is told once, and is as good as none.
    pub(super) fn read(&self, id: OrganizationId) -> Option<KeptPlan> {
        match self.snapshots.plan(id) {
            Ok(kept) => kept,
            Err(unusable) => {
                self.found(&unusable);
                None
            }
        }
    }

    /// Tells of a file that cannot be used, unless that was told.
    pub(super) fn found(&self, unusable: &Unusable) {
        if self.unusable().insert(unusable.file.clone()) {
            tracing::error!(file = %unusable.file.display(), reason = %unusable.reason, "a snapshot cannot be used");
        }
    }

    /// How many files cannot be used, as far as was found out.
    pub(super) fn unusable_files(&self) -> usize {
        self.unusable().len()
    }

    fn usable(&self, file: &std::path::Path) {
        self.unusable().remove(file);
    }

    fn unusable(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.unusable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owed(&self) -> MutexGuard<'_, Owed> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debt {
    fn new() -> Self {
        Self { since: Instant::now(), text: None, wanted: 0 }
    }
}

fn entry(served: &Served) -> DirectoryEntry {
    DirectoryEntry {
        organization: served.id,
        place: served.place,
        domains: served.domains.iter().map(ToString::to_string).collect(),
        public_url: served.public_url.as_ref().map(|url| url.as_str().to_owned()),
        key: served.key.digest(),
        cdr_secret: served.cdr_secret.and_then(|secret| secret.digest()),
        former_key: served.former_key.and_then(|(key, until)| Some((key.digest()?, until))),
        failsafe: String::from_utf8_lossy(&served.failsafe).into_owned(),
    }
}
