//! What a socket is called while it lasts.

use std::fmt;
use std::str::FromStr;

/// Two numbers with a dot between them, as clients of Pusher expect. Nobody can guess them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct SocketId(u32, u32);

/// A text that is no such name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NotASocket;

impl SocketId {
    #[cfg(test)]
    pub(super) const fn new(first: u32, second: u32) -> Self {
        Self(first, second)
    }

    /// Draws one.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub(super) fn draw() -> Result<Self, getrandom::Error> {
        Ok(Self(getrandom::u32()?, getrandom::u32()?))
    }
}

impl FromStr for SocketId {
    type Err = NotASocket;

    fn from_str(text: &str) -> Result<Self, NotASocket> {
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let (first, second) = text.split_once('.').ok_or(NotASocket)?;
        number(first).zip(number(second)).map(|(first, second)| Self(first, second)).ok_or(NotASocket)
    }
}

impl fmt::Display for SocketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for text in ["0.0", "4294967295.17"] {
            assert_eq!(text.parse::<SocketId>().unwrap().to_string(), text);
        }
        for text in ["", "1", "1.", ".1", "1.2.3", "+1.2", "1.2:presence-org.1", "4294967296.1", "a.b"] {
            assert_eq!(text.parse::<SocketId>(), Err(NotASocket), "{text}");
        }
    }
}
