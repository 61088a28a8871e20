//! What was decided, on its way to the store. A call never waits for it.
//!
//! The voice room holds a [`Recorder`] and hands it what it answered. Behind it is a queue with an end, in number and in
//! bytes, and one task that empties it in batches. Where the store is slow or away the queue fills up, traces are trimmed
//! from its half on, and what does not fit is counted and let go: a decision that is not kept is a gap in a list, one
//! that is waited for is silence on a phone.
//!
//! A trace borrows from the plan, so its text is written while the plan is at hand. That is one buffer, without prose;
//! an owned copy of the trace for later would be an allocation for each name in it, and its text besides.

mod steps;
mod trace;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use self::steps::Steps;
pub(crate) use self::trace::{KeptStep, read_trace, written_trace};

use axum::body::Bytes;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_store::Store;
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How much of each decision is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TraceDetail {
    /// The document and the whole trace.
    #[default]
    All,
    /// The document, and of the trace which rule spoke where.
    Trimmed,
    /// Nothing.
    Off,
}

/// Another word than the three.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("all, trimmed or off")]
pub struct NotADetail;

impl FromStr for TraceDetail {
    type Err = NotADetail;

    fn from_str(word: &str) -> Result<Self, NotADetail> {
        match word {
            "all" => Ok(Self::All),
            "trimmed" => Ok(Self::Trimmed),
            "off" => Ok(Self::Off),
            _ => Err(NotADetail),
        }
    }
}

/// How much of a trace is written at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Detail {
    Whole,
    Trimmed,
}

/// An answer, as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) organization: OrganizationId,
    /// The platform's token of the call; empty where it gave none.
    pub(crate) call_id: String,
    pub(crate) at: Timestamp,
    /// Where in the call.
    pub(crate) place: &'static str,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) outcome: &'static str,
    pub(crate) micros: u64,
    pub(crate) document: Bytes,
    /// What [`written_trace`] wrote; empty where nothing was decided.
    pub(crate) trace: String,
}

impl Entry {
    /// How much memory it takes, more or less.
    fn size(&self) -> usize {
        let texts = self.call_id.capacity() + self.from.capacity() + self.to.capacity() + self.trace.capacity();
        size_of::<Self>() + texts + self.document.len()
    }
}

/// Where the queue ends.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    entries: usize,
    bytes: usize,
}

impl Bounds {
    /// A few seconds of a busy server, half a minute of a common one.
    const USUAL: Self = Self { entries: 8_192, bytes: 16 * 1024 * 1024 };
}

/// What became of the decisions so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// In the store.
    pub recorded: u64,
    /// Let go, because the queue was full or the store refused them.
    pub dropped: u64,
    /// Waiting, or being written.
    pub queued: usize,
}

/// What the recorder and its task both count.
#[derive(Debug, Default)]
struct Tally {
    recorded: AtomicU64,
    dropped: AtomicU64,
    /// How many wait or are being written.
    queued: AtomicUsize,
    /// How much memory these take.
    bytes: AtomicUsize,
}

impl Tally {
    /// So many, of that size together, wait no longer.
    fn settle(&self, entries: usize, bytes: usize) {
        self.queued.fetch_sub(entries, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// The way to the store, for whoever may not wait for it. Clones lead to the same queue.
#[derive(Clone)]
pub struct Recorder(Option<Arc<Shared>>);

struct Shared {
    queue: mpsc::Sender<Entry>,
    bounds: Bounds,
    detail: Detail,
    tally: Arc<Tally>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Recorder {
    /// One that keeps nothing.
    pub(crate) const fn off() -> Self {
        Self(None)
    }

    /// One that keeps decisions in a store, by a task of its own.
    pub(crate) fn start(store: Store, detail: TraceDetail) -> Self {
        Self::bounded(store, detail, Bounds::USUAL)
    }

    fn bounded(store: Store, detail: TraceDetail, bounds: Bounds) -> Self {
        let detail = match detail {
            TraceDetail::All => Detail::Whole,
            TraceDetail::Trimmed => Detail::Trimmed,
            TraceDetail::Off => return Self::off(),
        };
        let (queue, entries) = mpsc::channel(bounds.entries);
        let (stop, stopping) = watch::channel(false);
        let tally = Arc::<Tally>::default();
        let task = tokio::spawn(writer::write(store, entries, Arc::clone(&tally), stopping));
        Self(Some(Arc::new(Shared { queue, bounds, detail, tally, stop, task: Mutex::new(Some(task)) })))
    }

    /// How much of a trace is wanted now; `None`: nothing is kept, and nothing needs to be written.
    pub(crate) fn wanted(&self) -> Option<Detail> {
        let shared = self.0.as_ref()?;
        Some(if shared.is_half_full() { Detail::Trimmed } else { shared.detail })
    }

    /// Hands an answer over, or lets it go where the queue is full. Never waits.
    pub(crate) fn keep(&self, entry: Entry) {
        let Some(shared) = &self.0 else { return };
        let (tally, size) = (&shared.tally, entry.size());
        // Counted before it is sent: whoever settles it may be faster than what comes after the sending here.
        tally.queued.fetch_add(1, Ordering::Relaxed);
        let fits = tally.bytes.fetch_add(size, Ordering::Relaxed) + size <= shared.bounds.bytes;
        if !fits || shared.queue.try_send(entry).is_err() {
            tally.settle(1, size);
            tally.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What became of the decisions so far.
    pub fn counts(&self) -> Counts {
        self.0.as_ref().map_or_else(Counts::default, |shared| Counts {
            recorded: shared.tally.recorded.load(Ordering::Relaxed),
            dropped: shared.tally.dropped.load(Ordering::Relaxed),
            queued: shared.tally.queued.load(Ordering::Relaxed),
        })
    }

    /// Waits until what is queued is in the store, for so long at most; what is left then is counted as let go. From then
    /// on nothing more is taken.
    pub(crate) async fn finish(&self, longest: Duration) {
        let Some(shared) = &self.0 else { return };
        let task = shared.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut task) = task else { return };
        // Nobody hears it only if the task has ended.
        let _ = shared.stop.send(true);
        if tokio::time::timeout(longest, &mut task).await.is_err() {
            task.abort();
            // The queue ends with the task.
            let _ = task.await;
            let left = shared.tally.queued.swap(0, Ordering::Relaxed);
            shared.tally.dropped.fetch_add(left as u64, Ordering::Relaxed);
            tracing::warn!(left, "stopped before every decision was kept");
        }
    }
}

impl Shared {
    fn is_half_full(&self) -> bool {
        let (queued, bytes) = (&self.tally.queued, &self.tally.bytes);
        2 * queued.load(Ordering::Relaxed) > self.bounds.entries
            || 2 * bytes.load(Ordering::Relaxed) > self.bounds.bytes
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.0.is_some()).field(&self.counts()).finish()
    }
}
