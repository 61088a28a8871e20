//! Work for later: what changes have left to be done, and what the hour of the day brings.
//!
//! A job stands in the store from the moment that the change which leaves it is made. The [`runner`] of any instance claims
//! it and carries it out, perhaps more than once: a worker can be lost after the work and before it has said so. What a
//! job does must be harmless the second time, or at worst a second mail.

mod alert_letter;
mod audit_retention;
mod back_off;
mod call_retention;
mod file_removal;
mod letter;
mod message_letter;
mod missed_call_letter;
mod password_reset;
mod prompt_fetch;
mod recording_fetch;
mod recording_retention;
mod runner;
mod schedule;
mod statistics_rebuild;
mod sweep;
mod tally;
mod tasks;
mod told;

#[cfg(test)]
mod tests;

pub(crate) use self::alert_letter::{Alerted, alert_letter};
pub(crate) use self::letter::{address_changed, letter};
pub(crate) use self::password_reset::password_reset;
pub(crate) use self::prompt_fetch::{PROMPT_FETCH, prompt_fetch};
pub(crate) use self::recording_fetch::Fetching;
pub(crate) use self::runner::{Pace, Runner};
pub(crate) use self::schedule::Schedule;
pub(crate) use self::tally::{Ran, Tally};
pub(crate) use self::tasks::Tasks;

use crate::api::portrait;
use opbx_core::id::PromptId;
use opbx_store::{Actor, Author, ClaimedJob, Tenant};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// What tells the runner that there is something to do, so that it need not wait until it looks by itself. Clones lead to
/// the same runner.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bell(Arc<Notify>);

impl Bell {
    /// Something was left to be done.
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }

    async fn heard(&self) {
        self.0.notified().await;
    }
}

/// The author of what a job changes by itself.
pub(crate) fn author(kind: &'static str) -> Author {
    Author { actor: Actor::Job { kind }, request_id: None, address: None, portrait }
}

/// A piece of work on its way.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// Who knows how jobs are done.
pub(crate) trait Perform: Send + Sync + 'static {
    /// How long a job of this kind may take.
    fn limit(&self, kind: &str) -> Duration;

    /// Carries a job out.
    fn perform(&self, job: ClaimedJob) -> Work;
}

/// Who knows how the file of a remote prompt is fetched and kept: whoever answers the API, which knows jobs and is not known
/// here.
pub(crate) trait FetchPrompt: fmt::Debug + Send + Sync + 'static {
    /// Fetches it, if it is still wanted.
    fn fetch(&self, tenant: Tenant, prompt: PromptId) -> Pin<Box<dyn Future<Output = Result<Got, Failure>> + Send>>;
}

/// What came of fetching.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Got {
    /// What was wanted, if anything was.
    All,
    /// Not what was wanted; why stands where it was wanted.
    Nothing,
}

/// Why a job is not done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Failure {
    said: String,
    hopeless: bool,
}

impl Failure {
    /// It may go well another time.
    pub(crate) fn again(said: impl fmt::Display) -> Self {
        Self { said: said.to_string(), hopeless: false }
    }

    /// It will not go well, however often it is tried.
    pub(crate) fn hopeless(said: impl fmt::Display) -> Self {
        Self { said: said.to_string(), hopeless: true }
    }
}

impl From<opbx_store::Error> for Failure {
    fn from(fault: opbx_store::Error) -> Self {
        use opbx_store::Error;
        let said = crate::admin::chain(&fault);
        match fault {
            // What is not there any more will not come back.
            Error::NotFound | Error::Corrupt(_) => Self::hopeless(said),
            Error::Conflict(_) | Error::Stale | Error::Unavailable(_) => Self::again(said),
        }
    }
}
