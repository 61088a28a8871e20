//! The store: opening it, and bringing its schema up to date.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait};

use crate::backup;
use crate::data_dir::DataDir;
use crate::error::{Cause, Error};
use crate::location::Location;
use crate::migration::{Standing, standing, take_steps};
use crate::platform::Platform;
use crate::pool::{Pool, Settings};
use crate::seal::Keyring;
use crate::tenant::{Tenant, TenantStore};

/// A migration copies the whole database and may rebuild tables; a backup copies it, and counts its rows.
pub(crate) const LONG_WORK: Duration = Duration::from_secs(3_600);
/// How long another instance's migration is waited for, in seconds.
const MIGRATION_TURN: u32 = 600;

/// The store. Cloning it gives another handle to the same connections.
#[derive(Clone)]
pub struct Store {
    pub(crate) pool: Arc<Pool>,
    pub(crate) keys: Arc<Keyring>,
    /// The rules of zones that counts are cut by: those compiled in and not the machine's, since all servers of a database
    /// must cut alike.
    pub(crate) zones: TimeZoneDatabase,
    pub(crate) location: Location,
}

/// Why a database is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made.
    #[error("the database {location} cannot be made")]
    NotMade {
        /// Which one.
        location: Location,
        /// Why.
        #[source]
        fault: std::io::Error,
    },
    /// It holds tables that are not ours.
    #[error("the database {location} holds tables of something else: {}", tables.join(", "))]
    Foreign {
        /// Which one.
        location: Location,
        /// The tables.
        tables: Vec<String>,
    },
    /// A newer OPBX has changed its schema.
    #[error("the database {location} was changed by a newer OPBX: {}", steps.join(", "))]
    Newer {
        /// Which one.
        location: Location,
        /// The steps that this version does not know.
        steps: Vec<String>,
    },
    /// It cannot be asked, or is damaged.
    #[error("the database {location} cannot be opened")]
    Broken {
        /// Which one.
        location: Location,
        /// Why.
        #[source]
        fault: Error,
    },
}

/// What a migration did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Migrated {
    /// The steps that were taken; none when the schema was up to date.
    pub steps: Vec<&'static str>,
    /// Where the database of before is kept, if there was one.
    pub backup: Option<PathBuf>,
}

impl Store {
    /// A handle that asks nothing yet: the database may be away, and is used when it comes.
    pub fn lazy(location: Location, keys: Keyring, settings: Settings) -> Self {
        Self {
            pool: Pool::new(&location, settings),
            keys: Arc::new(keys),
            zones: TimeZoneDatabase::bundled(),
            location,
        }
    }

    /// Opens a database that exists, and refuses one that is foreign or newer.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; a file that does not exist is [`OpenError::Broken`].
    pub async fn open(location: Location, keys: Keyring, settings: Settings) -> Result<Self, OpenError> {
        let store = Self::lazy(location, keys, settings);
        store.examine().await?;
        Ok(store)
    }

    /// Makes the file if there is none, then opens it. A server's database is never made by us.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn create(location: Location, keys: Keyring, settings: Settings) -> Result<Self, OpenError> {
        let store = Self::lazy(location, keys, settings);
        if let Some(file) = store.pool.file() {
            file.make().map_err(|fault| OpenError::NotMade { location: store.location.clone(), fault })?;
        }
        store.examine().await?;
        Ok(store)
    }

    /// How many steps its schema lacks; refuses a database that is foreign or newer, and changes nothing.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn examine(&self) -> Result<usize, OpenError> {
        match self.standing().await? {
            Standing::Ours { pending } => Ok(pending),
            _ => Ok(crate::migration::STEPS.len()),
        }
    }

    /// Whether it holds nothing at all; refuses a database that is foreign or newer.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn is_empty(&self) -> Result<bool, OpenError> {
        Ok(matches!(self.standing().await?, Standing::Empty))
    }

    async fn standing(&self) -> Result<Standing, OpenError> {
        let location = || self.location.clone();
        let found = self.pool.attempt(async |line| Ok(standing(line.db()).await?)).await;
        match found.map_err(|fault| OpenError::Broken { location: location(), fault })? {
            Standing::Foreign(tables) => Err(OpenError::Foreign { location: location(), tables }),
            Standing::Newer(steps) => Err(OpenError::Newer { location: location(), steps }),
            ours => Ok(ours),
        }
    }

    /// Brings the schema up to date. The claim on the data directory keeps two of us apart on SQLite, a lock of the server
    /// does on MariaDB. The embedded database is copied first, unless it is new.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; on SQLite nothing has changed then.
    pub async fn migrate(&self, data_dir: &DataDir, now: Timestamp) -> Result<Migrated, OpenError> {
        if self.examine().await? == 0 {
            return Ok(Migrated::default());
        }
        let done = match self.pool.file() {
            Some(_) => self.migrate_file(data_dir, now).await,
            None => self.migrate_server(now).await,
        };
        done.map_err(|fault| OpenError::Broken { location: self.location.clone(), fault })
    }

    async fn migrate_file(&self, data_dir: &DataDir, now: Timestamp) -> Result<Migrated, Error> {
        let work = async |line: crate::pool::Line| {
            let is_new = standing(line.db()).await? == Standing::Empty;
            let backup = match is_new {
                true => None,
                false => Some(backup::before(line.db(), data_dir.path(), env!("CARGO_PKG_VERSION")).await?),
            };
            let writing = line.write().await?;
            let steps = take_steps(&*writing, now).await?;
            writing.commit().await?;
            Ok(Migrated { steps, backup })
        };
        self.pool.attempt_within(LONG_WORK, work).await
    }

    async fn migrate_server(&self, now: Timestamp) -> Result<Migrated, Error> {
        let work = async |line: crate::pool::Line| {
            // The lock belongs to the connection, and a transaction keeps to one. Its first table commits it, which
            // does not matter: the lock lives on until it is given back.
            let db = line.db().begin().await?;
            take_turn(&db).await?;
            let steps = take_steps(&db, now).await;
            give_turn_back(&db).await?;
            let steps = steps?;
            db.commit().await?;
            Ok(Migrated { steps, backup: None })
        };
        self.pool.attempt_within(LONG_WORK, work).await
    }

    /// The way to an organization's rows.
    pub fn tenant(&self, tenant: &Tenant) -> TenantStore {
        TenantStore::new(self.clone(), tenant)
    }

    /// The few questions that cross organizations.
    pub fn platform(&self) -> Platform {
        Platform::new(self.clone())
    }

    /// Lets the database go: on SQLite the log is brought into the file. Nothing is lost without it.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Where the data is.
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// How many statements were sent so far.
    pub fn statements(&self) -> u64 {
        self.pool.statements()
    }

    /// How often the connections were replaced because they had fallen silent.
    pub fn replacements(&self) -> u64 {
        self.pool.replacements()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.location).finish()
    }
}

async fn take_turn(db: &DatabaseTransaction) -> Result<(), Error> {
    let asked = format!("SELECT GET_LOCK('opbx.migrate', {MIGRATION_TURN}) AS taken");
    let row = db.query_one_raw(Statement::from_string(DbBackend::MySql, asked)).await?;
    let taken: Option<i64> = row.map(|row| row.try_get("", "taken")).transpose()?.flatten();
    match taken {
        Some(1) => Ok(()),
        _ => Err(Error::Unavailable(Cause::said("another instance is migrating the database"))),
    }
}

async fn give_turn_back(db: &DatabaseTransaction) -> Result<(), Error> {
    let asked = Statement::from_string(DbBackend::MySql, "SELECT RELEASE_LOCK('opbx.migrate')");
    db.query_one_raw(asked).await?;
    Ok(())
}
