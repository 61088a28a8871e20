//! People who may sign in.

use jiff::Timestamp;
use opbx_core::extension::Extension;
use opbx_core::id::{OrganizationId, UserId};
use opbx_core::organization::Status;
use opbx_core::permission::Role;
use opbx_core::text::{EmailAddress, Name, Note};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

use crate::audit::{Entry, differences};
use crate::edit::Edit;
use crate::entity::{api_tokens, extensions, one_time_codes, sessions, users};
use crate::error::{Cause, Error};
use crate::kind::Stored;
use crate::millis::Millis;
use crate::page::{Filter, Page, Query, pattern};
use crate::pool::Line;
use crate::tenant::TenantStore;
use crate::word;

/// A person. Whoever signs in with a password has its hash beside this, never in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Their identifier.
    pub id: UserId,
    /// What people call them.
    pub name: Name,
    /// Where they get mail, and what they sign in with; in lower case.
    pub email: EmailAddress,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub status: Status,
    /// Where they are reached, for colleagues.
    pub phone: Option<Note>,
}

/// The word of what a user is in the audit log and in references.
pub const USER: &str = "user";

const FIELDS: &[(&str, users::Column)] = &[
    ("id", users::Column::Id),
    ("name", users::Column::Name),
    ("email", users::Column::Email),
    ("role", users::Column::Role),
    ("status", users::Column::Status),
    ("phone", users::Column::Phone),
    ("created_at", users::Column::CreatedAt),
    ("updated_at", users::Column::UpdatedAt),
];

fn column(field: &str) -> Option<users::Column> {
    FIELDS.iter().find(|(name, _)| *name == field).map(|(_, column)| *column)
}

impl TenantStore {
    /// A page of the organization's people.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn users(&self, query: &Query) -> Result<Page<Stored<User>>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut chosen = self.rows::<users::Entity>();
            for Filter { field, value } in &query.filters {
                if let Some(column) = column(field) {
                    chosen = chosen.filter(column.eq(sea_orm::Value::from(value.clone())));
                }
            }
            if let Some(text) = query.search.as_deref().filter(|text| !text.is_empty()) {
                let any = [users::Column::Name, users::Column::Email].into_iter();
                chosen = chosen.filter(any.fold(Condition::any(), |any, column| any.add(pattern(column, text))));
            }
            let total = chosen.clone().count(&reading).await?;
            let order = if query.descending { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
            let by = query.sort_by.as_deref().and_then(column).unwrap_or(users::Column::Id);
            let rows = chosen.order_by(by, order.clone()).order_by(users::Column::Id, order);
            let rows = rows.offset(query.offset).limit(query.limit).all(&reading).await?;
            let items = rows.iter().map(stored).collect::<Result<_, Error>>()?;
            reading.commit().await?;
            Ok(Page { items, total })
        };
        self.store.pool.attempt(work).await
    }

    /// One person.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn user(&self, id: UserId) -> Result<Stored<User>, Error> {
        self.store.pool.attempt(async |line: Line| self.user_in(line.db(), id).await).await
    }

    async fn user_in(&self, db: &impl ConnectionTrait, id: UserId) -> Result<Stored<User>, Error> {
        let row = self.rows::<users::Entity>().filter(users::Column::Id.eq(id.get().cast_signed())).one(db).await?;
        stored(&row.ok_or(Error::NotFound)?)
    }
}

impl Edit {
    /// One person, as they are inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn user(&self, id: UserId) -> Result<Stored<User>, Error> {
        self.within(self.tenant.user_in(&*self.writing, id)).await
    }

    /// Makes a person; without a password they cannot sign in yet.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the e-mail address is taken.
    pub async fn create_user(&mut self, user: &User, password_hash: Option<String>) -> Result<Stored<User>, Error> {
        let now = Millis::of(self.now);
        let row = users::ActiveModel {
            organization_id: Set(self.tenant.key()),
            password_hash: Set(password_hash),
            revision: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..columns(user)?
        };
        let inserted = self.within(async { Ok(users::Entity::insert(row).exec(&*self.writing).await?) }).await?;
        let made = self.user(UserId::new(inserted.last_insert_id.cast_unsigned())).await?;
        self.note_user("created", &made.object, None, Some(portrait(&made.object))).await?;
        Ok(made)
    }

    /// Changes a person who was found inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the e-mail address is taken; [`Error::NotFound`].
    pub async fn update_user(&mut self, before: &Stored<User>, user: &User) -> Result<Stored<User>, Error> {
        if before.object == *user {
            return Ok(before.clone());
        }
        self.change_user(user.id, columns(user)?).await?;
        let after = self.user(user.id).await?;
        let (was, is) = differences(&portrait(&before.object), &portrait(&after.object));
        self.note_user("updated", &after.object, Some(was), Some(is)).await?;
        if after.object.status != Status::Active {
            self.end_access(user.id).await?;
        }
        if after.object.email != before.object.email {
            // What was sent to the former address is for nobody any more.
            self.end_codes(user.id).await?;
        }
        Ok(after)
    }

    /// Sets what a person signs in with. Links and challenges that were given to them before count no more.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn set_password(&mut self, user: &User, password_hash: String) -> Result<(), Error> {
        let change = users::ActiveModel { password_hash: Set(Some(password_hash)), ..Default::default() };
        self.change_user(user.id, change).await?;
        self.end_codes(user.id).await?;
        self.note_user("password_changed", user, None, None).await
    }

    /// Replaces the former hash of a password by a better one of the same password. That is no event.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], also when another password was set meanwhile; [`Error::Unavailable`].
    pub async fn upgrade_password(&mut self, id: UserId, (former, better): (&str, String)) -> Result<(), Error> {
        let change = users::ActiveModel { password_hash: Set(Some(better)), ..Default::default() };
        self.change_user_where(id, users::Column::PasswordHash.eq(former), change).await
    }

    /// Removes a person: their sessions, tokens and codes go with them, their extensions stay.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn remove_user(&mut self, before: &Stored<User>) -> Result<(), Error> {
        let id = before.object.id.get().cast_signed();
        for theirs in self.extensions_of(before.object.id).await? {
            let nobodys = Extension { user: None, ..theirs.object.clone() };
            self.update(&theirs, nobodys).await?;
        }
        let work = async {
            let own = users::Column::OrganizationId.eq(self.tenant.key()).and(users::Column::Id.eq(id));
            match users::Entity::delete_many().filter(own).exec(&*self.writing).await?.rows_affected {
                1 => Ok(()),
                _ => Err(Error::NotFound),
            }
        };
        self.within(work).await?;
        self.note_user("deleted", &before.object, Some(portrait(&before.object)), None).await
    }

    /// How many active owners the organization has.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn owners(&self) -> Result<u64, Error> {
        let work = async {
            let owners = self.tenant.rows::<users::Entity>().filter(users::Column::Role.eq(Role::Owner.as_str()));
            Ok(owners.filter(users::Column::Status.eq("active")).count(&*self.writing).await?)
        };
        self.within(work).await
    }

    async fn extensions_of(&self, user: UserId) -> Result<Vec<Stored<Extension>>, Error> {
        let work = async {
            let theirs = extensions::Column::UserId.eq(user.get().cast_signed());
            let rows = self.tenant.rows::<extensions::Entity>().filter(theirs).all(&*self.writing).await?;
            self.tenant.stored(&*self.writing, rows).await
        };
        self.within(work).await
    }

    /// Whether the organization has this person.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn has_user(&self, id: UserId) -> Result<bool, Error> {
        let id = id.get().cast_signed();
        Ok(self.within(self.ids::<users::Entity>(&[id])).await?.contains(&id))
    }

    /// Ends everything that a person is signed in with.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn end_access(&mut self, id: UserId) -> Result<(), Error> {
        let id = id.get().cast_signed();
        let work = async {
            let (db, of) = (&*self.writing, self.tenant.key());
            let own = sessions::Column::OrganizationId.eq(of).and(sessions::Column::UserId.eq(id));
            sessions::Entity::delete_many().filter(own).exec(db).await?;
            let own = api_tokens::Column::OrganizationId.eq(of).and(api_tokens::Column::UserId.eq(id));
            api_tokens::Entity::delete_many().filter(own).exec(db).await?;
            let own = one_time_codes::Column::OrganizationId.eq(of).and(one_time_codes::Column::UserId.eq(id));
            one_time_codes::Entity::delete_many().filter(own).exec(db).await?;
            Ok(())
        };
        self.within(work).await
    }

    async fn change_user(&self, id: UserId, change: users::ActiveModel) -> Result<(), Error> {
        self.change_user_where(id, Condition::all(), change).await
    }

    async fn change_user_where(
        &self,
        id: UserId,
        so: impl IntoCondition,
        change: users::ActiveModel,
    ) -> Result<(), Error> {
        let own = users::Column::OrganizationId.eq(self.tenant.key());
        let update = users::Entity::update_many()
            .set(change)
            .col_expr(users::Column::Revision, Expr::col(users::Column::Revision).add(1))
            .col_expr(users::Column::UpdatedAt, Expr::value(Millis::of(self.now)))
            .filter(own.and(users::Column::Id.eq(id.get().cast_signed())))
            .filter(so.into_condition());
        let done = self.within(async { Ok(update.exec(&*self.writing).await?) }).await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn note_user(
        &mut self,
        action: &'static str,
        user: &User,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), Error> {
        let name = user.name.to_string();
        self.record(&Entry { before, after, ..Entry::of(action, USER, Some(user.id.get()), name) }).await
    }
}

/// A person as the audit log shows them.
fn portrait(user: &User) -> Value {
    json!({
        "name": user.name,
        "email": user.email,
        "role": user.role.as_str(),
        "status": user.status,
        "phone": user.phone,
    })
}

fn columns(user: &User) -> Result<users::ActiveModel, Error> {
    Ok(users::ActiveModel {
        name: Set(word::write(&user.name)?),
        email: Set(user.email.as_str().to_lowercase()),
        role: Set(user.role.as_str().to_owned()),
        status: Set(word::write(&user.status)?),
        phone: Set(word::write_some(user.phone.as_ref())?),
        ..Default::default()
    })
}

fn stored(row: &users::Model) -> Result<Stored<User>, Error> {
    Ok(Stored {
        revision: row.revision.cast_unsigned(),
        created_at: row.created_at.instant()?,
        updated_at: row.updated_at.instant()?,
        object: User {
            id: UserId::new(row.id.cast_unsigned()),
            name: word::read(&row.name)?,
            email: word::read(&row.email)?,
            role: role(&row.role)?,
            status: word::read(&row.status)?,
            phone: word::read_some(row.phone.as_deref())?,
        },
    })
}

pub(crate) fn role(word: &str) -> Result<Role, Error> {
    Role::parse(word).ok_or_else(|| Error::Corrupt(Cause::said(format!("{word} is no role"))))
}

/// Whose a row of a person is.
pub(crate) const fn organization(row: &users::Model) -> OrganizationId {
    OrganizationId::new(row.organization_id.cast_unsigned())
}

/// When a row was written, for those that expire.
pub(crate) fn is_over(until: Option<Millis>, now: Timestamp) -> bool {
    until.is_some_and(|until| until <= Millis::of(now))
}
