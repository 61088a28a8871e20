//! Whose a request is, where no plan is needed: reports are taken for an organization, and decide nothing.

use super::{Plans, Served, StoreAway};
use crate::numbering::PhoneNumbers;
use crate::webhook_key::KeyHash;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use std::sync::Arc;
use tokio::time::Instant;

impl Plans {
    /// The organization that a report is for, if what it presents is that organization's key: as
    /// [`verified`](Self::verified), without its plan.
    ///
    /// # Errors
    ///
    /// When nobody known is meant, and whether there is somebody else cannot be asked.
    pub(crate) async fn identified(
        &self,
        domain: Option<&str>,
        presented: Option<&[u8]>,
        deadline: Instant,
    ) -> Result<Option<Arc<Served>>, StoreAway> {
        match self {
            Self::Given { names, .. } => {
                let hash = presented.map_or(KeyHash::NOBODY, KeyHash::of);
                Ok(names.find(domain, &[hash], || Timestamp::MAX).filter(|_| presented.is_some()))
            }
            Self::Stored(stored, _) => stored.identified(domain, presented, deadline).await,
        }
    }

    /// The organization whose call records come to an address with this secret.
    ///
    /// # Errors
    ///
    /// When it is nobody's that is known, and whether it is somebody else's cannot be asked.
    pub(crate) async fn by_cdr_secret(
        &self,
        secret: &str,
        deadline: Instant,
    ) -> Result<Option<Arc<Served>>, StoreAway> {
        match self {
            Self::Given { .. } => Ok(None),
            Self::Stored(stored, _) => stored.by_cdr_secret(secret, deadline).await,
        }
    }

    /// Whose domain this is, as far as is known.
    pub(crate) fn owner(&self, domain: &str) -> Option<OrganizationId> {
        match self {
            Self::Given { names, .. } => names.owner(domain),
            Self::Stored(stored, _) => stored.owner(domain),
        }
    }

    /// How an organization reads numbers, where its plan is in memory.
    pub(crate) fn numbers(&self, organization: OrganizationId) -> Option<PhoneNumbers> {
        self.held(organization).map(|current| current.numbers)
    }
}
