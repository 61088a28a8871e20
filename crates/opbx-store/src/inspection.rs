//! What an operator asks about a database: what it holds, whether it is whole, which engine it is and what time it has there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::sea_query::{Alias, Asterisk, Expr, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement};

use crate::entity::platform_settings;
use crate::error::{Cause, Error};
use crate::migration::{STEPS, tables, taken};
use crate::pool::Line;
use crate::seal::Purpose;
use crate::store::{LONG_WORK, Store};

/// What a database holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inventory {
    /// The steps of its schema, oldest first.
    pub steps: Vec<String>,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
}

impl Inventory {
    /// The steps that this version does not know.
    pub fn unknown_steps(&self) -> Vec<&str> {
        self.steps.iter().map(String::as_str).filter(|name| STEPS.iter().all(|step| step.name != *name)).collect()
    }
}

impl Store {
    /// What it holds, counted row by row.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn inventory(&self) -> Result<Inventory, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut rows = BTreeMap::new();
            for table in tables(&reading).await? {
                let backend = reading.get_database_backend();
                // The name is the database's own, and a database that is restored may be anybody's.
                let counted =
                    Query::select().expr_as(Func::count(Expr::col(Asterisk)), "number").from(Alias::new(&table)).take();
                let row = reading.query_one_raw(backend.build(&counted)).await?;
                let number: i64 = row.map(|row| row.try_get("", "number")).transpose()?.unwrap_or_default();
                rows.insert(table, number.cast_unsigned());
            }
            Ok(Inventory { steps: taken(&reading).await?, rows })
        };
        self.pool.attempt_within(LONG_WORK, work).await
    }

    /// What is broken in the file, as SQLite finds it; nothing on a server, which looks after its files itself.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; a file that is no database at all is one too.
    pub async fn broken(&self) -> Result<Vec<String>, Error> {
        if self.location().file().is_none() {
            return Ok(Vec::new());
        }
        let work = async |line: Line| {
            // `ok` in one row, or a row for each fault.
            let asked = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(20)");
            let rows = line.db().query_all_raw(asked).await?;
            let said: Result<Vec<String>, _> = rows.into_iter().map(|row| row.try_get("", "quick_check")).collect();
            Ok(said?.into_iter().filter(|line| line != "ok").collect())
        };
        self.pool.attempt_within(LONG_WORK, work).await
    }

    /// Whether a change could be begun now; on a server that is not asked, since nobody keeps all of it from others.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]: somebody keeps the file locked, or it cannot be written.
    pub async fn takes_changes(&self) -> Result<(), Error> {
        if self.location().file().is_none() {
            return Ok(());
        }
        self.pool.attempt(async |line: Line| line.write().await?.take_back().await).await
    }

    /// The engine's name and version.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn engine(&self) -> Result<String, Error> {
        let work = async |line: Line| {
            let backend = line.db().get_database_backend();
            let asked = match backend {
                DbBackend::MySql => "SELECT CAST(VERSION() AS CHAR) AS version",
                _ => "SELECT sqlite_version() AS version",
            };
            let row = line.db().query_one_raw(Statement::from_string(backend, asked)).await?;
            let version: String = row.map(|row| row.try_get("", "version")).transpose()?.unwrap_or_default();
            Ok(match backend {
                DbBackend::MySql if version.contains("MariaDB") => format!("MariaDB {version}"),
                DbBackend::MySql => format!("MySQL {version}"),
                _ => format!("SQLite {version}"),
            })
        };
        self.pool.attempt(work).await
    }

    /// What time the server of the database has; `None`: it is a file, and has ours.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn its_time(&self) -> Result<Option<Timestamp>, Error> {
        if self.location().file().is_some() {
            return Ok(None);
        }
        let work = async |line: Line| {
            let asked = "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS millis";
            let row = line.db().query_one_raw(Statement::from_string(DbBackend::MySql, asked)).await?;
            let millis: i64 = row.map(|row| row.try_get("", "millis")).transpose()?.unwrap_or_default();
            Timestamp::from_millisecond(millis).map(Some).map_err(|fault| Error::Corrupt(Cause::new(fault)))
        };
        self.pool.attempt(work).await
    }

    /// Whether the secret key opens what is sealed in it; `None`: nothing is sealed yet. One row is tried: it tells whether
    /// key and database belong together at all.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn opens_its_secrets(&self) -> Result<Option<bool>, Error> {
        let work = async |line: Line| {
            let sealed = platform_settings::Entity::find()
                .filter(platform_settings::Column::WebhookKeySealed.is_not_null())
                .limit(1)
                .one(line.db())
                .await?;
            Ok(sealed.and_then(|row| {
                Some((OrganizationId::new(row.organization_id.cast_unsigned()), row.webhook_key_sealed?))
            }))
        };
        let sealed = self.pool.attempt(work).await?;
        Ok(sealed.map(|(id, sealed)| self.keys.open(Purpose::WebhookKey, id, &sealed).is_ok()))
    }
}
