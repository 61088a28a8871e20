//! `opbx jobs`: work that waits, that is being done, and that was given up.

use super::Failure;
use super::store::{block_on, fault};
use crate::config::{self, StoreFlags};
use opbx_server::admin::{self, Error, JobState, JobView};
use opbx_server::clock::Clock;
use std::io::Write as _;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// List jobs, the latest first: a JSON object in a line for each.
    List(Listed),
    /// Try jobs again that were given up.
    Retry(Named),
    /// Throw jobs away, unless they are just being done.
    Discard(Named),
}

/// Which jobs.
#[derive(Debug, clap::Args)]
pub(crate) struct Listed {
    /// Only those that stand so: queued, running, done or dead.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// Only those of this kind, such as letter.
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    last: u32,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Jobs by their identifiers.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// Their identifiers.
    #[arg(value_name = "ID", required = true)]
    ids: Vec<u64>,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Does it. A running server begins what is tried again within a second.
///
/// # Errors
///
/// When a setting or a word is wrong, there is no such job, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    match order {
        Order::List(listed) => list(listed),
        Order::Retry(named) => each(named, Done::Retried),
        Order::Discard(named) => each(named, Done::Discarded),
    }
}

fn list(listed: &Listed) -> Result<(), Failure> {
    let settings = config::read_for_store(&listed.settings)?;
    let state = match listed.state.as_deref() {
        None => None,
        Some(word) => Some(JobState::of_word(word).ok_or_else(|| {
            Failure::usage(format_args!("--state is `{word}`; it should be queued, running, done or dead."))
        })?),
    };
    let jobs = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let jobs = admin::jobs(&store, state, listed.kind.as_deref(), listed.last).await;
        store.close().await;
        jobs.map_err(|error| fault(&error))
    })?;
    let mut text = String::new();
    for job in &jobs {
        text.push_str(&serde_json::to_string::<JobView>(job).map_err(Failure::fault)?);
        text.push('\n');
    }
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(())
}

/// What is done with a job.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Retried,
    Discarded,
}

/// All that can be; those that cannot are named, and make it a fault.
fn each(named: &Named, done: Done) -> Result<(), Failure> {
    let settings = config::read_for_store(&named.settings)?;
    let now = Clock::of_the_machine().now();
    let missed = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let mut missed = Vec::new();
        for id in &named.ids {
            let outcome = match done {
                Done::Retried => admin::retry_job(&store, *id, now).await,
                Done::Discarded => admin::discard_job(&store, *id).await,
            };
            match outcome {
                Ok(()) => {}
                Err(Error::NotFound) => missed.push(id.to_string()),
                Err(error) => return Err(fault(&error)),
            }
        }
        store.close().await;
        Ok(missed)
    })?;
    match (missed.is_empty(), done) {
        (true, _) => Ok(()),
        (false, Done::Retried) => {
            Err(Failure::fault(format_args!("Not given up, or not there: {}.", missed.join(", "))))
        }
        (false, Done::Discarded) => {
            Err(Failure::fault(format_args!("Being done, or not there: {}.", missed.join(", "))))
        }
    }
}
