//! Making a backup, beside a server or not.

use super::archive::{listed, write};
use super::{Existing, Manifest, Member};
use crate::admin::generated_key;
use crate::admin::place::{Fault, Place};
use crate::storage::AUDIO;
use jiff::Timestamp;
use opbx_store::{Error, Inventory, Location, OpenError, Settings, Store};
use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// How often the database is copied again, where a file that the copy refers to was removed meanwhile.
const ATTEMPTS: u32 = 5;

/// Whether the generated secret key goes into a backup.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Secret {
    /// It does: whoever has the file can read every secret in it.
    Included,
    /// It does not, and has to be kept elsewhere.
    LeftOut,
}

/// A backup that was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackedUp {
    /// How many tables it holds.
    pub tables: usize,
    /// How many rows they have together.
    pub rows: u64,
    /// How long the file is.
    pub bytes: u64,
    /// How many files of prompts are in it.
    pub audio: usize,
    /// Whether the secret key is in it.
    pub has_key: bool,
}

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum NotBackedUp {
    /// The database is on a server, which has its own tools.
    #[error(
        "the database {0} is on a server; back it up with mariadb-dump --single-transaction, and keep the secret key with the dump"
    )]
    Server(Location),
    /// Something has that name.
    #[error("there is a file {} already; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// The data cannot be opened.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The copy cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be copied.
    #[error("the database cannot be copied")]
    Store(#[from] Error),
    /// The database is broken.
    #[error("the database is broken, and a backup would be too: {}", .0.join("; "))]
    Broken(Vec<String>),
    /// The file of a prompt cannot be read.
    #[error("the file {} of a prompt cannot be read; bring it back, or remove the prompt", path.display())]
    Audio {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        fault: io::Error,
    },
    /// The file cannot be written.
    #[error("the backup {} cannot be written", path.display())]
    NotWritten {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        fault: io::Error,
    },
}

impl Place {
    /// Writes a backup, consistent while others read and write. The file appears whole or not at all, and only its owner
    /// may read it.
    ///
    /// # Errors
    ///
    /// [`NotBackedUp`]; nothing stays behind then.
    pub async fn back_up(
        &self,
        file: &Path,
        secret: Secret,
        existing: Existing,
        now: Timestamp,
    ) -> Result<BackedUp, NotBackedUp> {
        if self.location().file().is_none() {
            return Err(NotBackedUp::Server(self.location()));
        }
        if existing == Existing::Kept && file.exists() {
            return Err(NotBackedUp::Exists(file.to_path_buf()));
        }
        let not_written = |fault| NotBackedUp::NotWritten { path: file.to_path_buf(), fault };
        let store = self.open().await?;
        // Beside the file, so that it can be renamed; taken away again whatever happens.
        let folder =
            tempfile::Builder::new().prefix(".opbx-backup-").tempdir_in(folder_of(file)).map_err(not_written)?;
        let copied = self.copied(&store, folder.path()).await;
        store.close().await;
        let (inventory, mut members) = copied?;
        if secret == Secret::Included && self.secret_key.is_none() {
            members.push((Member::SecretKey, generated_key::file(&self.data_dir)));
        }
        let described: io::Result<Vec<_>> = members.iter().map(|(member, file)| listed(member, file)).collect();
        let manifest = Manifest::new(inventory, described.map_err(not_written)?, now);
        let mut growing = tempfile::NamedTempFile::new_in(folder.path()).map_err(not_written)?;
        write(&manifest, &members, growing.as_file_mut()).map_err(not_written)?;
        let bytes = growing.as_file().metadata().map_err(not_written)?.len();
        match existing {
            Existing::Replaced => growing.persist(file).map_err(|refused| not_written(refused.error))?,
            Existing::Kept => growing.persist_noclobber(file).map_err(|refused| match refused.error.kind() {
                io::ErrorKind::AlreadyExists => NotBackedUp::Exists(file.to_path_buf()),
                _ => not_written(refused.error),
            })?,
        };
        File::open(folder_of(file)).and_then(|folder| folder.sync_all()).map_err(not_written)?;
        let (has_key, audio) = (manifest.has(&Member::SecretKey), manifest.audio());
        Ok(BackedUp { tables: manifest.rows.len(), rows: manifest.total(), bytes, audio, has_key })
    }

    /// A copy of the database in a folder, and beside it every file that the copy refers to, by their members.
    async fn copied(&self, store: &Store, folder: &Path) -> Result<(Inventory, Vec<(Member, PathBuf)>), NotBackedUp> {
        let copy = folder.join(&*Member::Database.name());
        let mut attempts = 0;
        loop {
            attempts += 1;
            store.copy_to(&copy).await?;
            let (inventory, keys) = self.inventory_of(&copy).await?;
            match self.held(folder, keys) {
                Ok(audio) => {
                    let members = [(Member::Database, copy)].into_iter().chain(audio).collect();
                    return Ok((inventory, members));
                }
                // A prompt was removed after the database was copied: a new copy does not know it any more.
                Err((_, fault)) if fault.kind() == io::ErrorKind::NotFound && attempts < ATTEMPTS => {
                    let again = std::fs::remove_file(&copy).and_then(|()| remove(&folder.join(AUDIO)));
                    again.map_err(|fault| NotBackedUp::NotWritten { path: copy.clone(), fault })?;
                }
                Err((path, fault)) => return Err(NotBackedUp::Audio { path, fault }),
            }
        }
    }

    /// Every file of these keys under a second name in a folder, so that it stays whatever a server removes meanwhile; a
    /// copy where the folder is on another disk.
    fn held(&self, folder: &Path, keys: Vec<String>) -> Result<Vec<(Member, PathBuf)>, (PathBuf, io::Error)> {
        let held = |key: String| {
            let member = key.parse().map(Member::Audio);
            let member = member.map_err(|fault| (self.data_dir.join(AUDIO), io::Error::other(fault)))?;
            let (from, to) = (self.data_dir.join(&*member.name()), folder.join(&*member.name()));
            match second_name(&from, &to) {
                Ok(()) => Ok((member, to)),
                Err(fault) => Err((from, fault)),
            }
        };
        keys.into_iter().map(held).collect()
    }

    /// What the copy holds, asked of the copy: the database itself goes on changing. And the keys of the files that it
    /// refers to.
    async fn inventory_of(&self, copy: &Path) -> Result<(Inventory, Vec<String>), NotBackedUp> {
        let key = self.key()?.ok_or_else(|| self.no_key())?;
        let location = Location::File(copy.to_path_buf());
        let copy = Store::open(location, self.keyring(&key)?, Settings::default()).await?;
        let (broken, inventory) = (copy.broken().await, copy.inventory().await);
        let keys = copy.platform().audio_keys().await;
        copy.close().await;
        match broken? {
            broken if broken.is_empty() => Ok((inventory?, keys?)),
            broken => Err(NotBackedUp::Broken(broken)),
        }
    }
}

/// Gives a file a second name, or the second name to a copy of it.
fn second_name(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    }
    std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(drop))
}

/// Takes a folder away, if it is there.
fn remove(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
        _ => Ok(()),
    }
}

/// Where a file is or will be.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
