//! How far the entries are in the database.
//!
//! One number in a file of its own, written after each batch and not waited for: entries that are applied once more change
//! nothing, so a number that is a little old costs a little work.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file with the number.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    file: PathBuf,
    draft: PathBuf,
}

impl Progress {
    pub(super) fn below(folder: &Path) -> Self {
        Self { file: folder.join("applied"), draft: folder.join("applied.new") }
    }

    /// The number of the last entry that is applied; `None`: it is not known, and everything is applied again.
    pub(super) fn read(&self) -> io::Result<Option<u64>> {
        match fs::read_to_string(&self.file) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Writes it.
    pub(super) fn write(&self, applied: u64) -> io::Result<()> {
        fs::write(&self.draft, format!("{applied}\n"))?;
        fs::rename(&self.draft, &self.file)
    }
}
