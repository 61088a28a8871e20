//! A data directory made of a backup.

use super::archive::{Unreadable, unpack};
use super::make::folder_of;
use super::{Existing, Manifest, Member};
use crate::admin::generated_key;
use crate::admin::moves::Moves;
use crate::admin::place::{Fault, Place};
use crate::secret_key::SecretKey;
use crate::storage::AUDIO;
use jiff::Timestamp;
use opbx_store::{DataDir, DataDirError, Error, Inventory, Location, OpenError, Settings, Snapshots, Store};
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Where the secret key comes from that opens what was restored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyFrom {
    /// It was in the backup.
    Backup,
    /// It is set.
    Setting,
    /// It was in the data directory.
    DataDir,
}

/// A backup that is in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// The version that made the backup.
    pub product: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// How many tables were restored.
    pub tables: usize,
    /// How many rows they have together.
    pub rows: u64,
    /// How many files of prompts were restored.
    pub audio: usize,
    /// Where the secret key comes from.
    pub key: KeyFrom,
    /// Where that is now what was there before.
    pub retired: Option<PathBuf>,
}

/// Why nothing was restored. Everything is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// The setting names a database on a server.
    #[error("a backup is restored into a file, and {0} is on a server; load a dump there with its own tools")]
    Server(Location),
    /// The directory is in use, or cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Something is there.
    #[error("there is a file {} already; --force moves it to a folder `retired-…` first", .0.display())]
    Occupied(PathBuf),
    /// The file is not what it should be.
    #[error("the backup {} cannot be used", file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// Why.
        #[source]
        fault: Unreadable,
    },
    /// The schema has steps that this version does not know.
    #[error("the backup was made by the newer OPBX {product}: this one does not know {}", steps.join(", "))]
    Newer {
        /// Which version.
        product: String,
        /// The steps.
        steps: Vec<String>,
    },
    /// No key opens it.
    #[error(
        "the backup holds no secret key, and there is none here; set OPBX_SECRET_KEY to the one that it was made with"
    )]
    NoKey,
    /// Another key was used.
    #[error("the secrets in the backup were sealed with another secret key than {0}")]
    AnotherKey(&'static str),
    /// What was read is not what was backed up.
    #[error("the restored database is not what was backed up: {0}")]
    NotTheSame(String),
    /// The restored database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The restored database cannot be asked.
    #[error("the restored database cannot be read")]
    Store(#[from] Error),
    /// The key cannot be read.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The files cannot be brought into place.
    #[error("the files cannot be brought into their place at {}", path.display())]
    NotPlaced {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        fault: io::Error,
    },
}

impl Place {
    /// Makes the data directory what a backup holds: all of it, proved by its checksums and counts, or nothing. What was
    /// there is moved aside if it may be, and never deleted.
    ///
    /// # Errors
    ///
    /// [`NotRestored`].
    pub async fn restore(&self, file: &Path, existing: Existing, now: Timestamp) -> Result<Restored, NotRestored> {
        let location = self.location();
        let Some(database) = location.file() else { return Err(NotRestored::Server(location)) };
        let _claim = DataDir::claim(&self.data_dir)?;
        let not_placed = |fault| NotRestored::NotPlaced { path: database.to_path_buf(), fault };
        if existing == Existing::Kept && database.exists() {
            return Err(NotRestored::Occupied(database.to_path_buf()));
        }
        DirBuilder::new().recursive(true).mode(0o700).create(folder_of(database)).map_err(not_placed)?;
        let staging = tempfile::Builder::new().prefix(".opbx-restore-").tempdir_in(folder_of(database));
        let staging = staging.map_err(not_placed)?;
        let unreadable = |fault| NotRestored::Unreadable { file: file.to_path_buf(), fault };
        let manifest = unpack(file, staging.path()).map_err(unreadable)?;
        let (key, from) = self.key_of(&manifest, staging.path())?;
        self.prove(&manifest, staging.path(), &key, from).await?;
        let retired = self.put_in_place(database, staging.path(), from, existing, now)?;
        let Manifest { ref product, made_at, .. } = manifest;
        let (tables, rows, audio) = (manifest.rows.len(), manifest.total(), manifest.audio());
        Ok(Restored { product: product.clone(), made_at, tables, rows, audio, key: from, retired })
    }

    /// The key that shall open it: one that is set goes before that of the backup, and that before what lies here.
    fn key_of(&self, manifest: &Manifest, staging: &Path) -> Result<(SecretKey, KeyFrom), NotRestored> {
        if let Some(key) = &self.secret_key {
            return Ok((key.clone(), KeyFrom::Setting));
        }
        if manifest.has(&Member::SecretKey) {
            let unusable = |fault| Fault::BadKey { file: generated_key::file(staging), fault };
            let key = generated_key::read(staging).map_err(unusable)?.ok_or(NotRestored::NoKey)?;
            return Ok((key, KeyFrom::Backup));
        }
        Ok((self.key()?.ok_or(NotRestored::NoKey)?, KeyFrom::DataDir))
    }

    /// Opens what was unpacked as a server would, and compares it with what the backup says of itself.
    async fn prove(
        &self,
        manifest: &Manifest,
        staging: &Path,
        key: &SecretKey,
        from: KeyFrom,
    ) -> Result<(), NotRestored> {
        let was = manifest.inventory();
        let steps: Vec<String> = was.unknown_steps().into_iter().map(str::to_owned).collect();
        if !steps.is_empty() {
            return Err(NotRestored::Newer { product: manifest.product.clone(), steps });
        }
        let location = Location::File(staging.join(&*Member::Database.name()));
        // Refuses what is foreign or newer than it says.
        let store = Store::open(location, self.keyring(key)?, Settings::default()).await?;
        let (is, broken) = (store.inventory().await, store.broken().await);
        let opens = store.opens_its_secrets().await;
        let keys = store.platform().audio_keys().await;
        store.close().await;
        if let Some(difference) = difference(&was, &is?, &broken?) {
            return Err(NotRestored::NotTheSame(difference));
        }
        if let Some(missing) = keys?.iter().find(|key| !staging.join(AUDIO).join(key).is_file()) {
            return Err(NotRestored::NotTheSame(format!("the file {missing} is missing")));
        }
        match opens? {
            Some(false) => Err(NotRestored::AnotherKey(match from {
                KeyFrom::Backup => "the one in it",
                KeyFrom::Setting => "the one that is set",
                KeyFrom::DataDir => "the one in the data directory",
            })),
            Some(true) | None => Ok(()),
        }
    }

    /// Moves what is there aside and what was proved into its place; the database last, since it is what a server looks for.
    fn put_in_place(
        &self,
        database: &Path,
        staging: &Path,
        from: KeyFrom,
        existing: Existing,
        now: Timestamp,
    ) -> Result<Option<PathBuf>, NotRestored> {
        let mut moves = Moves::default();
        let mut retired = None;
        let key = generated_key::file(&self.data_dir);
        // A log beside a database belongs to that one database: it must never meet another.
        let beside = |end: &str| PathBuf::from(format!("{}{end}", database.display()));
        let audio = self.data_dir.join(AUDIO);
        let mut old = vec![beside("-wal"), beside("-shm"), beside("-journal"), audio.clone(), database.to_path_buf()];
        let brings_key = from == KeyFrom::Backup;
        if brings_key && !same(&key, &generated_key::file(staging)) {
            old.push(key.clone());
        }
        for file in old.iter().filter(|file| file.exists()) {
            if existing == Existing::Kept {
                return Err(NotRestored::Occupied(file.clone()));
            }
            let not_placed = |(path, fault)| NotRestored::NotPlaced { path, fault };
            let folder = moves.retire(file, now).map_err(not_placed)?;
            retired.get_or_insert(folder);
        }
        // They are of what was there, and are written again: nothing that anybody could miss.
        let snapshots = Snapshots::folder_in(&self.data_dir);
        if snapshots.exists() {
            let not_placed = |(path, fault)| NotRestored::NotPlaced { path, fault };
            retired = Some(moves.retire(&snapshots, now).map_err(not_placed)?);
        }
        let not_placed = |fault| NotRestored::NotPlaced { path: database.to_path_buf(), fault };
        if brings_key && !key.exists() {
            moves.make(&generated_key::file(staging), &key).map_err(not_placed)?;
        }
        if staging.join(AUDIO).exists() {
            moves.make(&staging.join(AUDIO), &audio).map_err(not_placed)?;
        }
        moves.make(&staging.join(&*Member::Database.name()), database).map_err(not_placed)?;
        moves.keep().map_err(not_placed)?;
        Ok(retired)
    }
}

/// What a database has that was not backed up, or lacks.
fn difference(was: &Inventory, is: &Inventory, broken: &[String]) -> Option<String> {
    if !broken.is_empty() {
        return Some(broken.join("; "));
    }
    if was.steps != is.steps || !was.rows.keys().eq(is.rows.keys()) {
        return Some("it has other tables".to_owned());
    }
    let differs = was.rows.iter().zip(&is.rows).find(|(was, is)| was != is);
    differs.map(|((table, was), (_, is))| format!("`{table}` has {is} rows instead of {was}"))
}

/// Whether two files hold the same.
fn same(one: &Path, other: &Path) -> bool {
    match (fs::read(one), fs::read(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
