//! The tokens in the addresses of prompts and messages.
//!
//! ```text
//! 1 · organization (8) · prompt (8) · beginning of the content's digest (8) · signature (16)
//! 2 · organization (8) · message (8) · expiry in seconds (4) · signature (16)
//! ```
//!
//! in base64url without padding. That of a prompt does not expire: it is good for as long as the prompt has that content, so the
//! platform may keep what it fetched, and a new content has a new address. That of a message is for the call in which its owner
//! hears it. It names no session, since whoever fetches a file says none; so it is not one of the tokens of `voice`.

use crate::secret_key::SecretKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::{MessageId, OrganizationId, PromptId};
use opbx_core::sound::ContentDigest;
use sha2::Sha256;
use std::fmt;

/// The forms of tokens: one that a later release cannot read must differ.
const PROMPT: u8 = 1;
const MESSAGE: u8 = 2;
const SIGNATURE: usize = 16;
/// How long the token of a message is taken. No call of the platform lasts longer.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// What a token gives access to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opened {
    /// The content of a prompt.
    Prompt(Media),
    /// A message.
    Message(OrganizationId, MessageId),
}

/// What a token gives access to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Media {
    /// Whose it is.
    pub(crate) organization: OrganizationId,
    /// Which prompt.
    pub(crate) prompt: PromptId,
    /// What the digest of its content begins with.
    pub(crate) content: [u8; 8],
}

impl Media {
    /// The content of a prompt.
    pub(crate) fn of(organization: OrganizationId, prompt: PromptId, digest: Option<&ContentDigest>) -> Self {
        Self { organization, prompt, content: digest.map(ContentDigest::beginning).unwrap_or_default() }
    }
}

/// Signs tokens and reads them.
#[derive(Clone)]
pub(crate) struct MediaTokens(Hmac<Sha256>);

impl MediaTokens {
    /// With a key of their own, made from the installation's secret.
    pub(crate) fn new(secret: &SecretKey) -> Self {
        Self(Hmac::new(&secret.derive("opbx/media/token").into()))
    }

    /// The token of a prompt.
    pub(crate) fn sign(&self, media: Media) -> String {
        let mut bytes = Vec::with_capacity(25 + SIGNATURE);
        bytes.push(PROMPT);
        bytes.extend_from_slice(&media.organization.get().to_be_bytes());
        bytes.extend_from_slice(&media.prompt.get().to_be_bytes());
        bytes.extend_from_slice(&media.content);
        self.signed(bytes)
    }

    /// The token of a message, which counts for a day.
    pub(crate) fn sign_message(&self, of: OrganizationId, message: MessageId, now: Timestamp) -> String {
        let mut bytes = Vec::with_capacity(21 + SIGNATURE);
        bytes.push(MESSAGE);
        bytes.extend_from_slice(&of.get().to_be_bytes());
        bytes.extend_from_slice(&message.get().to_be_bytes());
        bytes.extend_from_slice(&seconds(now + LIFETIME).to_be_bytes());
        self.signed(bytes)
    }

    fn signed(&self, mut bytes: Vec<u8>) -> String {
        let signature = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(signature.into_iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token gives access to; `None`: we did not sign it, or its time is over.
    pub(crate) fn open(&self, token: &str, now: Timestamp) -> Option<Opened> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        self.0.clone().chain_update(signed).verify_truncated_left(signature).ok()?;
        let (form, rest) = signed.split_first()?;
        let (organization, rest) = rest.split_first_chunk()?;
        let organization = OrganizationId::new(u64::from_be_bytes(*organization));
        let (id, rest) = rest.split_first_chunk()?;
        let id = u64::from_be_bytes(*id);
        match *form {
            PROMPT => {
                let media = Media { organization, prompt: PromptId::new(id), content: rest.try_into().ok()? };
                Some(Opened::Prompt(media))
            }
            MESSAGE => {
                let expiry = u32::from_be_bytes(rest.try_into().ok()?);
                (seconds(now) < expiry).then(|| Opened::Message(organization, MessageId::new(id)))
            }
            _ => None,
        }
    }
}

/// Seconds since 1970; they fit until 2106.
fn seconds(instant: Timestamp) -> u32 {
    u32::try_from(instant.as_second()).unwrap_or(0)
}

impl fmt::Debug for MediaTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MediaTokens(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(secret: &str) -> MediaTokens {
        MediaTokens::new(&SecretKey::new(secret.into()).unwrap())
    }

    #[test]
    fn a_token_is_taken_unchanged_and_only_by_who_signed_it() {
        let ours = tokens("0123456789abcdef0123456789abcdef");
        let digest = ContentDigest::new([9; 32]);
        let media = Media::of(OrganizationId::new(3), PromptId::new(70_000), Some(&digest));
        let token = ours.sign(media);
        let noon: Timestamp = "2026-03-09T12:00:00Z".parse().unwrap();
        assert_eq!(ours.open(&token, noon), Some(Opened::Prompt(media)));
        assert_eq!(tokens("fedcba9876543210fedcba9876543210").open(&token, noon), None);
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(ours.open(&String::from_utf8(other).unwrap(), noon), None, "{place}");
            assert_eq!(ours.open(&token[..place], noon), None, "{place}");
        }
        for nonsense in ["", "ä", "====", &"A".repeat(5_000)] {
            assert_eq!(ours.open(nonsense, noon), None);
        }
    }

    #[test]
    fn the_token_of_a_message_counts_for_a_day() {
        let ours = tokens("0123456789abcdef0123456789abcdef");
        let noon: Timestamp = "2026-03-09T12:00:00Z".parse().unwrap();
        let (of, message) = (OrganizationId::new(3), MessageId::new(70_000));
        let token = ours.sign_message(of, message, noon);
        let just_before = noon + LIFETIME - SignedDuration::from_secs(1);
        assert_eq!(ours.open(&token, just_before), Some(Opened::Message(of, message)));
        assert_eq!(ours.open(&token, noon + LIFETIME), None);
        assert_eq!(tokens("fedcba9876543210fedcba9876543210").open(&token, noon), None);
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(ours.open(&String::from_utf8(other).unwrap(), noon), None, "{place}");
        }
    }

    #[test]
    fn another_content_has_another_token() {
        let ours = tokens("0123456789abcdef0123456789abcdef");
        let token = |digest| ours.sign(Media::of(OrganizationId::new(3), PromptId::new(7), Some(&digest)));
        assert_ne!(token(ContentDigest::new([1; 32])), token(ContentDigest::new([2; 32])));
    }
}
