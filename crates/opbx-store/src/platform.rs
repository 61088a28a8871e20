//! The few questions that cross organizations: making and listing them, and whose a request is.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use opbx_core::id::{OrganizationId, UserId};
use opbx_core::invalid::Invalid;
use opbx_core::organization::{Organization, OrganizationStatus};
use opbx_core::permission::Role;
use opbx_core::region::CountryCode;
use opbx_core::secret::Password;
use opbx_core::text::{EmailAddress, Name, ZoneName};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::audit::Entry;
use crate::edit::Author;
use crate::entity::{organizations, platform_settings, users};
use crate::error::{Cause, Error, ObjectKind};
use crate::millis::Millis;
use crate::organization::{Revision, insert_settings};
use crate::platform_settings::PlatformSettings;
use crate::pool::Line;
use crate::seal::Purpose;
use crate::store::Store;
use crate::tenant::TenantStore;
use crate::user::USER;
use crate::word;

/// The short name of an organization in addresses and commands: lower-case letters, digits and hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Slug(Box<str>);

impl Slug {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        // One of digits only would be taken for an identifier.
        let has_letter = text.bytes().any(|byte| byte.is_ascii_lowercase());
        if (1..=63).contains(&text.len())
            && text.bytes().all(allowed)
            && has_letter
            && !text.starts_with('-')
            && !text.ends_with('-')
        {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::expected("a short name like acme-dental (lower-case letters, digits, hyphens)"))
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the platform proves itself with: 16 to 128 printable characters. Hidden like a password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WebhookKey(Password);

impl WebhookKey {
    /// The key, for whoever configures the platform.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl FromStr for WebhookKey {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(Password::new(text.to_owned())))
        } else {
            Err(Invalid::expected("a key of 16 to 128 printable characters"))
        }
    }
}

/// The first person of an organization.
#[derive(Clone, Debug)]
pub struct NewOwner {
    /// What people call them.
    pub name: Name,
    /// Where they get mail, and what they sign in with.
    pub email: EmailAddress,
    /// The hash of their password, made by whoever knows how.
    pub password_hash: String,
}

/// An organization to be made.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// What people call it.
    pub name: Name,
    /// Its short name.
    pub slug: Slug,
    /// Its country.
    pub country: CountryCode,
    /// Its zone.
    pub timezone: ZoneName,
    /// Its first person, if there is to be one.
    pub owner: Option<NewOwner>,
    /// Its domain at the platform.
    pub domain: Option<String>,
    /// The platform's identifier of that domain.
    pub domain_uuid: Option<String>,
    /// What the platform will prove itself with.
    pub webhook_key: WebhookKey,
    /// The secret in the address of its call records.
    pub cdr_secret: WebhookKey,
}

/// What was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Created {
    /// The organization.
    pub organization: OrganizationId,
    /// Its owner.
    pub owner: Option<UserId>,
}

/// An organization as lists and look-ups show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrganizationSummary {
    /// Its identifier.
    pub id: OrganizationId,
    /// What people call it.
    pub name: Name,
    /// Its short name.
    pub slug: String,
    /// Its zone.
    pub timezone: ZoneName,
    /// Whether it is served.
    pub status: OrganizationStatus,
    /// Its plan's revision.
    pub revision: Revision,
}

/// The questions that cross organizations.
#[derive(Clone, Debug)]
pub struct Platform {
    pub(crate) store: Store,
}

impl Platform {
    pub(crate) const fn new(store: Store) -> Self {
        Self { store }
    }

    /// Makes an organization with the defaults of the API, and its owner: the first entries of its audit log.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the slug, the domain, the key or the owner's e-mail address is taken.
    pub async fn create(&self, new: &NewOrganization, author: &Author, now: Timestamp) -> Result<Created, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let id = insert_organization(&*writing, new, now).await?;
            let defaults = Organization::new(id, new.name.clone(), new.country, new.timezone.clone());
            insert_settings(&*writing, &defaults, now).await?;
            let tenant = TenantStore { store: self.store.clone(), organization: id };
            insert_platform_settings(&*writing, &tenant, new, now).await?;
            let owner = match &new.owner {
                Some(owner) => Some(insert_owner(&*writing, id, owner, now).await?),
                None => None,
            };
            tenant.append(&*writing, author, &entries(new, id, owner), now).await?;
            writing.commit().await?;
            Ok(Created { organization: id, owner })
        };
        self.store.pool.attempt(work).await
    }

    /// All organizations, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn list(&self) -> Result<Vec<OrganizationSummary>, Error> {
        let work = async |line: Line| {
            let rows = organizations::Entity::find().order_by_asc(organizations::Column::Id).all(line.db()).await?;
            rows.into_iter().map(summary).collect()
        };
        self.store.pool.attempt(work).await
    }

    /// The organization that someone names by its identifier or its slug.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn named(&self, id_or_slug: &str) -> Result<OrganizationSummary, Error> {
        let filter = match id_or_slug.parse::<i64>() {
            Ok(id) => organizations::Column::Id.eq(id),
            Err(_) => organizations::Column::Slug.eq(id_or_slug),
        };
        let work = async |line: Line| {
            let row = organizations::Entity::find().filter(filter).one(line.db()).await?;
            summary(row.ok_or(Error::NotFound)?)
        };
        self.store.pool.attempt(work).await
    }

    /// Whose domain this is, by its name; the case does not matter.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn by_domain(&self, domain: &str) -> Result<Option<OrganizationId>, Error> {
        self.owner(platform_settings::Column::Domain.eq(domain.to_ascii_lowercase())).await
    }

    /// Whose domain this is, by the platform's identifier of it; the case does not matter.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn by_domain_uuid(&self, uuid: &str) -> Result<Option<OrganizationId>, Error> {
        self.owner(platform_settings::Column::DomainUuid.eq(uuid.to_ascii_lowercase())).await
    }

    /// Whose webhook key this is. A key that was replaced counts until its time has come.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn by_webhook_key(&self, key: &str, now: Timestamp) -> Result<Option<OrganizationId>, Error> {
        let digests = self.store.keys.digests(Purpose::WebhookKey, key);
        let former = platform_settings::Column::FormerWebhookKeyDigest
            .is_in(digests.clone())
            .and(platform_settings::Column::FormerWebhookKeyUntil.gt(Millis::of(now)));
        self.owner(platform_settings::Column::WebhookKeyDigest.is_in(digests).or(former)).await
    }

    /// Whose secret in the address of call records this is.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn by_cdr_secret(&self, secret: &str) -> Result<Option<OrganizationId>, Error> {
        let digests = self.store.keys.digests(Purpose::CdrSecret, secret);
        self.owner(platform_settings::Column::CdrSecretDigest.is_in(digests)).await
    }

    async fn owner(&self, filter: Expr) -> Result<Option<OrganizationId>, Error> {
        let work = async |line: Line| {
            let found = platform_settings::Entity::find()
                .select_only()
                .column(platform_settings::Column::OrganizationId)
                .filter(filter)
                .into_tuple::<i64>()
                .one(line.db())
                .await?;
            Ok(found.map(|id| OrganizationId::new(id.cast_unsigned())))
        };
        self.store.pool.attempt(work).await
    }

    /// The webhook key of an organization, to be shown to whoever may see it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`] when another secret sealed it.
    pub async fn webhook_key(&self, id: OrganizationId) -> Result<WebhookKey, Error> {
        let work = async |line: Line| {
            let row = platform_settings::Entity::find_by_id(id.get().cast_signed()).one(line.db()).await?;
            let sealed = row.and_then(|row| row.webhook_key_sealed).ok_or(Error::NotFound)?;
            let key = self.store.keys.open(Purpose::WebhookKey, id, &sealed)?;
            key.parse().map_err(|fault: Invalid| Error::Corrupt(Cause::new(fault)))
        };
        self.store.pool.attempt(work).await
    }
}

fn summary(row: organizations::Model) -> Result<OrganizationSummary, Error> {
    Ok(OrganizationSummary {
        id: OrganizationId::new(row.id.cast_unsigned()),
        name: word::read(&row.name)?,
        timezone: word::read(&row.timezone)?,
        status: word::read(&row.status)?,
        revision: Revision::of(row.plan_revision),
        slug: row.slug,
    })
}

/// What the audit log of a new organization begins with.
fn entries(new: &NewOrganization, id: OrganizationId, owner: Option<UserId>) -> Vec<Entry> {
    let shown = json!({
        "name": new.name, "slug": new.slug.as_str(), "country": new.country, "timezone": new.timezone,
        "domain": new.domain, "domain_uuid": new.domain_uuid,
    });
    let kind = ObjectKind::Organization.word();
    let made = Entry { after: Some(shown), ..Entry::of("created", kind, Some(id.get()), new.name.to_string()) };
    let owner = new.owner.as_ref().zip(owner).map(|(owner, id)| {
        let shown = json!({ "name": owner.name, "email": owner.email, "role": Role::Owner.as_str() });
        Entry { after: Some(shown), ..Entry::of("created", USER, Some(id.get()), owner.name.to_string()) }
    });
    std::iter::once(made).chain(owner).collect()
}

async fn insert_platform_settings(
    db: &impl ConnectionTrait,
    tenant: &TenantStore,
    new: &NewOrganization,
    now: Timestamp,
) -> Result<(), Error> {
    let settings = PlatformSettings {
        domain: new.domain.clone(),
        domain_uuid: new.domain_uuid.clone(),
        api_key: None,
        webhook_key: new.webhook_key.clone(),
        cdr_secret: new.cdr_secret.clone(),
        public_url: None,
        recording_format: None,
    };
    let row = platform_settings::ActiveModel {
        organization_id: Set(tenant.key()),
        revision: Set(1),
        updated_at: Set(Millis::of(now)),
        ..crate::platform_settings::row(&settings, &tenant.sealing())?
    };
    platform_settings::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

async fn insert_organization(
    db: &impl ConnectionTrait,
    new: &NewOrganization,
    now: Timestamp,
) -> Result<OrganizationId, Error> {
    let now = Millis::of(now);
    let row = organizations::ActiveModel {
        name: Set(word::write(&new.name)?),
        slug: Set(new.slug.to_string()),
        status: Set(word::write(&OrganizationStatus::Active)?),
        country: Set(word::write(&new.country)?),
        timezone: Set(word::write(&new.timezone)?),
        plan_revision: Set(1),
        revision: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let inserted = organizations::Entity::insert(row).exec(db).await?;
    Ok(OrganizationId::new(inserted.last_insert_id.cast_unsigned()))
}

async fn insert_owner(
    db: &impl ConnectionTrait,
    organization: OrganizationId,
    owner: &NewOwner,
    now: Timestamp,
) -> Result<UserId, Error> {
    let now = Millis::of(now);
    let row = users::ActiveModel {
        organization_id: Set(organization.get().cast_signed()),
        name: Set(word::write(&owner.name)?),
        email: Set(owner.email.as_str().to_lowercase()),
        role: Set(Role::Owner.as_str().to_owned()),
        status: Set("active".to_owned()),
        phone: Set(None),
        password_hash: Set(Some(owner.password_hash.clone())),
        revision: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let inserted = users::Entity::insert(row).exec(db).await?;
    Ok(UserId::new(inserted.last_insert_id.cast_unsigned()))
}
