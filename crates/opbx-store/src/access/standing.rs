//! How someone stands who was let in before: at the moment of a change, since its body can take its time, and while they listen
//! to what happens.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opbx_core::id::{ExtensionId, UserId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::permission::Role;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Statement, Value};

use super::{Person, person_beside, with_person};
use crate::edit::Edit;
use crate::entity::extensions;
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::user::{self, is_over};
use crate::word;

/// How many are asked about at once: the engines bound how many values a statement may have.
const AT_ONCE: usize = 1_000;

/// How a person stands inside an edit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PersonNow {
    /// What they may do.
    pub role: Role,
    /// Whether they may be signed in.
    pub status: Status,
    /// Whether their organization is served.
    pub organization_status: OrganizationStatus,
    /// Whether the session that was asked about is still open.
    pub has_session: bool,
}

#[derive(FromQueryResult)]
struct Row {
    role: String,
    status: String,
    served: String,
    open_sessions: i64,
}

const ASKED: &str = "SELECT u.role AS role, u.status AS status, o.status AS served, \
    (SELECT COUNT(*) FROM sessions s WHERE s.organization_id = u.organization_id AND s.user_id = u.id AND s.id = ?) \
    AS open_sessions \
    FROM users u JOIN organizations o ON o.id = u.organization_id WHERE u.organization_id = ? AND u.id = ?";

impl Edit {
    /// How a person of the organization stands now, and whether this session of theirs is open; `None`: they are gone.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn person_now(&self, user: UserId, session: u64) -> Result<Option<PersonNow>, Error> {
        let values = [session.cast_signed(), self.tenant.key(), user.get().cast_signed()].map(Value::from);
        let work = async {
            let db = &*self.writing;
            let asked = Statement::from_sql_and_values(db.get_database_backend(), ASKED, values);
            Ok(Row::find_by_statement(asked).one(db).await?)
        };
        let Some(row) = self.within(work).await? else { return Ok(None) };
        Ok(Some(PersonNow {
            role: user::role(&row.role)?,
            status: word::read(&row.status)?,
            organization_status: word::read(&row.served)?,
            has_session: row.open_sessions > 0,
        }))
    }
}

impl Platform {
    /// The people behind sessions, as they stand now. A session that has ended or expired is not among them.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn people_in_sessions(&self, ids: &[u64], now: Timestamp) -> Result<BTreeMap<u64, Person>, Error> {
        self.people(with_person!("sessions", "t.id IN ("), ids, now).await
    }

    /// The same of the people behind tokens for programs.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn people_behind_tokens(&self, ids: &[u64], now: Timestamp) -> Result<BTreeMap<u64, Person>, Error> {
        self.people(with_person!("api_tokens", "t.id IN ("), ids, now).await
    }

    async fn people(&self, asked: &str, ids: &[u64], now: Timestamp) -> Result<BTreeMap<u64, Person>, Error> {
        let mut people = BTreeMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let asked = format!("{asked}{})", vec!["?"; ids.len()].join(", "));
            let values: Vec<Value> = ids.iter().map(|id| Value::from(id.cast_signed())).collect();
            let work = async |line: Line| {
                let asked = Statement::from_sql_and_values(line.db().get_database_backend(), &asked, values.clone());
                let mut found = Vec::new();
                for row in line.db().query_all_raw(asked).await? {
                    let expires_at = row.try_get::<Option<Millis>>("", "expires_at")?;
                    if !is_over(expires_at, now) {
                        found.push((row.try_get::<i64>("", "id")?.cast_unsigned(), person_beside(&row)?));
                    }
                }
                Ok(found)
            };
            people.extend(self.store.pool.attempt(work).await?);
        }
        Ok(people)
    }

    /// Whose extensions these are. One that has gone is not among them, and neither is one that is nobody's.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn holders_of_extensions(&self, ids: &[ExtensionId]) -> Result<BTreeMap<ExtensionId, UserId>, Error> {
        let mut holders = BTreeMap::new();
        for ids in ids.chunks(AT_ONCE) {
            let work = async |line: Line| {
                let rows = extensions::Entity::find()
                    .select_only()
                    .columns([extensions::Column::Id, extensions::Column::UserId])
                    .filter(extensions::Column::Id.is_in(ids.iter().map(|id| id.get().cast_signed())))
                    .filter(extensions::Column::UserId.is_not_null());
                Ok(rows.into_tuple::<(i64, i64)>().all(line.db()).await?)
            };
            let found = self.store.pool.attempt(work).await?;
            let found = found.into_iter().map(|(id, user)| (id.cast_unsigned(), user.cast_unsigned()));
            holders.extend(found.map(|(id, user)| (ExtensionId::new(id), UserId::new(user))));
        }
        Ok(holders)
    }
}
