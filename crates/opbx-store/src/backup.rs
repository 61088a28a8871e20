//! Copies of the embedded database: before its schema changes, and for whoever asks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::data_dir::{make_private_dir, private_file};
use crate::error::{Cause, Error};
use crate::pool::Line;
use crate::store::{LONG_WORK, Store};

/// How many copies are kept.
const KEPT: usize = 3;

/// Copies the database to `backups/before-<version>.db` of the data directory, and removes all but the newest three.
///
/// The copy is made under another name and renamed when it is whole and on the disk: a file of that name is a backup.
pub(crate) async fn before(db: &impl ConnectionTrait, data_dir: &Path, version: &str) -> Result<PathBuf, Error> {
    let folder = data_dir.join("backups");
    let made = folder.join(format!("before-{version}.db"));
    let growing = folder.join(format!("before-{version}.db.part"));
    prepare(&folder, &growing).map_err(away)?;
    let name = growing.to_str().ok_or_else(|| Error::away("the data directory has a name that is no text"))?;
    vacuum_into(db, name).await?;
    finish(&folder, &growing, &made).map_err(away)?;
    Ok(made)
}

impl Store {
    /// Copies an embedded database to a new private file, as it is at one moment, while others read and write it. The
    /// copy is on the disk when this returns. A file that is there, unless it is empty, is refused.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; the database of a server is not copied.
    pub async fn copy_to(&self, copy: &Path) -> Result<(), Error> {
        if self.location().file().is_none() {
            return Err(Error::away("the database of a server is not copied by us"));
        }
        let name = copy.to_str().ok_or_else(|| Error::away("the copy has a name that is no text"))?;
        private_file().truncate(false).open(copy).map_err(away)?;
        let work = async |line: Line| vacuum_into(line.db(), name).await;
        self.pool.attempt_within(LONG_WORK, work).await?;
        fs::File::open(copy).and_then(|file| file.sync_all()).map_err(away)
    }
}

/// SQLite accepts a file that is there as long as it is empty; ours has the rights that it shall have.
async fn vacuum_into(db: &impl ConnectionTrait, name: &str) -> Result<(), Error> {
    let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [name.into()]);
    db.execute_raw(copy).await?;
    Ok(())
}

fn prepare(folder: &Path, growing: &Path) -> io::Result<()> {
    make_private_dir(folder)?;
    private_file().truncate(true).open(growing).map(drop)
}

fn finish(folder: &Path, growing: &Path, made: &Path) -> io::Result<()> {
    fs::File::open(growing)?.sync_all()?;
    fs::rename(growing, made)?;
    fs::File::open(folder)?.sync_all()?;
    let mut copies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("before-") && name.ends_with(".db") {
            copies.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    copies.sort();
    let old = copies.len().saturating_sub(KEPT);
    copies.iter().take(old).try_for_each(|(_, path)| fs::remove_file(path))
}

fn away(fault: io::Error) -> Error {
    Error::Unavailable(Cause::new(fault))
}
