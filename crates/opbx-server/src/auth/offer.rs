//! Links that let someone choose a password: when they have forgotten it, and when they come for the first time.

use crate::access::{NewToken, TokenKind};
use crate::mail::Letter;
use crate::public_url::PublicUrl;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::{MessageId, VoicemailBoxId};
use opbx_core::secret::Password;
use opbx_store::{CodePurpose, Edit, Error, User};
use std::net::SocketAddr;

/// What a link is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Offer {
    /// To choose a new password.
    Reset,
    /// To choose the first one.
    Invitation,
}

impl Offer {
    /// As what its code is kept.
    pub(crate) const fn purpose(self) -> CodePurpose {
        match self {
            Self::Reset => CodePurpose::Reset,
            Self::Invitation => CodePurpose::Invitation,
        }
    }

    /// How long it counts.
    pub(crate) const fn lasts(self) -> SignedDuration {
        match self {
            Self::Reset => SignedDuration::from_hours(1),
            Self::Invitation => SignedDuration::from_hours(72),
        }
    }

    /// The letter that brings it.
    pub(crate) const fn letter(self) -> Letter {
        match self {
            Self::Reset => Letter::PasswordReset,
            Self::Invitation => Letter::Invitation,
        }
    }

    /// The offer that a letter brings, if it brings one.
    pub(crate) const fn of(letter: Letter) -> Option<Self> {
        match letter {
            Letter::PasswordReset => Some(Self::Reset),
            Letter::Invitation => Some(Self::Invitation),
            Letter::AddressChanged
            | Letter::Voicemail
            | Letter::VoicemailAttached
            | Letter::MissedCall
            | Letter::MissedCallWithMessage
            | Letter::EmergencyCall
            | Letter::JournalGrowing
            | Letter::DiskNearlyFull => None,
        }
    }

    const fn page(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Invitation => "invite",
        }
    }
}

/// A link that was made, for whoever it is for and nobody else.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) link: Password,
    pub(crate) expires_at: Timestamp,
}

/// Why a link is not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotMade {
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// The store fails.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Where the pages of the web interface are.
#[derive(Clone, Debug)]
pub struct Pages(Box<str>);

impl Pages {
    /// At the public address; without one, where the server listens, which at least whoever sits there reaches.
    pub fn at(public_url: Option<&PublicUrl>, listen: SocketAddr) -> Self {
        Self(public_url.map_or_else(|| format!("http://{listen}"), |url| url.as_str().to_owned()).into())
    }

    /// The page of a voicemail box, with one of its messages.
    pub(crate) fn message(&self, of: VoicemailBoxId, message: MessageId) -> String {
        format!("{}/voicemail/{of}?message={message}", self.0)
    }

    fn link(&self, offer: Offer, token: &str) -> Password {
        // The bar of a token is the one character in it that a path does not have.
        Password::new(format!("{}/{}/{}", self.0, offer.page(), token.replace('|', "%7C")))
    }
}

/// Makes a link for a person, inside an edit. Earlier ones of theirs for the same purpose count no more.
///
/// # Errors
///
/// [`NotMade`].
pub(crate) async fn make(
    edit: &mut Edit,
    (offer, user): (Offer, &User),
    pages: &Pages,
    now: Timestamp,
) -> Result<Made, NotMade> {
    let token = NewToken::draw(TokenKind::Once).map_err(|_| NotMade::NoRandomness)?;
    let expires_at = now + offer.lasts();
    let id = edit.give_code(user.id, offer.purpose(), token.digest(), expires_at).await?;
    Ok(Made { link: pages.link(offer, &token.text(id)), expires_at })
}
