//! The text of tokens: `{id}|{secret}`. The secret begins with a letter for what kind of token it is, since each kind
//! counts its own identifiers.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use opbx_store::SecretDigest;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How many random bytes a secret has.
const RANDOM: usize = 32;

/// What kind of token it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// A session.
    Session,
    /// A person's token for a program.
    Api,
    /// A token of the installation.
    Installation,
    /// A link or a challenge that works once.
    Once,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Session, Self::Api, Self::Installation, Self::Once];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "s-",
            Self::Api => "a-",
            Self::Installation => "i-",
            Self::Once => "o-",
        }
    }
}

/// A token that was presented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presented {
    pub(crate) kind: Kind,
    pub(crate) id: u64,
    digest: SecretDigest,
}

impl Presented {
    /// Reads a token; `None`: it is none of ours.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (id, secret) = text.trim().split_once('|')?;
        let kind = Kind::ALL.into_iter().find(|kind| secret.starts_with(kind.prefix()))?;
        // As columns count.
        let id = id.parse().ok().filter(|id| i64::try_from(*id).is_ok())?;
        Some(Self { kind, id, digest: digest(secret) })
    }

    /// Whether this is the token of that digest; every byte is compared whatever the first differences.
    pub(crate) fn is(&self, stored: SecretDigest) -> bool {
        self.digest.0.ct_eq(&stored.0).into()
    }

    /// The digest of its secret, once it is known to be right.
    pub(crate) const fn digest(&self) -> SecretDigest {
        self.digest
    }
}

/// The secret of a new token, before it has an identifier.
#[derive(Debug)]
pub(crate) struct NewToken {
    secret: String,
}

impl NewToken {
    /// Draws a secret.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub(crate) fn draw(kind: Kind) -> Result<Self, getrandom::Error> {
        let mut random = [0; RANDOM];
        getrandom::fill(&mut random)?;
        Ok(Self { secret: format!("{}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random)) })
    }

    /// What is kept of it.
    pub(crate) fn digest(&self) -> SecretDigest {
        digest(&self.secret)
    }

    /// The text that its owner is given, once.
    pub(crate) fn text(&self, id: u64) -> String {
        format!("{id}|{}", self.secret)
    }
}

fn digest(secret: &str) -> SecretDigest {
    SecretDigest(Sha256::digest(secret.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_is_read_again() {
        for kind in Kind::ALL {
            let token = NewToken::draw(kind).unwrap();
            let read = Presented::read(&token.text(12)).unwrap();
            assert_eq!((read.kind, read.id), (kind, 12));
            assert!(read.is(token.digest()));
            assert!(!read.is(NewToken::draw(kind).unwrap().digest()));
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in
            ["", "12", "12|", "|s-x", "12|x-abc", "-1|s-abc", "99999999999999999999|s-abc", "9223372036854775808|s-a"]
        {
            assert!(Presented::read(text).is_none(), "{text}");
        }
    }
}
