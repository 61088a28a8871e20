//! The installation's secret, and the keys made from it.

use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The secret that everything an installation signs depends on: any text of at least 32 characters.
#[derive(Clone, Debug)]
pub struct SecretKey(SecretString);

/// A text too short to be a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a secret of at least {} characters", SecretKey::SHORTEST)]
pub struct TooShort;

impl SecretKey {
    /// The fewest characters.
    pub const SHORTEST: usize = 32;

    /// Takes a secret.
    ///
    /// # Errors
    ///
    /// When it has fewer than 32 characters.
    pub fn new(secret: SecretString) -> Result<Self, TooShort> {
        if secret.expose_secret().chars().count() < Self::SHORTEST { Err(TooShort) } else { Ok(Self(secret)) }
    }

    /// The keys of the store.
    pub(crate) fn keyring(&self) -> Option<opbx_store::Keyring> {
        opbx_store::SecretKey::new(self.0.expose_secret()).map(|secret| opbx_store::Keyring::new(&secret))
    }

    /// The key for one purpose (HKDF, RFC 5869): whoever learns it learns neither the secret nor any other key. It has
    /// the length of a block of SHA-256, which is what HMAC takes without a further hash.
    pub(crate) fn derive(&self, purpose: &str) -> [u8; 64] {
        let mut key = [0; 64];
        // HKDF gives up to 255 hashes, so this cannot fail.
        let _ = Hkdf::<Sha256>::new(None, self.0.expose_secret().as_bytes()).expand(purpose.as_bytes(), &mut key);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> SecretKey {
        SecretKey::new(text.into()).unwrap()
    }

    #[test]
    fn keys_differ_by_purpose_and_by_secret() {
        let one = key("0123456789abcdef0123456789abcdef");
        assert_eq!(one.derive("a"), one.derive("a"));
        assert_ne!(one.derive("a"), one.derive("b"));
        assert_ne!(one.derive("a"), key("another secret of thirty-two characters").derive("a"));
        assert!(!format!("{one:?}").contains("0123"));
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert!(SecretKey::new("0123456789abcdef0123456789abcde".into()).is_err());
    }
}
