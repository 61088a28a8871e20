//! What decisions tell of their calls, on its way to the calls' rows.
//!
//! A decision is kept for its own sake by the [`Recorder`](super::Recorder); here goes what it adds to the row of its call: who
//! called whom, who was rung, how that came out. A row costs more than a decision, so the rows can wait: in a queue with an end,
//! for a moment in which calls do not come as fast as they can. What is joined late is joined all the same.
//!
//! While the store is away, and when the server stops, what waits goes into the journal, from where it is joined like what the
//! platform reports. It does so only up to half of what the journal may hold: the rest is for what the platform has to be
//! answered. What does not fit anywhere is let go: then the row of such a call is read off what the platform reports of it.

use opbx_core::call_log::{Fact, RoutedStep};
use opbx_core::id::OrganizationId;
use opbx_store::{Delivery, Error, Store, written_step};
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::clock::Clock;
use crate::journal::{self, Journal, What};
use crate::live::LiveCalls;

/// The most that wait: of a server that is as busy as it can be, some seconds; of a common one, many minutes.
const MOST: usize = 32_768;
/// The most that are joined in one transaction.
const TOGETHER: usize = 128;
/// The most that go into the journal at once.
const KEPT_TOGETHER: usize = 1_024;
/// How much of the journal may be taken, in percent, so that steps go into it.
const MOST_OF_JOURNAL: u64 = 50;
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
    waiting: Mutex<VecDeque<Waiting>>,
    /// How many wait, to be asked without the lock.
    count: AtomicUsize,
    /// How many ever came.
    came: AtomicUsize,
    dropped: AtomicU64,
    /// Nothing waits for another moment any more.
    stopping: AtomicBool,
    arrived: Notify,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Steps {
    /// Steps that nobody keeps.
    pub(crate) const fn off() -> Self {
        Self(None)
    }

    /// Steps that are joined to the calls of a store, by a task of its own.
    pub(crate) fn start(store: Store, clock: Clock, calls: LiveCalls, journal: Option<Journal>) -> Self {
        let shared = Arc::new(Shared {
            calls,
            waiting: Mutex::default(),
            count: AtomicUsize::new(0),
            came: AtomicUsize::new(0),
            dropped: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
            arrived: Notify::new(),
            task: Mutex::default(),
        });
        let joining = Joining { shared: Arc::clone(&shared), store, clock, journal, away_since: None };
        let task = tokio::spawn(joining.run());
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
            let mut waiting = shared.waiting();
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

    /// Waits until all are joined or in the journal, for so long at most.
    pub(crate) async fn finish(&self, longest: Duration) {
        let Some(shared) = &self.0 else { return };
        shared.stopping.store(true, Ordering::Relaxed);
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

/// A step, and whose.
type Waiting = (OrganizationId, RoutedStep);

/// The task that joins.
struct Joining {
    shared: Arc<Shared>,
    store: Store,
    clock: Clock,
    journal: Option<Journal>,
    /// When the store was found away last; `None`: it was there.
    away_since: Option<Instant>,
}

impl Joining {
    async fn run(mut self) {
        let mut seen = 0;
        loop {
            if self.shared.count.load(Ordering::Relaxed) == 0 {
                self.shared.arrived.notified().await;
            }
            if !self.is_stopping() {
                sleep(GATHER).await;
                let came = self.shared.came.load(Ordering::Relaxed);
                let busy = came.wrapping_sub(std::mem::replace(&mut seen, came)) > BUSY;
                // What goes into the journal costs no more than calls can spare.
                if busy && self.away_since.is_none() {
                    continue;
                }
            }
            let is_tried = self.is_tried();
            let most = if is_tried { TOGETHER } else { KEPT_TOGETHER };
            let some: Vec<Waiting> = {
                let mut waiting = self.shared.waiting();
                let most = waiting.len().min(most);
                waiting.drain(..most).collect()
            };
            self.settle(some, is_tried).await;
            let left = self.shared.waiting().len();
            // Counted as waiting until it is joined.
            self.shared.count.store(left, Ordering::Relaxed);
        }
    }

    fn is_stopping(&self) -> bool {
        self.shared.stopping.load(Ordering::Relaxed)
    }

    /// Whether the store is asked now: not right after it was away, and not when there is no time to wait for it.
    fn is_tried(&self) -> bool {
        let has_time = !self.is_stopping() || self.journal.is_none();
        has_time && self.away_since.is_none_or(|since| since.elapsed() >= AGAIN)
    }

    /// Joins steps, or keeps them for later, however long that takes; what the store refuses is said and let go. Whether the
    /// store is asked first was decided with how many they are.
    async fn settle(&mut self, mut steps: Vec<Waiting>, mut is_tried: bool) {
        loop {
            if is_tried {
                match self.join(&steps).await {
                    Err(Error::Unavailable(_)) => self.away_since = Some(Instant::now()),
                    joined => {
                        self.away_since = None;
                        if let Err(fault) = joined {
                            let fault = &fault as &dyn std::error::Error;
                            tracing::error!(fault, "what was decided is not in the log of calls");
                        }
                        return;
                    }
                }
            }
            steps = self.keep(steps).await;
            if steps.is_empty() {
                return;
            }
            sleep(AGAIN).await;
            is_tried = true;
        }
    }

    async fn join(&self, steps: &[Waiting]) -> Result<(), Error> {
        // What it says keeps it from counting twice.
        let delivery = |(organization, step): &Waiting| Delivery {
            organization: *organization,
            key: None,
            fact: Fact::Step(step.clone()),
        };
        let deliveries: Vec<Delivery> = steps.iter().map(delivery).collect();
        self.store.platform().apply_facts(&deliveries, self.clock.now()).await.map(drop)
    }

    /// Puts steps into the journal. Answers those that it does not take.
    async fn keep(&self, steps: Vec<Waiting>) -> Vec<Waiting> {
        let Some(journal) = self.journal.as_ref().filter(|journal| journal.fullness() < MOST_OF_JOURNAL) else {
            return steps;
        };
        let (mut submitted, mut contents) = (Vec::with_capacity(steps.len()), Vec::with_capacity(steps.len()));
        for step in steps {
            match written(&step) {
                Ok(content) => {
                    submitted.push(step);
                    contents.push(content);
                }
                Err(fault) => tracing::error!(fault, "what was decided cannot be written"),
            }
        }
        let kept = journal.append_all(contents).await;
        submitted.into_iter().zip(kept).filter(|(_, kept)| kept.is_err()).map(|(step, _)| step).collect()
    }
}

/// A step as an entry of the journal.
fn written((organization, step): &Waiting) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let what = What::Step { step: written_step(step)? };
    Ok(journal::Entry::new(*organization, step.at, what).written()?)
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Steps").field(&self.0.is_some()).field(&self.dropped_and_waiting()).finish()
    }
}
