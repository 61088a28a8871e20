//! By what a delivery is known again.

use crate::fabric::DeliveryKey;
use crate::secret_key::SecretKey;
use hmac::{Hmac, KeyInit, Mac};
use opbx_core::id::OrganizationId;
use sha2::Sha256;
use std::fmt;

/// Which receiver a delivery came to. Aliases are one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Receiver<'t> {
    /// Session updates.
    SessionUpdate,
    /// Call records.
    CallRecord,
    /// What is said of a recording, to this address.
    Recording(&'t str),
    /// What is said of a conference, to this address.
    Conference(&'t str),
}

impl Receiver<'_> {
    /// Its name in logs and figures.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::SessionUpdate => "session_update",
            Self::CallRecord => "call_record",
            Self::Recording(_) => "recording",
            Self::Conference(_) => "conference",
        }
    }

    const fn address(&self) -> &str {
        match self {
            Self::SessionUpdate | Self::CallRecord => "",
            Self::Recording(token) | Self::Conference(token) => token,
        }
    }
}

/// Makes digests of what deliveries are known by: of one length whatever strangers send, and with a key of their own, so that
/// nobody who reads them can try out what was delivered.
#[derive(Clone)]
pub(crate) struct ReportKeys(Hmac<Sha256>);

impl ReportKeys {
    pub(crate) fn new(secret: &SecretKey) -> Self {
        Self(Hmac::new(&secret.derive("opbx/webhook/delivery").into()))
    }

    /// The digest of a report, as the store remembers it for a day, inside its organization.
    pub(crate) fn of_report(&self, receiver: Receiver<'_>, key: &str) -> opbx_store::DeliveryKey {
        opbx_store::DeliveryKey(self.digest(&[receiver.word(), receiver.address(), key]))
    }

    /// The digest of a request with all its reports, as this process remembers it; `None` if one of them has none.
    pub(crate) fn of_request(
        &self,
        organization: OrganizationId,
        receiver: Receiver<'_>,
        keys: &[Option<String>],
    ) -> Option<DeliveryKey> {
        let organization = organization.to_string();
        let mut parts = vec![organization.as_str(), receiver.word(), receiver.address()];
        for key in keys {
            parts.push(key.as_deref()?);
        }
        self.digest(&parts).first_chunk().copied().map(DeliveryKey)
    }

    fn digest(&self, parts: &[&str]) -> [u8; 32] {
        let mut digest = self.0.clone();
        for part in parts {
            // Each with its length before it, so that no two rows of parts read alike.
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        digest.finalize().into_bytes().into()
    }
}

impl fmt::Debug for ReportKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReportKeys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_has_another_digest() {
        let keys = ReportKeys::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap());
        let [one, two] = [1, 2].map(OrganizationId::new);
        let of = |organization, receiver, parts: &[&str]| {
            let parts: Vec<_> = parts.iter().map(|part| Some((*part).to_owned())).collect();
            keys.of_request(organization, receiver, &parts)
        };
        let all = [
            of(one, Receiver::SessionUpdate, &["a"]),
            of(two, Receiver::SessionUpdate, &["a"]),
            of(one, Receiver::CallRecord, &["a"]),
            of(one, Receiver::Recording("a"), &["a"]),
            of(one, Receiver::Recording("b"), &["a"]),
            of(one, Receiver::Conference("a"), &["a"]),
            of(one, Receiver::SessionUpdate, &["a", "b"]),
            of(one, Receiver::SessionUpdate, &["ab"]),
        ];
        for (place, key) in all.iter().enumerate() {
            assert!(key.is_some() && !all[..place].contains(key), "{place}");
        }
        assert_eq!(of(one, Receiver::CallRecord, &["a"]), all[2]);
        assert_eq!(keys.of_request(one, Receiver::CallRecord, &[Some("a".to_owned()), None]), None);
        assert_ne!(keys.of_report(Receiver::CallRecord, "a"), keys.of_report(Receiver::SessionUpdate, "a"));
    }
}
