//! Links that work once, and the challenge between a password and a second factor.

use jiff::Timestamp;
use opbx_core::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Person, SecretDigest, person};
use crate::edit::Edit;
use crate::entity::{one_time_codes, users};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;

/// What a code is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodePurpose {
    /// To set a new password.
    Reset,
    /// To come for the first time.
    Invitation,
    /// To go on with a code after the password was right.
    SecondFactor,
}

impl CodePurpose {
    const ALL: [Self; 3] = [Self::Reset, Self::Invitation, Self::SecondFactor];

    const fn word(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Invitation => "invitation",
            Self::SecondFactor => "second_factor",
        }
    }
}

/// A code that was given out and has neither been used nor expired.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneTimeCode {
    /// Its identifier: the first part of its text.
    pub id: u64,
    /// What it is for.
    pub purpose: CodePurpose,
    /// Of its secret; the caller compares.
    pub digest: SecretDigest,
    /// How often it was tried.
    pub tries: u32,
    /// Who has it.
    pub person: Person,
}

impl Platform {
    /// The code of this number, if it has not expired.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn one_time_code(&self, id: u64, now: Timestamp) -> Result<Option<OneTimeCode>, Error> {
        let work = async |line: Line| {
            let id = id.cast_signed();
            let live = one_time_codes::Column::Id.eq(id).and(one_time_codes::Column::ExpiresAt.gt(Millis::of(now)));
            let Some(row) = one_time_codes::Entity::find().filter(live).one(line.db()).await? else {
                return Ok(None);
            };
            let Some(user) = users::Entity::find_by_id(row.user_id).one(line.db()).await? else { return Ok(None) };
            let purpose = CodePurpose::ALL.into_iter().find(|purpose| purpose.word() == row.purpose);
            Ok(Some(OneTimeCode {
                id: row.id.cast_unsigned(),
                purpose: purpose.ok_or_else(|| Error::Corrupt(Cause::said("a code is for nothing that is known")))?,
                digest: SecretDigest::of(&row.secret_digest),
                tries: row.tries.cast_unsigned(),
                person: person(line.db(), &user).await?,
            }))
        };
        self.store.pool.attempt(work).await
    }

    /// Counts a try, at once and whatever comes of it. Answers how many there were with this one.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the code has been used meanwhile; [`Error::Unavailable`].
    pub async fn try_code(&self, id: u64) -> Result<u32, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let own = one_time_codes::Column::Id.eq(id.cast_signed());
            one_time_codes::Entity::update_many()
                .col_expr(one_time_codes::Column::Tries, Expr::col(one_time_codes::Column::Tries).add(1))
                .filter(own.clone())
                .exec(&*writing)
                .await?;
            let row = one_time_codes::Entity::find().filter(own).one(&*writing).await?.ok_or(Error::NotFound)?;
            writing.commit().await?;
            Ok(row.tries.cast_unsigned())
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// When a person was given the code for a purpose that they have, if they have one that has not expired.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn code_given_at(&self, user: UserId, purpose: CodePurpose) -> Result<Option<Timestamp>, Error> {
        let own = self
            .tenant
            .rows::<one_time_codes::Entity>()
            .filter(one_time_codes::Column::UserId.eq(user.get().cast_signed()))
            .filter(one_time_codes::Column::Purpose.eq(purpose.word()))
            .filter(one_time_codes::Column::ExpiresAt.gt(Millis::of(self.now)));
        let row = self.within(async { Ok(own.one(&*self.writing).await?) }).await?;
        row.map(|row| row.created_at.instant()).transpose()
    }

    /// Gives out a code and answers its identifier. Earlier ones of the same person for the same purpose work no more.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such person (any more); [`Error::Unavailable`].
    pub async fn give_code(
        &mut self,
        user: UserId,
        purpose: CodePurpose,
        digest: SecretDigest,
        expires_at: Timestamp,
    ) -> Result<u64, Error> {
        let own = one_time_codes::Column::OrganizationId
            .eq(self.tenant.key())
            .and(one_time_codes::Column::UserId.eq(user.get().cast_signed()))
            .and(one_time_codes::Column::Purpose.eq(purpose.word()));
        let row = one_time_codes::ActiveModel {
            organization_id: Set(self.tenant.key()),
            user_id: Set(user.get().cast_signed()),
            purpose: Set(purpose.word().to_owned()),
            secret_digest: Set(digest.column()),
            tries: Set(0),
            created_at: Set(Millis::of(self.now)),
            expires_at: Set(Millis::of(expires_at)),
            ..Default::default()
        };
        let work = async {
            one_time_codes::Entity::delete_many().filter(own).exec(&*self.writing).await?;
            Ok(one_time_codes::Entity::insert(row).exec(&*self.writing).await?)
        };
        match self.within(work).await {
            Ok(inserted) => Ok(inserted.last_insert_id.cast_unsigned()),
            Err(Error::Conflict(_)) => Err(Error::NotFound),
            Err(fault) => Err(fault),
        }
    }

    /// Ends every code that was given to a person, whatever it is for.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn end_codes(&mut self, user: UserId) -> Result<(), Error> {
        let own = one_time_codes::Column::OrganizationId
            .eq(self.tenant.key())
            .and(one_time_codes::Column::UserId.eq(user.get().cast_signed()));
        let delete = one_time_codes::Entity::delete_many().filter(own);
        self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        Ok(())
    }

    /// Uses a code up.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when somebody was faster; [`Error::Unavailable`].
    pub async fn use_code(&mut self, id: u64) -> Result<(), Error> {
        let own = one_time_codes::Column::OrganizationId
            .eq(self.tenant.key())
            .and(one_time_codes::Column::Id.eq(id.cast_signed()));
        let delete = one_time_codes::Entity::delete_many().filter(own);
        let done = self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
    }
}
