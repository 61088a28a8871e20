//! What was decided for calls, for whoever has the machine in hand.

use opbx_store::{Error, Extent, KeptDecision, Platform, Reason, Store, Tenant, TenantStore};

/// The decisions of one organization, or of all.
#[derive(Clone, Debug)]
pub struct Decisions(Whose);

#[derive(Clone, Debug)]
enum Whose {
    All(Platform),
    One(TenantStore),
}

impl Decisions {
    /// Those of the organization that is named by its identifier or short name; without a name, those of all.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when nobody has that name.
    pub async fn of(store: &Store, named: Option<&str>) -> Result<Self, Error> {
        let platform = store.platform();
        let Some(named) = named else { return Ok(Self(Whose::All(platform))) };
        let organization = platform.named(named).await?;
        Ok(Self(Whose::One(store.tenant(&Tenant::inside(organization.id, Reason::Command)))))
    }

    /// Reads some of them, newest last: of one call, or of all.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn read(&self, call: Option<&str>, extent: Extent) -> Result<Vec<KeptDecision>, Error> {
        match &self.0 {
            Whose::All(platform) => platform.decisions(call, extent).await,
            Whose::One(tenant) => tenant.decisions(call, extent).await,
        }
    }
}
