//! What time a server takes it to be: what the machine says. With the feature `test-clock`, what a file says, so that a test can
//! ask the program itself about a Sunday night.
//!
//! A release cannot have it: whoever can write the file decides when a customer is open.

use crate::command::Failure;
use opbx_server::clock::Clock;

#[cfg(all(feature = "test-clock", not(debug_assertions)))]
compile_error!(
    "The feature `test-clock` is for tests: build it in a profile with debug assertions, and no release with it."
);

/// What `--version` says. A program that could take its time from a file says so.
pub(crate) const VERSION: &str = if cfg!(feature = "test-clock") {
    concat!(env!("CARGO_PKG_VERSION"), " with test-clock")
} else {
    env!("CARGO_PKG_VERSION")
};

/// Where the time comes from.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(crate) struct Flags {
    /// Read the time, as RFC 3339 writes it, from this file whenever it is asked for.
    #[cfg(feature = "test-clock")]
    #[arg(long, value_name = "FILE", hide = true)]
    test_clock: Option<std::path::PathBuf>,
}

/// The clock of a server.
///
/// # Errors
///
/// When the time is to come from a file that does not say it.
#[cfg(not(feature = "test-clock"))]
pub(crate) fn of(_: &Flags) -> Result<Clock, Failure> {
    Ok(Clock::of_the_machine())
}

/// The clock of a server.
///
/// # Errors
///
/// When the time is to come from a file that does not say it.
#[cfg(feature = "test-clock")]
pub(crate) fn of(flags: &Flags) -> Result<Clock, Failure> {
    let Some(file) = flags.test_clock.clone() else { return Ok(Clock::of_the_machine()) };
    let last = std::sync::Mutex::new(file::read(&file).map_err(Failure::usage)?);
    Ok(Clock::new(move || {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match file::read(&file) {
            Ok(now) => *last = now,
            // Whoever asks must get an answer: what the file said last.
            Err(mistake) => tracing::warn!("{mistake}"),
        }
        *last
    }))
}

#[cfg(feature = "test-clock")]
mod file {
    use jiff::Timestamp;
    use std::path::Path;

    pub(super) fn read(file: &Path) -> Result<Timestamp, String> {
        let shown = file.display();
        let text = std::fs::read_to_string(file).map_err(|fault| format!("{shown}: {fault}."))?;
        text.trim()
            .parse()
            .map_err(|_| format!("{shown} says `{}`; it should be a time like 2026-03-08T03:00:00-04:00.", text.trim()))
    }
}
