//! `opbx apply`: an organization made what a file says.

use super::Failure;
use super::store::{block_on, fault, nobody};
use crate::config::{self, StoreFlags};
use crate::plan_file;
use opbx_core::language::Document;
use opbx_server::admin::{self, Applied, Change, Constraint, Error, NotApplied};
use opbx_server::clock::{Clock, zones};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

/// Makes an organization what a plan file says, all of it or nothing, and prints what changed. Applied again, a file
/// changes nothing. PINs and passwords stay as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The plan file.
    file: PathBuf,
    /// The organization, by its identifier or short name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    /// Only print what would change.
    #[arg(long)]
    dry_run: bool,
    /// Remove what the file does not name.
    #[arg(long)]
    prune: bool,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Applies the file.
///
/// # Errors
///
/// When the file cannot be read or says what it may not, or the store refuses.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_store(&arguments.settings)?;
    let document = plan_file::parse(&arguments.file, &zones())?;
    let now = Clock::of_the_machine().now();
    let applied = block_on(async {
        let store = settings.place.open().await.map_err(|error| fault(&error))?;
        let how = (arguments.prune, arguments.dry_run);
        let applied = admin::apply(&store, &arguments.org, &document, how, now).await;
        store.close().await;
        applied.map_err(|error| not_applied(arguments, &document, &error))
    })?;
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(told(&applied, arguments.dry_run).as_bytes());
    Ok(())
}

/// A line for each object that changed, and how many did and did not.
fn told(applied: &Applied, dry_run: bool) -> String {
    let Applied { report, stayed } = applied;
    let mut text = String::new();
    for changed in &report.changes {
        let kind = changed.kind.word().replace('_', " ");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {kind} `{}`", word(changed.change), changed.key);
    }
    let [created, updated, removed] =
        [Change::Created, Change::Updated, Change::Removed].map(|change| report.count(change));
    let end = if dry_run { "; this was a dry run, nothing has changed" } else { "" };
    let _ = writeln!(text, "{created} created, {updated} updated, {removed} removed, {stayed} stayed{end}");
    text
}

const fn word(change: Change) -> &'static str {
    match change {
        Change::Created => "created",
        Change::Updated => "updated",
        Change::Removed => "removed",
    }
}

fn not_applied(arguments: &Arguments, document: &Document, error: &NotApplied) -> Failure {
    match error {
        NotApplied::Refused(problems) => plan_file::told(&arguments.file, problems),
        NotApplied::Store(Error::NotFound) => nobody(&arguments.org),
        NotApplied::Store(Error::Conflict(Constraint::PhoneNumber)) => {
            let numbers: Vec<String> =
                document.source.phone_numbers.iter().map(|number| number.number.to_string()).collect();
            Failure::fault(format!("Another organization has one of the numbers {}.", numbers.join(", ")))
        }
        NotApplied::Store(error) => fault(error),
    }
}
