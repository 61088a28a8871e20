//! What the handlers of the API work with.

use super::gates::Gates;
use super::portrait::portrait;
use super::sound::Plays;
use crate::access::{Caller, Means};
use crate::auth::{Attempts, Pages, Passwords};
use crate::client_address::TrustedProxies;
use crate::clock::Clock;
use crate::edge::Edge;
use crate::jobs::Bell;
use crate::journal::Journal;
use crate::limit::Limits;
use crate::live::Live;
use crate::media::Library;
use crate::plans::Plans;
use crate::problem::Problem;
use crate::public_url::PublicUrl;
use crate::setup_token::SetupToken;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_store::{Edit, Error, Store, Tenant, TenantStore};
use std::sync::Arc;
use std::time::Duration;

/// How long somebody waits until what was reported is in the store.
const CATCHING_UP: Duration = Duration::from_secs(5);

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
    pub(crate) setup: SetupToken,
    /// How often the API may be asked; none: as often as one likes.
    pub(crate) limits: Option<Limits>,
    pub(crate) edge: Edge,
    pub(crate) pages: Pages,
    pub(crate) bell: Bell,
    pub(crate) has_mail: bool,
    pub(crate) library: Library,
    pub(crate) gates: Gates,
    /// After how long a silence the end of a live call counts as lost.
    pub(crate) stale_after: SignedDuration,
    pub(crate) live: Live,
    pub(crate) plays: Plays,
    /// What the platform reported and is not in the store yet; none where nothing is reported.
    pub(crate) journal: Option<Journal>,
}

impl ApiState {
    pub(crate) fn new(parts: ApiParts) -> Self {
        Self(Arc::new(parts))
    }

    /// The store, for the questions that cross organizations.
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Waits until what the platform reported so far is in the store.
    ///
    /// # Errors
    ///
    /// [`Problem::StoreAway`]: that takes too long now.
    pub(crate) async fn has_what_was_reported(&self) -> Result<(), Problem> {
        let Some(journal) = &self.0.journal else { return Ok(()) };
        tokio::time::timeout(CATCHING_UP, journal.caught_up()).await.map_err(|_| Problem::StoreAway)
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

    /// How often it may be asked, if that is limited.
    pub(crate) fn limits(&self) -> Option<&Limits> {
        self.0.limits.as_ref()
    }

    /// Whose word about where a request was sent from counts.
    pub(crate) fn trusted_proxies(&self) -> &TrustedProxies {
        &self.0.edge.trusted_proxies
    }

    /// How it looks from outside.
    pub(crate) fn edge(&self) -> &Edge {
        &self.0.edge
    }

    /// Where the pages of the web interface are.
    pub(crate) fn pages(&self) -> &Pages {
        &self.0.pages
    }

    /// Whether mail can be sent.
    pub(crate) fn has_mail(&self) -> bool {
        self.0.has_mail
    }

    /// Work was left to be done: it is begun at once.
    pub(crate) fn left_work(&self) {
        self.0.bell.ring();
    }

    /// The plans by which calls are routed.
    pub(crate) fn plans(&self) -> &Plans {
        &self.0.plans
    }

    /// The files with sound.
    pub(crate) fn library(&self) -> &Library {
        &self.0.library
    }

    /// How much of what is costly goes on at once.
    pub(crate) fn gates(&self) -> &Gates {
        &self.0.gates
    }

    /// Whoever listens to what happens.
    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    /// What says what time it is.
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What was played to whom a short while ago.
    pub(crate) fn plays(&self) -> &Plays {
        &self.0.plays
    }

    /// What time it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Since when nothing was heard of a live call whose end counts as lost.
    pub(crate) fn silent_since(&self) -> Timestamp {
        self.now().saturating_sub(self.0.stale_after).unwrap_or(Timestamp::MIN)
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

    /// The token of an installation without organizations.
    pub(crate) fn setup(&self) -> &SetupToken {
        &self.0.setup
    }

    /// The installation's own address outside, without a slash at its end.
    pub(crate) fn outside(&self) -> Option<&str> {
        self.0.public_url.as_ref().map(PublicUrl::as_str)
    }

    /// The origin of our own pages, as browsers name it.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.0.public_url.as_ref().map(PublicUrl::origin)
    }

    /// Begins a change in the caller's name. That they may make it was found out when the request began; here, where nobody
    /// else changes the organization, it is looked at again: a body can take its time.
    ///
    /// # Errors
    ///
    /// When the caller has lost their place meanwhile; when the store is away, or the organization gone.
    pub(crate) async fn edit(&self, caller: &Caller) -> Result<Edit, Problem> {
        let edit = self.tenant(caller).edit(caller.author(portrait), self.now()).await?;
        let Some(user) = caller.user else { return Ok(edit) };
        let session = if let Means::Session { id } = caller.means { Some(id) } else { None };
        let now = edit.person_now(user, session.unwrap_or_default()).await?.ok_or(Problem::Unauthenticated)?;
        match (now.organization_status, now.status) {
            (OrganizationStatus::Suspended, _) => Err(Problem::OrganizationInactive),
            (_, Status::Inactive) => Err(Problem::AccountInactive),
            _ if session.is_some() && !now.has_session => Err(Problem::Unauthenticated),
            _ if now.role != caller.role => Err(Problem::Forbidden),
            _ => Ok(edit),
        }
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
    /// When the store is away: [`Problem::PerhapsDone`], since nobody knows then.
    pub(crate) async fn commit_for(&self, tenant: Tenant, edit: Edit) -> Result<(), Problem> {
        match edit.commit().await {
            Ok(Some(revision)) => self.0.plans.changed(tenant.organization(), revision),
            Ok(None) => {}
            Err(Error::Unavailable(cause)) => {
                tracing::warn!(%cause, "the store went away while a change was made");
                return Err(Problem::PerhapsDone);
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(())
    }

    /// Makes a change of the organization's place at the platform, and knows it by that from the next request on.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub(crate) async fn commit_place(&self, caller: &Caller, edit: Edit) -> Result<(), Problem> {
        self.commit(caller, edit).await?;
        self.moved(caller.tenant.organization()).await;
        Ok(())
    }

    /// Knows an organization by its new place at the platform.
    pub(crate) async fn moved(&self, organization: OrganizationId) {
        self.0.plans.moved(organization).await;
    }

    /// Notes beside the answer that something was used; the answer neither waits for it nor depends on it.
    pub(crate) fn note(&self, work: impl Future<Output = Result<(), Error>> + Send + 'static) {
        tokio::spawn(async move {
            if let Err(fault) = work.await {
                tracing::debug!(%fault, "that a token was used is not noted");
            }
        });
    }
}
