//! What became of the jobs that this process had.

use std::sync::atomic::{AtomicU64, Ordering};

/// What became of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ran {
    /// It is done.
    Done,
    /// It failed and comes again.
    Failed,
    /// It was given up.
    Dead,
    /// Its lease was lost to someone else.
    Lost,
    /// It was given back, because the server stops.
    GivenBack,
}

impl Ran {
    /// All of them, in the order of their numbers.
    pub(crate) const ALL: [Self; 5] = [Self::Done, Self::Failed, Self::Dead, Self::Lost, Self::GivenBack];

    /// Its word among the figures.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Dead => "dead",
            Self::Lost => "lost",
            Self::GivenBack => "given_back",
        }
    }
}

/// Counts of attempts, and what there was to do when the runner last looked.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    ran: [AtomicU64; Ran::ALL.len()],
    renewals: AtomicU64,
    queued: AtomicU64,
    dead: AtomicU64,
    oldest_seconds: AtomicU64,
}

impl Tally {
    pub(super) fn count(&self, ran: Ran) {
        if let Some(count) = self.ran.get(ran as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn renewed(&self) {
        self.renewals.fetch_add(1, Ordering::Relaxed);
    }

    /// What there was to do when the runner looked: jobs that wait, jobs that were given up, and for how many seconds the
    /// oldest one that is due has been waiting.
    pub(crate) fn seen(&self, queued: u64, dead: u64, oldest_seconds: u64) {
        self.queued.store(queued, Ordering::Relaxed);
        self.dead.store(dead, Ordering::Relaxed);
        self.oldest_seconds.store(oldest_seconds, Ordering::Relaxed);
    }

    /// How many attempts came to this.
    pub(crate) fn ran(&self, ran: Ran) -> u64 {
        self.ran.get(ran as usize).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// How often a lease was renewed.
    pub(crate) fn renewals(&self) -> u64 {
        self.renewals.load(Ordering::Relaxed)
    }

    /// How many jobs waited when the runner last looked.
    pub(crate) fn queued(&self) -> u64 {
        self.queued.load(Ordering::Relaxed)
    }

    /// How many jobs were given up and not thrown away, when the runner last looked.
    pub(crate) fn dead(&self) -> u64 {
        self.dead.load(Ordering::Relaxed)
    }

    /// For how many seconds the oldest one that was due had been waiting when the runner last looked.
    pub(crate) fn oldest_seconds(&self) -> u64 {
        self.oldest_seconds.load(Ordering::Relaxed)
    }
}
