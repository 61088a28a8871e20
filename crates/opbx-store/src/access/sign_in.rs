//! Signing in: who has an e-mail address.

use opbx_core::id::UserId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Person, has_second_factor, person};
use crate::edit::Edit;
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
            Ok(Some(candidate(db, row).await?))
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// What a person signs in with, as it is inside this edit: whoever was checked before it began may be someone else by
    /// now.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such person (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn candidate(&self, id: UserId) -> Result<Candidate, Error> {
        let work = async {
            let db = &*self.writing;
            let own = self.tenant.rows::<users::Entity>().filter(users::Column::Id.eq(id.get().cast_signed()));
            candidate(db, own.one(db).await?.ok_or(Error::NotFound)?).await
        };
        self.within(work).await
    }
}

async fn candidate(db: &impl ConnectionTrait, row: users::Model) -> Result<Candidate, Error> {
    Ok(Candidate {
        person: person(db, &row).await?,
        second_factor: has_second_factor(db, &row).await?,
        email: row.email,
        password_hash: row.password_hash,
    })
}
