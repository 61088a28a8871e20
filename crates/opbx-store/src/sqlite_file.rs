//! The database file: made privately, and recognized again.
//!
//! An open file stays writable when someone moves it away; what is written then is acknowledged and lost. So the file is
//! known by its device and inode, and a path that names another file, or none, counts as a database that is away.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::data_dir::{make_private_dir, private_file};
use crate::error::{Cause, Error};

/// The file that we opened.
#[derive(Debug)]
pub(crate) struct SqliteFile {
    path: PathBuf,
    /// From the first look on.
    known_as: Mutex<Option<Identity>>,
    /// Whether it has ever answered.
    used: AtomicBool,
}

/// Device and inode.
type Identity = (u64, u64);

/// A file as it is at a moment: two that are equal, with some time between them, say that nobody is writing it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Sight {
    identity: Identity,
    length: u64,
    modified: (i64, i64),
}

impl Sight {
    /// Whether nothing is in it.
    pub(crate) const fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// What the path names now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// The file that we opened.
    Ours,
    /// Another one.
    Another,
}

impl SqliteFile {
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_path_buf(), known_as: Mutex::default(), used: AtomicBool::new(false) }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes an empty file if there is none. SQLite gives the files beside it the same rights.
    pub(crate) fn make(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_private_dir(folder)?;
        }
        match private_file().create_new(true).open(&self.path) {
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made.map(drop),
        }
    }

    /// Looks where the path leads: a call of the system, a few microseconds.
    pub(crate) fn look(&self) -> Result<Found, Error> {
        let found = self.sight()?.identity;
        let mut known = self.known_as.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(if *known.get_or_insert(found) == found { Found::Ours } else { Found::Another })
    }

    /// The file that is there now, whichever it is.
    pub(crate) fn sight(&self) -> Result<Sight, Error> {
        let found = fs::metadata(&self.path).map_err(|fault| Error::Unavailable(Cause::new(fault)))?;
        let modified = (found.mtime(), found.mtime_nsec());
        Ok(Sight { identity: (found.dev(), found.ino()), length: found.len(), modified })
    }

    /// It has answered: the log beside it is its own.
    pub(crate) fn answered(&self) {
        self.used.store(true, Ordering::Relaxed);
    }

    /// Sees to it that this file meets no log of another one. SQLite would bring the log that a lost database left beside it
    /// into whatever stands there now; so that log is set aside, and back if its own file comes back.
    pub(crate) fn part_from_foreign_log(&self, sight: Sight) -> io::Result<()> {
        let known = *self.known_as.lock().unwrap_or_else(PoisonError::into_inner);
        let beside = |end: &str| {
            let mut name = self.path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        let (log, aside) = (beside("-wal"), beside("-wal.aside"));
        let is_ours = known == Some(sight.identity);
        if is_ours && aside.exists() && !log.exists() {
            fs::rename(aside, log)
        } else if !is_ours && self.used.load(Ordering::Relaxed) && log.exists() {
            // The index of the log is made anew.
            match fs::remove_file(beside("-shm")) {
                Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
                _ => fs::rename(log, aside),
            }
        } else {
            Ok(())
        }
    }

    /// From now on this file is ours.
    pub(crate) fn take(&self, sight: Sight) {
        *self.known_as.lock().unwrap_or_else(PoisonError::into_inner) = Some(sight.identity);
    }

    /// An error unless the path still leads to our file.
    pub(crate) fn must_be_ours(&self) -> Result<(), Error> {
        match self.look()? {
            Found::Ours => Ok(()),
            Found::Another => Err(Error::away("another file has taken the place of the database")),
        }
    }
}
