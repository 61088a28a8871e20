//! Signing in: who has an e-mail address.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Person, has_second_factor, person};
use crate::entity::users;
use crate::error::Error;
use crate::platform::Platform;
use crate::pool::Line;

/// Someone who may be signing in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Candidate {
    /// Who it would be.
    pub person: Person,
    /// Their address, as it is kept.
    pub email: String,
    /// The hash of their password; none when they were invited and have not come yet.
    pub password_hash: Option<String>,
    /// Whether a code is asked for after the password.
    pub second_factor: bool,
}

impl Platform {
    /// Who has this address; the case does not matter.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn candidate(&self, email: &str) -> Result<Option<Candidate>, Error> {
        let work = async |line: Line| {
            let db = line.db();
            let row = users::Entity::find().filter(users::Column::Email.eq(email.to_lowercase())).one(db).await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(Candidate {
                person: person(db, &row).await?,
                second_factor: has_second_factor(db, &row).await?,
                email: row.email,
                password_hash: row.password_hash,
            }))
        };
        self.store.pool.attempt(work).await
    }
}
