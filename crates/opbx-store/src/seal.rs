//! Secrets at rest: sealed with a key that is not in the database, and digests to find them by.
//!
//! A sealed secret is `version ‖ key id ‖ nonce ‖ ciphertext`, XChaCha20-Poly1305. Its 24-byte nonce can be drawn at random for
//! as long as we live. What it is a secret *of* (a purpose and the organization) is authenticated with it: a value that
//! someone moves to another column or another organization does not open. The row's id is not, since a row is given its
//! id by the insert that already carries the secret.

use std::fmt;

use chacha20poly1305::aead::{Aead, Generate, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use opbx_core::id::OrganizationId;
use sha2::Sha256;

use crate::error::{Cause, Error};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;

/// `OPBX_SECRET_KEY`: any text of at least 32 characters. Nothing is encrypted with it; keys are derived from it.
#[derive(Clone)]
pub struct SecretKey(Box<str>);

impl SecretKey {
    /// The fewest characters.
    pub const MIN_LENGTH: usize = 32;

    /// The key, if the text is long enough.
    pub fn new(text: &str) -> Option<Self> {
        (text.chars().count() >= Self::MIN_LENGTH).then(|| Self(text.into()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

/// What a sealed secret is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Purpose {
    ConferencePin,
    ConferenceHostPin,
    VoicemailPin,
    AssistantPassword,
    SipPassword,
    ApiKey,
    WebhookKey,
    CdrSecret,
    SecondFactor,
    Job,
    RequestBody,
    Effect,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::ConferencePin => "conference-pin",
            Self::ConferenceHostPin => "conference-host-pin",
            Self::VoicemailPin => "voicemail-pin",
            Self::AssistantPassword => "assistant-password",
            Self::SipPassword => "sip-password",
            Self::ApiKey => "api-key",
            Self::WebhookKey => "webhook-key",
            Self::CdrSecret => "cdr-secret",
            Self::SecondFactor => "second-factor",
            Self::Job => "job",
            Self::RequestBody => "request-body",
            Self::Effect => "effect",
        }
    }

    /// What is authenticated beside the text.
    fn context(self, organization: OrganizationId) -> String {
        format!("opbx/{}/{organization}", self.word())
    }
}

/// One generation of the derived keys.
struct Keys {
    id: [u8; KEY_ID],
    cipher: XChaCha20Poly1305,
    lookup: [u8; 32],
}

impl Keys {
    fn derive(secret: &SecretKey) -> Self {
        // No salt: there is none that a restored backup would also have.
        let root = Hkdf::<Sha256>::new(None, secret.0.as_bytes());
        let (mut id, mut sealing, mut lookup) = ([0; KEY_ID], [0; 32], [0; 32]);
        for (info, out) in
            [("opbx/key-id/1", &mut id[..]), ("opbx/seal/1", &mut sealing[..]), ("opbx/lookup/1", &mut lookup[..])]
        {
            // HKDF refuses only lengths beyond 255 blocks.
            let _ = root.expand(info.as_bytes(), out);
        }
        Self { id, cipher: XChaCha20Poly1305::new(&sealing.into()), lookup }
    }
}

/// The keys that seal and open secrets. New ones are sealed with the present key; an older one still opens what it sealed.
pub struct Keyring {
    present: Keys,
    older: Vec<Keys>,
}

impl Keyring {
    /// The keys derived from the installation's secret.
    pub fn new(secret: &SecretKey) -> Self {
        Self { present: Keys::derive(secret), older: Vec::new() }
    }

    /// Also opens what an earlier secret sealed.
    #[must_use]
    pub fn with_older(mut self, secret: &SecretKey) -> Self {
        self.older.push(Keys::derive(secret));
        self
    }

    /// Seals a secret of an organization.
    pub(crate) fn seal(&self, purpose: Purpose, of: OrganizationId, text: &str) -> Result<Vec<u8>, Error> {
        self.seal_within(&purpose.context(of), text.as_bytes())
    }

    /// Seals what belongs into a context, and opens in no other.
    pub(crate) fn seal_within(&self, context: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = XNonce::try_generate().map_err(|_| Error::away("the system gives no randomness"))?;
        let payload = Payload { msg: bytes, aad: context.as_bytes() };
        let ciphertext = self.present.cipher.encrypt(&nonce, payload).map_err(|_| unreadable("sealed"))?;
        let mut sealed = Vec::with_capacity(1 + KEY_ID + NONCE + ciphertext.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.present.id);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens a secret of an organization.
    pub(crate) fn open(&self, purpose: Purpose, of: OrganizationId, sealed: &[u8]) -> Result<String, Error> {
        let text = self.open_within(&purpose.context(of), sealed)?;
        String::from_utf8(text).map_err(|_| unreadable("opened: it is no text"))
    }

    /// Opens what was sealed in a context.
    pub(crate) fn open_within(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (version, rest) = sealed.split_first().ok_or_else(|| unreadable("opened: it is empty"))?;
        let (id, rest) = rest.split_first_chunk::<KEY_ID>().ok_or_else(|| unreadable("opened: it is cut off"))?;
        let (nonce, ciphertext) =
            rest.split_first_chunk::<NONCE>().ok_or_else(|| unreadable("opened: it is cut off"))?;
        if *version != VERSION {
            return Err(unreadable("opened: it has a form that this version does not know"));
        }
        let keys = std::iter::once(&self.present)
            .chain(&self.older)
            .find(|keys| keys.id == *id)
            .ok_or_else(|| unreadable("opened: another OPBX_SECRET_KEY sealed it"))?;
        let payload = Payload { msg: ciphertext, aad: context.as_bytes() };
        let opened = keys.cipher.decrypt(&XNonce::from(*nonce), payload);
        opened.map_err(|_| unreadable("opened: it was changed, or belongs elsewhere"))
    }

    /// The digest by which a key is found. Keyed, so that a stolen database does not let anyone try keys against it.
    pub(crate) fn digest(&self, purpose: Purpose, text: impl AsRef<[u8]>) -> [u8; 32] {
        digest(&self.present, purpose, text.as_ref())
    }

    /// The digests that a key may have been stored under, the present key's first.
    pub(crate) fn digests(&self, purpose: Purpose, text: impl AsRef<[u8]>) -> Vec<Vec<u8>> {
        let text = text.as_ref();
        std::iter::once(&self.present).chain(&self.older).map(|keys| digest(keys, purpose, text).to_vec()).collect()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(hidden)")
    }
}

fn digest(keys: &Keys, purpose: Purpose, text: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length; an array has the length that cannot fail.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&keys.lookup) else { return [0; 32] };
    mac.update(purpose.word().as_bytes());
    mac.update(&[0]);
    mac.update(text);
    mac.finalize().into_bytes().into()
}

fn unreadable(how: &str) -> Error {
    Error::Corrupt(Cause::said(format!("a secret could not be {how}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACME: OrganizationId = OrganizationId::new(1);
    const OTHER: OrganizationId = OrganizationId::new(2);

    fn secret(text: &str) -> SecretKey {
        SecretKey::new(&text.repeat(32)).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_again_and_only_where_it_belongs() {
        let keys = Keyring::new(&secret("a"));
        let sealed = keys.seal(Purpose::VoicemailPin, ACME, "4321").unwrap();
        assert_eq!(keys.open(Purpose::VoicemailPin, ACME, &sealed).unwrap(), "4321");
        assert!(keys.open(Purpose::VoicemailPin, OTHER, &sealed).is_err(), "another organization");
        assert!(keys.open(Purpose::ConferencePin, ACME, &sealed).is_err(), "another purpose");
        assert!(Keyring::new(&secret("b")).open(Purpose::VoicemailPin, ACME, &sealed).is_err(), "another key");
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        let keys = Keyring::new(&secret("a"));
        let seal = || keys.seal(Purpose::VoicemailPin, ACME, "4321").unwrap();
        assert_ne!(seal(), seal());
        assert!(!seal().windows(4).any(|window| window == b"4321"));
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let keys = Keyring::new(&secret("a"));
        let sealed = keys.seal(Purpose::WebhookKey, ACME, "key").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(keys.open(Purpose::WebhookKey, ACME, &changed).is_err(), "byte {at}");
            assert!(keys.open(Purpose::WebhookKey, ACME, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_finds() {
        let old = Keyring::new(&secret("a"));
        let sealed = old.seal(Purpose::WebhookKey, ACME, "key").unwrap();
        let found = old.digest(Purpose::WebhookKey, "key").to_vec();
        let rotated = Keyring::new(&secret("b")).with_older(&secret("a"));
        assert_eq!(rotated.open(Purpose::WebhookKey, ACME, &sealed).unwrap(), "key");
        assert!(rotated.digests(Purpose::WebhookKey, "key").contains(&found));
        assert_ne!(rotated.seal(Purpose::WebhookKey, ACME, "key").unwrap()[1..5], sealed[1..5], "a new key seals");
    }

    #[test]
    fn a_digest_depends_on_the_purpose_and_a_short_secret_is_refused() {
        let keys = Keyring::new(&secret("a"));
        assert_ne!(keys.digest(Purpose::WebhookKey, "key"), keys.digest(Purpose::CdrSecret, "key"));
        assert!(SecretKey::new(&"x".repeat(31)).is_none());
        assert_eq!(format!("{:?} {keys:?}", secret("a")), "SecretKey(hidden) Keyring(hidden)");
    }
}
