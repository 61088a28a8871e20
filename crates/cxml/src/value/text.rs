use std::fmt;

use super::{Invalid, Value};

/// Whether XML 1.0 can carry the character at all, escaped or not (`Char` in section 2.2 of the specification).
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Any text that XML 1.0 can carry: everything but control characters (tab and line ends are allowed) and the
/// two non-characters U+FFFE and U+FFFF. It may be empty; the writer escapes what needs escaping.
///
/// ```
/// use cxml::Text;
///
/// assert_eq!(Text::new("Fish & chips").unwrap().as_str(), "Fish & chips");
/// assert!(Text::new("bell \u{7}").is_err());
/// assert_eq!(Text::lossy("bell \u{7}").as_str(), "bell ");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

impl Text {
    /// Accepts text that XML 1.0 can carry.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when a character is not representable in XML 1.0, not even as a reference.
    pub fn new(text: impl Into<String>) -> Result<Self, Invalid> {
        let text = text.into();
        if text.chars().all(is_xml_char) {
            Ok(Self(text))
        } else {
            Err(Invalid::new("Text", &text, "characters that XML 1.0 can carry"))
        }
    }

    /// Drops the characters XML 1.0 cannot carry. For renderers, which have no way to fail: a control character
    /// has no sound and no look, so nothing a caller would notice is lost.
    pub fn lossy(text: impl Into<String>) -> Self {
        let mut text = text.into();
        // Most text is plain, and looking at its bytes costs a fraction of decoding and moving its characters.
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            text.retain(is_xml_char);
        }
        Self(text)
    }

    /// The text, before escaping.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, before escaping.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether there is no character in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts another text behind this one.
    pub(crate) fn append(&mut self, other: &Text) {
        self.0.push_str(&other.0);
    }
}

/// As [`Text::lossy`].
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::lossy(text)
    }
}

/// As [`Text::lossy`].
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::lossy(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Value for Text {
    fn read(text: &str) -> Result<Self, Invalid> {
        Self::new(text)
    }
}
