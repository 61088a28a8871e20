//! Which calls were missed, what closes them, and how long people waited.

use jiff::SignedDuration;

use super::evidence::CallLog;
use super::legs::{Leg, LegResult};
use crate::call_state::{CallDirection, Disposition};

/// The fewest digits of a number that somebody could call back. Less is an extension, or no number at all.
const FEWEST_DIGITS: usize = 6;

impl CallLog {
    /// Whether a person of the organization took the call: an extension, or where one is forwarded to. A menu, a voicemail
    /// box, an assistant or a conference room is no person.
    ///
    /// Where nothing is known of who was rung, or of how that came out, the call counts by its disposition.
    #[must_use]
    pub fn is_answered_by_person(&self) -> bool {
        let legs = self.legs();
        let persons = || legs.iter().filter(|leg| leg.phone.kind.is_person());
        let by_disposition = self.disposition() == Some(Disposition::Answered);
        if persons().any(|leg| leg.result.is_some_and(LegResult::is_answered)) {
            return true;
        }
        let is_unknown = |leg: &Leg| leg.result.is_none();
        by_disposition && (!self.routed || persons().any(is_unknown))
    }

    /// Whether it came from outside, is over, and no person took it.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.direction() == CallDirection::Inbound && !self.is_live() && !self.is_answered_by_person()
    }

    /// How long it was from the beginning until a person of the organization took the call; `None` where none did, and for
    /// calls to outside, in which nobody waits for one.
    #[must_use]
    pub fn wait(&self) -> Option<SignedDuration> {
        if self.direction() == CallDirection::Outbound || !self.is_answered_by_person() {
            return None;
        }
        let legs = self.legs();
        let persons = legs.iter().filter(|leg| leg.phone.kind.is_person());
        let taken = persons.filter(|leg| leg.result.is_some_and(LegResult::is_answered));
        // Where it is not known which phone took it and when, it was when the platform says that the call was answered.
        let answered = taken.filter_map(|leg| leg.answered_at).min().or_else(|| self.answered_at());
        Some(answered?.duration_since(self.initiated_at()?).max(SignedDuration::ZERO))
    }

    /// The number outside: of the caller, or of the called one, where it is a number at all.
    #[must_use]
    pub fn outside_number(&self) -> Option<&str> {
        let number = match self.direction() {
            CallDirection::Inbound => self.from_number(),
            CallDirection::Outbound => self.to_number(),
            CallDirection::Internal => return None,
        };
        let digits = number.strip_prefix('+').unwrap_or(number);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(number)
    }

    /// The digits of the number outside: of the caller, or of the called one. `None` inside the organization, and for a
    /// caller that shows none.
    #[must_use]
    pub fn outside_digits(&self) -> Option<Box<str>> {
        let number = match self.direction() {
            CallDirection::Inbound => self.from_number(),
            CallDirection::Outbound => self.to_number(),
            CallDirection::Internal => return None,
        };
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        (digits.len() >= FEWEST_DIGITS).then(|| digits.into())
    }

    /// Whether people spoke with the number outside: someone took its call, or it was called and answered.
    #[must_use]
    pub fn is_conversation(&self) -> bool {
        match self.direction() {
            CallDirection::Inbound => self.is_answered_by_person(),
            CallDirection::Outbound => self.disposition() == Some(Disposition::Answered),
            CallDirection::Internal => false,
        }
    }

    /// Whether this call makes up for one that was missed: it began later, with the same number outside, and people spoke.
    #[must_use]
    pub fn returns(&self, missed: &Self) -> bool {
        let is_same = self.outside_digits().is_some_and(|digits| missed.outside_digits() == Some(digits));
        is_same && missed.is_missed() && self.is_conversation() && self.initiated_at() > missed.initiated_at()
    }
}
