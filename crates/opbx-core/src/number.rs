//! Phone numbers as the core knows them: strict E.164 text, packed into a word. Reading what people type is the
//! shell's work (`numbering`); here a number is already right or it is not a number.

use crate::invalid::Invalid;
use crate::region::CountryCode;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(E164, NumberPrefix);

/// A phone number in E.164: `+` and 7 to 15 digits, the first not zero.
///
/// Held as the number that its digits spell (15 digits fit in 50 bits), so it is copied, compared and hashed like an
/// integer; since no such number begins with zero, nothing is lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct E164(u64);

impl E164 {
    /// How many digits it has, 7 to 15; the `+` is not counted.
    pub const fn digit_count(self) -> u32 {
        self.0.ilog10() + 1
    }

    /// Its first `len` digits as a prefix; `None` when it has fewer, or for zero.
    pub const fn prefix(self, len: u32) -> Option<NumberPrefix> {
        if len == 0 || len > self.digit_count() {
            return None;
        }
        Some(NumberPrefix(self.0 / 10_u64.pow(self.digit_count() - len)))
    }

    /// All its prefixes, the longest (itself) first.
    pub fn prefixes(self) -> impl Iterator<Item = NumberPrefix> {
        (1..=self.digit_count()).rev().filter_map(move |len| self.prefix(len))
    }
}

impl FromStr for E164 {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid = Invalid::expected("a phone number like +12125550100 (+ and 7 to 15 digits)");
        let digits = text.strip_prefix('+').ok_or(EXPECTED)?;
        if !(7..=15).contains(&digits.len()) {
            return Err(EXPECTED);
        }
        spelled(digits).map(Self).ok_or(EXPECTED)
    }
}

/// The number that 1 to 15 ASCII digits spell, if the first is not zero.
fn spelled(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || digits.starts_with('0') {
        return None;
    }
    digits.parse().ok()
}

impl fmt::Display for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for E164 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

/// The beginning of E.164 numbers, or a whole one: `+` and 1 to 15 digits, the first not zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumberPrefix(u64);

impl NumberPrefix {
    /// How many digits it has, 1 to 15.
    pub const fn digit_count(self) -> u32 {
        self.0.ilog10() + 1
    }

    /// Whether `number` begins with it.
    pub fn begins(self, number: E164) -> bool {
        number.prefix(self.digit_count()) == Some(self)
    }
}

impl FromStr for NumberPrefix {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid =
            Invalid::expected("the beginning of a phone number like +1212 (+ and 1 to 15 digits)");
        text.strip_prefix('+').and_then(spelled).map(Self).ok_or(EXPECTED)
    }
}

impl fmt::Display for NumberPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}", self.0)
    }
}

impl fmt::Debug for NumberPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}…", self.0)
    }
}

/// What kind of line a number is, as far as it changes who may dial it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum NumberKind {
    /// A fixed or mobile line.
    Ordinary,
    /// Free for the caller.
    TollFree,
    /// Costs the caller extra.
    Premium,
    /// Cost shared between caller and called.
    SharedCost,
    /// A satellite network.
    Satellite,
}

impl NumberKind {
    /// Whether only a rule that says `allow_premium` may let it out.
    pub const fn is_costly(self) -> bool {
        matches!(self, Self::Premium | Self::SharedCost | Self::Satellite)
    }

    /// The word for it in traces and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::TollFree => "toll-free",
            Self::Premium => "premium",
            Self::SharedCost => "shared-cost",
            Self::Satellite => "satellite",
        }
    }
}

/// A number together with what the numbering plans of the world say about it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NumberFacts {
    /// The number.
    pub e164: E164,
    /// The country it belongs to; `None` for international networks.
    pub region: Option<CountryCode>,
    /// What kind of line it is.
    pub kind: NumberKind,
    /// Whether it can exist at all by its country's numbering plan.
    pub valid: bool,
}

/// Knows the numbering plans of the world. The shell implements it with a phone-number library, which never enters
/// the core; fixtures bring a small table.
pub trait Numbering {
    /// What is known about `number`.
    fn facts(&self, number: E164) -> NumberFacts;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strict_e164_is_a_number() {
        for good in ["+12125550100", "+1234567", "+123456789012345"] {
            assert_eq!(good.parse::<E164>().unwrap().to_string(), good);
        }
        for bad in [
            "",
            "+",
            "12125550100",
            "+123456",
            "+1234567890123456",
            "+0123456789",
            "+1212 555",
            "+1２345678",
            "+-1234567",
        ] {
            assert!(bad.parse::<E164>().is_err(), "{bad}");
        }
    }

    #[test]
    fn prefixes_run_from_the_whole_to_the_first_digit() {
        let number: E164 = "+1234567".parse().unwrap();
        let all: Vec<String> = number.prefixes().map(|prefix| prefix.to_string()).collect();
        assert_eq!(all, ["+1234567", "+123456", "+12345", "+1234", "+123", "+12", "+1"]);
        assert!("+1234".parse::<NumberPrefix>().unwrap().begins(number));
        assert!(!"+124".parse::<NumberPrefix>().unwrap().begins(number));
        assert!(!"+12345678".parse::<NumberPrefix>().unwrap().begins(number));
    }
}
