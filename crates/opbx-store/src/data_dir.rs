//! The data directory: it belongs to one server at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The file whose lock is the claim, and which names who holds it.
const LOCK: &str = "opbx.lock";

/// A data directory that is ours for as long as this value lives.
///
/// The claim is a lock of the operating system, so it ends with the process however that ends. The file stays.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Who has a data directory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// No process.
    Nobody,
    /// A process, by its number if that can be read.
    Process(Option<u32>),
}

/// Why a data directory could not be claimed.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process has it.
    #[error("the data directory {} is in use by {}", path.display(), holder(*pid))]
    InUse {
        /// Which directory.
        path: PathBuf,
        /// The process, if it could be read.
        pid: Option<u32>,
    },
    /// It cannot be made or written.
    #[error("the data directory {} cannot be used", path.display())]
    Unusable {
        /// Which directory.
        path: PathBuf,
        /// Why.
        #[source]
        fault: io::Error,
    },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("the process {pid}"))
}

impl DataDir {
    /// Makes the directory if there is none, and claims it.
    ///
    /// # Errors
    ///
    /// [`DataDirError`]: someone else has it, or it cannot be used.
    pub fn claim(path: &Path) -> Result<Self, DataDirError> {
        let unusable = |fault| DataDirError::Unusable { path: path.to_path_buf(), fault };
        make_private_dir(path).map_err(unusable)?;
        let mut lock = private_file().truncate(false).read(true).open(path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // What the holder wrote; it may be writing it just now.
                let _ = lock.read_to_string(&mut text);
                return Err(DataDirError::InUse { path: path.to_path_buf(), pid: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(fault)) => return Err(unusable(fault)),
        }
        lock.set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| writeln!(lock, "{}", std::process::id()))
            .map_err(unusable)?;
        Ok(Self { path: path.to_path_buf(), _lock: lock })
    }

    /// Who has a directory, without claiming it.
    ///
    /// # Errors
    ///
    /// When its lock cannot be looked at.
    pub fn holder(path: &Path) -> io::Result<Holder> {
        let mut lock = match File::open(path.join(LOCK)) {
            Ok(lock) => lock,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Holder::Nobody),
            Err(fault) => return Err(fault),
        };
        // Shared, so that two who look do not see each other; it is given back at once, with the file.
        match lock.try_lock_shared() {
            Ok(()) => Ok(Holder::Nobody),
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let _ = lock.read_to_string(&mut text);
                Ok(Holder::Process(text.trim().parse().ok()))
            }
            Err(TryLockError::Error(fault)) => Err(fault),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes a directory that only its owner may enter, and those above it that are missing.
pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens or makes a file that only its owner may read.
pub(crate) fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}
