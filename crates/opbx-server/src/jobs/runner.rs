//! Claiming jobs and carrying them out, several at once.

use super::back_off::back_off;
use super::schedule::Schedule;
use super::{Bell, Failure, Perform, Ran, Tally};
use crate::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use opbx_store::{ClaimedJob, Error, Lease, Store};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout};

/// How the runner goes about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// How many jobs it carries out at once.
    pub(crate) at_once: u32,
    /// How many of them, over all instances, may be of one organization.
    pub(crate) share: u32,
    /// How long a claim lasts unless it is renewed, which is done three times as often.
    pub(crate) lease: Duration,
    /// How often it looks by itself whether there is something to do.
    pub(crate) look: Duration,
    /// How often it counts what there is to do.
    pub(crate) count: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            at_once: 4,
            share: 2,
            lease: Duration::from_secs(30),
            look: Duration::from_secs(1),
            count: Duration::from_secs(15),
        }
    }
}

/// What a runner is put together from.
#[derive(Clone)]
pub(crate) struct Runner {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
    pub(crate) tally: Arc<Tally>,
    pub(crate) tasks: Arc<dyn Perform>,
    pub(crate) schedule: Schedule,
    pub(crate) pace: Pace,
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner").field("pace", &self.pace).finish_non_exhaustive()
    }
}

/// A runner at work.
#[derive(Debug)]
pub(crate) struct Workers {
    stop: watch::Sender<Stop>,
    task: JoinHandle<()>,
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    GoOn,
    /// Nothing new is begun.
    Soon,
    /// What is being done is given back.
    Now,
}

impl Workers {
    /// Nothing new is begun from now on.
    pub(crate) fn drain(&self) {
        self.stop.send_replace(Stop::Soon);
    }

    /// Waits until what was begun is done, for so long at most; what is not is given back and done by another instance, or
    /// after the next start.
    pub(crate) async fn finish(mut self, longest: Duration) {
        self.drain();
        if timeout(longest, &mut self.task).await.is_ok() {
            return;
        }
        self.stop.send_replace(Stop::Now);
        // A store that says nothing must not keep the process: the leases run out by themselves.
        if timeout(Duration::from_millis(500), &mut self.task).await.is_err() {
            self.task.abort();
        }
        tracing::warn!("stopped with jobs still at work; they are done again");
    }
}

impl Runner {
    /// Begins, by a task of its own. `owner` tells this instance from others.
    pub(crate) fn start(self, owner: String) -> Workers {
        let (stop, stopping) = watch::channel(Stop::GoOn);
        Workers { stop, task: tokio::spawn(self.work(owner, stopping)) }
    }

    async fn work(mut self, owner: String, mut stopping: watch::Receiver<Stop>) {
        let mut at_work = JoinSet::new();
        let mut counting = interval(self.pace.count);
        counting.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut look = Instant::now();
        loop {
            tokio::select! {
                biased;
                _ = stopping.changed() => break,
                _ = counting.tick() => {
                    self.count().await;
                    continue;
                }
                _ = at_work.join_next(), if !at_work.is_empty() => {}
                () = self.bell.heard() => {}
                () = sleep_until(look) => {}
            }
            self.schedule.bring(&self.store, self.clock.now()).await;
            let busy = u32::try_from(at_work.len()).unwrap_or(u32::MAX);
            for job in self.claim(&owner, self.pace.at_once.saturating_sub(busy)).await {
                at_work.spawn(self.clone().carry_out(job, stopping.clone()));
            }
            look = Instant::now() + self.pace.look;
        }
        while at_work.join_next().await.is_some() {}
    }

    async fn claim(&self, owner: &str, most: u32) -> Vec<ClaimedJob> {
        if most == 0 {
            return Vec::new();
        }
        let now = self.clock.now();
        match self.store.platform().claim_jobs(owner, (most, self.pace.share), now, self.lease(now)).await {
            Ok(claimed) => claimed,
            Err(fault) => {
                // The store tells of itself elsewhere; the next look comes anyway.
                tracing::debug!(%fault, "no jobs could be claimed");
                Vec::new()
            }
        }
    }

    fn lease(&self, now: Timestamp) -> Timestamp {
        now + SignedDuration::try_from(self.pace.lease).unwrap_or_default()
    }

    async fn count(&self) {
        let now = self.clock.now();
        match self.store.platform().job_figures(now).await {
            Ok(figures) => {
                let waited = figures.oldest_due.map_or(0, |since| now.duration_since(since).as_secs());
                self.tally.seen(figures.queued, figures.dead, u64::try_from(waited).unwrap_or_default());
            }
            Err(fault) => tracing::debug!(%fault, "jobs could not be counted"),
        }
    }

    async fn carry_out(self, job: ClaimedJob, mut stopping: watch::Receiver<Stop>) {
        let (lease, kind, most) = (job.lease.clone(), job.kind.clone(), job.max_attempts);
        let limit = self.tasks.limit(&kind);
        // In a task of its own, so that a panic ends that and nothing else.
        let tasks = Arc::clone(&self.tasks);
        let mut work = JoinSet::new();
        work.spawn(async move { tasks.perform(job).await });
        let overdue = sleep(limit);
        tokio::pin!(overdue);
        let mut renewal = interval(self.pace.lease / 3);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        renewal.reset();
        let outcome = loop {
            tokio::select! {
                Some(done) = work.join_next() => break match done {
                    Ok(outcome) => outcome,
                    Err(fault) if fault.is_panic() => Err(Failure::again("it panicked, which is a defect of ours")),
                    Err(_) => Err(Failure::again("it was cut off")),
                },
                () = &mut overdue => break Err(Failure::again(format_args!("it took longer than {limit:?}"))),
                _ = renewal.tick() => {
                    let now = self.clock.now();
                    match self.store.platform().renew_lease(&lease, self.lease(now)).await {
                        Ok(()) => self.tally.renewed(),
                        Err(Error::NotFound) => {
                            tracing::warn!(job = lease.job, kind, "a job was lost to another worker");
                            return self.tally.count(Ran::Lost);
                        }
                        // There are two more tries before it runs out.
                        Err(fault) => tracing::debug!(job = lease.job, %fault, "a lease could not be renewed"),
                    }
                }
                () = told_to_stop(&mut stopping) => {
                    work.shutdown().await;
                    self.settle(&lease, self.store.platform().give_job_back(&lease, self.clock.now()).await);
                    return self.tally.count(Ran::GivenBack);
                }
            }
        };
        // What is overdue is stopped before anyone else may begin it again.
        work.shutdown().await;
        self.conclude(&lease, &kind, most, outcome).await;
    }

    async fn conclude(&self, lease: &Lease, kind: &str, most: u32, outcome: Result<(), Failure>) {
        let (now, platform) = (self.clock.now(), self.store.platform());
        let Err(Failure { said, hopeless }) = outcome else {
            self.settle(lease, platform.finish_job(lease, now).await);
            return self.tally.count(Ran::Done);
        };
        let run_at = (!hopeless && lease.attempt < most).then(|| now + back_off(lease.attempt, dice()));
        match run_at {
            Some(_) => tracing::warn!(job = lease.job, kind, attempt = lease.attempt, said, "a job failed"),
            None => tracing::error!(job = lease.job, kind, attempt = lease.attempt, said, "a job was given up"),
        }
        self.settle(lease, platform.fail_job(lease, &said, run_at, now).await);
        self.tally.count(if run_at.is_some() { Ran::Failed } else { Ran::Dead });
    }

    /// What cannot be written down is found out when the lease runs out: the job is done again.
    fn settle(&self, lease: &Lease, written: Result<(), Error>) {
        if let Err(fault) = written {
            tracing::warn!(job = lease.job, %fault, "what became of a job could not be written down");
        }
    }
}

async fn told_to_stop(stopping: &mut watch::Receiver<Stop>) {
    if stopping.wait_for(|stop| *stop == Stop::Now).await.is_err() {
        // Whoever could have said so is gone, and with it whoever waits for this.
        std::future::pending::<()>().await;
    }
}

/// Chance for the jitter; without randomness there is none, and nothing worse than that.
fn dice() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX)
}
