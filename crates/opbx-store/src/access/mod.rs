//! Who is signed in, and with what: the questions that come before it is known whose rows may be seen.

mod api_token;
mod installation_token;
mod one_time_code;
mod second_factor;
mod session;
mod sign_in;
mod standing;

use std::fmt;

use opbx_core::id::{OrganizationId, UserId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::permission::Role;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QueryResult};

pub use self::api_token::{ApiToken, NewApiToken};
pub use self::installation_token::InstallationToken;
pub use self::one_time_code::{CodePurpose, OneTimeCode};
pub use self::second_factor::{CodeTaken, SecondFactor};
pub use self::session::{NewSession, Session};
pub use self::sign_in::Candidate;
pub use self::standing::PersonNow;
use crate::entity::{organization_control, organizations, second_factors, users};
use crate::error::Error;
use crate::millis::Millis;
use crate::user;
use crate::word;

/// The SHA-256 of the secret part of a token: the secret itself is nowhere. It is random and long, so that no salt and no
/// slow hash is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretDigest(pub [u8; 32]);

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(hidden)")
    }
}

impl SecretDigest {
    /// Of a column; one of another length is the digest of nothing.
    fn of(column: &[u8]) -> Self {
        Self(column.try_into().unwrap_or([0; 32]))
    }

    fn column(self) -> Vec<u8> {
        self.0.to_vec()
    }
}

/// A person behind a token, with everything that decides what they may do at this moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// In which organization.
    pub organization: OrganizationId,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may sign in.
    pub status: Status,
    /// Whether their organization is served.
    pub organization_status: OrganizationStatus,
    /// Whether their organization wants a second factor of people of their role, and they have none.
    pub second_factor_missing: bool,
}

/// The columns of a person beside those of a token `t`, and where they stand.
///
/// One query and not five: it comes before every request of the API. The control of the organization and the person's
/// second factor may not be there.
macro_rules! with_person {
    ($table:literal, $which:literal) => {
        concat!(
            "SELECT t.*, u.id AS person_id, u.organization_id AS person_organization, u.name AS person_name, ",
            "u.role AS person_role, u.status AS person_status, o.status AS person_served, ",
            "c.require_second_factor AS person_factor_wanted, f.confirmed_at AS person_factor_confirmed ",
            "FROM ",
            $table,
            " t JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id ",
            "JOIN organizations o ON o.id = u.organization_id ",
            "LEFT JOIN organization_control c ON c.organization_id = u.organization_id ",
            "LEFT JOIN second_factors f ON f.organization_id = u.organization_id AND f.user_id = u.id ",
            "WHERE ",
            $which
        )
    };
}

pub(crate) use with_person;

#[derive(FromQueryResult)]
struct PersonRow {
    person_id: i64,
    person_organization: i64,
    person_name: String,
    person_role: String,
    person_status: String,
    person_served: String,
    person_factor_wanted: Option<bool>,
    person_factor_confirmed: Option<Millis>,
}

/// The person beside a token, of a row of [`with_person`].
fn person_beside(row: &QueryResult) -> Result<Person, Error> {
    let row = PersonRow::from_query_result(row, "")?;
    let role = user::role(&row.person_role)?;
    let is_wanted = row.person_factor_wanted.unwrap_or_default() && matches!(role, Role::Owner | Role::Admin);
    Ok(Person {
        id: UserId::new(row.person_id.cast_unsigned()),
        organization: OrganizationId::new(row.person_organization.cast_unsigned()),
        name: row.person_name,
        role,
        status: word::read(&row.person_status)?,
        organization_status: word::read(&row.person_served)?,
        second_factor_missing: is_wanted && row.person_factor_confirmed.is_none(),
    })
}

/// The person of a row. Whether a second factor is wanted is only asked where it could be.
async fn person(db: &impl ConnectionTrait, user: &users::Model) -> Result<Person, Error> {
    let of = organizations::Entity::find_by_id(user.organization_id).one(db).await?.ok_or(Error::NotFound)?;
    let role = user::role(&user.role)?;
    let second_factor_missing = match role {
        Role::Owner | Role::Admin => is_wanted(db, user).await? && !has_second_factor(db, user).await?,
        Role::Agent | Role::Reporter => false,
    };
    Ok(Person {
        id: UserId::new(user.id.cast_unsigned()),
        organization: user::organization(user),
        name: user.name.clone(),
        role,
        status: word::read(&user.status)?,
        organization_status: word::read(&of.status)?,
        second_factor_missing,
    })
}

async fn is_wanted(db: &impl ConnectionTrait, user: &users::Model) -> Result<bool, Error> {
    let control = organization_control::Entity::find_by_id(user.organization_id).one(db).await?;
    Ok(control.is_some_and(|control| control.require_second_factor))
}

async fn has_second_factor(db: &impl ConnectionTrait, user: &users::Model) -> Result<bool, Error> {
    let factor = second_factors::Entity::find_by_id((user.organization_id, user.id)).one(db).await?;
    Ok(factor.is_some_and(|factor| factor.confirmed_at.is_some()))
}
