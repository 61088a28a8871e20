//! How much of what is acknowledged may wait for the database.

use super::{Layers, Setting};
use opbx_server::JournalLimit;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// How much of what is acknowledged may wait for the database, in MiB, 4 to 1048576; beyond it the platform is asked to
    /// send again later (variable: OPBX_JOURNAL_MAX_MB; default: 1024)
    #[arg(long, value_name = "MIB")]
    journal_max_mb: Option<String>,
}

const JOURNAL_MAX_MB: Setting =
    Setting { flag: "journal-max-mb", variable: "OPBX_JOURNAL_MAX_MB", key: "journal_max_mb", secret: false };

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> JournalLimit {
    let limit = |text: &str| text.parse().ok().and_then(JournalLimit::mebibytes).ok_or(());
    let expected = format!("a number of MiB from {} to {}", JournalLimit::LEAST, JournalLimit::MOST);
    layers.take(JOURNAL_MAX_MB, flags.journal_max_mb.as_deref(), &expected, limit).unwrap_or_default()
}
