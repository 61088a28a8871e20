//! A try to prove who one is: whether it may be made, and what the log says when it fails.
//!
//! The log tells of every failure from where it came and who was meant, where that is known; never what was entered, and no
//! e-mail address: people mistake the field and write their password there.

use super::attempts::{Attempts, Counter, TooOften};
use crate::request_id::RequestId;
use jiff::Timestamp;
use opbx_core::id::UserId;

/// Why someone was not let in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refusal {
    /// The password is another one, or there is none.
    WrongPassword,
    /// The password was right, and another one was chosen while it was checked.
    FormerPassword,
    /// The code is another one, or was used before.
    WrongCode,
    /// The challenge was used, tried too often, has expired or never was.
    SpentChallenge,
    /// The link was used, has expired or never was.
    SpentLink,
    /// Too many of these before.
    TooOften,
}

impl Refusal {
    const fn words(self) -> &'static str {
        match self {
            Self::WrongPassword => "a wrong password",
            Self::FormerPassword => "a password that was replaced meanwhile",
            Self::WrongCode => "a wrong code",
            Self::SpentChallenge => "a challenge that does not count",
            Self::SpentLink => "a link that does not count",
            Self::TooOften => "too many failures before",
        }
    }
}

/// Someone who tries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tried<'t> {
    /// With which request.
    pub(crate) request: &'t RequestId,
    /// From where.
    pub(crate) address: &'t str,
    /// Who it would be, where that is known.
    pub(crate) user: Option<UserId>,
}

impl Tried<'_> {
    /// Whether they may try, or be told what came of it: asked before the work and again after it.
    ///
    /// # Errors
    ///
    /// [`TooOften`].
    pub(crate) fn may(self, attempts: &Attempts, counters: &[Counter], now: Timestamp) -> Result<(), TooOften> {
        attempts.admit(counters, now).inspect_err(|_| self.refused(Refusal::TooOften))
    }

    /// Counts what was wrong.
    ///
    /// # Errors
    ///
    /// [`TooOften`], in place of what the caller would tell else.
    pub(crate) fn failed(
        self,
        refusal: Refusal,
        attempts: &Attempts,
        counters: &[Counter],
        now: Timestamp,
    ) -> Result<(), TooOften> {
        let counted = attempts.count(counters, now);
        self.refused(if counted.is_ok() { refusal } else { Refusal::TooOften });
        counted
    }

    /// Writes into the log that they were not let in.
    pub(crate) fn refused(self, refusal: Refusal) {
        let Self { request, address, user } = self;
        let (user, reason) = (user.map(UserId::get), refusal.words());
        tracing::warn!(request_id = %request, address, user, reason, "someone was not let in");
    }
}
