//! People and tokens, by someone with the machine in hand.

use crate::access::{NewToken, TokenKind};
use crate::api::portrait;
use crate::auth::{Weak, hashed, strong};
use jiff::Timestamp;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_core::permission::{Permission, Role};
use opbx_core::secret::Password;
use opbx_core::text::{EmailAddress, Name};
use opbx_store::{Actor, Author, Error, NewApiToken, Reason, Rebuilt, Store, Tenant, TenantStore, User, Verified};

/// Someone to be made.
#[derive(Clone, Debug)]
pub struct AskedUser {
    /// What people call them.
    pub name: Name,
    /// What they sign in with.
    pub email: EmailAddress,
    /// What they may do.
    pub role: Role,
    /// With what.
    pub password: Password,
}

/// Why it is not done.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    /// Nobody in the organization has this address.
    #[error("nobody in this organization has the address {0}")]
    Nobody(EmailAddress),
    /// The password is too weak.
    #[error("the password is too weak: it should be {0}")]
    Weak(String),
    /// Someone who is to be invited has a password.
    #[error("{0} has a password already; give them another one with `opbx user reset-password`")]
    HasPassword(EmailAddress),
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// The password cannot be hashed.
    #[error("the password cannot be hashed")]
    NotHashed,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<Weak> for NotDone {
    fn from(weak: Weak) -> Self {
        Self::Weak(weak.to_string())
    }
}

/// Makes a person of the organization, named by its identifier or short name.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`] when nobody has that name.
pub async fn create_user(store: &Store, named: &str, asked: AskedUser, now: Timestamp) -> Result<UserId, NotDone> {
    strong(asked.password.reveal(), asked.email.as_str(), asked.name.as_str())?;
    let hash = hashed(&asked.password).map_err(|_| NotDone::NotHashed)?;
    let AskedUser { name, email, role, .. } = asked;
    let mut edit = inside(store, named).await?.edit(someone_at_the_machine(), now).await?;
    let user = User { id: UserId::new(0), name, email, role, status: Status::Active, phone: None };
    let made = edit.create_user(&user, Some(hash)).await?;
    edit.commit().await?;
    Ok(made.object.id)
}

/// Gives a person another password, and ends all their sessions.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`] when nobody has that name.
pub async fn reset_password(
    store: &Store,
    named: &str,
    email: &EmailAddress,
    password: &Password,
    now: Timestamp,
) -> Result<UserId, NotDone> {
    let tenant = inside(store, named).await?;
    let user = found(store, &tenant, email).await?;
    strong(password.reveal(), user.email.as_str(), user.name.as_str())?;
    let hash = hashed(password).map_err(|_| NotDone::NotHashed)?;
    let mut edit = tenant.edit(someone_at_the_machine(), now).await?;
    edit.set_password(&user, hash).await?;
    edit.end_other_sessions(user.id, None).await?;
    edit.commit().await?;
    Ok(user.id)
}

/// Makes an API token of a person, and answers its text.
///
/// # Errors
///
/// [`NotDone`]; [`Error::NotFound`] when nobody has that name.
pub async fn create_api_token(
    store: &Store,
    named: &str,
    (email, name): (&EmailAddress, &Name),
    abilities: &[Permission],
    now: Timestamp,
) -> Result<String, NotDone> {
    let tenant = inside(store, named).await?;
    let user = found(store, &tenant, email).await?;
    let token = NewToken::draw(TokenKind::Api).map_err(|_| NotDone::NoRandomness)?;
    let mut edit = tenant.edit(someone_at_the_machine(), now).await?;
    let new = NewApiToken {
        user: user.id,
        name: name.to_string(),
        abilities: abilities.iter().map(ToString::to_string).collect(),
        digest: token.digest(),
        expires_at: None,
    };
    let id = edit.create_api_token(new).await?;
    edit.commit().await?;
    Ok(token.text(id))
}

/// Makes a token of the installation, and answers its text.
///
/// # Errors
///
/// [`NotDone`].
pub async fn create_installation_token(store: &Store, name: &Name, now: Timestamp) -> Result<String, NotDone> {
    let token = NewToken::draw(TokenKind::Installation).map_err(|_| NotDone::NoRandomness)?;
    let id = store.platform().create_installation_token(name.as_str(), token.digest(), now).await?;
    tracing::info!(token = id, name = name.as_str(), "a token of the installation was made");
    Ok(token.text(id))
}

/// Follows the chain of an organization's audit log.
///
/// # Errors
///
/// [`Error::NotFound`] when nobody has that name; [`Error::Unavailable`].
pub async fn verify_audit_log(store: &Store, named: &str) -> Result<Verified, Error> {
    inside(store, named).await?.verify_audit_log().await
}

/// Counts the statistics of an organization anew, out of its calls.
///
/// # Errors
///
/// [`Error::NotFound`] when nobody has that name; [`Error::Unavailable`].
pub async fn rebuild_statistics(store: &Store, named: &str) -> Result<Rebuilt, Error> {
    inside(store, named).await?.rebuild_statistics().await
}

pub(super) async fn inside(store: &Store, named: &str) -> Result<TenantStore, Error> {
    let organization = store.platform().named(named).await?;
    Ok(store.tenant(&Tenant::inside(organization.id, Reason::Command)))
}

pub(super) async fn found(store: &Store, tenant: &TenantStore, email: &EmailAddress) -> Result<User, NotDone> {
    let candidate = store.platform().candidate(email.as_str()).await?;
    let nobody = || NotDone::Nobody(email.clone());
    match tenant.user(candidate.ok_or_else(nobody)?.person.id).await {
        Ok(user) => Ok(user.object),
        // Someone of another organization.
        Err(Error::NotFound) => Err(nobody()),
        Err(fault) => Err(fault.into()),
    }
}

/// Who acts by command.
pub fn someone_at_the_machine() -> Author {
    Author { actor: Actor::Command, request_id: None, address: None, portrait }
}
