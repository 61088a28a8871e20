//! Secrets that are made up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The system gives no randomness.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the system gives no randomness")]
pub(crate) struct NoRandomness;

/// A text of 32 letters, digits, hyphens and underscores that nobody can guess: 192 random bits.
///
/// # Errors
///
/// [`NoRandomness`].
pub(crate) fn random_text() -> Result<String, NoRandomness> {
    let mut random = [0; 24];
    getrandom::fill(&mut random).map_err(|_| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}
