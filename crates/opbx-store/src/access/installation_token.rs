//! Installation tokens: of resellers and operators, and of no organization.

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::SecretDigest;
use crate::entity::installation_tokens;
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;

/// A token as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstallationToken {
    /// Its identifier: the first part of its text.
    pub id: u64,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Platform {
    /// The token of this number and the digest of its secret, which the caller compares.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn installation_token(&self, id: u64) -> Result<Option<(SecretDigest, InstallationToken)>, Error> {
        let work = async |line: Line| {
            let row = installation_tokens::Entity::find_by_id(id.cast_signed()).one(line.db()).await?;
            row.map(|row| Ok((SecretDigest::of(&row.secret_digest), token(row)?))).transpose()
        };
        self.store.pool.attempt(work).await
    }

    /// All of them, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn installation_tokens(&self) -> Result<Vec<InstallationToken>, Error> {
        let work = async |line: Line| {
            let rows = installation_tokens::Entity::find().order_by_asc(installation_tokens::Column::Id);
            rows.all(line.db()).await?.into_iter().map(token).collect()
        };
        self.store.pool.attempt(work).await
    }

    /// Makes a token and answers its identifier.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn create_installation_token(
        &self,
        name: &str,
        digest: SecretDigest,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let row = installation_tokens::ActiveModel {
                name: Set(name.chars().take(255).collect()),
                secret_digest: Set(digest.column()),
                created_at: Set(Millis::of(now)),
                last_used_at: Set(None),
                ..Default::default()
            };
            let inserted = installation_tokens::Entity::insert(row).exec(&*writing).await?;
            writing.commit().await?;
            Ok(inserted.last_insert_id.cast_unsigned())
        };
        self.store.pool.attempt(work).await
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn touch_installation_token(&self, id: u64, now: Timestamp) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let change =
                installation_tokens::ActiveModel { last_used_at: Set(Some(Millis::of(now))), ..Default::default() };
            let own = installation_tokens::Column::Id.eq(id.cast_signed());
            installation_tokens::Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// Revokes a token.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn revoke_installation_token(&self, id: u64) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let own = installation_tokens::Column::Id.eq(id.cast_signed());
            let done = installation_tokens::Entity::delete_many().filter(own).exec(&*writing).await?;
            writing.commit().await?;
            if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
        };
        self.store.pool.attempt(work).await
    }
}

fn token(row: installation_tokens::Model) -> Result<InstallationToken, Error> {
    Ok(InstallationToken {
        id: row.id.cast_unsigned(),
        name: row.name,
        created_at: row.created_at.instant()?,
        last_used_at: row.last_used_at.map(Millis::instant).transpose()?,
    })
}
