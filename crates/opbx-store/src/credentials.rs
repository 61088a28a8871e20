//! Secrets that are no part of a plan: what phones sign in with, and the platform's keys.

use opbx_core::id::ExtensionId;
use opbx_core::secret::Password;
use sea_orm::ActiveValue::Set;

use crate::edit::Edit;
use crate::entity::{extensions, platform_settings};
use crate::error::Error;
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
