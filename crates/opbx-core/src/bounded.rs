//! Whole numbers with a range in their type: a value outside it cannot be held.

use crate::invalid::Invalid;
use serde::{Deserialize, Serialize};

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Bounded<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Bounded<MIN, MAX> {
    /// The value, if it lies in the range.
    pub const fn new(value: u32) -> Option<Self> {
        if value >= MIN && value <= MAX { Some(Self(value)) } else { None }
    }

    /// A value known when this is written; one outside the range does not compile.
    pub const fn literal<const VALUE: u32>() -> Self {
        const { assert!(VALUE >= MIN && VALUE <= MAX) };
        Self(VALUE)
    }

    /// The number itself.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> TryFrom<u32> for Bounded<MIN, MAX> {
    type Error = Invalid;

    fn try_from(value: u32) -> Result<Self, Invalid> {
        Self::new(value).ok_or_else(|| Invalid::range(MIN, MAX))
    }
}

impl<const MIN: u32, const MAX: u32> From<Bounded<MIN, MAX>> for u32 {
    fn from(value: Bounded<MIN, MAX>) -> Self {
        value.0
    }
}

impl<const MIN: u32, const MAX: u32> std::fmt::Display for Bounded<MIN, MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MIN: u32, const MAX: u32> std::fmt::Debug for Bounded<MIN, MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// How long a phone or a group attempt rings, in seconds.
pub type RingTimeout = Bounded<5, 300>;
/// The longest a connected call may last, in seconds.
pub type MaxCallSeconds = Bounded<60, 86_400>;
/// How often a ring group starts again from its first member.
pub type RingTurns = Bounded<1, 9>;
/// A ring-group member's place: lower rings earlier.
pub type Priority = Bounded<1, 100>;
/// How long a menu waits for the first key, or between keys, in seconds.
pub type KeyTimeout = Bounded<1, 30>;
/// How many wrong or missing keys a menu forgives.
pub type MaxTurns = Bounded<1, 9>;
/// How many people a conference room holds (the platform's own limit is 250).
pub type MaxParticipants = Bounded<2, 250>;
/// The longest voicemail message, in seconds.
pub type MaxMessageSeconds = Bounded<10, 600>;
/// How many messages a voicemail box holds.
pub type MaxMessages = Bounded<1, 1_000>;
/// A number of digits of an E.164 number (the `+` not counted).
pub type NumberLength = Bounded<1, 15>;
/// How many characters an outbound rule takes from the left of `+…`.
pub type StripLength = Bounded<0, 16>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_inclusive_and_nothing_else_fits() {
        assert_eq!(RingTimeout::new(5).map(RingTimeout::get), Some(5));
        assert_eq!(RingTimeout::new(300).map(RingTimeout::get), Some(300));
        assert_eq!(RingTimeout::new(4), None);
        assert_eq!(RingTimeout::new(301), None);
        assert_eq!(RingTimeout::try_from(0).unwrap_err().to_string(), "expected a whole number from 5 to 300");
    }
}
