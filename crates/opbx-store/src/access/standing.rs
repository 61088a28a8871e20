//! How someone stands at the moment of a change: who was let in when a request began may have lost their place by the time its
//! body was there.

use opbx_core::id::UserId;
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::permission::Role;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};

use crate::edit::Edit;
use crate::error::Error;
use crate::user;
use crate::word;

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
