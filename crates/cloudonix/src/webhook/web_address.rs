//! Addresses of files.

use std::fmt;

use serde_json::Value;

use super::error::Problem;
use super::value::unexpected;

/// The longest address, in characters.
const LONGEST: usize = 2048;

/// An address that begins with `http://` or `https://` and has a host. Whether anyone should be asked there is not said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WebAddress(String);

impl WebAddress {
    /// The address. `None` for another scheme, no host, blanks, control characters, and more than 2048 characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let after = |scheme: &str| {
            let (start, rest) = text.split_at_checked(scheme.len())?;
            start.eq_ignore_ascii_case(scheme).then_some(rest)
        };
        let rest = after("https://").or_else(|| after("http://"))?;
        let has_host = !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']);
        let is_one_word = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
        (has_host && is_one_word && text.chars().count() <= LONGEST).then(|| Self(text.to_owned()))
    }

    /// The address as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads a field. The error does not repeat the address, which may be all that is needed to fetch the file.
    pub(super) fn read(value: &Value) -> Result<Option<Self>, Problem> {
        let expected = "an address with http:// or https://";
        match value {
            Value::Null => Ok(None),
            Value::String(text) if text.trim().is_empty() => Ok(None),
            Value::String(text) if text.chars().count() > LONGEST => Err(Problem::TooLong { limit: LONGEST }),
            Value::String(text) => Self::new(text)
                .map(Some)
                .ok_or_else(|| Problem::Unexpected { found: "another text".to_owned(), expected }),
            other => Err(unexpected(other, expected)),
        }
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in
            ["https://media.example/r/1.mp3?k=v", "http://[::1]:8080/", "HTTPS://MEDIA.EXAMPLE", " https://m.example/ "]
        {
            assert_eq!(WebAddress::new(text).unwrap().as_str(), text.trim());
        }
        let long = format!("https://m.example/{}", "x".repeat(2048));
        for text in [
            "",
            "https://",
            "https:///x",
            "https://?x",
            "http:/x",
            "ftp://x/",
            "file:///etc",
            "https://a b",
            "httpé",
            &long,
        ] {
            assert_eq!(WebAddress::new(text), None, "{text}");
        }
    }
}
