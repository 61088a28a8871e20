//! Numbers with a fraction, exactly.

use std::fmt;

const ONE: i64 = 1_000_000;

/// A number in millionths: money in the currency of the platform's account, or a measured quality.
///
/// ```
/// use cloudonix::webhook::Millionths;
///
/// let cost = Millionths::parse("0.0125").unwrap();
/// assert_eq!(cost.get(), 12_500);
/// assert_eq!(cost.to_string(), "0.0125");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millionths(i64);

impl Millionths {
    /// So many millionths.
    #[must_use]
    pub const fn new(millionths: i64) -> Self {
        Self(millionths)
    }

    /// How many millionths.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads a decimal number (`-12.5`, `1e-3`); what is less than a millionth is rounded, halves away from zero. `None` when
    /// it is no such number, and when it is too large (more than 9 × 10¹²).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i16>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut digits: i128 = 0;
        for digit in whole.chars().chain(fraction.chars()) {
            digits = digits.checked_mul(10)?.checked_add(digit.to_digit(10)?.into())?;
        }
        let shift = i64::from(exponent) + 6 - i64::try_from(fraction.len()).ok()?;
        let scaled = scale(digits, shift)?;
        i64::try_from(if negative { -scaled } else { scaled }).ok().map(Self)
    }

    /// To the nearest whole number, halves away from zero.
    #[must_use]
    pub const fn round(self) -> i64 {
        let rest = self.0 % ONE;
        let up = if rest >= ONE / 2 {
            1
        } else if rest <= -ONE / 2 {
            -1
        } else {
            0
        };
        self.0 / ONE + up
    }
}

/// A number that is not negative, times ten to the power of `shift`.
fn scale(digits: i128, shift: i64) -> Option<i128> {
    let power = |shift: i64| u32::try_from(shift).ok().and_then(|shift| 10_i128.checked_pow(shift));
    if digits == 0 {
        return Some(0);
    }
    if shift >= 0 {
        return digits.checked_mul(power(shift)?);
    }
    // A divisor beyond all numbers leaves nothing.
    let Some(divisor) = power(-shift) else { return Some(0) };
    Some(digits / divisor + i128::from(digits % divisor >= divisor / 2))
}

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / ONE, (self.0 % ONE).unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{fraction:06}", whole.unsigned_abs());
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_texts() {
        for (text, millionths, shown) in [
            ("0", 0, "0"),
            ("67", 67_000_000, "67"),
            ("-0.5", -500_000, "-0.5"),
            (" +4.4 ", 4_400_000, "4.4"),
            (".25", 250_000, "0.25"),
            ("3.", 3_000_000, "3"),
            ("1.25e1", 12_500_000, "12.5"),
            ("1E-6", 1, "0.000001"),
            ("0.0000005", 1, "0.000001"),
            ("-0.0000005", -1, "-0.000001"),
            ("0.00000049", 0, "0"),
            ("1e-300", 0, "0"),
            ("0e300", 0, "0"),
            ("100", 100_000_000, "100"),
        ] {
            let number = Millionths::parse(text).unwrap();
            assert_eq!((number.get(), number.to_string().as_str()), (millionths, shown), "{text}");
            assert_eq!(Millionths::parse(shown), Some(number));
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in
            ["", " ", ".", "-", "1,5", "1 000", "0x10", "1e", "1e99999", "1e300", "NaN", "∞", "--1", "1.2.3", "é"]
        {
            assert_eq!(Millionths::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounding() {
        for (millionths, whole) in [
            (0, 0),
            (499_999, 0),
            (500_000, 1),
            (-500_000, -1),
            (-499_999, 0),
            (1_500_000, 2),
            (i64::MAX, 9_223_372_036_855),
        ] {
            assert_eq!(Millionths::new(millionths).round(), whole);
        }
    }
}
