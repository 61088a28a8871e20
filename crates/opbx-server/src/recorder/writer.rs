//! The task that empties the queue into the store.

use super::{Entry, Tally};
use opbx_store::{Error, NewDecision, Store};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

/// The most decisions in one transaction.
const MOST: usize = 256;
/// The most bytes in one transaction; servers of MySQL refuse a statement that is longer than theirs, 16 MiB and more.
const MOST_BYTES: usize = 1024 * 1024;
/// How long the first decision of a batch waits for others.
const GATHER: Duration = Duration::from_millis(50);
/// How long after the store was found away it is tried again.
const AGAIN: Duration = Duration::from_millis(500);
/// How often it is logged that something was let go.
const TELL: Duration = Duration::from_secs(60);

struct Writer {
    store: Store,
    tally: Arc<Tally>,
    stopping: watch::Receiver<bool>,
    away: bool,
    /// How many were let go when it was logged last, and when that was.
    told: (u64, Option<Instant>),
}

/// Writes what comes until nothing can come any more: nobody holds the other end, or it is stopping.
pub(super) async fn write(
    store: Store,
    mut queue: mpsc::Receiver<Entry>,
    tally: Arc<Tally>,
    stopping: watch::Receiver<bool>,
) {
    let mut writer = Writer { store, tally, stopping, away: false, told: (0, None) };
    let mut batch: Vec<Entry> = Vec::with_capacity(MOST);
    while let Some(first) = writer.first(&mut queue).await {
        // Whoever sends to a task that waits for it wakes it, which costs a call more than the sending itself. So only
        // the first one does; those that come meanwhile find a task that sleeps.
        writer.pause(GATHER).await;
        let mut next = Some(first);
        while let Some(entry) = next {
            let mut bytes = entry.size();
            batch.push(entry);
            next = queue.try_recv().ok();
            while batch.len() < MOST
                && bytes < MOST_BYTES
                && let Some(entry) = next.take()
            {
                bytes += entry.size();
                batch.push(entry);
                next = queue.try_recv().ok();
            }
            // In the order in which others lock organizations too, so that no two wait for each other.
            batch.sort_by_key(|entry| entry.organization);
            writer.settle(&batch).await;
            writer.tally.settle(batch.len(), bytes);
            batch.clear();
            writer.tell();
        }
    }
    writer.tell();
}

impl Writer {
    /// The next one in the queue; once it is stopping, only of those that are in it already.
    async fn first(&mut self, queue: &mut mpsc::Receiver<Entry>) -> Option<Entry> {
        tokio::select! {
            biased;
            entry = queue.recv() => entry,
            () = stopped(&mut self.stopping) => {
                queue.close();
                queue.recv().await
            }
        }
    }

    /// Waits; not when it is stopping.
    async fn pause(&mut self, duration: Duration) {
        tokio::select! {
            () = sleep(duration) => {}
            () = stopped(&mut self.stopping) => {}
        }
    }

    /// Writes a batch, however long the store is away. Where the store refuses it, because an organization is gone, the
    /// halves are tried apart until only what is refused is left, and let go.
    async fn settle(&mut self, batch: &[Entry]) {
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            let count = part.len() as u64;
            match self.keep(part).await {
                Ok(()) => {
                    self.tally.recorded.fetch_add(count, Ordering::Relaxed);
                }
                Err(_) if count > 1 => {
                    let (one, other) = part.split_at(part.len() / 2);
                    parts.extend([other, one]);
                }
                Err(refused) => {
                    tracing::debug!(%refused, "a decision was not kept");
                    self.tally.dropped.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// Writes a part as soon as the store is there.
    async fn keep(&mut self, part: &[Entry]) -> Result<(), Error> {
        let rows: Vec<NewDecision<'_>> = part.iter().map(row).collect();
        loop {
            match self.store.platform().keep_decisions(&rows).await {
                Err(Error::Unavailable(cause)) => {
                    if !self.away {
                        tracing::warn!(%cause, "decisions wait for the store");
                    }
                    self.away = true;
                    self.tell();
                    // Also when it is stopping: whoever stops it waits no longer than it wants to.
                    sleep(AGAIN).await;
                }
                settled => {
                    if std::mem::take(&mut self.away) {
                        tracing::info!("decisions are kept again");
                    }
                    return settled;
                }
            }
        }
    }

    /// Logs how many were let go since the last time, if that is long enough ago.
    fn tell(&mut self) {
        let dropped = self.tally.dropped.load(Ordering::Relaxed);
        let (told, since) = self.told;
        if dropped > told && since.is_none_or(|since| since.elapsed() >= TELL) {
            tracing::warn!(dropped = dropped - told, "decisions were not kept");
            self.told = (dropped, Some(Instant::now()));
        }
    }
}

/// Comes when it is stopping, or nobody is left to say so.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn row(entry: &Entry) -> NewDecision<'_> {
    NewDecision {
        organization: entry.organization,
        call_id: &entry.call_id,
        at: entry.at,
        place: entry.place,
        from: &entry.from,
        to: &entry.to,
        outcome: entry.outcome,
        micros: entry.micros,
        // Documents are made of text.
        document: std::str::from_utf8(&entry.document).unwrap_or_default(),
        trace: if entry.trace.is_empty() { "[]" } else { &entry.trace },
    }
}
