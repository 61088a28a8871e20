use std::fmt;

use super::{Invalid, Text, Value};

/// A password that a document presents to someone else: any [`Text`]. Its `Debug` hides it, so that a document can be
/// printed for people who may not know it; `Display` writes it, because the platform has to read it.
///
/// ```
/// let password = cxml::Password::from("hush");
/// assert_eq!(format!("{password:?}"), "Password(hidden)");
/// assert_eq!(password.reveal(), "hush");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Text);

impl Password {
    /// The password, before escaping.
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }
}

impl From<Text> for Password {
    fn from(text: Text) -> Self {
        Self(text)
    }
}

/// As [`Text::lossy`].
impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Value for Password {
    fn read(text: &str) -> Result<Self, Invalid> {
        // An error repeats what it refuses, and this it must not.
        Text::new(text).map(Self).map_err(|invalid| Invalid::new("Password", "(hidden)", invalid.expected()))
    }
}
