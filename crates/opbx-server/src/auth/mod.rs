//! Signing in: passwords, what was tried too often, and the second factor.

mod attempts;
mod offer;
mod password;
mod second_factor;
mod tried;

pub(crate) use self::attempts::{Attempts, Counter, TooOften};
pub use self::offer::Pages;
pub(crate) use self::offer::{Made, NotMade, Offer, make as make_offer};
pub(crate) use self::password::{NotHashed, Passwords, Verdict, Weak, hashed, strong};
pub(crate) use self::second_factor::{RecoveryCodes, Totp, Unusable};
pub(crate) use self::tried::{Refusal, Tried};

use jiff::SignedDuration;

/// How long a session lasts.
pub(crate) const SESSION: SignedDuration = SignedDuration::from_hours(24);
/// How long the second half of a sign-in may take.
pub(crate) const CHALLENGE: SignedDuration = SignedDuration::from_mins(5);
/// How many codes may be tried for one challenge.
pub(crate) const CHALLENGE_TRIES: u32 = 5;
