//! Who may read the figures.

use crate::webhook_key::KeyHash;
use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

/// How the figures of a server are read; by default, not at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsAccess {
    /// An address of their own, where nothing is asked of whoever reads them.
    pub listen: Option<SocketAddr>,
    /// What must be presented as bearer to read them where calls are answered. Without it they are not there.
    pub token: Option<MetricsToken>,
}

/// What is presented to read the figures: 16 to 128 printable characters without blanks. Only its hash is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MetricsToken(KeyHash);

/// A text that is no such token.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a token of 16 to 128 printable characters without blanks")]
pub struct NotAToken;

impl MetricsToken {
    /// Whether it was presented, in a time that does not depend on where it differs.
    pub(super) fn is(&self, presented: &[u8]) -> bool {
        self.0.is(&KeyHash::of(presented))
    }
}

impl FromStr for MetricsToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        if (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(KeyHash::of(text.as_bytes())))
        } else {
            Err(NotAToken)
        }
    }
}

impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetricsToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_recognized_and_never_printed() {
        let token: MetricsToken = "0123456789abcdef".parse().unwrap();
        assert!(token.is(b"0123456789abcdef"));
        assert!(!token.is(b"0123456789abcdeg") && !token.is(b""));
        assert_eq!(format!("{token:?}"), "MetricsToken(hidden)");
        for bad in ["", "short", "0123456789 abcdef", &"x".repeat(129)] {
            assert_eq!(bad.parse::<MetricsToken>(), Err(NotAToken), "{bad}");
        }
    }
}
