//! Secrets that are no part of a plan: what phones sign in with, and the platform's keys.

use jiff::Timestamp;
use opbx_core::id::{ExtensionId, OrganizationId};
use opbx_core::secret::Password;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::edit::Edit;
use crate::entity::{extensions, platform_settings};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::{Platform, WebhookKey};
use crate::pool::Line;
use crate::seal::Purpose;
use crate::tenant::TenantStore;

impl TenantStore {
    /// What an extension's phone signs in with, if it was ever set.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`] when another secret sealed it.
    pub async fn sip_password(&self, extension: ExtensionId) -> Result<Option<Password>, Error> {
        let work = async |line: Line| {
            let row = self.extension(line.db(), extension).await?;
            let password = self.sealing().open(Purpose::SipPassword, row.sip_password_sealed.as_deref())?;
            Ok(password.map(Password::new))
        };
        self.store.pool.attempt(work).await
    }

    /// Sets what an extension's phone signs in with. No call depends on it, so the plan's revision stays.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn set_sip_password(
        &self,
        extension: ExtensionId,
        password: &Password,
        now: Timestamp,
    ) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            let row = self.extension(&*writing, extension).await?;
            let sealed = self.sealing().seal(Purpose::SipPassword, Some(password.reveal()))?;
            let change = extensions::ActiveModel { sip_password_sealed: Set(sealed), ..Default::default() };
            self.change_row::<extensions::Entity>(&*writing, row.id, change, now).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// The key of the platform's REST interface, if the organization has one of its own.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`] when another secret sealed it.
    pub async fn api_key(&self) -> Result<Option<Password>, Error> {
        let work = async |line: Line| {
            let row = self.rows::<platform_settings::Entity>().one(line.db()).await?.ok_or(Error::NotFound)?;
            let key = self.sealing().open(Purpose::ApiKey, row.api_key_sealed.as_deref())?;
            Ok(key.map(Password::new))
        };
        self.store.pool.attempt(work).await
    }

    /// Sets or takes away the key of the platform's REST interface.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn set_api_key(&self, key: Option<&Password>, now: Timestamp) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = self.begin(&line).await?;
            let change = platform_settings::ActiveModel {
                api_key_sealed: Set(self.sealing().seal(Purpose::ApiKey, key.map(Password::reveal))?),
                updated_at: Set(Millis::of(now)),
                ..Default::default()
            };
            let own = platform_settings::Column::OrganizationId.eq(self.key());
            platform_settings::Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }
}

impl Edit {
    /// What an extension's phone signs in with, if it was ever set.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`] when another secret sealed it.
    pub async fn sip_password(&self, extension: ExtensionId) -> Result<Option<Password>, Error> {
        let row = self.within(self.tenant.extension(&*self.writing, extension)).await?;
        let password = self.tenant.sealing().open(Purpose::SipPassword, row.sip_password_sealed.as_deref())?;
        Ok(password.map(Password::new))
    }

    /// Sets what an extension's phone signs in with. No call depends on it, so the plan's revision stays; the entry in the
    /// audit log is for whoever knows why.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn set_sip_password(&mut self, extension: ExtensionId, password: &Password) -> Result<(), Error> {
        let sealed = self.tenant.sealing().seal(Purpose::SipPassword, Some(password.reveal()))?;
        let change = extensions::ActiveModel { sip_password_sealed: Set(sealed), ..Default::default() };
        let id = extension.get().cast_signed();
        self.within(self.tenant.change_row::<extensions::Entity>(&*self.writing, id, change, self.now)).await
    }

    /// The organization's domain at the platform, if it has one.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn domain(&self) -> Result<Option<String>, Error> {
        let row = self.tenant.rows::<platform_settings::Entity>();
        Ok(self.within(async { Ok(row.one(&*self.writing).await?) }).await?.and_then(|row| row.domain))
    }
}

impl Platform {
    /// Gives an organization a new webhook key; the present one still counts until `until`.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when another organization has that key; [`Error::NotFound`], [`Error::Unavailable`].
    pub async fn rotate_webhook_key(
        &self,
        id: OrganizationId,
        key: &WebhookKey,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let keys = &self.store.keys;
        let work = async |line: Line| {
            let writing = line.write().await?;
            let row =
                platform_settings::Entity::find_by_id(id.get().cast_signed()).lock_exclusive().one(&*writing).await?;
            let row = row.ok_or(Error::NotFound)?;
            let change = platform_settings::ActiveModel {
                former_webhook_key_digest: Set(row.webhook_key_digest),
                former_webhook_key_until: Set(Some(Millis::of(until))),
                webhook_key_digest: Set(Some(keys.digest(Purpose::WebhookKey, key.reveal()).to_vec())),
                webhook_key_sealed: Set(Some(keys.seal(Purpose::WebhookKey, id, key.reveal())?)),
                revision: Set(row.revision + 1),
                updated_at: Set(Millis::of(now)),
                ..Default::default()
            };
            let own = platform_settings::Column::OrganizationId.eq(row.organization_id);
            platform_settings::Entity::update_many().set(change).filter(own).exec(&*writing).await?;
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }
}
