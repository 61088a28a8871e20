//! Work for later: left behind by a change in its own transaction, or brought by the hour of the day.
//!
//! A job is claimed under a lease, which its worker renews. A worker that is lost renews nothing, and its job is claimed
//! again. What a worker says about a job counts only under the lease that it was given: a [`Lease`] names the attempt, so
//! that a worker that was thought lost and comes back has nothing to say.
//!
//! Jobs cross organizations like the questions of `Platform` do: one worker serves them all. Each carries the organization
//! that it was left by, and whoever carries it out goes in by that.

mod claim;
mod enqueue;
mod look;
mod settle;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use opbx_core::secret::Password;
use serde_json::Value;

pub(crate) use self::enqueue::insert;
pub use self::look::{Job, JobFigures, JobQuery};

/// How soon a job is taken among those that are due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Priority {
    /// Someone waits for it.
    Urgent,
    /// The usual.
    #[default]
    Usual,
    /// Any time is good.
    Idle,
}

impl Priority {
    const fn number(self) -> i32 {
        match self {
            Self::Urgent => 0,
            Self::Usual => 1,
            Self::Idle => 2,
        }
    }
}

/// How a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JobState {
    /// It waits for its time, or for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// It is done.
    Done,
    /// It was given up: it failed for good, or as often as it may.
    Dead,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Done, Self::Dead];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }

    /// The state of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Work to be left for later.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What kind of work, in a word of at most 40 characters.
    pub kind: &'static str,
    /// What it needs to know: at most 64 KiB of JSON, readable by whoever reads the database.
    pub payload: Value,
    /// What of that nobody may read there: sealed. Only a job of an organization has one.
    pub secret: Option<Password>,
    /// At most 190 characters; for as long as a job of this key is kept there is no second one, done or not.
    pub unique_key: Option<String>,
    /// How soon it is taken.
    pub priority: Priority,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// How often it may be tried, at least once.
    pub max_attempts: u32,
}

impl NewJob {
    /// Usual work to be done at once, tried so often.
    pub const fn new(kind: &'static str, payload: Value, run_at: Timestamp, max_attempts: u32) -> Self {
        Self { kind, payload, secret: None, unique_key: None, priority: Priority::Usual, run_at, max_attempts }
    }
}

/// The proof of having claimed a job, and in which attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    /// Which job.
    pub job: u64,
    /// Who has it.
    pub owner: String,
    /// Its how manieth attempt this is, from 1.
    pub attempt: u32,
}

/// A job that was claimed.
#[derive(Clone, PartialEq, Debug)]
pub struct ClaimedJob {
    /// The claim.
    pub lease: Lease,
    /// What kind of work.
    pub kind: String,
    /// Whose; `None`: of the installation.
    pub organization: Option<OrganizationId>,
    /// What it needs to know.
    pub payload: Value,
    /// What of that was sealed.
    pub secret: Option<Password>,
    /// How often it may be tried.
    pub max_attempts: u32,
    /// When it was left.
    pub created_at: Timestamp,
}
