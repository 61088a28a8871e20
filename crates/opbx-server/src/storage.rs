//! The data directory as a place to write to: whether it takes a file, and how much of its disk is free.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The least share of the disk that should be free, in percent.
pub(crate) const LEAST_FREE: u64 = 10;
/// The folder of the files of prompts.
pub(crate) const AUDIO: &str = "audio";
/// The folder of the journal.
const JOURNAL: &str = "journal";
/// How long the disk may take to answer. One that hangs (a network share) must not hang whoever asks.
const PATIENCE: Duration = Duration::from_secs(1);

/// The data directory of a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Storage {
    /// Where it is.
    pub data_dir: PathBuf,
    /// The least share of its disk that should be free, in percent.
    pub least_free: u64,
}

/// Why the data directory is not as it should be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ailing {
    /// Nothing can be written.
    #[error("nothing can be written to it")]
    NotWritable(#[source] io::Error),
    /// The disk is nearly full.
    #[error("its disk is nearly full")]
    NearlyFull,
    /// The disk does not answer.
    #[error("its disk does not answer")]
    Silent,
}

impl Storage {
    /// A directory whose disk should have a tenth free.
    pub const fn at(data_dir: PathBuf) -> Self {
        Self { data_dir, least_free: LEAST_FREE }
    }

    /// Where the files of prompts are.
    pub(crate) fn audio(&self) -> PathBuf {
        self.data_dir.join(AUDIO)
    }

    /// Where what is acknowledged goes first.
    pub(crate) fn journal(&self) -> PathBuf {
        self.data_dir.join(JOURNAL)
    }

    /// Writes a small file and takes it away again, and looks how full the disk is.
    pub(crate) async fn examine(&self) -> Result<(), Ailing> {
        let Self { data_dir: path, least_free } = self.clone();
        let looked = tokio::task::spawn_blocking(move || {
            writable(&path).map_err(Ailing::NotWritable)?;
            match free(&path) {
                Ok(free) if free < least_free => Err(Ailing::NearlyFull),
                Ok(_) => Ok(()),
                Err(fault) => Err(Ailing::NotWritable(fault)),
            }
        });
        match tokio::time::timeout(PATIENCE, looked).await {
            Ok(Ok(looked)) => looked,
            Ok(Err(_)) | Err(_) => Err(Ailing::Silent),
        }
    }

    /// How much of its disk is free, in percent; `None`: that cannot be told, or not soon.
    pub(crate) async fn free_share(&self) -> Option<u64> {
        let path = self.data_dir.clone();
        let looked = tokio::task::spawn_blocking(move || free(&path));
        tokio::time::timeout(PATIENCE, looked).await.ok()?.ok()?.ok()
    }
}

/// Whether the directory takes a file.
pub(crate) fn writable(data_dir: &Path) -> io::Result<()> {
    tempfile::Builder::new().prefix(".writable-").tempfile_in(data_dir)?.write_all(b"OPBX")
}

/// How much of the disk below a directory is free for who is not root, in percent of what could be: as `df` counts.
pub(crate) fn free(data_dir: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(data_dir)?;
    let usable = disk.f_blocks.saturating_sub(disk.f_bfree).saturating_add(disk.f_bavail);
    Ok(disk.f_bavail.saturating_mul(100).checked_div(usable).unwrap_or(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_directory_that_is_gone_is_noticed_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().unwrap();
        assert!(writable(folder.path()).is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(free(folder.path()).unwrap() <= 100);
        let gone = Storage { data_dir: folder.path().join("gone"), least_free: 0 };
        assert!(matches!(gone.examine().await, Err(Ailing::NotWritable(_))));
        let there = |least_free| Storage { data_dir: folder.path().to_path_buf(), least_free };
        assert!(there(0).examine().await.is_ok());
        // Nobody has that much.
        assert!(matches!(there(101).examine().await, Err(Ailing::NearlyFull)));
    }
}
