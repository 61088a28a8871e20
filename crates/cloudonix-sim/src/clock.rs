//! The virtual clock of a call. Nothing sleeps: whatever lasts moves the clock.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Serialize, Serializer};

/// A length of time, exact to the millisecond. Arithmetic stops at the ends instead of wrapping.
///
/// ```
/// use cloudonix_sim::Span;
///
/// assert_eq!(Span::seconds(20).to_string(), "20 s");
/// assert_eq!(Span::millis(1500).to_string(), "1.5 s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// Longer than any call.
    pub const FOREVER: Self = Self(u64::MAX);

    /// So many seconds.
    pub const fn seconds(seconds: u32) -> Self {
        // A cast that only widens; `From` is not available in a `const fn`.
        Self(seconds as u64 * 1000)
    }

    /// So many thousandths of a second.
    pub const fn millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The length in thousandths of a second.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The length in whole seconds, a begun one counted.
    pub const fn begun_seconds(self) -> u64 {
        self.0.div_ceil(1000)
    }

    /// This, so many times.
    pub const fn times(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }

    /// This, rounded up to a whole second.
    pub const fn rounded_up(self) -> Self {
        Self(self.begun_seconds().saturating_mul(1000))
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

/// Seconds, with a fraction only where there is one.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole} s");
        }
        write!(f, "{whole}.{} s", format!("{rest:03}").trim_end_matches('0'))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_seconds(self.0, serializer)
    }
}

/// A moment of a call: how long after its first request.
///
/// ```
/// use cloudonix_sim::{Moment, Span};
///
/// assert_eq!((Moment::START + Span::seconds(75)).to_string(), "01:15");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// The call begins.
    pub const START: Self = Self(0);

    /// How long after the start of the call it is.
    pub const fn since_start(self) -> Span {
        Span(self.0)
    }
}

impl Add<Span> for Moment {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Moment {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Sub for Moment {
    type Output = Span;

    /// How long after the other moment it is; nothing if it is before it.
    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// Minutes and seconds; a begun second is not counted.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60_000, self.0 / 1000 % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_seconds(self.0, serializer)
    }
}

/// A whole number where it is one: `20`, not `20.0`.
fn serialize_seconds<S: Serializer>(millis: u64, serializer: S) -> Result<S::Ok, S::Error> {
    if millis.is_multiple_of(1000) {
        serializer.serialize_u64(millis / 1000)
    } else {
        #[expect(clippy::cast_precision_loss, reason = "a call does not last for thousands of years")]
        serializer.serialize_f64(millis as f64 / 1000.0)
    }
}
