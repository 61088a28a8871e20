//! Making a backup, beside a server or not.

use super::archive::{listed, write};
use super::{Existing, Manifest, Member};
use crate::admin::generated_key;
use crate::admin::place::{Fault, Place};
use jiff::Timestamp;
use opbx_store::{Error, Inventory, Location, OpenError, Settings, Store};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

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
        let copy = folder.path().join(Member::Database.name());
        let copied = store.copy_to(&copy).await;
        store.close().await;
        copied?;
        let inventory = self.inventory_of(&copy).await?;
        let mut members = vec![(Member::Database, copy)];
        if secret == Secret::Included && self.secret_key.is_none() {
            members.push((Member::SecretKey, generated_key::file(&self.data_dir)));
        }
        let described: io::Result<Vec<_>> = members.iter().map(|(member, file)| listed(*member, file)).collect();
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
        let has_key = manifest.has(Member::SecretKey);
        Ok(BackedUp { tables: manifest.rows.len(), rows: manifest.total(), bytes, has_key })
    }

    /// What the copy holds, asked of the copy: the database itself goes on changing.
    async fn inventory_of(&self, copy: &Path) -> Result<Inventory, NotBackedUp> {
        let key = self.key()?.ok_or_else(|| self.no_key())?;
        let location = Location::File(copy.to_path_buf());
        let copy = Store::open(location, self.keyring(&key)?, Settings::default()).await?;
        let (broken, inventory) = (copy.broken().await, copy.inventory().await);
        copy.close().await;
        match broken? {
            broken if broken.is_empty() => Ok(inventory?),
            broken => Err(NotBackedUp::Broken(broken)),
        }
    }
}

/// Where a file is or will be.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
