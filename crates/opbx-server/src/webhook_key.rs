//! The key by which the platform proves that a webhook is its own.

use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

/// What the platform sends as `Authorization: Bearer …`: 16 to 128 printable ASCII characters without blanks.
///
/// Only its hash is kept: enough to recognize it, useless to whoever reads the memory of a crash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WebhookKey(KeyHash);

/// A text that no webhook key can be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a webhook key of 16 to 128 printable characters without blanks")]
pub struct NotAKey;

impl WebhookKey {
    /// Takes a key.
    ///
    /// # Errors
    ///
    /// When it is too short or too long, or could not stand in a header.
    pub fn new(key: &str) -> Result<Self, NotAKey> {
        if (16..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(KeyHash::of(key.as_bytes())))
        } else {
            Err(NotAKey)
        }
    }

    pub(crate) const fn hash(&self) -> KeyHash {
        self.0
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookKey(hidden)")
    }
}

/// The hash of what somebody presented or of what an organization expects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct KeyHash([u8; 32]);

impl KeyHash {
    /// No key has this hash: what is compared where there is nothing to compare with.
    pub(crate) const NOBODY: Self = Self([0; 32]);

    pub(crate) fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }

    /// What a store found the key by.
    pub(crate) const fn of_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest itself, for where a store is not; `None`: nobody's.
    pub(crate) fn digest(&self) -> Option<[u8; 32]> {
        (*self != Self::NOBODY).then_some(self.0)
    }

    /// Whether both are the same, in a time that does not depend on where they differ.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_fits_into_a_header() {
        assert!(WebhookKey::new("0123456789abcdef").is_ok());
        for bad in ["", "short", "0123456789 abcdef", "0123456789abcdéf", &"x".repeat(129)] {
            assert!(WebhookKey::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_is_compared_and_never_printed() {
        let key = WebhookKey::new("0123456789abcdef").unwrap();
        assert!(key.hash().is(&KeyHash::of(b"0123456789abcdef")));
        assert!(!key.hash().is(&KeyHash::of(b"0123456789abcdeg")));
        assert!(!format!("{key:?}").contains("0123"));
    }
}
