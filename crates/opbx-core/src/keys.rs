//! What people press: the keys of a menu option, and everything a caller entered.

use crate::invalid::Invalid;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(OptionKeys, Keys);

const fn is_key(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'*' | b'#')
}

/// The keys of one menu option: one to four of `0-9 * #`. Leading zeros count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OptionKeys {
    keys: [u8; 4],
    len: u8,
}

impl OptionKeys {
    /// The keys as text.
    pub fn as_str(&self) -> &str {
        self.keys.get(..usize::from(self.len)).and_then(|keys| std::str::from_utf8(keys).ok()).unwrap_or_default()
    }

    /// Whether `#` is among them: then `#` cannot be the key that ends the input.
    pub fn contains_hash(&self) -> bool {
        self.as_str().contains('#')
    }
}

impl FromStr for OptionKeys {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let bytes = text.as_bytes();
        if !(1..=4).contains(&bytes.len()) || !bytes.iter().copied().all(is_key) {
            return Err(Invalid::expected("one to four keys of 0-9 * #"));
        }
        let mut keys = [0; 4];
        for (slot, key) in keys.iter_mut().zip(bytes) {
            *slot = *key;
        }
        Ok(Self { keys, len: u8::try_from(bytes.len()).unwrap_or(4) })
    }
}

impl fmt::Display for OptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for OptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a caller entered in one go: up to 64 of `0-9 * #`, perhaps nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Keys(Box<str>);

impl Keys {
    /// The keys as text; empty when nothing was pressed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Keys {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.len() <= 64 && text.bytes().all(is_key) {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::expected("at most 64 keys of 0-9 * #"))
        }
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
