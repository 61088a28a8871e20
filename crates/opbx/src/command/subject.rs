//! Whose plan a command looks at: a file's or an organization's.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use crate::plan_file;
use jiff::tz::TimeZoneDatabase;
use opbx_core::plan::PlanSource;
use opbx_server::admin::{self, Error};
use std::path::PathBuf;

/// A file or an organization.
#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct Subject {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    settings: StoreFlags,
}

/// One of the two.
#[derive(Debug, clap::Args)]
#[group(id = "subject", required = true, multiple = false)]
struct Which {
    /// A plan file, without a database; settings do not matter then.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// An organization of the database, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<String>,
}

impl Subject {
    /// The plan.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, there is no such organization, or the store fails.
    pub(super) fn source(&self, zones: &TimeZoneDatabase) -> Result<PlanSource, Failure> {
        match (&self.which.plan, &self.which.org) {
            (Some(file), _) => Ok(plan_file::parse(file, zones)?.source),
            (None, Some(org)) => of_the_store(&self.settings, org),
            (None, None) => Err(Failure::usage("Use --plan or --org.")),
        }
    }
}

fn of_the_store(flags: &StoreFlags, org: &str) -> Result<PlanSource, Failure> {
    let settings = config::read_for_store(flags)?;
    block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let source = admin::plan(&store, org).await;
        store.close().await;
        source.map_err(|error| match error {
            Error::NotFound => nobody(org),
            error => fault(&error),
        })
    })
}
