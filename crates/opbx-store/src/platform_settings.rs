//! What ties an organization to the platform: its domain, the keys of both sides, the address at which it is reached.

use jiff::Timestamp;
use opbx_core::invalid::Invalid;
use opbx_core::secret::Password;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::audit::{Entry, differences};
use crate::edit::Edit;
use crate::entity::platform_settings;
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::platform::WebhookKey;
use crate::pool::Line;
use crate::repo::Sealing;
use crate::seal::Purpose;
use crate::tenant::TenantStore;

/// What an organization's connection to the platform is called in the audit log.
pub const PLATFORM_SETTINGS: &str = "platform_settings";

/// What stands for a secret that is set.
const MARK: &str = "********";

/// How an organization and the platform know each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlatformSettings {
    /// The organization's domain at the platform, in lower case.
    pub domain: Option<String>,
    /// The platform's identifier of that domain.
    pub domain_uuid: Option<String>,
    /// What we present to the platform's REST interface.
    pub api_key: Option<Password>,
    /// What the platform presents to us.
    pub webhook_key: WebhookKey,
    /// The secret in the address of its call records.
    pub cdr_secret: WebhookKey,
    /// The address at which the platform reaches this installation, where it is not the installation's own.
    pub public_url: Option<String>,
    /// The format of recordings: `wav` or `mp3`; none: the platform's.
    pub recording_format: Option<String>,
}

/// Settings and what their row says beside them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredPlatformSettings {
    /// The settings.
    pub settings: PlatformSettings,
    /// How often they were written.
    pub revision: u64,
    /// Until when the webhook key before the present one still counts.
    pub former_key_until: Option<Timestamp>,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

impl TenantStore {
    /// How the organization and the platform know each other.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`] when another secret sealed the keys.
    pub async fn platform_settings(&self) -> Result<StoredPlatformSettings, Error> {
        self.store.pool.attempt(async |line: Line| self.platform_settings_in(line.db()).await).await
    }

    pub(crate) async fn platform_settings_in(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<StoredPlatformSettings, Error> {
        let row = self.rows::<platform_settings::Entity>().one(db).await?.ok_or(Error::NotFound)?;
        read(row, &self.sealing())
    }
}

impl Edit {
    /// How the organization and the platform know each other, inside this edit.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn platform_settings(&self) -> Result<StoredPlatformSettings, Error> {
        self.within(self.tenant.platform_settings_in(&*self.writing)).await
    }

    /// Changes settings that were found inside this edit. When the webhook key becomes another one, the present one still
    /// counts until `former_until`: requests that the platform has begun to send must not be refused.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when another organization has the domain or the key; [`Error::Unavailable`].
    pub async fn update_platform_settings(
        &mut self,
        before: &StoredPlatformSettings,
        after: PlatformSettings,
        former_until: Timestamp,
    ) -> Result<StoredPlatformSettings, Error> {
        if before.settings == after {
            return Ok(before.clone());
        }
        let mut row = row(&after, &self.tenant.sealing())?;
        row.revision = Set(before.revision.cast_signed() + 1);
        row.updated_at = Set(Millis::of(self.now));
        if before.settings.webhook_key != after.webhook_key {
            let keys = &self.tenant.store.keys;
            let former = keys.digest(Purpose::WebhookKey, before.settings.webhook_key.reveal());
            row.former_webhook_key_digest = Set(Some(former.to_vec()));
            row.former_webhook_key_until = Set(Some(Millis::of(former_until)));
        }
        let own = platform_settings::Column::OrganizationId.eq(self.tenant.key());
        let update = platform_settings::Entity::update_many().set(row).filter(own);
        self.within(async { Ok(update.exec(&*self.writing).await?) }).await?;
        self.record(&entry(&before.settings, &after)).await?;
        self.platform_settings().await
    }
}

fn read(row: platform_settings::Model, sealing: &Sealing<'_>) -> Result<StoredPlatformSettings, Error> {
    let missing = || Error::Corrupt(Cause::said("an organization has no webhook key or no secret for its records"));
    let webhook_key = sealing.open(Purpose::WebhookKey, row.webhook_key_sealed.as_deref())?.ok_or_else(missing)?;
    let cdr_secret = sealing.open(Purpose::CdrSecret, row.cdr_secret_sealed.as_deref())?.ok_or_else(missing)?;
    let key = |text: String| text.parse().map_err(|fault: Invalid| Error::Corrupt(Cause::new(fault)));
    Ok(StoredPlatformSettings {
        revision: row.revision.cast_unsigned(),
        former_key_until: row.former_webhook_key_until.map(Millis::instant).transpose()?,
        updated_at: row.updated_at.instant()?,
        settings: PlatformSettings {
            domain: row.domain,
            domain_uuid: row.domain_uuid,
            api_key: sealing.open(Purpose::ApiKey, row.api_key_sealed.as_deref())?.map(Password::new),
            webhook_key: key(webhook_key)?,
            cdr_secret: key(cdr_secret)?,
            public_url: row.public_url,
            recording_format: row.recording_format,
        },
    })
}

/// The columns of settings; neither their revision nor the time.
pub(crate) fn row(settings: &PlatformSettings, sealing: &Sealing<'_>) -> Result<platform_settings::ActiveModel, Error> {
    let (key, secret) = (settings.webhook_key.reveal(), settings.cdr_secret.reveal());
    Ok(platform_settings::ActiveModel {
        domain: Set(settings.domain.as_deref().map(str::to_ascii_lowercase)),
        domain_uuid: Set(settings.domain_uuid.as_deref().map(str::to_ascii_lowercase)),
        api_key_sealed: Set(sealing.seal(Purpose::ApiKey, settings.api_key.as_ref().map(Password::reveal))?),
        webhook_key_digest: Set(Some(sealing.keys.digest(Purpose::WebhookKey, key).to_vec())),
        webhook_key_sealed: Set(sealing.seal(Purpose::WebhookKey, Some(key))?),
        cdr_secret_digest: Set(Some(sealing.keys.digest(Purpose::CdrSecret, secret).to_vec())),
        cdr_secret_sealed: Set(sealing.seal(Purpose::CdrSecret, Some(secret))?),
        public_url: Set(settings.public_url.clone()),
        recording_format: Set(settings.recording_format.clone()),
        ..Default::default()
    })
}

fn entry(before: &PlatformSettings, after: &PlatformSettings) -> Entry {
    let (was, mut is) = differences(&portrait(before), &portrait(after));
    if before.webhook_key != after.webhook_key {
        is["webhook_key"] = "changed".into();
    }
    if before.api_key.is_some() && after.api_key.is_some() && before.api_key != after.api_key {
        is["api_key"] = "changed".into();
    }
    let name = after.domain.as_deref().unwrap_or_default();
    Entry { before: Some(was), after: Some(is), ..Entry::of("updated", PLATFORM_SETTINGS, None, name) }
}

/// Settings as the audit log shows them.
fn portrait(settings: &PlatformSettings) -> Value {
    json!({
        "domain": settings.domain,
        "domain_uuid": settings.domain_uuid,
        "api_key": settings.api_key.as_ref().map(|_| MARK),
        "webhook_key": MARK,
        "public_url": settings.public_url,
        "recording_format": settings.recording_format,
    })
}
