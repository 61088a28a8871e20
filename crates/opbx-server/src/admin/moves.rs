//! Files that change their places together, or not at all.

use jiff::Timestamp;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Moves that were made. Dropped without [`Moves::keep`], they are taken back, the last one first.
#[derive(Debug, Default)]
pub(super) struct Moves(Vec<(PathBuf, PathBuf)>);

impl Moves {
    /// Moves a file within its disk; where something has that name, nothing happens.
    pub(super) fn make(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        if to.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", to.display())));
        }
        fs::rename(from, to)?;
        self.0.push((from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    /// Moves what is there into a folder beside it that is named after this time, and answers the folder.
    pub(super) fn retire(&mut self, from: &Path, now: Timestamp) -> Result<PathBuf, (PathBuf, io::Error)> {
        let beside = from.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let folder = beside.join(now.strftime("retired-%Y%m%dT%H%M%SZ").to_string());
        let to = folder.join(from.file_name().unwrap_or_default());
        let moved = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
        moved.and_then(|()| self.make(from, &to)).map(|()| folder).map_err(|fault| (to, fault))
    }

    /// Lets everything stay where it is now, once the disk knows it.
    pub(super) fn keep(mut self) -> io::Result<()> {
        for folder in self.0.iter().flat_map(|(from, to)| [from.parent(), to.parent()]).flatten() {
            File::open(folder)?.sync_all()?;
        }
        self.0.clear();
        Ok(())
    }
}

impl Drop for Moves {
    fn drop(&mut self) {
        for (from, to) in self.0.drain(..).rev() {
            if let Err(fault) = fs::rename(&to, &from) {
                tracing::error!(%fault, file = %to.display(), "a file could not be moved back");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_that_fails_takes_back_those_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["one", "two", "taken"] {
            fs::write(at(name), name).unwrap();
        }
        let mut moves = Moves::default();
        moves.make(&at("one"), &at("gone")).unwrap();
        moves.make(&at("two"), &at("one")).unwrap();
        assert_eq!(fs::read_to_string(at("one")).unwrap(), "two");
        assert_eq!(moves.make(&at("gone"), &at("taken")).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        drop(moves);
        for name in ["one", "two", "taken"] {
            assert_eq!(fs::read_to_string(at(name)).unwrap(), name);
        }
        let mut moves = Moves::default();
        moves.make(&at("one"), &at("gone")).unwrap();
        moves.keep().unwrap();
        assert!(at("gone").exists() && !at("one").exists());
    }
}
