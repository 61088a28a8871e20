//! Making organizations, listing them, and serving them or not.

use super::named_domain::{DomainName, DomainUuid};
use super::people::someone_at_the_machine;
use crate::auth::hashed;
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::organization::OrganizationStatus;
use opbx_core::region::CountryCode;
use opbx_core::secret::Password;
use opbx_core::text::{EmailAddress, Name, ZoneName};
use opbx_store::{
    Author, Constraint, Created, Error, NewOrganization, NewOwner, OrganizationSummary, Reason, Slug, Store, Tenant,
    WebhookKey,
};
use std::str::FromStr;

/// An organization that someone wants, with its owner.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What people call it.
    pub name: Name,
    /// Its short name; without it, the name's letters and digits.
    pub slug: Option<Slug>,
    /// Its country.
    pub country: CountryCode,
    /// Its zone.
    pub timezone: ZoneName,
    /// What people call its owner.
    pub owner_name: Name,
    /// What the owner signs in with.
    pub owner_email: EmailAddress,
    /// The hash of the owner's password: see [`NewPassword::hashed`].
    pub owner_password_hash: String,
    /// Its domain at the platform.
    pub domain: Option<DomainName>,
    /// The platform's identifier of that domain.
    pub domain_uuid: Option<DomainUuid>,
    /// What the platform proves itself with.
    pub webhook_key: WebhookKey,
    /// The secret in the address of its call records.
    pub cdr_secret: WebhookKey,
}

/// Why an organization is not made.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// Its zone does not exist.
    #[error("there is no time zone `{0}`; zones look like America/New_York")]
    Zone(ZoneName),
    /// Its country does not exist.
    #[error("there is no country `{0}`; countries have ISO 3166 codes like US")]
    Country(CountryCode),
    /// Its name gives no short name.
    #[error("no short name can be made of `{0}`; give one, like acme-dental")]
    NoSlug(Name),
    /// The password cannot be hashed.
    #[error("the owner's password cannot be hashed")]
    Hash,
    /// Something of it is taken.
    #[error("another organization has {1}")]
    Taken(Constraint, String),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A password that someone chose, long enough to be one.
#[derive(Clone, Debug)]
pub struct NewPassword(Password);

/// A text that is too short to be a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the owner's password has fewer than {} characters", NewPassword::SHORTEST)]
pub struct ShortPassword;

impl NewPassword {
    /// The fewest characters.
    pub const SHORTEST: usize = 10;

    /// Its hash. That is slow: a server has it made on threads that answer no calls.
    ///
    /// # Errors
    ///
    /// [`NotMade::Hash`].
    pub fn hashed(&self) -> Result<String, NotMade> {
        hashed(&self.0).map_err(|_| NotMade::Hash)
    }

    /// The text, for whoever hashes it.
    pub(crate) fn into_password(self) -> Password {
        self.0
    }
}

impl FromStr for NewPassword {
    type Err = ShortPassword;

    fn from_str(text: &str) -> Result<Self, ShortPassword> {
        let long_enough = text.chars().count() >= Self::SHORTEST;
        if long_enough { Ok(Self(Password::new(text.to_owned()))) } else { Err(ShortPassword) }
    }
}

/// Makes an organization and its owner.
///
/// # Errors
///
/// [`NotMade`].
pub async fn create(
    store: &Store,
    asked: Asked,
    author: &Author,
    zones: &TimeZoneDatabase,
    now: Timestamp,
) -> Result<(Created, Slug), NotMade> {
    if zones.get(asked.timezone.as_str()).is_err() {
        return Err(NotMade::Zone(asked.timezone));
    }
    if !asked.country.is_assigned() {
        return Err(NotMade::Country(asked.country));
    }
    let slug = match asked.slug {
        Some(slug) => slug,
        None => slug(asked.name.as_str()).ok_or_else(|| NotMade::NoSlug(asked.name.clone()))?,
    };
    let owner = NewOwner { name: asked.owner_name, email: asked.owner_email, password_hash: asked.owner_password_hash };
    let new = NewOrganization {
        name: asked.name,
        slug,
        country: asked.country,
        timezone: asked.timezone,
        owner: Some(owner),
        domain: asked.domain.map(|domain| domain.to_string()),
        domain_uuid: asked.domain_uuid.map(|uuid| uuid.to_string()),
        webhook_key: asked.webhook_key,
        cdr_secret: asked.cdr_secret,
    };
    match store.platform().create(&new, author, now).await {
        Ok(created) => Ok((created, new.slug)),
        Err(Error::Conflict(constraint)) => Err(taken(constraint, &new)),
        Err(fault) => Err(fault.into()),
    }
}

fn taken(constraint: Constraint, new: &NewOrganization) -> NotMade {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let what = match constraint {
        Constraint::Slug => format!("the short name `{}`", new.slug),
        Constraint::Domain => format!("the domain `{}`", text(&new.domain)),
        Constraint::DomainUuid => format!("the domain identifier `{}`", text(&new.domain_uuid)),
        Constraint::WebhookKey => "this webhook key".to_owned(),
        Constraint::Email => {
            let email = new.owner.as_ref().map(|owner| owner.email.to_string());
            format!("a person with the address `{}`", text(&email))
        }
        other => return NotMade::Store(Error::Conflict(other)),
    };
    NotMade::Taken(constraint, what)
}

/// The letters and digits of a name, with hyphens between its words.
fn slug(name: &str) -> Option<Slug> {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    joined.get(..joined.len().min(63)).and_then(|text| text.trim_end_matches('-').parse().ok())
}

/// All organizations, oldest first.
///
/// # Errors
///
/// [`Error`].
pub async fn list(store: &Store) -> Result<Vec<OrganizationSummary>, Error> {
    store.platform().list().await
}

/// Serves an organization again, or no longer; it is named by its identifier or short name. Answers what it is now.
///
/// # Errors
///
/// [`Error::NotFound`] when nobody has that name.
pub async fn set_status(
    store: &Store,
    named: &str,
    status: OrganizationStatus,
    now: Timestamp,
) -> Result<OrganizationSummary, Error> {
    let found = store.platform().named(named).await?;
    let mut edit = store.tenant(&Tenant::inside(found.id, Reason::Command)).edit(someone_at_the_machine(), now).await?;
    edit.set_organization_status(status).await?;
    let revision = edit.commit().await?.unwrap_or(found.revision);
    Ok(OrganizationSummary { status, revision, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_the_letters_and_digits() {
        assert_eq!(slug("Acme Dental, Inc.").unwrap().as_str(), "acme-dental-inc");
        assert_eq!(slug("  A--b  ").unwrap().as_str(), "a-b");
        assert_eq!(slug("24"), None);
        assert_eq!(slug("東京"), None);
    }

    #[test]
    fn a_password_is_never_short() {
        assert!("ten letters".parse::<NewPassword>().is_ok());
        assert!(matches!("nine char".parse::<NewPassword>(), Err(ShortPassword)));
    }
}
