//! The connections: behind a swap, with a deadline, and replaced when they fall silent.
//!
//! sqlx 0.9.0 can lose the permits of its pool for ever when a peer goes silent without closing (transact-rs/sqlx issue 4349).
//! So nothing waits for it without an end: every attempt has a deadline, attempts that time out are counted, and after a few
//! in a row the whole pool is exchanged for a new one, whatever the old one still believes to be lent out.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use arc_swap::ArcSwap;
use sea_orm::sqlx::mysql::MySqlConnectOptions;
use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqliteTransactionMode, SqlxMySqlConnector,
    SqlxSqliteConnector, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Cause, Error};
use crate::location::Location;
use crate::sqlite_file::{Found, SqliteFile};

/// How patient the store is.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The longest that one operation may take, waiting for a connection included.
    pub deadline: Duration,
    /// The longest that a connection is waited for.
    pub acquire: Duration,
    /// After how many operations in a row that timed out the connections are replaced.
    pub silent_limit: u32,
    /// The most connections.
    pub connections: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { deadline: Duration::from_secs(10), acquire: Duration::from_secs(3), silent_limit: 3, connections: 8 }
    }
}

enum Engine {
    Sqlite(Arc<SqliteFile>),
    Server(Box<MySqlConnectOptions>),
}

/// One pool of connections, and how often in a row it let someone wait too long.
struct Generation {
    db: DatabaseConnection,
    silences: AtomicU32,
}

/// The connections.
pub(crate) struct Pool {
    engine: Engine,
    settings: Settings,
    current: ArcSwap<Generation>,
    statements: Arc<AtomicU64>,
    replacements: AtomicU64,
    /// Whether nobody may have what the address leads to, since it was not looked at yet.
    withheld: AtomicBool,
    /// SQLite has one writer at a time. Those of this process wait in line here, in order; left to its own lock they would
    /// poll, and some would starve.
    turn: Arc<Mutex<()>>,
    /// A server has many, and each waits on its connection until nobody else changes the organization. Those of this process
    /// wait in line here instead, before they have one: else whoever changes one organization very often takes them all.
    organizations: std::sync::Mutex<HashMap<i64, Weak<Mutex<()>>>>,
}

/// How many organizations have a line before those that nobody stands in are forgotten.
const LINES: usize = 1_024;

impl Pool {
    /// Connections that are made when they are first needed: nothing is asked here, so nothing can be away.
    pub(crate) fn new(location: &Location, settings: Settings) -> Arc<Self> {
        let engine = match location {
            Location::File(path) => Engine::Sqlite(Arc::new(SqliteFile::at(path))),
            Location::Server(options) => Engine::Server(options.clone()),
        };
        let statements = Arc::default();
        let first = Arc::new(generation(&engine, settings, &statements));
        let replacements = AtomicU64::new(0);
        Arc::new(Self {
            engine,
            settings,
            current: ArcSwap::new(first),
            statements,
            replacements,
            withheld: AtomicBool::new(false),
            turn: Arc::default(),
            organizations: std::sync::Mutex::default(),
        })
    }

    /// The file, on SQLite.
    pub(crate) fn file(&self) -> Option<&Arc<SqliteFile>> {
        match &self.engine {
            Engine::Sqlite(file) => Some(file),
            Engine::Server(_) => None,
        }
    }

    /// How many statements were sent.
    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How often the connections were replaced.
    pub(crate) fn replacements(&self) -> u64 {
        self.replacements.load(Ordering::Relaxed)
    }

    /// From now on nobody gets to the database, until it is [given](Self::give) again.
    pub(crate) fn withhold(&self) {
        if !self.withheld.swap(true, Ordering::AcqRel) {
            self.replace(&self.current.load_full());
        }
    }

    /// Whether nobody gets to the database.
    pub(crate) fn is_withheld(&self) -> bool {
        self.withheld.load(Ordering::Acquire)
    }

    /// From now on everybody gets to the database, with connections of their own.
    pub(crate) fn give(&self) {
        self.replace(&self.current.load_full());
        self.withheld.store(false, Ordering::Release);
    }

    /// How patient it is.
    pub(crate) const fn settings(&self) -> Settings {
        self.settings
    }

    /// Closes what is idle and waits a little for the rest. What comes later finds a closed pool and is refused.
    pub(crate) async fn close(&self) {
        let current = self.current.load_full();
        // A peer that says nothing would be waited for without an end.
        let _ = tokio::time::timeout(self.settings.acquire, current.db.close_by_ref()).await;
    }

    /// Waits until nobody else of this process changes an organization. Nothing to wait for on SQLite, where all writers
    /// stand in one line before they have a connection.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] after the deadline. That is no silence of the database: others were busy with it.
    pub(crate) async fn turn_of(&self, organization: i64) -> Result<Option<OwnedMutexGuard<()>>, Error> {
        if self.file().is_some() {
            return Ok(None);
        }
        let turn = {
            let mut lines = self.organizations.lock().unwrap_or_else(PoisonError::into_inner);
            if lines.len() >= LINES {
                lines.retain(|_, line| line.strong_count() > 0);
            }
            lines.get(&organization).and_then(Weak::upgrade).unwrap_or_else(|| {
                let line = Arc::default();
                lines.insert(organization, Arc::downgrade(&line));
                line
            })
        };
        match tokio::time::timeout(self.settings.deadline, turn.lock_owned()).await {
            Ok(turn) => Ok(Some(turn)),
            Err(_) => Err(Error::away("others have been changing this organization for too long")),
        }
    }

    /// Does a piece of work within the deadline.
    pub(crate) async fn attempt<T, F, Work>(self: &Arc<Self>, work: F) -> Result<T, Error>
    where
        F: FnOnce(Line) -> Work,
        Work: Future<Output = Result<T, Error>>,
    {
        self.attempt_within(self.settings.deadline, work).await
    }

    /// The same with a deadline of its own, for migrations and backups.
    pub(crate) async fn attempt_within<T, F, Work>(self: &Arc<Self>, deadline: Duration, work: F) -> Result<T, Error>
    where
        F: FnOnce(Line) -> Work,
        Work: Future<Output = Result<T, Error>>,
    {
        if self.is_withheld() {
            return Err(Error::away("it was not looked at yet since it was away"));
        }
        let generation = self.current.load_full();
        self.look_at_file(&generation)?;
        let line = Line { pool: Arc::clone(self), generation: Arc::clone(&generation) };
        let outcome = tokio::time::timeout(deadline, work(line)).await;
        match outcome {
            Ok(Err(Error::Unavailable(cause))) if cause.is_silence() => {
                self.note_silence(&generation);
                Err(Error::Unavailable(cause))
            }
            Ok(answered) => {
                generation.silences.store(0, Ordering::Relaxed);
                if let Some(file) = self.file().filter(|_| answered.is_ok()) {
                    file.answered();
                }
                answered
            }
            Err(_) => {
                self.note_silence(&generation);
                Err(Error::Unavailable(Cause::silence()))
            }
        }
    }

    /// The file must be where it was. If another one stands there, a connection may have opened that one: none is kept.
    fn look_at_file(&self, generation: &Arc<Generation>) -> Result<(), Error> {
        let Some(file) = self.file() else { return Ok(()) };
        if file.look()? == Found::Another {
            self.replace(generation);
        }
        file.must_be_ours()
    }

    fn note_silence(&self, generation: &Arc<Generation>) {
        // A file has no peer that could fall silent; whoever waited too long there stood behind other writers.
        if self.file().is_some() {
            return;
        }
        if generation.silences.fetch_add(1, Ordering::Relaxed) + 1 >= self.settings.silent_limit {
            self.replace(generation);
        }
    }

    /// Exchanges the connections, unless someone else already has. The old ones are let go, not closed one by one: closing
    /// waits for what never comes back.
    fn replace(&self, old: &Arc<Generation>) {
        let new = Arc::new(generation(&self.engine, self.settings, &self.statements));
        let found = self.current.compare_and_swap(old, new);
        if Arc::ptr_eq(&found, old) {
            self.replacements.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn generation(engine: &Engine, settings: Settings, statements: &Arc<AtomicU64>) -> Generation {
    let mut db = match engine {
        Engine::Sqlite(file) => {
            let options = SqliteConnectOptions::new()
                .filename(file.path())
                // Only `SqliteFile::make` makes one: a database that is missing is away, not empty.
                .create_if_missing(false)
                .journal_mode(SqliteJournalMode::Wal)
                // Every commit is on the disk before it is acknowledged, also after a power failure.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(settings.acquire)
                .disable_statement_logging();
            let pool = PoolOptions::new()
                .max_connections(settings.connections)
                .acquire_timeout(settings.acquire)
                .test_before_acquire(false)
                // Whatever SQLite undoes by itself, on a disk that is full, sqlx takes to go on. What is begun next on such a
                // connection is a part of what is not there, and is never made so, whatever its commit says.
                .before_acquire(|connection: &mut SqliteConnection, _| {
                    let is_done = !connection.is_in_transaction();
                    Box::pin(async move { Ok(is_done) })
                })
                .idle_timeout(None)
                .max_lifetime(None);
            SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.connect_lazy_with(options))
        }
        Engine::Server(options) => {
            let options = options.as_ref().clone().charset("utf8mb4").disable_statement_logging();
            let pool = PoolOptions::new().max_connections(settings.connections).acquire_timeout(settings.acquire);
            SqlxMySqlConnector::from_sqlx_mysql_pool(pool.connect_lazy_with(options))
        }
    };
    let statements = Arc::clone(statements);
    db.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    Generation { db, silences: AtomicU32::new(0) }
}

/// The connections as one attempt sees them.
pub(crate) struct Line {
    pool: Arc<Pool>,
    generation: Arc<Generation>,
}

impl Line {
    /// For a single statement that reads.
    pub(crate) fn db(&self) -> &DatabaseConnection {
        &self.generation.db
    }

    /// Begins a transaction in which everything that is read is of the same moment.
    pub(crate) async fn read(&self) -> Result<DatabaseTransaction, Error> {
        let db = &self.generation.db;
        Ok(match self.pool.engine {
            // A deferred transaction in WAL mode reads from one snapshot by itself.
            Engine::Sqlite(_) => db.begin().await?,
            Engine::Server(_) => {
                db.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await?
            }
        })
    }

    /// Begins a transaction that writes: immediate on SQLite, where one that only becomes a writer on the way cannot wait
    /// for its turn.
    pub(crate) async fn write(&self) -> Result<Writing, Error> {
        let mut options = TransactionOptions::default();
        let turn = match self.pool.engine {
            Engine::Sqlite(_) => {
                options.sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
                Some(Arc::clone(&self.pool.turn).lock_owned().await)
            }
            Engine::Server(_) => {
                // The usual isolation locks the gap where a row is not, and organizations would wait for each other in a
                // circle. Changes of one organization are apart anyway: `TenantStore::alone` locks its row.
                options.isolation_level = Some(IsolationLevel::ReadCommitted);
                None
            }
        };
        let transaction = self.generation.db.begin_with_options(options).await?;
        let file = self.pool.file().cloned();
        if let Some(file) = &file {
            file.must_be_ours()?;
        }
        Ok(Writing { transaction, file, _turn: turn, _organization: None })
    }
}

/// A transaction that writes. Dropped without [`Writing::commit`], nothing has happened.
pub(crate) struct Writing {
    transaction: DatabaseTransaction,
    file: Option<Arc<SqliteFile>>,
    _turn: Option<OwnedMutexGuard<()>>,
    /// The turn of the organization that is changed.
    _organization: Option<OwnedMutexGuard<()>>,
}

impl Writing {
    /// Keeps the turn of an organization until the transaction has ended.
    pub(crate) fn in_turn(self, organization: Option<OwnedMutexGuard<()>>) -> Self {
        Self { _organization: organization, ..self }
    }

    /// Makes it so, if the file is still where it was.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        if let Some(file) = &self.file {
            file.must_be_ours()?;
        }
        Ok(self.transaction.commit().await?)
    }

    /// Takes everything back, and waits until that is done.
    pub(crate) async fn take_back(self) -> Result<(), Error> {
        Ok(self.transaction.rollback().await?)
    }
}

impl Deref for Writing {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}
