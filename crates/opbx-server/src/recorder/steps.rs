//! What decisions tell of their calls, on its way to the calls' rows.
//!
//! A decision is kept for its own sake by the [`Recorder`](super::Recorder); here goes what it adds to the row of its call: who
//! called whom, who was rung, how that came out. A row costs more than a decision, so the rows can wait: in a queue with an end,
//! for a moment in which calls do not come as fast as they can. What is joined late is joined all the same.
//! What does not fit is let go: then the row of such a call is read off what the platform reports of it.

use jiff::Timestamp;
use opbx_core::call_log::{Fact, RoutedStep};
use opbx_core::id::OrganizationId;
use opbx_store::{Delivery, Error, Store};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::live::LiveCalls;

/// The most that wait: of a server that is as busy as it can be, some seconds; of a common one, many minutes.
const MOST: usize = 32_768;
/// The most that are joined in one transaction.
const TOGETHER: usize = 128;
/// How long the first one waits for others.
const GATHER: Duration = Duration::from_millis(50);
/// With more than so many in that time, calls go before rows.
const BUSY: usize = 100;
/// How long after the store was found away it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// The way to the rows of calls, for whoever may not wait for them. Clones lead to the same queue.
#[derive(Clone)]
pub(crate) struct Steps(Option<Arc<Shared>>);

struct Shared {
    /// Whoever listens hears of it at once.
    calls: LiveCalls,
    waiting: Mutex<VecDeque<(OrganizationId, RoutedStep)>>,
    /// How many wait, to be asked without the lock.
    count: AtomicUsize,
    /// How many ever came.
    came: AtomicUsize,
    dropped: AtomicU64,
    arrived: Notify,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Steps {
    /// Steps that nobody keeps.
    pub(crate) const fn off() -> Self {
        Self(None)
    }

    /// Steps that are joined to the calls of a store, by a task of its own.
    pub(crate) fn start(store: Store, clock: Clock, calls: LiveCalls) -> Self {
        let shared = Arc::new(Shared {
            calls,
            waiting: Mutex::default(),
            count: AtomicUsize::new(0),
            came: AtomicUsize::new(0),
            dropped: AtomicU64::new(0),
            arrived: Notify::new(),
            task: Mutex::default(),
        });
        let task = tokio::spawn(join(Arc::clone(&shared), store, clock));
        *shared.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        Self(Some(shared))
    }

    /// Whether there is room: without, a step need not even be made.
    pub(crate) fn wanted(&self) -> bool {
        self.0.as_ref().is_some_and(|shared| {
            let fits = shared.count.load(Ordering::Relaxed) < MOST;
            if !fits {
                shared.came.fetch_add(1, Ordering::Relaxed);
                shared.dropped.fetch_add(1, Ordering::Relaxed);
            }
            fits
        })
    }

    /// Hands a step over. Never waits.
    pub(crate) fn keep(&self, organization: OrganizationId, step: RoutedStep) {
        let Some(shared) = &self.0 else { return };
        shared.came.fetch_add(1, Ordering::Relaxed);
        shared.calls.heard(organization, || Some(Fact::Step(step.clone())));
        let first = {
            let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push_back((organization, step));
            shared.count.store(waiting.len(), Ordering::Relaxed);
            waiting.len() == 1
        };
        // Only the first wakes the task; it looks by itself for the others.
        if first {
            shared.arrived.notify_one();
        }
    }

    /// How many were let go, and how many wait.
    pub(crate) fn dropped_and_waiting(&self) -> (u64, usize) {
        self.0
            .as_ref()
            .map_or((0, 0), |shared| (shared.dropped.load(Ordering::Relaxed), shared.count.load(Ordering::Relaxed)))
    }

    /// Waits until all are joined, for so long at most.
    pub(crate) async fn finish(&self, longest: Duration) {
        let Some(shared) = &self.0 else { return };
        let joined = async {
            while shared.count.load(Ordering::Relaxed) > 0 {
                sleep(Duration::from_millis(10)).await;
            }
        };
        if timeout(longest, joined).await.is_err() {
            let left = shared.count.load(Ordering::Relaxed);
            tracing::warn!(left, "stopped before every call knew all its steps");
        }
        if let Some(task) = shared.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

async fn join(shared: Arc<Shared>, store: Store, clock: Clock) {
    let mut seen = 0;
    loop {
        if shared.count.load(Ordering::Relaxed) == 0 {
            shared.arrived.notified().await;
        }
        sleep(GATHER).await;
        let came = shared.came.load(Ordering::Relaxed);
        if came.wrapping_sub(std::mem::replace(&mut seen, came)) > BUSY {
            continue;
        }
        let some: Vec<_> = {
            let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let most = waiting.len().min(TOGETHER);
            waiting.drain(..most).collect()
        };
        let deliveries: Vec<Delivery> =
            some.into_iter().map(|(organization, step)| delivery(organization, step)).collect();
        settle(&store, &deliveries, clock.now()).await;
        let left = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).len();
        // Counted as waiting until it is joined.
        shared.count.store(left, Ordering::Relaxed);
    }
}

fn delivery(organization: OrganizationId, step: RoutedStep) -> Delivery {
    // What it says keeps it from counting twice.
    Delivery { organization, key: None, fact: Fact::Step(step) }
}

/// Joins steps, however long the store is away; what it refuses is said and let go.
async fn settle(store: &Store, deliveries: &[Delivery], now: Timestamp) {
    loop {
        match store.platform().apply_facts(deliveries, now).await {
            Ok(_) => return,
            Err(Error::Unavailable(_)) => sleep(AGAIN).await,
            Err(fault) => {
                tracing::error!(
                    fault = &fault as &dyn std::error::Error,
                    "what was decided is not in the log of calls"
                );
                return;
            }
        }
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Steps").field(&self.0.is_some()).field(&self.dropped_and_waiting()).finish()
    }
}
