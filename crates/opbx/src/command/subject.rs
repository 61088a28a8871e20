//! Whose plan a command looks at: a file's or an organization's.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use crate::plan_file;
use opbx_core::plan::{PlanSource, RoutingPlan, compile};
use opbx_server::admin::{self, Error};
use opbx_server::clock::zones;
use opbx_server::numbering::PhoneNumbers;
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
    /// The plan, ready to be asked. What compiling had to put right is told on the error output.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, there is no such organization, or the store fails.
    pub(super) fn compiled(&self) -> Result<RoutingPlan, Failure> {
        let zones = zones();
        let source = match (&self.which.plan, &self.which.org) {
            (Some(file), _) => plan_file::parse(file, &zones)?.source,
            (None, Some(org)) => of_the_store(&self.settings, org)?,
            (None, None) => return Err(Failure::usage("Use --plan or --org.")),
        };
        let numbers = PhoneNumbers::of(source.organization.country);
        let (plan, warnings) = compile(source, &zones, &numbers);
        for warning in warnings {
            eprintln!("{}.", plan_file::warning(&warning));
        }
        Ok(plan)
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
