//! Where the data is.

use super::{Layers, Setting};
use opbx_server::admin::Location;
use std::path::PathBuf;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The directory with the data (variable: OPBX_DATA_DIR; default: ./data)
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<String>,
    /// Another database than the file in that directory, such as <mysql://opbx:password@db:3306/opbx>
    /// (variable: OPBX_DATABASE_URL)
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

const DATA_DIR: Setting = Setting { flag: "data-dir", variable: "OPBX_DATA_DIR", key: "data_dir", secret: false };
// Its address may hold a password.
const DATABASE_URL: Setting =
    Setting { flag: "database-url", variable: "OPBX_DATABASE_URL", key: "database_url", secret: true };

/// What was set.
pub(super) struct Data {
    pub(super) data_dir: PathBuf,
    pub(super) database: Option<Location>,
}

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Data {
    let path = |text: &str| if text.is_empty() { Err(()) } else { Ok(PathBuf::from(text)) };
    let data_dir = layers.take(DATA_DIR, flags.data_dir.as_deref(), "the name of a directory", path);
    let expected = "an address like mysql://user:password@host:3306/opbx or sqlite:/var/lib/opbx/opbx.db";
    let database = layers.take(DATABASE_URL, flags.database_url.as_deref(), expected, str::parse);
    Data { data_dir: data_dir.unwrap_or_else(|| "data".into()), database }
}
