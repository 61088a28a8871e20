//! The secret that an installation has when nobody gave it one: a file in its data directory.

use crate::secret_key::SecretKey;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Where it is.
pub(super) fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("secret.key")
}

/// The secret, if there is one.
pub(super) fn read(data_dir: &Path) -> io::Result<Option<SecretKey>> {
    match std::fs::read_to_string(file(data_dir)) {
        Ok(text) => key(text.trim_end()).map(Some),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Keeps a new secret, which only the owner of the file may read. It is on the disk before anything is sealed with it.
pub(super) fn write(data_dir: &Path, secret: &str) -> io::Result<SecretKey> {
    let key = key(secret)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file(data_dir))?;
    writeln!(file, "{secret}")?;
    file.sync_all()?;
    Ok(key)
}

fn key(text: &str) -> io::Result<SecretKey> {
    SecretKey::new(text.into())
        .map_err(|fault| io::Error::new(ErrorKind::InvalidData, format!("it should hold {fault}")))
}
