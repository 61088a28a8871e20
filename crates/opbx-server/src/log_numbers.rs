//! How much of a phone number the log may hold.

use std::fmt;

/// How much of the numbers of callers and called the log shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogNumbers {
    /// All of it.
    #[default]
    Full,
    /// Without the last three digits. What has no more digits than an extension stays: it is nobody's outside.
    Masked,
}

/// The most digits of an extension.
const LONGEST_EXTENSION: usize = 5;
/// How many digits are hidden.
const HIDDEN: usize = 3;
/// The longest number that is shown; what is longer is cut, since strangers choose what stands there.
const LONGEST: usize = 64;

impl LogNumbers {
    /// The number as the log shows it. Of an address only what stands before its host counts.
    pub(crate) fn shown(self, number: &str) -> Shown<'_> {
        let end = number.find(['@', ';']).filter(|_| self == Self::Masked).unwrap_or(number.len());
        let user = number.get(..end).unwrap_or_default();
        let digits = user.chars().filter(|letter| letter.is_numeric()).count();
        let hidden = if self == Self::Masked && digits > LONGEST_EXTENSION { HIDDEN } else { 0 };
        Shown { user, plain: digits - hidden }
    }
}

/// A number on its way into the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'n> {
    user: &'n str,
    /// How many digits from the front are shown.
    plain: usize,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let mut digits = 0;
        for letter in self.user.chars().take(LONGEST) {
            digits += usize::from(letter.is_numeric());
            f.write_char(if letter.is_numeric() && digits > self.plain { '*' } else { letter })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_digits_are_hidden_however_a_number_is_written() {
        let masked = |number: &str| LogNumbers::Masked.shown(number).to_string();
        assert_eq!(masked("+14155550123"), "+14155550***");
        assert_eq!(masked("+1 415-555-01-23"), "+1 415-555-0*-**");
        assert_eq!(masked("sip:+14155550123@198.51.100.7:5060"), "sip:+14155550***");
        assert_eq!(masked("tel:+14155550123;ext=4155550123"), "tel:+14155550***");
        assert_eq!(masked("１２３４５６７８"), "１２３４５***");
        for internal in ["1001", "911", "*78", "anonymous", ""] {
            assert_eq!(masked(internal), internal);
        }
        assert_eq!(LogNumbers::Full.shown("sip:+14155550123@host").to_string(), "sip:+14155550123@host");
        assert_eq!(LogNumbers::Full.shown(&"1".repeat(1_000)).to_string().len(), LONGEST);
    }
}
