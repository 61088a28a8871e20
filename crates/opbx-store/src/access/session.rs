//! Sessions: one for each place where a person is signed in.

use jiff::Timestamp;
use opbx_core::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement, Value};

use super::{Person, SecretDigest, person_beside, with_person};
use crate::edit::Edit;
use crate::entity::sessions;
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose.
    pub user: UserId,
    /// Of its secret.
    pub digest: SecretDigest,
    /// What the client calls itself.
    pub device: String,
    /// Where it was opened from.
    pub address: String,
    /// Until when it lasts.
    pub expires_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its identifier: the first part of its token.
    pub id: u64,
    /// What the client calls itself.
    pub device: String,
    /// Where it was opened from.
    pub address: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// Until when it lasts.
    pub expires_at: Timestamp,
}

impl Platform {
    /// Who has the session of this number, and the digest of its secret, which the caller compares. One that has expired is
    /// none.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn session(&self, id: u64, now: Timestamp) -> Result<Option<(SecretDigest, Session, Person)>, Error> {
        let work = async |line: Line| {
            const ASKED: &str = with_person!("sessions", "t.id = ? AND t.expires_at > ?");
            let values = [Value::from(id.cast_signed()), Millis::of(now).into()];
            let asked = Statement::from_sql_and_values(line.db().get_database_backend(), ASKED, values);
            let Some(found) = line.db().query_one_raw(asked).await? else { return Ok(None) };
            let row = sessions::Model::from_query_result(&found, "")?;
            Ok(Some((SecretDigest::of(&row.secret_digest), session(&row)?, person_beside(&found)?)))
        };
        self.store.pool.attempt(work).await
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn touch_session(&self, id: u64, now: Timestamp) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let change = sessions::ActiveModel { last_seen_at: Set(Millis::of(now)), ..Default::default() };
            let own = sessions::Column::Id.eq(id.cast_signed());
            sessions::Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// Removes sessions and codes that have expired. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn sweep_access(&self, now: Timestamp) -> Result<u64, Error> {
        use crate::entity::one_time_codes;
        let work = async |line: Line| {
            let writing = line.write().await?;
            let over = sessions::Column::ExpiresAt.lte(Millis::of(now));
            let gone = sessions::Entity::delete_many().filter(over).exec(&*writing).await?.rows_affected;
            let over = one_time_codes::Column::ExpiresAt.lte(Millis::of(now));
            let codes = one_time_codes::Entity::delete_many().filter(over).exec(&*writing).await?.rows_affected;
            writing.commit().await?;
            Ok(gone + codes)
        };
        self.store.pool.attempt(work).await
    }
}

impl TenantStore {
    /// A person's sessions, the latest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn sessions(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, Error> {
        let work = async |line: Line| {
            let rows = self
                .rows::<sessions::Entity>()
                .filter(sessions::Column::UserId.eq(user.get().cast_signed()))
                .filter(sessions::Column::ExpiresAt.gt(Millis::of(now)))
                .order_by_desc(sessions::Column::Id)
                .all(line.db())
                .await?;
            rows.iter().map(session).collect()
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// Opens a session and answers its identifier.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such person (any more); [`Error::Unavailable`].
    pub async fn open_session(&mut self, new: NewSession) -> Result<u64, Error> {
        let now = Millis::of(self.now);
        let row = sessions::ActiveModel {
            organization_id: Set(self.tenant.key()),
            user_id: Set(new.user.get().cast_signed()),
            secret_digest: Set(new.digest.column()),
            device: Set(new.device.chars().take(255).collect()),
            address: Set(new.address.chars().take(64).collect()),
            created_at: Set(now),
            last_seen_at: Set(now),
            expires_at: Set(Millis::of(new.expires_at)),
            ..Default::default()
        };
        let inserted = self.within(async { Ok(sessions::Entity::insert(row).exec(&*self.writing).await?) }).await;
        match inserted {
            Ok(inserted) => Ok(inserted.last_insert_id.cast_unsigned()),
            Err(Error::Conflict(_)) => Err(Error::NotFound),
            Err(fault) => Err(fault),
        }
    }

    /// Gives a session another secret and a longer life: the old secret is dead.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when the session has gone, or has another secret by now; [`Error::Unavailable`].
    pub async fn renew_session(
        &mut self,
        id: u64,
        (old, new): (SecretDigest, SecretDigest),
        expires_at: Timestamp,
    ) -> Result<(), Error> {
        let change = sessions::ActiveModel {
            secret_digest: Set(new.column()),
            expires_at: Set(Millis::of(expires_at)),
            last_seen_at: Set(Millis::of(self.now)),
            ..Default::default()
        };
        let own = sessions::Column::OrganizationId
            .eq(self.tenant.key())
            .and(sessions::Column::Id.eq(id.cast_signed()))
            .and(sessions::Column::SecretDigest.eq(old.column()));
        let update = sessions::Entity::update_many().set(change).filter(own);
        let done = self.within(async { Ok(update.exec(&*self.writing).await?) }).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Ends a session of a person.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when it is not theirs; [`Error::Unavailable`].
    pub async fn end_session(&mut self, user: UserId, id: u64) -> Result<(), Error> {
        let own = sessions::Column::OrganizationId
            .eq(self.tenant.key())
            .and(sessions::Column::UserId.eq(user.get().cast_signed()))
            .and(sessions::Column::Id.eq(id.cast_signed()));
        let delete = sessions::Entity::delete_many().filter(own);
        let done = self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Ends all sessions of a person but one.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn end_other_sessions(&mut self, user: UserId, but: Option<u64>) -> Result<(), Error> {
        let mut own = sessions::Column::OrganizationId
            .eq(self.tenant.key())
            .and(sessions::Column::UserId.eq(user.get().cast_signed()));
        if let Some(but) = but {
            own = own.and(sessions::Column::Id.ne(but.cast_signed()));
        }
        let delete = sessions::Entity::delete_many().filter(own);
        self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        Ok(())
    }
}

fn session(row: &sessions::Model) -> Result<Session, Error> {
    Ok(Session {
        id: row.id.cast_unsigned(),
        device: row.device.clone(),
        address: row.address.clone(),
        created_at: row.created_at.instant()?,
        last_seen_at: row.last_seen_at.instant()?,
        expires_at: row.expires_at.instant()?,
    })
}
