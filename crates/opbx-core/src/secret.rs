//! Values that must not be seen by accident.

use crate::invalid::Invalid;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A PIN of four to ten digits. It has no `Display` and its `Debug` hides it; whoever really shows it says
/// [`Pin::reveal`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pin(Box<str>);

impl Pin {
    /// The digits, for their own command, their own endpoint and the sealed snapshot.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `entered` is this PIN; every digit is compared whatever the first differences.
    pub fn is(&self, entered: &str) -> bool {
        let differences = self.0.bytes().zip(entered.bytes()).fold(0, |sum, (mine, theirs)| sum | (mine ^ theirs));
        self.0.len() == entered.len() && differences == 0
    }
}

impl FromStr for Pin {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if (4..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(Invalid::expected("a PIN of 4 to 10 digits"))
        }
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(hidden)")
    }
}

impl TryFrom<String> for Pin {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<Pin> for String {
    fn from(pin: Pin) -> Self {
        pin.0.into()
    }
}

/// A password that OPBX must be able to present to someone else. Hidden like a [`Pin`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Wraps a password; any text is one.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The password, for the document that presents it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_compared_whole_and_never_printed() {
        let pin: Pin = "2468".parse().unwrap();
        assert!(pin.is("2468"));
        for wrong in ["", "2467", "246", "24680", "2468#"] {
            assert!(!pin.is(wrong), "{wrong}");
        }
        assert!(!format!("{pin:?}").contains("2468"));
        assert!("123".parse::<Pin>().is_err());
        assert!("12345678901".parse::<Pin>().is_err());
    }
}
