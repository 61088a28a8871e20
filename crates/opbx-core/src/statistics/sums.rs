//! What is added up.

use std::ops::{AddAssign, SubAssign};

/// What calls add up to. A sum of what is taken back may be below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// How many.
    pub calls: i64,
    /// Those from outside that no person took.
    pub missed: i64,
    /// Seconds from beginning to end.
    pub duration: i64,
    /// Answered seconds.
    pub talk: i64,
    /// Calls that a person took, whom somebody waited for.
    pub waited: i64,
    /// Milliseconds until then.
    pub wait: i64,
    /// Millionths of the currency.
    pub cost: i64,
}

impl Sums {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn each(&mut self, other: &Self, change: fn(i64, i64) -> i64) {
        let Self { calls, missed, duration, talk, waited, wait, cost } = self;
        for (own, other) in [
            (calls, other.calls),
            (missed, other.missed),
            (duration, other.duration),
            (talk, other.talk),
            (waited, other.waited),
            (wait, other.wait),
            (cost, other.cost),
        ] {
            *own = change(*own, other);
        }
    }
}

// What strangers send adds up without a panic, whatever it is. Wrapped around, it can still be taken back.
impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.each(&other, i64::wrapping_add);
    }
}

impl SubAssign for Sums {
    fn sub_assign(&mut self, other: Self) {
        self.each(&other, i64::wrapping_sub);
    }
}
