//! Whose is a report? By what it presents.

use super::WebhookParts;
use super::request::Reported;
use crate::bearer::bearer;
use crate::plans::StoreAway;
use crate::problem::Problem;
use cloudonix::webhook::Domain;
use opbx_core::id::OrganizationId;
use std::time::Duration;
use tokio::time::Instant;

/// How long the store may be asked about a name that is not known in memory.
const DEADLINE: Duration = Duration::from_secs(2);

impl WebhookParts {
    /// The organization whose key the request presents, if every report in it names that organization's domain, or none.
    ///
    /// # Errors
    ///
    /// [`Problem::Unauthenticated`], which does not tell whether the domain exists; [`Problem::StoreAway`].
    pub(super) async fn by_key(&self, said: &Reported, domains: &[&Domain]) -> Result<OrganizationId, Problem> {
        let presented = bearer(&said.headers);
        let names = names(domains).chain(said.domain().filter(|_| names(domains).next().is_none()));
        let mut names: Vec<&str> = names.collect();
        names.dedup();
        if names.is_empty() {
            return self.identified(None, presented).await;
        }
        let mut found = None;
        for name in names {
            let organization = self.identified(Some(name), presented).await?;
            if *found.get_or_insert(organization) != organization {
                return Err(self.refuse());
            }
        }
        found.ok_or(Problem::Unauthenticated)
    }

    /// The organization to whose secret address the request came. A key that it presents besides must be right, and a domain
    /// that it names must not be somebody else's.
    ///
    /// # Errors
    ///
    /// As [`by_key`](Self::by_key).
    pub(super) async fn by_secret(
        &self,
        secret: &str,
        said: &Reported,
        domains: &[&Domain],
    ) -> Result<OrganizationId, Problem> {
        let plans = &self.voice.0.plans;
        let found = plans.by_cdr_secret(secret, Instant::now() + DEADLINE).await.map_err(away)?;
        let Some(organization) = found.map(|served| served.id) else { return Err(self.refuse()) };
        if let Some(presented) = bearer(&said.headers)
            && self.identified(None, Some(presented)).await? != organization
        {
            return Err(self.refuse());
        }
        let of_another = |name: &str| plans.owner(name).is_some_and(|owner| owner != organization);
        if names(domains).any(of_another) {
            return Err(self.refuse());
        }
        Ok(organization)
    }

    async fn identified(&self, domain: Option<&str>, presented: Option<&[u8]>) -> Result<OrganizationId, Problem> {
        let deadline = Instant::now() + DEADLINE;
        let found = self.voice.0.plans.identified(domain, presented, deadline).await.map_err(away)?;
        found.map(|served| served.id).ok_or_else(|| self.refuse())
    }

    fn refuse(&self) -> Problem {
        tracing::info!("a report without a valid key was refused");
        Problem::Unauthenticated
    }
}

/// The names of domains that reports give: of each the best.
fn names<'d>(domains: &'d [&'d Domain]) -> impl Iterator<Item = &'d str> {
    domains.iter().filter_map(|domain| domain.name.as_deref().or(domain.uuid.as_deref()))
}

fn away(away: StoreAway) -> Problem {
    tracing::warn!(%away, "a report of nobody known was refused");
    Problem::StoreAway
}
