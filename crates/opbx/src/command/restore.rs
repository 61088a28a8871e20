//! `opbx restore`: a data directory made of a backup.

use super::Failure;
use super::store::{block_on, fault};
use crate::config::{self, StoreFlags};
use opbx_server::admin::{Existing, KeyFrom, Restored};
use opbx_server::clock::Clock;
use std::io::Write;
use std::path::PathBuf;

/// Makes the data directory what a backup holds, all of it or nothing: checksums, counts and the key are compared before
/// anything is moved. Not beside a server. Nothing is deleted.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The backup.
    file: PathBuf,
    /// Move what is there to a folder `retired-…` of the data directory first.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Restores, and says what was restored.
///
/// # Errors
///
/// When the backup is not whole, newer, or sealed with another key; when a server runs or something is there.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_store(&arguments.settings)?;
    let (file, now) = (&arguments.file, Clock::of_the_machine().now());
    let existing = if arguments.force { Existing::Replaced } else { Existing::Kept };
    let restored =
        block_on(async { settings.place.restore(file, existing, now).await.map_err(|error| fault(&error)) })?;
    // Whoever does not listen has the data all the same.
    let _ = std::io::stdout().lock().write_all(told(&restored).as_bytes());
    Ok(())
}

fn told(restored: &Restored) -> String {
    let Restored { product, made_at, tables, rows, audio, key, retired } = restored;
    let key = match key {
        KeyFrom::Backup => "was in the backup",
        KeyFrom::Setting => "is the one that is set",
        KeyFrom::DataDir => "is the one that was there",
    };
    let audio = if *audio == 0 { String::new() } else { format!(" and {audio} audio files") };
    let mut text = format!(
        "Restored {tables} tables with {rows} rows{audio}, as OPBX {product} had them at {made_at:.0}. The secret key {key}.\n"
    );
    if let Some(retired) = retired {
        text.push_str(&format!("What was there before is in {}.\n", retired.display()));
    }
    text
}
