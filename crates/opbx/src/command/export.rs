//! `opbx export`: an organization's plan as text.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use opbx_core::language;
use opbx_server::admin::{self, Error};
use opbx_server::clock::zones;
use std::io::Write;

/// Prints an organization's whole routing in the plan language, without its secrets. `opbx apply` takes it back.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The organization, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Prints the plan.
///
/// # Errors
///
/// When there is no such organization, or the store fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_store(&arguments.settings)?;
    let source = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let source = admin::export(&store, &arguments.org).await;
        store.close().await;
        source.map_err(|error| match error {
            Error::NotFound => nobody(&arguments.org),
            error => fault(&error),
        })
    })?;
    let text = language::print(&source, &zones());
    // A plan that was not written whole must not look as if it were.
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| fault(&error))
}
