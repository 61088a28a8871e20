//! What the handlers of the API work with.

use super::portrait::portrait;
use crate::access::Caller;
use crate::auth::{Attempts, Passwords};
use crate::clock::Clock;
use crate::media::Library;
use crate::plans::Plans;
use crate::problem::Problem;
use crate::public_url::PublicUrl;
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use opbx_store::{Edit, Store, Tenant, TenantStore};
use std::sync::Arc;

/// All that answering the API needs.
#[derive(Clone, Debug)]
pub(crate) struct ApiState(Arc<ApiParts>);

/// What is behind it.
#[derive(Debug)]
pub(crate) struct ApiParts {
    pub(crate) store: Store,
    pub(crate) plans: Arc<Plans>,
    pub(crate) clock: Clock,
    pub(crate) zones: TimeZoneDatabase,
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) passwords: Passwords,
    pub(crate) attempts: Attempts,
    pub(crate) library: Library,
}

impl ApiState {
    pub(crate) fn new(parts: ApiParts) -> Self {
        Self(Arc::new(parts))
    }

    /// The store, for the questions that cross organizations.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// The rows of the caller's organization.
    pub(crate) fn tenant(&self, caller: &Caller) -> TenantStore {
        self.0.store.tenant(&caller.tenant)
    }

    /// Hashes and checks of passwords.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Who was wrong too often.
    pub(crate) fn attempts(&self) -> &Attempts {
        &self.0.attempts
    }

    /// The plans by which calls are routed.
    pub(crate) fn plans(&self) -> &Plans {
        &self.0.plans
    }

    /// The files of prompts.
    pub(crate) fn library(&self) -> &Library {
        &self.0.library
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The rules of time zones.
    pub(crate) fn zones(&self) -> &TimeZoneDatabase {
        &self.0.zones
    }

    /// The zone of the caller's organization.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub(crate) async fn zone(&self, caller: &Caller) -> Result<TimeZone, Problem> {
        let organization = self.store().platform().named(&caller.tenant.organization().to_string()).await?;
        // A zone that the database of zones has lost is as good as none.
        Ok(self.0.zones.get(organization.timezone.as_str()).unwrap_or(TimeZone::UTC))
    }

    /// The origin of our own pages, as browsers name it.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.0.public_url.as_ref().map(PublicUrl::origin)
    }

    /// Begins a change in the caller's name.
    ///
    /// # Errors
    ///
    /// When the store is away, or the organization gone.
    pub(crate) async fn edit(&self, caller: &Caller) -> Result<Edit, Problem> {
        Ok(self.tenant(caller).edit(caller.author(portrait), self.now()).await?)
    }

    /// Makes a change, and routes the next call by it.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub(crate) async fn commit(&self, caller: &Caller, edit: Edit) -> Result<(), Problem> {
        self.commit_for(caller.tenant, edit).await
    }

    /// The same, of a change that the server itself makes for an organization.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub(crate) async fn commit_for(&self, tenant: Tenant, edit: Edit) -> Result<(), Problem> {
        if let Some(revision) = edit.commit().await? {
            self.0.plans.changed(tenant.organization(), revision);
        }
        Ok(())
    }
}
