use std::fmt;
use std::str::FromStr;

use super::{Invalid, Value};

/// Thousandths, written as a decimal number without superfluous zeros: the platform says "number" for a few
/// attributes, and a floating-point number has neither equality nor one spelling.
fn write_thousandths(thousandths: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (whole, mut fraction) = (thousandths / 1000, thousandths % 1000);
    if fraction == 0 {
        return write!(f, "{whole}");
    }
    let mut places = 3;
    while fraction % 10 == 0 {
        fraction /= 10;
        places -= 1;
    }
    write!(f, "{whole}.{fraction:0places$}")
}

/// Reads `12`, `1.5`, `.5` and `2.`; more than three places only if the rest is zeros.
fn read_thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 3 {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let places = u32::try_from(fraction.len()).ok()?;
    let fraction: u64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    whole.checked_mul(1000)?.checked_add(fraction * 10_u64.pow(3 - places))
}

/// A length of time in seconds, exact to the millisecond.
///
/// ```
/// use cxml::Seconds;
///
/// assert_eq!(Seconds::whole(3).to_string(), "3");
/// assert_eq!(Seconds::from_millis(1500).to_string(), "1.5");
/// assert_eq!("1.50".parse(), Ok(Seconds::from_millis(1500)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(u64);

impl Seconds {
    /// A whole number of seconds.
    pub const fn whole(seconds: u32) -> Self {
        // A cast that only widens; `From` is not available in a `const fn`.
        Self(seconds as u64 * 1000)
    }

    /// So many thousandths of a second.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The length in thousandths of a second.
    pub const fn as_millis(self) -> u64 {
        self.0
    }
}

impl From<u32> for Seconds {
    fn from(seconds: u32) -> Self {
        Self::whole(seconds)
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_thousandths(self.0, f)
    }
}

impl FromStr for Seconds {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        read_thousandths(text).map(Self).ok_or_else(|| {
            Invalid::new("Seconds", text, "a number of seconds, not negative, with up to three decimals")
        })
    }
}

impl Value for Seconds {
    fn read(text: &str) -> Result<Self, Invalid> {
        text.parse()
    }
}

/// The temperature of a language model, exact to the thousandth. The platform's default is 1.
///
/// The documentation names no upper limit; it depends on the model.
///
/// Source: vendor page Verb/converse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Temperature(u64);

impl Temperature {
    /// So many thousandths: 700 is 0.7.
    pub const fn from_thousandths(thousandths: u64) -> Self {
        Self(thousandths)
    }

    /// The temperature in thousandths.
    pub const fn as_thousandths(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_thousandths(self.0, f)
    }
}

impl Value for Temperature {
    fn read(text: &str) -> Result<Self, Invalid> {
        read_thousandths(text)
            .map(Self)
            .ok_or_else(|| Invalid::new("Temperature", text, "a number, not negative, with up to three decimals"))
    }
}

/// How many may be in a conference at once: 1 to 250, the platform's limit and default.
///
/// ```
/// use cxml::MaxParticipants;
///
/// assert_eq!(MaxParticipants::clamped(1000), MaxParticipants::new(250).unwrap());
/// assert!(MaxParticipants::new(251).is_err());
/// ```
///
/// Source: vendor page Verb/dial/conference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MaxParticipants(u8);

impl MaxParticipants {
    /// The most the platform allows: 250.
    pub const MAX: Self = Self(250);

    /// Accepts 1 to 250.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for any other number.
    pub fn new(participants: u32) -> Result<Self, Invalid> {
        let refuse = || Invalid::new("MaxParticipants", &participants.to_string(), "a whole number, 1 to 250");
        let clamped = Self::clamped(participants);
        if u32::from(clamped.0) == participants { Ok(clamped) } else { Err(refuse()) }
    }

    /// The nearest number the platform accepts.
    pub fn clamped(participants: u32) -> Self {
        Self(u8::try_from(participants).unwrap_or(u8::MAX).clamp(1, Self::MAX.0))
    }

    /// The number, 1 to 250.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u32> for MaxParticipants {
    type Error = Invalid;

    fn try_from(participants: u32) -> Result<Self, Invalid> {
        Self::new(participants)
    }
}

impl fmt::Display for MaxParticipants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Value for MaxParticipants {
    fn read(text: &str) -> Result<Self, Invalid> {
        u32::read(text)
            .and_then(Self::new)
            .map_err(|_| Invalid::new("MaxParticipants", text, "a whole number, 1 to 250"))
    }
}
