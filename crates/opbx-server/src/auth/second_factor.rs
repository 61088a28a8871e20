//! The second factor: codes by time (RFC 6238), and codes for when the authenticator is lost.

use base64::Engine;
use opbx_core::secret::Password;
use opbx_store::SecretDigest;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret};

/// The length of a secret, in bytes: that of SHA-1, which is what every authenticator supports.
const SECRET: usize = 20;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Whom an authenticator shows as the issuer.
const ISSUER: &str = "OPBX";
/// How long a code lasts, in seconds.
const STEP: u64 = 30;

/// The second factor could not be set up or checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the second factor cannot be used")]
pub(crate) struct Unusable;

/// What an authenticator is given.
pub(crate) struct Totp {
    inner: totp_rs::Totp,
    secret: Password,
}

impl Totp {
    /// Draws a secret for someone.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when the system gives no randomness.
    pub(crate) fn draw(email: &str) -> Result<Self, Unusable> {
        let mut random = [0; SECRET];
        getrandom::fill(&mut random).map_err(|_| Unusable)?;
        Self::build(Secret::from(random.to_vec()), email)
    }

    /// Of a secret that was kept.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when it is none.
    pub(crate) fn of(secret: &Password, email: &str) -> Result<Self, Unusable> {
        Self::build(Secret::try_from_base32(secret.reveal()).map_err(|_| Unusable)?, email)
    }

    fn build(secret: Secret, email: &str) -> Result<Self, Unusable> {
        let text = Password::new(secret.to_base32());
        // A colon would end the name in the address that an authenticator reads.
        let account = email.replace(':', "");
        let builder = Builder::new().with_secret(secret).with_issuer(Some(ISSUER)).with_account_name(account);
        let inner = builder.with_step_duration(STEP).build().map_err(|_| Unusable)?;
        Ok(Self { inner, secret: text })
    }

    /// The secret, for who types it.
    pub(crate) const fn secret(&self) -> &Password {
        &self.secret
    }

    /// The address that a QR code shows.
    ///
    /// # Errors
    ///
    /// [`Unusable`].
    pub(crate) fn uri(&self) -> Result<String, Unusable> {
        self.inner.to_url().map_err(|_| Unusable)
    }

    /// The step of time whose code this is, the present one or one beside it; `None`: of none of them.
    pub(crate) fn step(&self, code: &str, now: jiff::Timestamp) -> Option<u64> {
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        let seconds = u64::try_from(now.as_second()).ok()?;
        self.inner.check(&code, seconds)
    }
}

/// Codes for when the authenticator is lost, each for once.
pub(crate) struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// Draws them.
    ///
    /// # Errors
    ///
    /// [`Unusable`] when the system gives no randomness.
    pub(crate) fn draw() -> Result<Self, Unusable> {
        let code = || {
            let mut random = [0; 9];
            getrandom::fill(&mut random).map_err(|_| Unusable)?;
            let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random).to_lowercase();
            Ok(text.replace(['-', '_'], "x"))
        };
        (0..RECOVERY_CODES).map(|_| code()).collect::<Result<_, _>>().map(Self)
    }

    /// The codes, for their owner, once.
    pub(crate) fn texts(&self) -> &[String] {
        &self.0
    }

    /// What is kept of them.
    pub(crate) fn digests(&self) -> Vec<SecretDigest> {
        self.0.iter().map(|code| Self::digest(code)).collect()
    }

    /// What would be kept of a code that was entered.
    pub(crate) fn digest(entered: &str) -> SecretDigest {
        let code: String = entered.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
        SecretDigest(Sha256::digest(code.as_bytes()).into())
    }
}
