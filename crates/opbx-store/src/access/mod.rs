//! Who is signed in, and with what: the questions that come before it is known whose rows may be seen.

mod api_token;
mod installation_token;
mod one_time_code;
mod second_factor;
mod session;
mod sign_in;

use std::fmt;

use opbx_core::id::{OrganizationId, UserId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::permission::Role;
use sea_orm::{ConnectionTrait, EntityTrait};

pub use self::api_token::{ApiToken, NewApiToken};
pub use self::installation_token::InstallationToken;
pub use self::one_time_code::{CodePurpose, OneTimeCode};
pub use self::second_factor::{CodeTaken, SecondFactor};
pub use self::session::{NewSession, Session};
pub use self::sign_in::Candidate;
use crate::entity::{organization_control, organizations, second_factors, users};
use crate::error::Error;
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
