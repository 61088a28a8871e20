//! A database that was away and may have come back as another one: looked at before anybody gets to it.
//!
//! Whoever serves without a database withholds it. What then appears under its address may be anything: nothing but an
//! empty file, a copy that is still being written, something else's tables. It is given to the others when it was found to
//! be one of ours, whole as far as a look tells, sealed with our secret and up to date.

use std::time::Duration;

use jiff::Timestamp;

use crate::data_dir::DataDir;
use crate::error::{Cause, Error};
use crate::pool::Pool;
use crate::sqlite_file::{Found, Sight};
use crate::store::{Migrated, OpenError, Store};

/// How long a file must have stayed as it is.
const STILL: Duration = Duration::from_millis(600);

const EMPTY: &str = "it is empty, where there was an installation";

impl Store {
    /// From now on nobody gets to the database until it was [taken over](Self::take_over).
    pub fn withhold(&self) {
        self.pool.withhold();
    }

    /// Whether the database has to be taken over before anybody gets to it.
    pub fn is_withheld(&self) -> bool {
        self.pool.is_withheld()
    }

    /// Whether another file has taken the place of the database.
    pub fn is_replaced(&self) -> bool {
        self.pool.file().is_some_and(|file| matches!(file.look(), Ok(Found::Another)))
    }

    /// Looks at the database as if for the first time, brings its schema up to date, and gives it to everybody. An empty one
    /// is not taken.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; it is still withheld then.
    pub async fn take_over(&self, data_dir: &DataDir, now: Timestamp) -> Result<Migrated, OpenError> {
        let broken = |fault| OpenError::Broken { location: self.location().clone(), fault };
        let sight = self.still().await.map_err(broken)?;
        if sight.is_some_and(Sight::is_empty) {
            // Not even opened: that would make it look like a database.
            return Err(broken(Error::away(EMPTY)));
        }
        if let (Some(file), Some(sight)) = (self.pool.file(), sight) {
            file.part_from_foreign_log(sight).map_err(|fault| broken(Error::Unavailable(Cause::new(fault))))?;
        }
        // A handle of its own: this one stays closed to the others.
        let apart = Self { pool: Pool::new(self.location(), self.pool.settings()), ..self.clone() };
        let looked = apart.look_over(data_dir, now).await;
        apart.close().await;
        let migrated = looked?;
        if let (Some(file), Some(sight)) = (self.pool.file(), sight) {
            file.take(sight);
            file.must_be_ours().map_err(broken)?;
        }
        self.pool.give();
        Ok(migrated)
    }

    async fn look_over(&self, data_dir: &DataDir, now: Timestamp) -> Result<Migrated, OpenError> {
        let refused = |why: &str| OpenError::Broken {
            location: self.location().clone(),
            fault: Error::Unavailable(Cause::said(why)),
        };
        if self.is_empty().await? {
            return Err(refused(EMPTY));
        }
        let migrated = self.migrate(data_dir, now).await?;
        match self.opens_its_secrets().await {
            Ok(Some(false)) => Err(refused("its secrets were sealed with another secret key")),
            Ok(_) => Ok(migrated),
            Err(fault) => Err(OpenError::Broken { location: self.location().clone(), fault }),
        }
    }

    /// The file, once nobody seems to be writing it.
    async fn still(&self) -> Result<Option<Sight>, Error> {
        let Some(file) = self.pool.file() else { return Ok(None) };
        let before = file.sight()?;
        tokio::time::sleep(STILL).await;
        if file.sight()? != before {
            return Err(Error::away("somebody is writing it"));
        }
        Ok(Some(before))
    }
}
