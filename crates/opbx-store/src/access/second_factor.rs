//! The second factor: what an authenticator app was given, and codes for when it is lost.

use opbx_core::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::SecretDigest;
use crate::audit::Entry;
use crate::edit::Edit;
use crate::entity::{recovery_codes, second_factors};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::seal::Purpose;
use crate::user::USER;

/// What a person's authenticator was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecondFactor {
    /// The secret, in base 32.
    pub secret: opbx_core::secret::Password,
    /// Whether a code was shown for it: before that it is asked for nowhere.
    pub confirmed: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

/// Whether a code was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeTaken {
    /// It counts, and never again.
    Once,
    /// It, or a later one, had been used before.
    Before,
}

impl Edit {
    /// A person's second factor, if they began to set one up.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn second_factor(&self, user: UserId) -> Result<Option<SecondFactor>, Error> {
        let work = async {
            let (db, id) = (&*self.writing, user.get().cast_signed());
            let row = self.tenant.rows::<second_factors::Entity>().filter(second_factors::Column::UserId.eq(id));
            let Some(row) = row.one(db).await? else { return Ok(None) };
            let left = self.tenant.rows::<recovery_codes::Entity>().filter(recovery_codes::Column::UserId.eq(id));
            let secret = self.tenant.sealing().open(Purpose::SecondFactor, Some(&row.secret_sealed))?;
            let secret = secret.ok_or_else(|| Error::Corrupt(Cause::said("a second factor has no secret")))?;
            Ok(Some(SecondFactor {
                secret: opbx_core::secret::Password::new(secret),
                confirmed: row.confirmed_at.is_some(),
                recovery_codes: left.count(db).await?,
            }))
        };
        self.within(work).await
    }

    /// Begins to set up a second factor, in place of one that was begun and not confirmed.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when a confirmed one is there; [`Error::Unavailable`].
    pub async fn begin_second_factor(&mut self, user: UserId, secret: &str) -> Result<(), Error> {
        let sealed = self.tenant.sealing().seal(Purpose::SecondFactor, Some(secret))?;
        let begun = self.own_factor(user).and(second_factors::Column::ConfirmedAt.is_null());
        let row = second_factors::ActiveModel {
            organization_id: Set(self.tenant.key()),
            user_id: Set(user.get().cast_signed()),
            secret_sealed: Set(sealed.unwrap_or_default()),
            confirmed_at: Set(None),
            last_step: Set(None),
        };
        let work = async {
            second_factors::Entity::delete_many().filter(begun).exec(&*self.writing).await?;
            second_factors::Entity::insert(row).exec_without_returning(&*self.writing).await?;
            Ok(())
        };
        self.within(work).await
    }

    /// Confirms the second factor that was begun and gives it its recovery codes.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when none was begun, or it is confirmed already; [`Error::Unavailable`].
    pub async fn confirm_second_factor(
        &mut self,
        user: UserId,
        name: &str,
        codes: &[SecretDigest],
    ) -> Result<(), Error> {
        let id = user.get().cast_signed();
        let change =
            second_factors::ActiveModel { confirmed_at: Set(Some(Millis::of(self.now))), ..Default::default() };
        let own = self.own_factor(user).and(second_factors::Column::ConfirmedAt.is_null());
        let rows: Vec<_> = codes
            .iter()
            .map(|digest| recovery_codes::ActiveModel {
                organization_id: Set(self.tenant.key()),
                user_id: Set(id),
                digest: Set(digest.column()),
            })
            .collect();
        let work = async {
            let done = second_factors::Entity::update_many().set(change).filter(own).exec(&*self.writing).await?;
            if done.rows_affected != 1 {
                return Err(Error::NotFound);
            }
            self.drop_recovery_codes(id).await?;
            recovery_codes::Entity::insert_many(rows).exec_without_returning(&*self.writing).await?;
            Ok(())
        };
        self.within(work).await?;
        self.record(&Entry::of("second_factor_enabled", USER, Some(user.get()), name)).await
    }

    /// Takes the code of a step of time, unless one of that or a later step was taken before.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn take_step(&mut self, user: UserId, step: u64) -> Result<CodeTaken, Error> {
        let step = step.cast_signed();
        let change = second_factors::ActiveModel { last_step: Set(Some(step)), ..Default::default() };
        let earlier = second_factors::Column::LastStep.is_null().or(second_factors::Column::LastStep.lt(step));
        let update = second_factors::Entity::update_many().set(change).filter(self.own_factor(user).and(earlier));
        let done = self.within(async { Ok(update.exec(&*self.writing).await?) }).await?;
        Ok(if done.rows_affected == 1 { CodeTaken::Once } else { CodeTaken::Before })
    }

    /// Takes a recovery code.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn take_recovery_code(&mut self, user: UserId, digest: SecretDigest) -> Result<CodeTaken, Error> {
        let own = recovery_codes::Column::OrganizationId
            .eq(self.tenant.key())
            .and(recovery_codes::Column::UserId.eq(user.get().cast_signed()))
            .and(recovery_codes::Column::Digest.eq(digest.column()));
        let delete = recovery_codes::Entity::delete_many().filter(own);
        let done = self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        Ok(if done.rows_affected == 1 { CodeTaken::Once } else { CodeTaken::Before })
    }

    /// Takes the second factor away.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is none; [`Error::Unavailable`].
    pub async fn remove_second_factor(&mut self, user: UserId, name: &str) -> Result<(), Error> {
        let own = self.own_factor(user);
        let work = async {
            self.drop_recovery_codes(user.get().cast_signed()).await?;
            let done = second_factors::Entity::delete_many().filter(own).exec(&*self.writing).await?;
            if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
        };
        self.within(work).await?;
        self.record(&Entry::of("second_factor_disabled", USER, Some(user.get()), name)).await
    }

    fn own_factor(&self, user: UserId) -> Expr {
        let of = second_factors::Column::OrganizationId.eq(self.tenant.key());
        of.and(second_factors::Column::UserId.eq(user.get().cast_signed()))
    }

    async fn drop_recovery_codes(&self, user: i64) -> Result<(), Error> {
        let own =
            recovery_codes::Column::OrganizationId.eq(self.tenant.key()).and(recovery_codes::Column::UserId.eq(user));
        recovery_codes::Entity::delete_many().filter(own).exec(&*self.writing).await?;
        Ok(())
    }
}
