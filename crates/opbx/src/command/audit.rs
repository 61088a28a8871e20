//! `opbx audit verify`: whether an audit log is whole.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use opbx_server::admin::{self, AuditFault, Error, Verified};
use std::fmt::Write as _;
use std::io::Write as _;

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Order {
    /// Follow the chain of the log; exit 1 where it is broken.
    Verify(Arguments),
}

/// Whose log.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The organization, by its identifier or short name (default: all of them).
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<String>,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Verifies, and tells a line for each organization.
///
/// # Errors
///
/// When a setting is wrong, a log is not whole, or the store fails.
pub(crate) fn run(order: &Order) -> Result<(), Failure> {
    let Order::Verify(arguments) = order;
    let settings = config::read_for_store(&arguments.settings)?;
    let verified = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let named = match &arguments.org {
            Some(named) => vec![named.clone()],
            None => {
                let all = admin::list(&store).await.map_err(|error| fault(&error))?;
                all.into_iter().map(|organization| organization.slug).collect()
            }
        };
        let mut verified = Vec::new();
        for named in named {
            let found = admin::verify_audit_log(&store, &named).await.map_err(|error| match error {
                Error::NotFound => nobody(&named),
                error => fault(&error),
            })?;
            verified.push((named, found));
        }
        store.close().await;
        Ok(verified)
    })?;
    let (mut whole, mut broken) = (String::new(), String::new());
    for (named, verified) in &verified {
        let lines = if verified.fault.is_none() { &mut whole } else { &mut broken };
        // Writing to a text cannot fail.
        let _ = writeln!(lines, "{named}: {}", told(verified));
    }
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(whole.as_bytes());
    if broken.is_empty() { Ok(()) } else { Err(Failure::Fault(broken)) }
}

fn told(verified: &Verified) -> String {
    match &verified.fault {
        None => format!("{} entries, whole", verified.entries),
        Some(AuditFault::Missing { sequence }) => format!("entry {sequence} is missing"),
        Some(AuditFault::Altered { sequence }) => format!("entry {sequence} does not say what was written"),
        Some(AuditFault::Broken { sequence }) => format!("the chain is broken at entry {sequence}"),
    }
}
