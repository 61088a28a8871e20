//! Limits on outbound calls: the brake on toll fraud.

use crate::invalid::Invalid;
use crate::spelled::spelled;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

spelled!(Money);

/// An amount in the organization's billing currency, exact to a millionth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Money {
    millionths: u64,
}

impl Money {
    /// So many millionths of the currency's unit.
    pub const fn from_millionths(millionths: u64) -> Self {
        Self { millionths }
    }

    /// The amount in millionths.
    pub const fn millionths(self) -> u64 {
        self.millionths
    }
}

impl FromStr for Money {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        const EXPECTED: Invalid = Invalid::expected("an amount like 12.50 (at most six decimals)");
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > 6 || whole.len() > 12 {
            return Err(EXPECTED);
        }
        let whole: u64 = whole.parse().map_err(|_| EXPECTED)?;
        let decimals: u64 = format!("{decimals:0<6}").parse().map_err(|_| EXPECTED)?;
        Ok(Self { millionths: whole * 1_000_000 + decimals })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.millionths / 1_000_000, self.millionths % 1_000_000);
        if rest == 0 {
            return whole.fmt(f);
        }
        let decimals = format!("{rest:06}");
        write!(f, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

/// How much may be dialled out; `None` in a field is no limit there (an extension: the organization's).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallCaps {
    /// Calls at the same time.
    pub concurrent: Option<u32>,
    /// Calls begun in any sixty seconds.
    pub per_minute: Option<u32>,
    /// Calls begun in a day of the organization's zone.
    pub per_day: Option<u32>,
    /// Cost of the calls of a day.
    pub cost_per_day: Option<Money>,
}

impl CallCaps {
    /// What an organization has that sets nothing.
    pub const fn organization_default() -> Self {
        Self { concurrent: Some(10), per_minute: Some(30), per_day: Some(500), cost_per_day: None }
    }

    /// What each extension of an organization has that sets nothing.
    pub const fn per_extension_default() -> Self {
        Self { concurrent: Some(2), per_minute: Some(10), per_day: Some(200), cost_per_day: None }
    }

    /// These limits, with `other`'s where this one has none.
    pub fn or(self, other: Self) -> Self {
        Self {
            concurrent: self.concurrent.or(other.concurrent),
            per_minute: self.per_minute.or(other.per_minute),
            per_day: self.per_day.or(other.per_day),
            cost_per_day: self.cost_per_day.or(other.cost_per_day),
        }
    }
}

/// Which limit was reached.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cap {
    /// Calls at the same time.
    Concurrent,
    /// Calls in a minute.
    PerMinute,
    /// Calls in a day.
    PerDay,
    /// Cost in a day.
    CostPerDay,
}

impl Cap {
    /// The word for it in traces and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Concurrent => "concurrent",
            Self::PerMinute => "per_minute",
            Self::PerDay => "per_day",
            Self::CostPerDay => "cost_per_day",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_exact() {
        for (text, millionths) in [("0", 0), ("12.5", 12_500_000), ("0.000001", 1), ("3.10", 3_100_000)] {
            assert_eq!(text.parse::<Money>().unwrap().millionths(), millionths);
        }
        assert_eq!("3.10".parse::<Money>().unwrap().to_string(), "3.1");
        for bad in ["", ".", "1.", ".5", "1.0000001", "-1", "1e3", "9999999999999"] {
            assert!(bad.parse::<Money>().is_err(), "{bad}");
        }
    }
}
