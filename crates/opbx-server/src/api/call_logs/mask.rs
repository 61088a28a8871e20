//! Numbers without their last digits: for reporters of an organization that wants it so.

use super::super::ApiState;
use crate::access::Caller;
use crate::problem::Problem;
use jiff::civil::{Date, DateTime, Time};
use opbx_core::permission::Role;
use opbx_store::{HIDDEN_DIGITS, LONGEST_SHOWN_WHOLE, SHOWN_OF_OTHERS};
use std::borrow::Cow;

/// How much of the numbers of calls somebody sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Numbers {
    /// All of them.
    Whole,
    /// Not their last digits.
    Masked,
}

impl Numbers {
    /// How much a caller of the API sees.
    ///
    /// # Errors
    ///
    /// When the store is away.
    pub(crate) async fn seen_by(api: &ApiState, caller: &Caller) -> Result<Self, Problem> {
        if caller.role != Role::Reporter {
            return Ok(Self::Whole);
        }
        let settings = api.tenant(caller).settings().await?.object;
        Ok(Self::of(caller.role, settings.organization.mask_numbers))
    }

    /// How much a person of a role sees in an organization that masks numbers, or does not.
    pub(crate) const fn of(role: Role, mask_numbers: bool) -> Self {
        match role {
            Role::Reporter if mask_numbers => Self::Masked,
            Role::Owner | Role::Admin | Role::Agent | Role::Reporter => Self::Whole,
        }
    }

    /// A number, or a text that may hold one, as it is shown.
    pub(crate) fn shown(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Whole => Cow::Borrowed(text),
            Self::Masked => Cow::Owned(masked(text)),
        }
    }
}

/// A text without what `mask_numbers` hides: the last three digits of a number. What has no more digits than an extension is
/// shown whole; of a text that is more than a number only the first three digits are, since nobody knows where its number ends.
/// Digits of other scripts are hidden.
///
/// What may be looked for is said by the same numbers in the store: whoever changes one of these rules changes both.
pub(crate) fn masked(text: &str) -> String {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = text.strip_prefix('+').unwrap_or(text).bytes().all(|letter| letter.is_ascii_digit());
    let shown = match digits {
        0..=LONGEST_SHOWN_WHOLE => digits,
        _ if is_number => digits - HIDDEN_DIGITS,
        _ => SHOWN_OF_OTHERS,
    };
    let mut seen = 0;
    let hide = |letter: char| {
        if !letter.is_numeric() {
            return letter;
        }
        seen += 1;
        if letter.is_ascii_digit() && seen <= shown { letter } else { '*' }
    };
    text.chars().map(hide).collect()
}

/// The same of a text that is known to be ours: days and times in it are no numbers of anyone.
pub(crate) fn masked_unless_dated(text: &str) -> String {
    let is_written_out = text.contains(['-', ':']);
    let is_dated = text.parse::<Date>().is_ok()
        || text.parse::<Time>().is_ok()
        || text.parse::<DateTime>().is_ok()
        || text.parse::<jiff::Timestamp>().is_ok();
    if is_written_out && is_dated { text.to_owned() } else { masked(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_three_digits_of_a_number_are_hidden() {
        for (text, shown) in [
            ("+14155550123", "+14155550***"),
            ("14155550123", "14155550***"),
            ("123456", "123***"),
            ("12345", "12345"),
            ("1001", "1001"),
            ("*78", "*78"),
            ("anonymous", "anonymous"),
            ("", ""),
            ("+1 415-555-01-23", "+1 41*-***-**-**"),
            ("sip:+14155550123@198.51.100.7:5060", "sip:+141********@***.**.***.*:****"),
            ("Ann 4155550123 ext 77", "Ann 415******* ext **"),
            ("Flat 12, 3rd", "Flat 12, 3rd"),
            ("١٢٣٤٥٦٧٨", "********"),
            // With a digit of another script in it, it is no plain number.
            ("12345６78", "123*****"),
        ] {
            assert_eq!(masked(text), shown, "{text}");
        }
    }

    #[test]
    fn days_and_times_of_ours_stay() {
        for text in ["2026-03-09", "09:00", "2026-03-09T14:00:00Z", "17:00:00"] {
            assert_eq!(masked_unless_dated(text), text);
        }
        assert_eq!(masked_unless_dated("20260309"), "20260***", "it could be anyone's number");
        assert_eq!(masked_unless_dated("+14155550123"), "+14155550***");
    }

    #[test]
    fn only_reporters_are_shown_less() {
        for role in Role::ALL {
            assert_eq!(Numbers::of(role, false), Numbers::Whole);
            assert_eq!(Numbers::of(role, true) == Numbers::Masked, role == Role::Reporter);
        }
    }
}
