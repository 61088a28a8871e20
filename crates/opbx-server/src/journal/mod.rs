//! The one durable path: what is acknowledged is here first.
//!
//! Whatever the platform says about calls, and whatever callers do by keys, is appended to a journal on the disk, then
//! answered, and applied to the database in order by one applier. The way is the same whether the database is there or not;
//! without it, the entries wait. An acknowledgement never waits for a row.
//!
//! * [`Journal::append`] answers when the entry is on the disk. What comes meanwhile goes there together: one write and one
//!   `fdatasync` for all that has come since the last ones.
//! * The files are a few MiB each and go when all their entries are applied. What was being written when a process or a machine stopped is
//!   recognized by its checksum; nobody was told that it is kept.
//! * Full means refused: a journal that has reached its limit, or a disk that takes no more, is an error to whoever appends,
//!   and nothing is half there.
//!
//! The journal knows bytes and numbers. What they mean is [`entry`]'s, what becomes of them the [`applier`]'s.

mod applier;
mod entry;
mod frame;
mod progress;
mod reader;
mod segment;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use self::applier::{Applier, Apply, Applying, Fault, JournalWatch, NotApplied};
pub(crate) use self::entry::{CallOfEffect, Entry, RecordingOf, Reports, What, read_effect, written_effect};

use self::progress::Progress;
use self::reader::Reader;
use self::segment::Segment;
use self::writer::{Request, Writer};
use crate::clock::Clock;
use crate::storage::Storage;
use jiff::Timestamp;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};

/// The most bytes that an entry may have. A body has at most 1 MiB; as text in JSON it takes up to six times that.
pub(crate) const MOST_BYTES: usize = 8 * 1024 * 1024;
/// How many entries may wait to be written; whoever comes then waits for a place.
const WAITING: usize = 4_096;
/// The largest file, in bytes.
const LARGEST_SEGMENT: u64 = 16 * 1024 * 1024;

/// How much a journal may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JournalLimit(u64);

impl JournalLimit {
    /// The least, in MiB.
    pub const LEAST: u64 = 4;
    /// The most, in MiB.
    pub const MOST: u64 = 1024 * 1024;

    /// So many MiB, from [`LEAST`](Self::LEAST) to [`MOST`](Self::MOST).
    pub fn mebibytes(number: u64) -> Option<Self> {
        (Self::LEAST..=Self::MOST).contains(&number).then_some(Self(number * 1024 * 1024))
    }

    const fn segment(self) -> u64 {
        let part = self.0 / 4;
        if part < LARGEST_SEGMENT { part } else { LARGEST_SEGMENT }
    }
}

impl Default for JournalLimit {
    fn default() -> Self {
        Self(1024 * 1024 * 1024)
    }
}

/// Why an entry is not taken. Nothing of it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The journal holds as much as it may.
    #[error("the journal is full")]
    Full,
    /// The disk did not take it: it is full, or does not work.
    #[error("the disk does not take it")]
    Disk,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
}

/// How far the entries are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Depth {
    /// How many are acknowledged and not applied.
    pub(crate) entries: u64,
    /// How many bytes the files have together, applied entries included whose file still stands.
    pub(crate) bytes: u64,
    /// When the oldest of those that are not applied was received, as far as the applier has looked.
    pub(crate) oldest: Option<Timestamp>,
}

/// The journal. Clones lead to the same one.
#[derive(Clone)]
pub(crate) struct Journal {
    queue: mpsc::Sender<Request>,
    shared: Arc<Shared>,
}

/// What writer, reader and applier know together.
pub(super) struct Shared {
    folder: PathBuf,
    limit: JournalLimit,
    progress: Progress,
    files: Mutex<Files>,
    /// The number of the last entry on the disk.
    durable: watch::Sender<u64>,
    /// The number of the last entry that is applied.
    applied: watch::Sender<u64>,
}

/// The files, and what became of entries.
#[derive(Debug, Default)]
struct Files {
    /// Oldest first; the last one is written to.
    segments: Vec<Segment>,
    oldest: Option<Timestamp>,
    /// Entries that were acknowledged and can no longer be read.
    lost: u64,
    /// Entries that were refused.
    refused: u64,
}

impl Journal {
    /// Opens the journal of a folder, which is made if it is not there, and begins to write: by a thread of its own, since it
    /// waits for the disk. The other part is for whoever applies the entries.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read or written to.
    pub(crate) fn open(folder: &Path, limit: JournalLimit) -> io::Result<(Self, Unapplied)> {
        make_folder(folder)?;
        let progress = Progress::below(folder);
        let mut segments = segment::list(folder)?;
        let known = progress.read()?;
        let mut next = known.map_or(1, |applied| applied.saturating_add(1));
        if let Some(last) = segments.last_mut() {
            let found = segment::examine(folder, last.first)?;
            if found.torn > 0 {
                tracing::warn!(
                    file = %segment::path(folder, last.first).display(),
                    bytes = found.torn,
                    "the end of the journal was being written when the server stopped; nobody was told that it is kept"
                );
                if found.whole >= segment::FIRST {
                    segment::go_on(folder, last.first)?.set_len(found.whole)?;
                }
            }
            last.bytes = found.whole;
            next = next.max(found.next);
        }
        // One that was hardly begun holds nothing.
        segments.retain(|segment| segment.bytes >= segment::FIRST);
        let first = segments.first().map_or(next, |segment| segment.first);
        let applied = known.unwrap_or_default().max(first.saturating_sub(1)).min(next - 1);
        let files = Mutex::new(Files { segments, ..Files::default() });
        let shared = Arc::new(Shared {
            folder: folder.to_path_buf(),
            limit,
            progress,
            files,
            durable: watch::Sender::new(next - 1),
            applied: watch::Sender::new(applied),
        });
        let (queue, requests) = mpsc::channel(WAITING);
        let writer = Writer::new(Arc::clone(&shared), next);
        std::thread::Builder::new().name("journal".to_owned()).spawn(move || writer.run(requests))?;
        Ok((Self { queue, shared: Arc::clone(&shared) }, Unapplied { reader: Reader::at(shared, applied + 1) }))
    }

    /// Appends an entry and waits until it is on the disk. Answers its number.
    ///
    /// # Errors
    ///
    /// [`Refused`]: nothing of it is kept.
    pub(crate) async fn append(&self, content: Vec<u8>) -> Result<u64, Refused> {
        let answered = self.submit(content).await?;
        answered.await.unwrap_or(Err(Refused::Stopping))
    }

    /// Appends several entries, which go to the disk together as far as they can. What became of each, in their order.
    pub(crate) async fn append_all(&self, contents: Vec<Vec<u8>>) -> Vec<Result<u64, Refused>> {
        let mut submitted = Vec::with_capacity(contents.len());
        for content in contents {
            submitted.push(self.submit(content).await);
        }
        let mut appended = Vec::with_capacity(submitted.len());
        for submitted in submitted {
            appended.push(match submitted {
                Ok(answered) => answered.await.unwrap_or(Err(Refused::Stopping)),
                Err(refused) => Err(refused),
            });
        }
        appended
    }

    /// Hands an entry to whoever writes. The answer comes when it is on the disk.
    async fn submit(&self, content: Vec<u8>) -> Result<oneshot::Receiver<Result<u64, Refused>>, Refused> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(Request { content, answer }).await.map_err(|_| Refused::Stopping)?;
        Ok(answered)
    }

    /// Waits until everything that is acknowledged by now is applied.
    pub(crate) async fn caught_up(&self) {
        let last = *self.shared.durable.borrow();
        // Whoever sends is held by the journal itself.
        let _ = self.shared.applied.subscribe().wait_for(|applied| *applied >= last).await;
    }

    /// How far the entries are.
    pub(crate) fn depth(&self) -> Depth {
        let durable = *self.shared.durable.borrow();
        let files = self.shared.files();
        Depth {
            entries: durable.saturating_sub(*self.shared.applied.borrow()),
            bytes: files.segments.iter().map(|segment| segment.bytes).sum(),
            oldest: files.oldest,
        }
    }

    /// How many entries were refused, and how many were lost to damage of the disk.
    pub(crate) fn refused_and_lost(&self) -> (u64, u64) {
        let files = self.shared.files();
        (files.refused, files.lost)
    }

    /// How much of what it may hold is taken, in percent.
    pub(crate) fn fullness(&self) -> u64 {
        self.depth().bytes.saturating_mul(100) / self.shared.limit.0.max(1)
    }
}

/// A journal that is opened, and its entries that wait.
#[derive(Debug)]
pub struct OpenJournal {
    journal: Journal,
    unapplied: Unapplied,
    folder: PathBuf,
}

impl OpenJournal {
    /// Opens the journal of a data directory, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// When its folder cannot be read or written to.
    pub fn of(storage: &Storage, limit: JournalLimit) -> io::Result<Self> {
        let folder = storage.journal();
        let (journal, unapplied) = Journal::open(&folder, limit)?;
        Ok(Self { journal, unapplied, folder })
    }

    /// The journal, to append to.
    pub(crate) fn journal(&self) -> Journal {
        self.journal.clone()
    }

    /// The one who applies its entries so.
    pub(crate) fn applied_by<A: Apply>(self, apply: A, clock: Clock) -> Applier<A> {
        Applier::new(&self.folder, self.unapplied, apply, clock)
    }
}

/// The entries that are not applied yet, for the one who applies them.
#[derive(Debug)]
pub(crate) struct Unapplied {
    reader: Reader,
}

/// An entry with its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Numbered {
    pub(crate) number: u64,
    pub(crate) content: Vec<u8>,
}

impl Unapplied {
    /// The next entries, at least one: waits until there are some. So many at most, and so many bytes unless one alone is
    /// longer. After a restart, those that are not [`applied`](Self::applied) come again.
    ///
    /// # Errors
    ///
    /// When the files cannot be read at the moment.
    pub(crate) async fn next(&mut self, most: usize, most_bytes: usize) -> io::Result<Vec<Numbered>> {
        self.reader.next(most, most_bytes).await
    }

    /// Everything up to this number is applied: it is not needed any more.
    pub(crate) fn applied(&mut self, number: u64) {
        let shared = &self.reader.shared;
        let mut files = shared.files();
        files.oldest = None;
        // The last file is written to, and is short.
        while let [first, second, ..] = files.segments.as_slice()
            && second.first <= number.saturating_add(1)
        {
            let path = segment::path(&shared.folder, first.first);
            if let Err(fault) = std::fs::remove_file(&path) {
                tracing::warn!(%fault, file = %path.display(), "a file of the journal that is applied stays");
            }
            files.segments.remove(0);
        }
        drop(files);
        shared.applied.send_modify(|applied| *applied = number.max(*applied));
        if let Err(fault) = shared.progress.write(number) {
            // What is applied again changes nothing.
            tracing::debug!(%fault, "how far the journal is applied is not written down");
        }
    }

    /// The oldest entry at hand was received then.
    pub(crate) fn at_hand(&self, oldest: Timestamp) {
        self.reader.shared.files().oldest = Some(oldest);
    }

    /// Whether everything that is on the disk was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.reader.is_at_end()
    }
}

impl Shared {
    fn files(&self) -> MutexGuard<'_, Files> {
        // Nothing that can panic stands between two changes that belong together.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.depth()).finish()
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// How long what waits may still be written when the server stops.
pub(crate) const LAST_ENTRIES: Duration = Duration::from_secs(2);
