//! Passwords: what is strong enough, and hashes of them.
//!
//! Hashing is slow on purpose. It is done off the threads that answer calls, and never on all cores at once, so that a
//! storm of sign-ins is no storm for callers.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use opbx_core::secret::Password;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// The fewest characters of a password.
const SHORTEST: usize = 10;
/// The most characters: more would only be work.
const LONGEST: usize = 1_000;

/// Passwords that everyone tries first.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../data/common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// Why a password is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum Weak {
    /// Too few characters.
    #[error("a password of at least 10 characters")]
    Short,
    /// Too many characters.
    #[error("a password of at most 1,000 characters")]
    Long,
    /// Everyone tries it.
    #[error("a password that is not in the lists of common ones")]
    Common,
    /// It is the person's own name or address.
    #[error("a password that is not your own name or e-mail address")]
    Personal,
}

/// Whether a password is strong enough for the person of this name and address.
///
/// # Errors
///
/// [`Weak`].
pub(crate) fn strong(password: &str, email: &str, name: &str) -> Result<(), Weak> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Weak::Short);
    }
    if length > LONGEST {
        return Err(Weak::Long);
    }
    let lower = password.to_lowercase();
    if COMMON.contains(lower.as_str()) {
        return Err(Weak::Common);
    }
    let squeezed =
        |text: &str| text.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    let (password, email) = (squeezed(&lower), email.to_lowercase());
    let local = email.split('@').next().unwrap_or_default();
    let own = [squeezed(&email), squeezed(local), squeezed(name)];
    if own.contains(&password) { Err(Weak::Personal) } else { Ok(()) }
}

/// What became of a password that was presented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// It is another one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash is of an older kind: it should be hashed again.
    RightButOld,
}

/// Hashes and checks passwords, a few at a time.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
}

/// The work could not be done: the server is stopping, or the system gives no randomness.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a password could not be hashed")]
pub(crate) struct NotHashed;

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { at_once: Arc::new(Semaphore::new(cores.saturating_sub(1).max(1))) }
    }
}

impl Passwords {
    /// The hash of a password, by argon2id.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub(crate) async fn hash(&self, password: Password) -> Result<String, NotHashed> {
        self.apart(move || hashed(&password)).await?
    }

    /// Whether a password is the one of a hash. Without a hash the same work is done and the answer is no, so that nobody
    /// learns from the clock whether there is someone.
    ///
    /// # Errors
    ///
    /// [`NotHashed`].
    pub(crate) async fn check(&self, password: Password, hash: Option<String>) -> Result<Verdict, NotHashed> {
        self.apart(move || match hash {
            Some(hash) => verdict(&password, &hash),
            None => {
                verdict(&password, &NOBODY);
                Verdict::Wrong
            }
        })
        .await
    }

    async fn apart<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, NotHashed> {
        let turn = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| NotHashed)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| NotHashed)
    }
}

/// The hash of a password, made on this thread: some fifty milliseconds.
///
/// # Errors
///
/// [`NotHashed`].
pub(crate) fn hashed(password: &Password) -> Result<String, NotHashed> {
    let hash = Argon2::default().hash_password(password.reveal().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|_| NotHashed)
}

/// A hash of nobody's password, of the same cost as everyone's.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default().hash_password(b"nobody has this password").map(|hash| hash.to_string()).unwrap_or_default()
});

fn verdict(password: &Password, hash: &str) -> Verdict {
    // Laravel writes `$2y$`, which is the same as `$2b$`.
    if hash.starts_with("$2") {
        return match bcrypt::verify(password.reveal(), hash) {
            Ok(true) => Verdict::RightButOld,
            Ok(false) | Err(_) => Verdict::Wrong,
        };
    }
    let Ok(parsed) = PasswordHash::new(hash) else { return Verdict::Wrong };
    match Argon2::default().verify_password(password.reveal().as_bytes(), &parsed) {
        Ok(()) => Verdict::Right,
        Err(_) => Verdict::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_its_own_and_no_other() {
        let passwords = Passwords::default();
        let hash = passwords.hash(password("correct horse battery")).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let check = async |text: &str, hash: Option<&str>| {
            passwords.check(password(text), hash.map(str::to_owned)).await.unwrap()
        };
        assert_eq!(check("correct horse battery", Some(&hash)).await, Verdict::Right);
        assert_eq!(check("correct horse", Some(&hash)).await, Verdict::Wrong);
        assert_eq!(check("correct horse battery", None).await, Verdict::Wrong);
        assert_eq!(check("correct horse battery", Some("garbage")).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_the_product_before_is_taken_and_to_be_replaced() {
        let passwords = Passwords::default();
        let hash = bcrypt::hash("correct horse battery", 4).unwrap().replacen("$2b$", "$2y$", 1);
        let check = async |text: &str| passwords.check(password(text), Some(hash.clone())).await.unwrap();
        assert_eq!(check("correct horse battery").await, Verdict::RightButOld);
        assert_eq!(check("another one").await, Verdict::Wrong);
    }

    #[test]
    fn weak_passwords_are_told_apart() {
        let check = |text: &str| strong(text, "alice.ray@acme.example", "Alice Ray-Miller");
        assert_eq!(check("short"), Err(Weak::Short));
        assert_eq!(check(&"x".repeat(1_001)), Err(Weak::Long));
        assert_eq!(check("QWERTYuiop"), Err(Weak::Common));
        assert_eq!(check("Alice.Ray@acme.example"), Err(Weak::Personal));
        assert_eq!(check("alice ray miller"), Err(Weak::Personal));
        assert_eq!(check("correct horse battery"), Ok(()));
    }
}
