//! `opbx backup`: all that a new machine needs, in one file.

use super::Failure;
use super::store::{block_on, fault};
use crate::config::{self, StoreFlags};
use opbx_server::admin::{BackedUp, Existing, Secret};
use opbx_server::clock::Clock;
use std::io::Write;
use std::path::PathBuf;

/// Writes the database and the generated secret key into one file, which only its owner may read. A server may be
/// running: the backup is what the database was at one moment.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The file to make, such as opbx-2026-03-09.tar.gz.
    file: PathBuf,
    /// Leave the secret key out; without it nobody can read the secrets in the backup, and it must be kept elsewhere.
    #[arg(long)]
    no_secret: bool,
    /// Replace a file that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    settings: StoreFlags,
}

/// Writes the backup, and says what is in it.
///
/// # Errors
///
/// When the data cannot be read or the file not be written.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_store(&arguments.settings)?;
    let (file, now) = (&arguments.file, Clock::of_the_machine().now());
    let secret = if arguments.no_secret { Secret::LeftOut } else { Secret::Included };
    let existing = if arguments.force { Existing::Replaced } else { Existing::Kept };
    let made =
        block_on(async { settings.place.back_up(file, secret, existing, now).await.map_err(|error| fault(&error)) })?;
    let BackedUp { tables, rows, bytes, audio, has_key } = made;
    let key = if has_key {
        "The secret key is in it: whoever has the file can read every secret."
    } else {
        "The secret key is not in it: keep it elsewhere, nothing else opens its secrets."
    };
    let audio = if audio == 0 { String::new() } else { format!("{audio} audio files, ") };
    let text = format!("{}: {tables} tables, {rows} rows, {audio}{bytes} bytes. {key}\n", file.display());
    // Whoever does not listen has the file all the same.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(())
}
