//! The installation's secret.

use super::{Layers, Setting};
use opbx_server::SecretKey;
use std::path::PathBuf;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The secret that addresses in documents are signed with and secrets in the database are sealed with, at least 32
    /// characters; without it, the one in the data directory, or with --plan one that is made up at each start
    /// (variable: OPBX_SECRET_KEY)
    #[arg(long, value_name = "SECRET")]
    secret_key: Option<String>,
    /// A file that holds the secret, which other users cannot see as they can see a flag (variable: OPBX_SECRET_KEY_FILE)
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<String>,
}

const SECRET_KEY: Setting =
    Setting { flag: "secret-key", variable: "OPBX_SECRET_KEY", key: "secret_key", secret: true };
const SECRET_KEY_FILE: Setting =
    Setting { flag: "secret-key-file", variable: "OPBX_SECRET_KEY_FILE", key: "secret_key_file", secret: false };

/// Reads the section. `None`: none was given, or there was a mistake.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Option<SecretKey> {
    let secret = |text: &str| SecretKey::new(text.into());
    let given = layers.take(SECRET_KEY, flags.secret_key.as_deref(), "a text of at least 32 characters", secret);
    let path = |text: &str| Ok::<_, ()>(PathBuf::from(text));
    let file = layers.take(SECRET_KEY_FILE, flags.secret_key_file.as_deref(), "the name of a file", path);
    match (given, file) {
        (Some(_), Some(_)) => {
            layers.mistake("A secret key and a file with one are both set; keep one of them.");
            None
        }
        (Some(given), None) => Some(given),
        (None, Some(file)) => {
            let name = file.display();
            match std::fs::read_to_string(&file).map(|text| SecretKey::new(text.trim_end().into())) {
                Ok(Ok(secret)) => return Some(secret),
                Ok(Err(too_short)) => layers.mistake(format!("{name} should hold {too_short}.")),
                Err(fault) => layers.mistake(format!("The secret key cannot be read from {name}: {fault}.")),
            }
            None
        }
        (None, None) => None,
    }
}
