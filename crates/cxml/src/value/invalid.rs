use std::fmt;

/// How much of a refused value an error repeats, in characters: enough to recognise it in a log line.
const SHOWN: usize = 80;

/// A value that CXML cannot carry in the place it was meant for.
///
/// ```
/// let error = cxml::Url::new("not a url").unwrap_err();
/// assert_eq!(error.to_string(), r#""not a url" is not a valid Url: expected an address without spaces or control characters"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    kind: &'static str,
    found: String,
    expected: &'static str,
}

impl Invalid {
    pub(crate) fn new(kind: &'static str, found: &str, expected: &'static str) -> Self {
        let mut shown: String = found.chars().take(SHOWN).collect();
        if shown.len() < found.len() {
            shown.push('…');
        }
        Self { kind, found: shown, expected }
    }

    /// The name of the type that refused the value, `Url` for example.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// What was given; long values are cut to 80 characters.
    pub fn found(&self) -> &str {
        &self.found
    }

    /// What would have been accepted, in words.
    pub fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a valid {}: expected {}", self.found, self.kind, self.expected)
    }
}
