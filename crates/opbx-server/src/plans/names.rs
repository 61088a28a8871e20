//! Who an organization is at the platform: by its domain's names, by its key.

use super::Served;
use crate::webhook_key::KeyHash;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// The organizations known, found by every name.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_id: HashMap<OrganizationId, Arc<Served>>,
    by_domain: HashMap<Arc<str>, Arc<Served>>,
    by_key: HashMap<KeyHash, Arc<Served>>,
    by_cdr_secret: HashMap<KeyHash, Arc<Served>>,
}

impl Names {
    /// Adds an organization. A name that somebody has stays theirs.
    pub(super) fn add(&mut self, served: Arc<Served>) {
        for domain in &served.domains {
            self.by_domain.entry(Arc::clone(domain)).or_insert_with(|| Arc::clone(&served));
        }
        for key in served.keys() {
            self.by_key.entry(key).or_insert_with(|| Arc::clone(&served));
        }
        if let Some(secret) = served.cdr_secret {
            self.by_cdr_secret.entry(secret).or_insert_with(|| Arc::clone(&served));
        }
        self.by_id.entry(served.id).or_insert(served);
    }

    /// Takes an organization as it now is: every name that it has is its own, and none that it had before.
    pub(super) fn put(&mut self, served: Arc<Served>) {
        self.remove(served.id);
        for domain in &served.domains {
            self.by_domain.remove(domain);
        }
        for key in served.keys() {
            self.by_key.remove(&key);
        }
        if let Some(secret) = &served.cdr_secret {
            self.by_cdr_secret.remove(secret);
        }
        self.add(served);
    }

    /// Forgets an organization.
    pub(super) fn remove(&mut self, id: OrganizationId) {
        let Some(old) = self.by_id.remove(&id) else { return };
        for domain in &old.domains {
            if let Entry::Occupied(entry) = self.by_domain.entry(Arc::clone(domain))
                && entry.get().id == id
            {
                entry.remove();
            }
        }
        for key in old.keys() {
            if let Entry::Occupied(entry) = self.by_key.entry(key)
                && entry.get().id == id
            {
                entry.remove();
            }
        }
        if let Some(secret) = old.cdr_secret
            && let Entry::Occupied(entry) = self.by_cdr_secret.entry(secret)
            && entry.get().id == id
        {
            entry.remove();
        }
    }

    pub(super) fn get(&self, id: OrganizationId) -> Option<&Arc<Served>> {
        self.by_id.get(&id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.by_id.values()
    }

    /// The organization that a request names, if it presents that organization's key: one of these digests is its.
    pub(super) fn find(
        &self,
        domain: Option<&str>,
        presented: &[KeyHash],
        now: impl FnOnce() -> Timestamp,
    ) -> Option<Arc<Served>> {
        let named = domain.and_then(|domain| self.named(domain));
        // Looking a hash up tells nothing about the key: where two hashes part says nothing about what was hashed.
        let keyed = presented.iter().find_map(|hash| self.by_key.get(hash));
        let keyed = keyed.filter(|served| domain.is_none() || served.domains.is_empty());
        let served = named.or(keyed);
        let right = presented.iter().fold(false, |right, hash| {
            let same = served.map_or(&KeyHash::NOBODY, |served| &served.key).is(hash);
            right | same
        });
        let former = || {
            let (key, until) = served?.former_key.as_ref()?;
            (presented.iter().any(|hash| key.is(hash)) && now() < *until).then_some(())
        };
        served.filter(|_| right || former().is_some()).cloned()
    }

    /// The organization whose call records have a secret in their address: one of these digests is its.
    pub(super) fn by_cdr_secret(&self, presented: &[KeyHash]) -> Option<Arc<Served>> {
        presented.iter().find_map(|hash| self.by_cdr_secret.get(hash)).cloned()
    }

    /// Whose domain this is.
    pub(super) fn owner(&self, domain: &str) -> Option<OrganizationId> {
        self.named(domain).map(|served| served.id)
    }

    fn named(&self, domain: &str) -> Option<&Arc<Served>> {
        if domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.by_domain.get(&*domain.to_ascii_lowercase());
        }
        self.by_domain.get(domain)
    }
}

impl Served {
    /// Whether it is known by the same, and its callers hear the same without a plan.
    pub(super) fn is_known_like(&self, other: &Self) -> bool {
        self.place == other.place
            && self.domains == other.domains
            && self.key == other.key
            && self.former_key == other.former_key
            && self.cdr_secret == other.cdr_secret
            && self.public_url == other.public_url
            && self.failsafe == other.failsafe
    }

    fn keys(&self) -> impl Iterator<Item = KeyHash> + use<> {
        // An organization without a key has none that anyone could present.
        let key = (self.key != KeyHash::NOBODY).then_some(self.key);
        key.into_iter().chain(self.former_key.map(|(key, _)| key))
    }
}
