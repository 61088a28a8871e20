//! What lies on the disk so that calls are routed while the database is away: who the organizations are, and what their
//! plans are compiled from.
//!
//! `snapshots/` in the data directory holds one file for each organization and one directory of all of them. Everything in
//! them is sealed, bound to the organization and the revision that it is of: a file that was cut off, changed, renamed, or
//! written with another secret does not open, and counts as not there. A file is written beside its place and renamed, so it
//! is never half there; it is not waited for to be on the disk, since what a power failure takes is written again.

mod directory;
mod plan;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opbx_core::id::OrganizationId;

pub use self::directory::{DirectoryEntry, DirectoryRead};
pub use self::plan::{KeptPlan, PlanText};

use crate::data_dir::make_private_dir;
use crate::seal::Keyring;
use crate::store::Store;

/// The folder in the data directory.
const FOLDER: &str = "snapshots";
const DIRECTORY: &str = "directory.snapshot";
const PLAN: &str = "organization-";
const SUFFIX: &str = ".snapshot";
/// What a file is called until it is whole.
const GROWING: &str = ".new";

/// The snapshots of an installation. Its functions read and write files, and wait for the disk.
#[derive(Clone, Debug)]
pub struct Snapshots {
    folder: PathBuf,
    keys: Arc<Keyring>,
}

/// A snapshot that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the snapshot {} cannot be used: {reason}", file.display())]
pub struct Unusable {
    /// Which file.
    pub file: PathBuf,
    /// Why.
    pub reason: String,
}

impl Store {
    /// The snapshots that belong to it, in a data directory.
    pub fn snapshots(&self, data_dir: &Path) -> Snapshots {
        Snapshots { folder: Snapshots::folder_in(data_dir), keys: Arc::clone(&self.keys) }
    }
}

impl Snapshots {
    /// Where the snapshots of a data directory are.
    pub fn folder_in(data_dir: &Path) -> PathBuf {
        data_dir.join(FOLDER)
    }

    /// Whether there are any in a data directory, of whatever worth: then there was an installation with organizations.
    ///
    /// # Errors
    ///
    /// When the folder cannot be looked into.
    pub fn are_in(data_dir: &Path) -> io::Result<bool> {
        match fs::read_dir(Self::folder_in(data_dir)) {
            Ok(mut entries) => {
                entries.try_fold(false, |any, entry| Ok(any || entry?.file_name().to_string_lossy().ends_with(SUFFIX)))
            }
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// The organizations that there are files of.
    ///
    /// # Errors
    ///
    /// When the folder cannot be looked into.
    pub fn organizations(&self) -> io::Result<Vec<OrganizationId>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        };
        let mut found = Vec::new();
        for entry in entries {
            found.extend(entry?.file_name().to_str().and_then(named));
        }
        Ok(found)
    }

    /// Takes the file of an organization away; none is as good.
    ///
    /// # Errors
    ///
    /// When the disk does not let it go.
    pub fn remove(&self, organization: OrganizationId) -> io::Result<()> {
        gone(fs::remove_file(self.plan_file(organization)))
    }

    /// The file of an organization, whether it is there or not.
    pub fn plan_file(&self, organization: OrganizationId) -> PathBuf {
        self.folder.join(format!("{PLAN}{organization}{SUFFIX}"))
    }

    /// The file of the directory, whether it is there or not.
    pub fn directory_file(&self) -> PathBuf {
        self.folder.join(DIRECTORY)
    }

    /// Writes a file beside its place and renames it.
    fn put(&self, file: &Path, write: impl FnOnce(&mut fs::File) -> io::Result<()>) -> io::Result<()> {
        make_private_dir(&self.folder)?;
        let mut name = file.as_os_str().to_owned();
        name.push(GROWING);
        let growing = PathBuf::from(name);
        let written =
            crate::data_dir::private_file().truncate(true).open(&growing).and_then(|mut file| write(&mut file));
        match written.and_then(|()| fs::rename(&growing, file)) {
            Ok(()) => Ok(()),
            Err(fault) => {
                // What is left of it is in nobody's way.
                let _ = fs::remove_file(&growing);
                Err(fault)
            }
        }
    }
}

/// Whose file has this name.
fn named(name: &str) -> Option<OrganizationId> {
    let id = name.strip_prefix(PLAN)?.strip_suffix(SUFFIX)?;
    id.parse().ok().map(OrganizationId::new)
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(fault) if fault.kind() != ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}
