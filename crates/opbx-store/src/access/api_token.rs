//! API tokens: what a person lets a program do in their name.

use jiff::Timestamp;
use opbx_core::id::UserId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement, Value};

use super::{Person, SecretDigest, person_beside, with_person};
use crate::audit::Entry;
use crate::edit::Edit;
use crate::entity::api_tokens;
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::tenant::TenantStore;
use crate::user::is_over;
use crate::word;

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// In whose name it acts.
    pub user: UserId,
    /// What it is called.
    pub name: String,
    /// What it may do, in the words of the permissions.
    pub abilities: Vec<String>,
    /// Of its secret.
    pub digest: SecretDigest,
    /// Until when it lasts; `None`: until it is revoked.
    pub expires_at: Option<Timestamp>,
}

/// A token as it is listed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiToken {
    /// Its identifier: the first part of its text.
    pub id: u64,
    /// In whose name it acts.
    pub user: UserId,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub abilities: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Until when it lasts.
    pub expires_at: Option<Timestamp>,
}

/// The word of a token in the audit log.
const TOKEN: &str = "api_token";

impl Platform {
    /// The token of this number with the person behind it, and the digest of its secret, which the caller compares. One
    /// that has expired is none.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn api_token(&self, id: u64, now: Timestamp) -> Result<Option<(SecretDigest, ApiToken, Person)>, Error> {
        let work = async |line: Line| {
            const ASKED: &str = with_person!("api_tokens", "t.id = ?");
            let values = [Value::from(id.cast_signed())];
            let asked = Statement::from_sql_and_values(line.db().get_database_backend(), ASKED, values);
            let Some(found) = line.db().query_one_raw(asked).await? else { return Ok(None) };
            let row = api_tokens::Model::from_query_result(&found, "")?;
            if is_over(row.expires_at, now) {
                return Ok(None);
            }
            Ok(Some((SecretDigest::of(&row.secret_digest), token(row)?, person_beside(&found)?)))
        };
        self.store.pool.attempt(work).await
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn touch_api_token(&self, id: u64, now: Timestamp) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let change = api_tokens::ActiveModel { last_used_at: Set(Some(Millis::of(now))), ..Default::default() };
            let own = api_tokens::Column::Id.eq(id.cast_signed());
            api_tokens::Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }
}

impl TenantStore {
    /// The tokens of the organization, or of one person, the latest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn api_tokens(&self, of: Option<UserId>) -> Result<Vec<ApiToken>, Error> {
        let work = async |line: Line| {
            let mut rows = self.rows::<api_tokens::Entity>();
            if let Some(user) = of {
                rows = rows.filter(api_tokens::Column::UserId.eq(user.get().cast_signed()));
            }
            let rows = rows.order_by_desc(api_tokens::Column::Id).all(line.db()).await?;
            rows.into_iter().map(token).collect()
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// Makes a token and answers its identifier.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such person (any more); [`Error::Unavailable`].
    pub async fn create_api_token(&mut self, new: NewApiToken) -> Result<u64, Error> {
        let row = api_tokens::ActiveModel {
            organization_id: Set(self.tenant.key()),
            user_id: Set(new.user.get().cast_signed()),
            name: Set(new.name.clone()),
            abilities: Set(word::write_list(&new.abilities)?),
            secret_digest: Set(new.digest.column()),
            created_at: Set(Millis::of(self.now)),
            last_used_at: Set(None),
            expires_at: Set(new.expires_at.map(Millis::of)),
            ..Default::default()
        };
        let inserted = self.within(async { Ok(api_tokens::Entity::insert(row).exec(&*self.writing).await?) }).await;
        let id = match inserted {
            Ok(inserted) => inserted.last_insert_id.cast_unsigned(),
            Err(Error::Conflict(_)) => return Err(Error::NotFound),
            Err(fault) => return Err(fault),
        };
        let after = serde_json::json!({ "name": new.name, "abilities": new.abilities, "expires_at": new.expires_at });
        self.record(&Entry { after: Some(after), ..Entry::of("created", TOKEN, Some(id), new.name) }).await?;
        Ok(id)
    }

    /// Revokes a token; `of` is the person whose it must be, if it may not be anyone's.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn revoke_api_token(&mut self, id: u64, of: Option<UserId>) -> Result<(), Error> {
        let mut rows = self.tenant.rows::<api_tokens::Entity>().filter(api_tokens::Column::Id.eq(id.cast_signed()));
        if let Some(user) = of {
            rows = rows.filter(api_tokens::Column::UserId.eq(user.get().cast_signed()));
        }
        let row = self.within(async { Ok(rows.one(&*self.writing).await?) }).await?.ok_or(Error::NotFound)?;
        let own = api_tokens::Column::OrganizationId.eq(self.tenant.key()).and(api_tokens::Column::Id.eq(row.id));
        let delete = api_tokens::Entity::delete_many().filter(own);
        self.within(async { Ok(delete.exec(&*self.writing).await?) }).await?;
        self.record(&Entry::of("deleted", TOKEN, Some(id), row.name)).await
    }
}

fn token(row: api_tokens::Model) -> Result<ApiToken, Error> {
    Ok(ApiToken {
        id: row.id.cast_unsigned(),
        user: UserId::new(row.user_id.cast_unsigned()),
        name: row.name,
        abilities: word::read_list(&row.abilities)?,
        created_at: row.created_at.instant()?,
        last_used_at: row.last_used_at.map(Millis::instant).transpose()?,
        expires_at: row.expires_at.map(Millis::instant).transpose()?,
    })
}
