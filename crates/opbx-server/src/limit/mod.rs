//! How often the API may be asked: by each actor, and by each organization together.
//!
//! What is counted is behind [`Limits`]: in the memory of this process; shared by several, it would be another place behind
//! the same questions.

mod layer;
mod local;

pub(crate) use self::layer::limited;

use self::local::Local;
use crate::client_address::ClientAddress;
use crate::clock::Clock;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use opbx_store::{Reason, Store, Tenant};
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

/// An organization may ask as often as so many actors.
const ACTORS_OF_AN_ORGANIZATION: u32 = 10;
/// How long an organization's own limit is believed before the store is asked again.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);
/// The most organizations whose own limit is remembered.
const MOST_REMEMBERED: usize = 10_000;

/// By what requests are counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Counted {
    /// A person, in all of their sessions.
    User(u64),
    /// A token of a person.
    Token(u64),
    /// A token of the installation.
    Installation(u64),
    /// Whoever is not known otherwise, by the network of the address.
    Address(IpAddr),
    /// Whoever has no address: a request that came over no socket.
    Nowhere,
    /// All of an organization.
    Organization(u64),
}

impl Counted {
    /// Whoever is at an address.
    pub(crate) fn at(address: Option<IpAddr>) -> Self {
        ClientAddress(address).network().0.map_or(Self::Nowhere, Self::Address)
    }
}

/// What became of a request that was counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// It may go on.
    Admitted(Standing),
    /// It came too early: again after so many seconds.
    Refused {
        /// How often it may be in a minute.
        limit: u32,
        /// When it may be again, in seconds; at least one.
        after: u32,
    },
}

/// How a limit stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Standing {
    /// How often in a minute.
    pub(crate) limit: u32,
    /// How often at once, from now.
    pub(crate) remaining: u32,
}

/// How often the API may be asked.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Of each actor, in a minute.
    per_actor: NonZeroU32,
    counts: Local,
    /// The limits that organizations have of their own, and until when that is believed.
    own: Mutex<HashMap<OrganizationId, (Option<NonZeroU32>, Timestamp)>>,
}

impl Limits {
    /// So often in a minute for each actor.
    pub(crate) fn new(per_actor: NonZeroU32, clock: Clock) -> Self {
        Self { per_actor, counts: Local::new(clock), own: Mutex::default() }
    }

    /// Counts a request of an actor, and of the organization that it belongs to. The answer tells of the limit that is nearer.
    pub(crate) async fn admit(
        &self,
        actor: Counted,
        of: Option<OrganizationId>,
        store: &Store,
        now: Timestamp,
    ) -> Verdict {
        let own = match self.counts.count(actor, self.per_actor) {
            Verdict::Admitted(own) => own,
            refused @ Verdict::Refused { .. } => return refused,
        };
        let Some(of) = of else { return Verdict::Admitted(own) };
        let together = self.of_organization(of, store, now).await;
        match self.counts.count(Counted::Organization(of.get()), together) {
            Verdict::Admitted(all) if all.remaining < own.remaining => Verdict::Admitted(all),
            Verdict::Admitted(_) => Verdict::Admitted(own),
            refused @ Verdict::Refused { .. } => refused,
        }
    }

    /// How often an organization may ask in a minute: as it is set for it, else ten times as often as each actor. While the
    /// store is away, what was last heard goes on.
    async fn of_organization(&self, of: OrganizationId, store: &Store, now: Timestamp) -> NonZeroU32 {
        let usual = self.per_actor.saturating_mul(NonZeroU32::MIN.saturating_add(ACTORS_OF_AN_ORGANIZATION - 1));
        let known = self.own.lock().unwrap_or_else(PoisonError::into_inner).get(&of).copied();
        if let Some((own, _)) = known.filter(|(_, until)| now < *until) {
            return own.unwrap_or(usual);
        }
        let asked = store.tenant(&Tenant::inside(of, Reason::SignedIn)).api_per_minute().await;
        let own = match asked {
            // A limit of none at all cannot be set; one that is there anyway is the smallest.
            Ok(own) => own.map(|own| NonZeroU32::new(own).unwrap_or(NonZeroU32::MIN)),
            Err(fault) => {
                tracing::debug!(fault = &fault as &dyn std::error::Error, "an organization's limit is not known");
                known.and_then(|(own, _)| own)
            }
        };
        let mut remembered = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= MOST_REMEMBERED {
            remembered.retain(|_, (_, until)| now < *until);
        }
        remembered.insert(of, (own, now + BELIEVED));
        own.unwrap_or(usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_of_ipv6_the_network_counts() {
        let at = |text: &str| Counted::at(Some(text.parse().unwrap()));
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff::2"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_ne!(at("192.0.2.1"), at("192.0.2.2"));
    }
}
