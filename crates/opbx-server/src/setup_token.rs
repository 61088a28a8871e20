//! The token with which the first organization of an empty installation is made over the API: once.

use crate::random_text::{NoRandomness, random_text};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use tokio::sync::{Mutex, MutexGuard};

/// The token of an installation that had no organization when its server was put together. It is in no store: a server that
/// is started again draws another one.
pub(crate) struct SetupToken {
    /// Its digest, until it is used. Whoever uses it holds the lock until the organization is made.
    digest: Mutex<Option<[u8; 32]>>,
}

/// The right to make the first organization. Dropped without [`used`](Self::used), the token still counts.
pub(crate) struct SetupRight<'t>(MutexGuard<'t, Option<[u8; 32]>>);

impl SetupToken {
    /// No token: there are organizations.
    pub(crate) fn none() -> Self {
        Self { digest: Mutex::new(None) }
    }

    /// A new token, and its text.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub(crate) fn draw() -> Result<(Self, String), NoRandomness> {
        let text = random_text()?;
        Ok((Self { digest: Mutex::new(Some(digest(&text))) }, text))
    }

    /// The right that a text gives, if it is the token. Whoever comes at the same time waits for what becomes of it.
    pub(crate) async fn right(&self, text: &str) -> Option<SetupRight<'_>> {
        let held = self.digest.lock().await;
        let is_it = held.as_ref().is_some_and(|known| bool::from(known.ct_eq(&digest(text))));
        is_it.then_some(SetupRight(held))
    }
}

impl SetupRight<'_> {
    /// The organization is there: nobody gets this right again.
    pub(crate) fn used(mut self) {
        *self.0 = None;
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl fmt::Debug for SetupToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SetupToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_counts_until_it_is_used() {
        let (token, text) = SetupToken::draw().unwrap();
        assert!(token.right("").await.is_none());
        assert!(token.right(&text.to_uppercase()).await.is_none());
        drop(token.right(&text).await.unwrap());
        token.right(&text).await.unwrap().used();
        assert!(token.right(&text).await.is_none());
        assert!(SetupToken::none().right("").await.is_none());
    }
}
