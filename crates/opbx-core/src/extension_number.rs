//! The number of an extension: three to five digits inside an organization.

use crate::invalid::Invalid;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(ExtensionNumber);

/// Three to five digits; leading zeros count (`0123` is not `123`). Ordered by value, then by length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExtensionNumber {
    value: u32,
    len: u8,
}

impl ExtensionNumber {
    /// How many digits it has, 3 to 5.
    pub const fn digit_count(self) -> u32 {
        self.len as u32
    }
}

impl FromStr for ExtensionNumber {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid = Invalid::expected("an extension number (3 to 5 digits)");
        if !(3..=5).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(EXPECTED);
        }
        let value = text.parse().map_err(|_| EXPECTED)?;
        let len = u8::try_from(text.len()).map_err(|_| EXPECTED)?;
        Ok(Self { value, len })
    }
}

impl fmt::Display for ExtensionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.value, width = usize::from(self.len))
    }
}

impl fmt::Debug for ExtensionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_part_of_the_number() {
        let short: ExtensionNumber = "123".parse().unwrap();
        let long: ExtensionNumber = "0123".parse().unwrap();
        assert_ne!(short, long);
        assert!(short < long);
        assert_eq!(long.to_string(), "0123");
        for bad in ["", "12", "123456", "12a", "1 2", "+123"] {
            assert!(bad.parse::<ExtensionNumber>().is_err(), "{bad}");
        }
    }
}
