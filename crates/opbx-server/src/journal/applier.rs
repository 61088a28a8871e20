//! The one who brings entries into the database: in their order, in batches, each once.
//!
//! Where the database is away it waits and tries again, for as long as that takes; nothing is passed over for that. What the
//! database refuses for what it is would stand in the way of everything behind it, so it is put aside in a file of its own,
//! and said. An entry that is applied a second time, after a crash, changes nothing: the key of its delivery is in
//! the same transaction as what it did.

use super::{Entry, Journal, LAST_ENTRIES, Numbered, Unapplied};
use crate::clock::Clock;
use opbx_store::{Cause, Error};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// The most entries in a batch: a transaction holds up everyone else who writes.
const MOST: usize = 256;
/// The most bytes in a batch.
const MOST_BYTES: usize = 1024 * 1024;
/// How long after the database was found away it is tried again, at first and at last.
const AGAIN: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(1)];

/// Who knows what an entry does.
pub(crate) trait Apply: Send + Sync + 'static {
    /// Applies entries in their order: all of them, or those before the one that fails.
    ///
    /// # Errors
    ///
    /// How many were applied, and why the next one, or a batch that begins with it, was not.
    fn apply(&self, entries: &[(u64, Entry)]) -> impl Future<Output = Result<(), NotApplied>> + Send;
}

/// A batch was not applied to its end.
#[derive(Debug)]
pub(crate) struct NotApplied {
    /// So many of its entries were.
    pub(crate) applied: usize,
    /// And so many behind them failed together: one of them is at fault.
    pub(crate) together: usize,
    /// For this reason.
    pub(crate) fault: Fault,
}

/// Why something is not applied.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The database is away: it will be applied.
    Away(Cause),
    /// It never will be.
    Refused(Box<dyn std::error::Error + Send + Sync>),
}

impl Fault {
    /// It never will be applied, for this reason.
    pub(crate) fn refused(fault: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Refused(Box::new(fault))
    }
}

impl From<Error> for Fault {
    fn from(fault: Error) -> Self {
        match fault {
            Error::Unavailable(cause) => Self::Away(cause),
            other => Self::refused(other),
        }
    }
}

/// What became of entries so far.
#[derive(Debug, Default)]
pub(crate) struct AppliedCounts {
    applied: AtomicU64,
    put_aside: AtomicU64,
    away: AtomicBool,
}

impl AppliedCounts {
    /// Entries in the database.
    pub(crate) fn applied(&self) -> u64 {
        self.applied.load(Ordering::Relaxed)
    }

    /// Entries that the database refused, kept in files of their own.
    pub(crate) fn put_aside(&self) -> u64 {
        self.put_aside.load(Ordering::Relaxed)
    }
}

/// An applier that is put together.
pub(crate) struct Applier<A> {
    pub(crate) unapplied: Unapplied,
    pub(crate) apply: A,
    pub(crate) counts: Arc<AppliedCounts>,
    pub(crate) clock: Clock,
    /// Where entries go that the database refuses.
    aside: PathBuf,
}

/// An applier at work.
#[derive(Debug)]
pub(crate) struct Applying {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl<A: Apply> Applier<A> {
    pub(crate) fn new(folder: &Path, unapplied: Unapplied, apply: A, clock: Clock) -> Self {
        Self { unapplied, apply, counts: Arc::default(), clock, aside: folder.join("refused") }
    }

    /// Begins, by a task of its own.
    pub(crate) fn start(self) -> Applying {
        let (stop, stopping) = watch::channel(false);
        Applying { stop, task: tokio::spawn(self.run(stopping)) }
    }

    async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        let (mut is_stopping, mut is_alone) = (false, false);
        // Once it is stopping, what is on the disk already is still applied.
        while !(is_stopping && self.unapplied.is_empty()) {
            let next = tokio::select! {
                next = self.unapplied.next(MOST, MOST_BYTES) => next,
                said = stopping.wait_for(|stopping| *stopping), if !is_stopping && !is_alone => {
                    // Nobody is left to stop it, as where a server is used without listening: it goes on.
                    (is_stopping, is_alone) = (said.is_ok(), said.is_err());
                    continue;
                }
            };
            match next {
                Ok(entries) => self.settle(entries).await,
                Err(fault) => {
                    tracing::error!(%fault, "the journal cannot be read");
                    sleep(AGAIN[1]).await;
                }
            }
        }
    }

    /// Applies entries, however long the database is away.
    async fn settle(&mut self, numbered: Vec<Numbered>) {
        let Some(last) = numbered.last().map(|entry| entry.number) else { return };
        let mut entries = Vec::with_capacity(numbered.len());
        for Numbered { number, content } in numbered {
            match Entry::read(&content) {
                Ok(entry) => entries.push((number, entry)),
                Err(fault) => self.put_aside(number, &content, &fault),
            }
        }
        if let Some((_, oldest)) = entries.first() {
            self.unapplied.at_hand(oldest.received_at());
        }
        let (mut rest, mut most, mut pause) = (entries.as_slice(), entries.len(), AGAIN[0]);
        while let Some(&(number, ref first)) = rest.first() {
            let batch = rest.get(..most.min(rest.len())).unwrap_or(rest);
            let done = match self.apply.apply(batch).await {
                Ok(()) => {
                    pause = AGAIN[0];
                    // After a fault it goes on with small steps until the one at fault is passed.
                    most = most.saturating_mul(2);
                    batch.len()
                }
                Err(NotApplied { applied, fault: Fault::Away(cause), .. }) => {
                    if !self.counts.away.swap(true, Ordering::Relaxed) {
                        tracing::warn!(%cause, "what was acknowledged waits for the database");
                    }
                    if applied == 0 {
                        sleep(pause).await;
                        pause = (pause * 2).min(AGAIN[1]);
                    }
                    self.advance(rest, applied);
                    rest = rest.get(applied..).unwrap_or_default();
                    continue;
                }
                // Which of them is at fault is found by trying them in halves, and at last alone.
                Err(NotApplied { applied: 0, together, .. }) if together > 1 => {
                    most = together / 2;
                    continue;
                }
                Err(NotApplied { applied: 0, fault: Fault::Refused(fault), .. }) => {
                    let content = first.written().unwrap_or_default();
                    self.put_aside(number, &content, &*fault);
                    self.unapplied.applied(number);
                    rest = rest.get(1..).unwrap_or_default();
                    continue;
                }
                Err(NotApplied { applied, .. }) => applied,
            };
            if self.counts.away.swap(false, Ordering::Relaxed) {
                tracing::info!("what was acknowledged is applied again");
            }
            self.advance(rest, done);
            rest = rest.get(done..).unwrap_or_default();
        }
        self.unapplied.applied(last);
    }

    fn advance(&mut self, rest: &[(u64, Entry)], done: usize) {
        self.counts.applied.fetch_add(done as u64, Ordering::Relaxed);
        if let Some((number, _)) = done.checked_sub(1).and_then(|last| rest.get(last)) {
            self.unapplied.applied(*number);
        }
    }

    /// Keeps an entry that cannot be applied, for people to look at.
    fn put_aside(&self, number: u64, content: &[u8], fault: &(dyn std::error::Error + 'static)) {
        self.counts.put_aside.fetch_add(1, Ordering::Relaxed);
        let file = self.aside.join(format!("{number:020}-{}.json", self.clock.now().as_millisecond()));
        let kept = std::fs::create_dir_all(&self.aside).and_then(|()| write_private(&file, content));
        let kept = kept.err().map(|fault| fault.to_string());
        tracing::error!(fault, file = %file.display(), not_kept = kept, "an entry of the journal cannot be applied and is put aside");
    }
}

impl Applying {
    /// Waits until what is on the disk is applied, for a short while at most; what is left then is applied by the next server.
    pub(crate) async fn finish(mut self) {
        // Nobody hears it only if the task has ended.
        let _ = self.stop.send(true);
        if timeout(LAST_ENTRIES, &mut self.task).await.is_err() {
            self.task.abort();
            tracing::info!("what was acknowledged and is not applied yet is applied at the next start");
        }
    }
}

fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?.write_all(content)
}

impl<A> fmt::Debug for Applier<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Applier").field("unapplied", &self.unapplied).finish_non_exhaustive()
    }
}

/// How the journal stands, for the figures and for `/health`.
#[derive(Clone, Debug)]
pub(crate) struct JournalWatch {
    pub(crate) journal: Journal,
    pub(crate) counts: Arc<AppliedCounts>,
}
