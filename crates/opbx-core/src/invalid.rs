//! The one error of parsing a value: what would have been right.

use std::borrow::Cow;

/// A text or number that is not a value of the wanted kind.
///
/// It says what was expected, never what was read: some values are secrets, and the reader of the error has the
/// input before them anyway.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected {expected}")]
pub struct Invalid {
    expected: Cow<'static, str>,
}

impl Invalid {
    /// `expected` completes the sentence "expected …", e.g. `3 to 5 digits`.
    pub const fn expected(expected: &'static str) -> Self {
        Self { expected: Cow::Borrowed(expected) }
    }

    /// A whole number outside its range.
    pub fn range(min: u32, max: u32) -> Self {
        Self { expected: Cow::Owned(format!("a whole number from {min} to {max}")) }
    }

    /// What would have been right, to complete "expected …".
    pub fn what_was_expected(&self) -> &str {
        &self.expected
    }
}
