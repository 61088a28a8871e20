//! `opbx stats rebuild`: statistics, counted anew out of the calls.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use opbx_server::admin::{self, Error};
use std::io::Write as _;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// Count the statistics anew out of the calls that are kept; those of calls that are gone stay.
    Rebuild(Arguments),
}

/// Whose statistics.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The organization, by its identifier or short name (default: all of them).
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<String>,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Counts, and tells a line for each organization as soon as it is done. A running server goes on meanwhile, and answers with
/// the old counts until the new ones are whole.
///
/// # Errors
///
/// When a setting is wrong, there is no such organization, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    let Order::Rebuild(arguments) = order;
    let settings = config::read_for_store(&arguments.settings)?;
    block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let named = match &arguments.org {
            Some(named) => vec![named.clone()],
            None => {
                let all = admin::list(&store).await.map_err(|error| fault(&error))?;
                all.into_iter().map(|organization| organization.slug).collect()
            }
        };
        for named in named {
            let rebuilt = admin::rebuild_statistics(&store, &named).await.map_err(|error| match error {
                Error::NotFound => nobody(&named),
                error => fault(&error),
            })?;
            // Whoever reads only the beginning closes the pipe, and that is no fault.
            let _ =
                std::io::stdout().lock().write_all(format!("{named}: {} calls counted\n", rebuilt.calls).as_bytes());
        }
        store.close().await;
        Ok(())
    })
}
