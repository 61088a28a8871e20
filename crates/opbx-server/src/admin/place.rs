//! Where an installation keeps its data, and opening that.

use super::generated_key;
use super::moves::Moves;
use crate::secret_key::SecretKey;
use jiff::Timestamp;
use opbx_store::{DataDir, DataDirError, Location, OpenError, Settings, Snapshots, Store};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long another process that makes the database is waited for.
const TURN: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// How long a database is waited for where calls can be routed without it meanwhile.
const LOOK: Duration = Duration::from_secs(4);

/// Where an installation keeps its data.
#[derive(Clone, Debug)]
pub struct Place {
    /// The directory that belongs to one server.
    pub data_dir: PathBuf,
    /// Another database than the one in that directory.
    pub database: Option<Location>,
    /// Another secret than the one in that directory.
    pub secret_key: Option<SecretKey>,
}

/// The data, as a server has it.
#[derive(Debug)]
pub struct Claimed {
    /// The claim: nobody else serves from this directory while it lives.
    pub data_dir: Arc<DataDir>,
    /// The database, up to date; or withheld, where it is away and there are snapshots to route calls from.
    pub store: Store,
    /// The secret that belongs to it.
    pub secret_key: SecretKey,
    /// Why the database is withheld.
    pub away: Option<Fault>,
}

/// Why the data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is none.
    #[error("there is no database {0} yet; `opbx org create` makes it")]
    NotThere(Location),
    /// It was there, and is not.
    #[error(
        "the database {database} is missing, and there are snapshots of what was in it in {}: bring it back, or begin \
         anew with `opbx serve --init`",
        snapshots.display()
    )]
    Missing {
        /// Which database.
        database: Location,
        /// Where the snapshots are.
        snapshots: PathBuf,
    },
    /// There was something in it, and there is nothing.
    #[error(
        "the database {database} is empty, and there are snapshots of what was in it in {}: bring it back, or begin \
         anew with `opbx serve --init`",
        snapshots.display()
    )]
    Emptied {
        /// Which database.
        database: Location,
        /// Where the snapshots are.
        snapshots: PathBuf,
    },
    /// It does not answer.
    #[error("the database {0} does not answer")]
    Silent(Location),
    /// There is something in a database that cannot be moved aside.
    #[error("the database {0} holds something, and it is on a server; empty it there, or name another one")]
    Occupied(Location),
    /// What is there cannot be moved aside.
    #[error("what is there cannot be moved to {}", path.display())]
    NotMoved {
        /// Where to.
        path: PathBuf,
        /// Why.
        #[source]
        fault: std::io::Error,
    },
    /// Whether there are snapshots cannot be seen.
    #[error("the folder {} cannot be looked into", folder.display())]
    NoSnapshots {
        /// Which folder.
        folder: PathBuf,
        /// Why.
        #[source]
        fault: std::io::Error,
    },
    /// It was written by an older version.
    #[error("the database {0} was written by an older OPBX; `opbx serve` brings it up to date")]
    Outdated(Location),
    /// Its secrets cannot be read.
    #[error("there is no secret key for the database {database}: OPBX_SECRET_KEY is not set, and {} is missing", file.display())]
    NoKey {
        /// Which database.
        database: Location,
        /// Where the key would be.
        file: PathBuf,
    },
    /// The file of the secret cannot be used.
    #[error("the secret key in {} cannot be used", file.display())]
    BadKey {
        /// Which file.
        file: PathBuf,
        /// Why.
        #[source]
        fault: std::io::Error,
    },
    /// The directory cannot be claimed.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Place {
    /// Opens what is there, beside a server or not; makes and changes nothing.
    ///
    /// # Errors
    ///
    /// [`Fault`].
    pub async fn open(&self) -> Result<Store, Fault> {
        let location = self.location();
        if location.file().is_some_and(|file| !file.exists()) {
            return Err(if self.has_snapshots()? { self.missing() } else { Fault::NotThere(location) });
        }
        let key = self.key()?.ok_or_else(|| self.no_key())?;
        let store = Store::open(location, self.keyring(&key)?, Settings::default()).await?;
        if store.is_empty().await? {
            return Err(if self.has_snapshots()? { self.emptied() } else { Fault::NotThere(self.location()) });
        }
        if store.examine().await? > 0 {
            return Err(Fault::Outdated(self.location()));
        }
        Ok(store)
    }

    /// Opens what is there, and makes it where there is nothing. `spare` becomes the secret key if there is none.
    ///
    /// # Errors
    ///
    /// [`Fault`].
    pub async fn open_or_make(&self, spare: &str, now: Timestamp) -> Result<Store, Fault> {
        let opened = self.open().await;
        if !is_missing(&opened) {
            return opened;
        }
        let data_dir = self.turn().await?;
        // Whoever was here before us may have made it.
        let opened = self.open().await;
        if is_missing(&opened) { Ok(self.prepare(&data_dir, spare, now).await?.0) } else { opened }
    }

    /// Claims the data directory for as long as the answer lives, makes what is missing and brings the database up to
    /// date: what a server does. `spare` becomes the secret key if there is none.
    ///
    /// Where there are snapshots, nothing is made: there was a database. If it is away, or broken, it is withheld.
    ///
    /// # Errors
    ///
    /// [`Fault`]; a database that is foreign or newer is refused, snapshots or not.
    pub async fn claim(&self, spare: &str, now: Timestamp) -> Result<Claimed, Fault> {
        let data_dir = Arc::new(DataDir::claim(&self.data_dir)?);
        if !self.has_snapshots()? {
            let (store, secret_key) = self.prepare(&data_dir, spare, now).await?;
            return Ok(Claimed { data_dir, store, secret_key, away: None });
        }
        let secret_key = self.key()?.ok_or_else(|| self.no_key())?;
        let store = Store::lazy(self.location(), self.keyring(&secret_key)?, Settings::default());
        let away = match self.look_over(&store, &data_dir, now).await {
            Ok(()) => None,
            Err(refused @ Fault::Open(OpenError::Foreign { .. } | OpenError::Newer { .. })) => return Err(refused),
            Err(away) => Some(away),
        };
        if away.is_some() {
            store.withhold();
        }
        Ok(Claimed { data_dir, store, secret_key, away })
    }

    /// Claims the data directory as [`claim`](Self::claim) does, and begins anew: what is there is moved to a folder
    /// `retired-<time>`, which is answered. A database on a server must be empty.
    ///
    /// # Errors
    ///
    /// [`Fault`]; what is there is where it was then.
    pub async fn claim_anew(&self, spare: &str, now: Timestamp) -> Result<(Claimed, Option<PathBuf>), Fault> {
        let data_dir = Arc::new(DataDir::claim(&self.data_dir)?);
        let location = self.location();
        if location.file().is_none() && !self.holds_nothing(spare).await? {
            return Err(Fault::Occupied(location));
        }
        let beside = |end: &str| location.file().map(|file| PathBuf::from(format!("{}{end}", file.display())));
        let kept = ["audio", "journal", "snapshots"].map(|folder| self.data_dir.join(folder));
        // The key goes along with what it opens, and the database last: it is what a server looks for.
        let old = kept.into_iter().chain([generated_key::file(&self.data_dir)]);
        let old = old.chain(["-wal", "-shm", "-journal", ""].into_iter().filter_map(beside));
        let (mut moves, mut retired) = (Moves::default(), None);
        for file in old.filter(|file| file.exists()) {
            let folder = moves.retire(&file, now).map_err(|(path, fault)| Fault::NotMoved { path, fault })?;
            retired.get_or_insert(folder);
        }
        moves.keep().map_err(|fault| Fault::NotMoved { path: self.data_dir.clone(), fault })?;
        let (store, secret_key) = self.prepare(&data_dir, spare, now).await?;
        Ok((Claimed { data_dir, store, secret_key, away: None }, retired))
    }

    /// Whether the database that there was is there, and brings it up to date.
    async fn look_over(&self, store: &Store, data_dir: &DataDir, now: Timestamp) -> Result<(), Fault> {
        match self.location().file().map(std::fs::metadata) {
            Some(Ok(found)) if found.len() == 0 => return Err(self.emptied()),
            Some(Err(fault)) if fault.kind() == std::io::ErrorKind::NotFound => return Err(self.missing()),
            _ => {}
        }
        let looked = tokio::time::timeout(LOOK, store.is_empty()).await;
        if looked.map_err(|_| Fault::Silent(self.location()))?? {
            return Err(self.emptied());
        }
        store.migrate(data_dir, now).await?;
        Ok(())
    }

    pub(super) fn has_snapshots(&self) -> Result<bool, Fault> {
        let folder = Snapshots::folder_in(&self.data_dir);
        Snapshots::are_in(&self.data_dir).map_err(|fault| Fault::NoSnapshots { folder, fault })
    }

    fn missing(&self) -> Fault {
        Fault::Missing { database: self.location(), snapshots: Snapshots::folder_in(&self.data_dir) }
    }

    fn emptied(&self) -> Fault {
        Fault::Emptied { database: self.location(), snapshots: Snapshots::folder_in(&self.data_dir) }
    }

    async fn prepare(&self, data_dir: &DataDir, spare: &str, now: Timestamp) -> Result<(Store, SecretKey), Fault> {
        let location = self.location();
        let is_new = match location.file() {
            Some(file) => !file.exists(),
            None => false,
        };
        let known = self.key()?;
        let key = match known {
            Some(key) => key,
            None if is_new || self.holds_nothing(spare).await? => {
                let file = generated_key::file(&self.data_dir);
                generated_key::write(&self.data_dir, spare).map_err(|fault| Fault::BadKey { file, fault })?
            }
            // A new key would open none of its secrets.
            None => return Err(self.no_key()),
        };
        let store = Store::create(location, self.keyring(&key)?, Settings::default()).await?;
        store.migrate(data_dir, now).await?;
        Ok((store, key))
    }

    async fn holds_nothing(&self, spare: &str) -> Result<bool, Fault> {
        let key = SecretKey::new(spare.into()).map_err(|_| self.no_key())?;
        let store = Store::lazy(self.location(), self.keyring(&key)?, Settings::default());
        Ok(store.is_empty().await?)
    }

    /// Waits for another process that may be making the database.
    async fn turn(&self) -> Result<DataDir, Fault> {
        let since = Instant::now();
        loop {
            match DataDir::claim(&self.data_dir) {
                Err(DataDirError::InUse { .. }) if since.elapsed() < TURN => tokio::time::sleep(LOOK_AGAIN).await,
                claimed => return Ok(claimed?),
            }
        }
    }

    pub(super) fn location(&self) -> Location {
        self.database.clone().unwrap_or_else(|| Location::in_data_dir(&self.data_dir))
    }

    pub(super) fn key(&self) -> Result<Option<SecretKey>, Fault> {
        if self.secret_key.is_some() {
            return Ok(self.secret_key.clone());
        }
        let file = generated_key::file(&self.data_dir);
        generated_key::read(&self.data_dir).map_err(|fault| Fault::BadKey { file, fault })
    }

    pub(super) fn keyring(&self, key: &SecretKey) -> Result<opbx_store::Keyring, Fault> {
        key.keyring().ok_or_else(|| self.no_key())
    }

    pub(super) fn no_key(&self) -> Fault {
        Fault::NoKey { database: self.location(), file: generated_key::file(&self.data_dir) }
    }
}

const fn is_missing(opened: &Result<Store, Fault>) -> bool {
    matches!(opened, Err(Fault::NotThere(_) | Fault::NoKey { .. }))
}
