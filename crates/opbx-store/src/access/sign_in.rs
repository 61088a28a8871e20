//! Signing in: who has an e-mail address.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Person, person};
use crate::entity::{organization_control, organizations, second_factors, users};
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
    /// Whether their organization wants a second factor of owners and admins.
    pub second_factor_required: bool,
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
            let of = organizations::Entity::find_by_id(row.organization_id).one(db).await?.ok_or(Error::NotFound)?;
            let factor = second_factors::Entity::find_by_id((row.organization_id, row.id)).one(db).await?;
            let control = organization_control::Entity::find_by_id(row.organization_id).one(db).await?;
            Ok(Some(Candidate {
                person: person(&row, &of)?,
                second_factor: factor.is_some_and(|factor| factor.confirmed_at.is_some()),
                second_factor_required: control.is_some_and(|control| control.require_second_factor),
                email: row.email,
                password_hash: row.password_hash,
            }))
        };
        self.store.pool.attempt(work).await
    }
}
