use std::fmt;
use std::str::FromStr;

use super::{Invalid, Value};

/// One key of a telephone keypad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u8);

/// The keys in the order the platform's documentation writes its default, `1234567890*#`.
const KEYS: &[u8; 12] = b"1234567890*#";

impl Key {
    /// The star key.
    pub const STAR: Self = Self(b'*');
    /// The hash key, also called pound.
    pub const HASH: Self = Self(b'#');

    /// The key with this label.
    ///
    /// # Errors
    ///
    /// [`Invalid`] unless the character is one of `0123456789*#`.
    pub fn new(label: char) -> Result<Self, Invalid> {
        match u8::try_from(label) {
            Ok(byte) if KEYS.contains(&byte) => Ok(Self(byte)),
            _ => Err(Invalid::new("Key", label.encode_utf8(&mut [0; 4]), "one of 0123456789*#")),
        }
    }

    /// The label of the key.
    pub fn label(self) -> char {
        char::from(self.0)
    }

    /// Every key, in the order `1234567890*#`.
    pub fn all() -> impl Iterator<Item = Self> {
        KEYS.iter().copied().map(Self)
    }

    fn bit(self) -> u16 {
        KEYS.iter().position(|&key| key == self.0).map_or(0, |index| 1 << index)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.label())
    }
}

/// A set of keys, each of which has the same effect.
///
/// ```
/// use cxml::KeySet;
///
/// let keys: KeySet = "#*1".parse().unwrap();
/// assert_eq!(keys.to_string(), "1*#");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeySet(u16);

impl KeySet {
    /// No key at all.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Every key, the platform's default where a set of keys ends something.
    pub fn any() -> Self {
        Key::all().collect()
    }

    /// Whether the key is in the set.
    pub fn contains(self, key: Key) -> bool {
        self.0 & key.bit() != 0
    }

    /// Whether no key is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The keys of the set, in the order `1234567890*#`.
    pub fn iter(self) -> impl Iterator<Item = Key> {
        Key::all().filter(move |&key| self.contains(key))
    }
}

impl From<Key> for KeySet {
    fn from(key: Key) -> Self {
        Self(key.bit())
    }
}

impl FromIterator<Key> for KeySet {
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        Self(keys.into_iter().fold(0, |bits, key| bits | key.bit()))
    }
}

impl fmt::Display for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|key| key.fmt(f))
    }
}

impl FromStr for KeySet {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        text.chars()
            .map(Key::new)
            .collect::<Result<_, _>>()
            .map_err(|_| Invalid::new("KeySet", text, "any of 0123456789*#"))
    }
}

impl Value for KeySet {
    fn read(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}

/// The key that ends the input of a [`Gather`](crate::Gather).
///
/// An absent attribute is not the same as [`FinishOnKey::Never`]: without the attribute the platform ends the input
/// on `#`.
///
/// Source: vendor page Verb/gather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FinishOnKey {
    /// No key ends the input; written `finishOnKey=""`.
    Never,
    /// This key ends the input and is not part of it.
    Key(Key),
}

impl From<Key> for FinishOnKey {
    fn from(key: Key) -> Self {
        Self::Key(key)
    }
}

impl fmt::Display for FinishOnKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => Ok(()),
            Self::Key(key) => key.fmt(f),
        }
    }
}

impl Value for FinishOnKey {
    fn read(text: &str) -> Result<Self, Invalid> {
        let mut labels = text.chars();
        match (labels.next(), labels.next()) {
            (None, _) => Ok(Self::Never),
            (Some(label), None) => Key::new(label).map(Self::Key),
            _ => Err(Invalid::new("FinishOnKey", text, "one of 0123456789*#, or nothing")),
        }
    }
}

text_type! {
    /// Tones to play: keys, and `w` for half a second of silence.
    ///
    /// Source: vendor page Verb/play.
    PlayDigits,
    "digits, `*`, `#` and `w`, at least one",
    |text| !text.is_empty() && text.bytes().all(|byte| KEYS.contains(&byte) || byte == b'w')
}
