//! The tokens in the addresses of prompts.
//!
//! ```text
//! form (1) · organization (8) · prompt (8) · beginning of the content's digest (8) · signature (16)
//! ```
//!
//! in base64url without padding. Such a token does not expire: it is good for as long as the prompt has that content, so the
//! platform may keep what it fetched, and a new content has a new address. What belongs to one call and ends with it is
//! signed by the tokens of `voice`.

use crate::secret_key::SecretKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use opbx_core::id::{OrganizationId, PromptId};
use opbx_core::sound::ContentDigest;
use sha2::Sha256;
use std::fmt;

/// The form of a token: one that a later release cannot read must differ.
const FORM: u8 = 1;
const SIGNATURE: usize = 16;

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

    /// A token.
    pub(crate) fn sign(&self, media: Media) -> String {
        let mut bytes = Vec::with_capacity(25 + SIGNATURE);
        bytes.push(FORM);
        bytes.extend_from_slice(&media.organization.get().to_be_bytes());
        bytes.extend_from_slice(&media.prompt.get().to_be_bytes());
        bytes.extend_from_slice(&media.content);
        let signature = self.0.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(signature.into_iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a token gives access to; `None`: we did not sign it.
    pub(crate) fn open(&self, token: &str) -> Option<Media> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (signed, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        self.0.clone().chain_update(signed).verify_truncated_left(signature).ok()?;
        let rest = signed.strip_prefix(&[FORM])?;
        let (organization, rest) = rest.split_first_chunk()?;
        let (prompt, rest) = rest.split_first_chunk()?;
        Some(Media {
            organization: OrganizationId::new(u64::from_be_bytes(*organization)),
            prompt: PromptId::new(u64::from_be_bytes(*prompt)),
            content: rest.try_into().ok()?,
        })
    }
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
        assert_eq!(ours.open(&token), Some(media));
        assert_eq!(tokens("fedcba9876543210fedcba9876543210").open(&token), None);
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(ours.open(&String::from_utf8(other).unwrap()), None, "{place}");
            assert_eq!(ours.open(&token[..place]), None, "{place}");
        }
        for nonsense in ["", "ä", "====", &"A".repeat(5_000)] {
            assert_eq!(ours.open(nonsense), None);
        }
    }

    #[test]
    fn another_content_has_another_token() {
        let ours = tokens("0123456789abcdef0123456789abcdef");
        let token = |digest| ours.sign(Media::of(OrganizationId::new(3), PromptId::new(7), Some(&digest)));
        assert_ne!(token(ContentDigest::new([1; 32])), token(ContentDigest::new([2; 32])));
    }
}
