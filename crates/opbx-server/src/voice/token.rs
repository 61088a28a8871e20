//! Signed tokens: what the platform brings back, and nobody else could have made.
//!
//! ```text
//! kind (1) · organization (varint) · fingerprint of the call (8) · expiry in seconds (4) · payload · signature (16)
//! ```
//!
//! in base64url without padding. The fingerprint is a keyed hash, so that a token does not tell the session it belongs
//! to. Half of an HMAC-SHA256 is what nobody can guess; the other half would only make addresses longer.

use crate::secret_key::SecretKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use sha2::Sha256;
use std::fmt;

/// How long a token is taken. No call of the platform lasts longer.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

const FINGERPRINT: usize = 8;
const SIGNATURE: usize = 16;

/// What a token is for. Also the version of its form: one that a later release cannot read must differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A step of a call.
    Step = 1,
    /// A recording of a call.
    Recording = 2,
    /// A conference.
    Conference = 4,
}

/// Whose token it is, of which call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearer<'a> {
    pub(super) organization: OrganizationId,
    /// The platform's token of the call; empty where it gave none.
    pub(super) session: &'a str,
}

/// Why a token is not taken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Refused {
    /// It is not one that this installation signed, or not of this kind.
    #[error("altered or not ours")]
    Altered,
    /// It belongs to another organization.
    #[error("of another organization")]
    OtherOrganization,
    /// It belongs to another call.
    #[error("of another call")]
    OtherCall,
    /// Its time is over; this is what it said.
    #[error("expired")]
    Expired,
}

/// Signs tokens and reads them.
pub(crate) struct Tokens {
    signing: Hmac<Sha256>,
    fingerprints: Hmac<Sha256>,
}

impl Tokens {
    /// With keys of their own, made from the installation's secret.
    pub(crate) fn new(secret: &SecretKey) -> Self {
        let keyed = |purpose| Hmac::new(&secret.derive(purpose).into());
        Self { signing: keyed("opbx/voice/token"), fingerprints: keyed("opbx/voice/call") }
    }

    /// A token.
    pub(super) fn sign(&self, kind: Kind, bearer: Bearer<'_>, now: Timestamp, payload: &[u8]) -> String {
        let mut bytes = Vec::with_capacity(64 + payload.len());
        bytes.push(kind as u8);
        push_varint(&mut bytes, bearer.organization.get());
        bytes.extend_from_slice(&self.fingerprint(bearer.session));
        bytes.extend_from_slice(&seconds(now + LIFETIME).to_be_bytes());
        bytes.extend_from_slice(payload);
        let signature = self.signing.clone().chain_update(&bytes).finalize().into_bytes();
        bytes.extend(signature.into_iter().take(SIGNATURE));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The payload of a token of this kind, organization and call.
    ///
    /// # Errors
    ///
    /// In the order of what is checked: signature and kind, organization, call, time.
    pub(super) fn open(&self, kind: Kind, bearer: Bearer<'_>, now: Timestamp, token: &str) -> Result<Vec<u8>, Refused> {
        let opened = self.read(kind, token)?;
        if opened.organization != bearer.organization {
            return Err(Refused::OtherOrganization);
        }
        if opened.fingerprint != self.fingerprint(bearer.session) {
            return Err(Refused::OtherCall);
        }
        opened.unexpired(now)
    }

    /// Whose token of this kind it is, and its payload, where the request says neither: the signature is all the proof.
    ///
    /// # Errors
    ///
    /// In the order of what is checked: signature and kind, time.
    pub(super) fn open_alone(
        &self,
        kind: Kind,
        now: Timestamp,
        token: &str,
    ) -> Result<(OrganizationId, Vec<u8>), Refused> {
        let opened = self.read(kind, token)?;
        Ok((opened.organization, opened.unexpired(now)?))
    }

    fn read(&self, kind: Kind, token: &str) -> Result<OpenedToken, Refused> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| Refused::Altered)?;
        let signed = bytes.len().checked_sub(SIGNATURE).ok_or(Refused::Altered)?;
        let (signed, signature) = bytes.split_at(signed);
        let verifies = self.signing.clone().chain_update(signed).verify_truncated_left(signature);
        verifies.map_err(|_| Refused::Altered)?;
        let rest = signed.strip_prefix(&[kind as u8]).ok_or(Refused::Altered)?;
        let (organization, rest) = take_varint(rest).ok_or(Refused::Altered)?;
        let (fingerprint, rest) = rest.split_first_chunk::<FINGERPRINT>().ok_or(Refused::Altered)?;
        let (expiry, payload) = rest.split_first_chunk::<4>().ok_or(Refused::Altered)?;
        Ok(OpenedToken {
            organization: OrganizationId::new(organization),
            fingerprint: *fingerprint,
            expiry: u32::from_be_bytes(*expiry),
            payload: payload.to_vec(),
        })
    }

    fn fingerprint(&self, session: &str) -> [u8; FINGERPRINT] {
        let whole = self.fingerprints.clone().chain_update(session).finalize().into_bytes();
        whole.first_chunk().copied().unwrap_or_default()
    }
}

/// A token whose signature is right.
struct OpenedToken {
    organization: OrganizationId,
    fingerprint: [u8; FINGERPRINT],
    /// In seconds since 1970.
    expiry: u32,
    payload: Vec<u8>,
}

impl OpenedToken {
    fn unexpired(self, now: Timestamp) -> Result<Vec<u8>, Refused> {
        if seconds(now) >= self.expiry { Err(Refused::Expired) } else { Ok(self.payload) }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(hidden)")
    }
}

/// Seconds since 1970; they fit until 2106.
fn seconds(instant: Timestamp) -> u32 {
    u32::try_from(instant.as_second()).unwrap_or(0)
}

fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f).checked_shl(7 * u32::try_from(place).ok()?)?;
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(place + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::id::{ExtensionId, RingGroupId};
    use opbx_core::ring_group::RingGroup;
    use opbx_core::route::{GroupStep, Passed, Position, Step};

    const SESSION: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";

    fn tokens() -> Tokens {
        Tokens::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap())
    }

    fn bearer(organization: u64, session: &str) -> Bearer<'_> {
        Bearer { organization: OrganizationId::new(organization), session }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_token_is_taken_by_its_organization_and_call_until_it_expires() {
        let (tokens, noon) = (tokens(), at("2026-03-09T12:00:00Z"));
        let token = tokens.sign(Kind::Step, bearer(7, SESSION), noon, b"step");
        let open = |kind, organization, session, now| tokens.open(kind, bearer(organization, session), at(now), &token);
        assert_eq!(open(Kind::Step, 7, SESSION, "2026-03-09T12:00:01Z"), Ok(b"step".to_vec()));
        assert_eq!(open(Kind::Step, 7, SESSION, "2026-03-10T11:59:59Z"), Ok(b"step".to_vec()));
        assert_eq!(open(Kind::Step, 7, SESSION, "2026-03-10T12:00:00Z"), Err(Refused::Expired));
        assert_eq!(open(Kind::Step, 8, SESSION, "2026-03-09T12:00:01Z"), Err(Refused::OtherOrganization));
        assert_eq!(open(Kind::Step, 7, "other", "2026-03-09T12:00:01Z"), Err(Refused::OtherCall));
        assert_eq!(open(Kind::Recording, 7, SESSION, "2026-03-09T12:00:01Z"), Err(Refused::Altered));
    }

    #[test]
    fn no_character_of_a_token_can_be_changed() {
        let (tokens, noon) = (tokens(), at("2026-03-09T12:00:00Z"));
        let token = tokens.sign(Kind::Step, bearer(300, SESSION), noon, b"some step");
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert_eq!(tokens.open(Kind::Step, bearer(300, SESSION), noon, &other), Err(Refused::Altered), "{place}");
            let shorter = &token[..place];
            assert_eq!(tokens.open(Kind::Step, bearer(300, SESSION), noon, shorter), Err(Refused::Altered));
        }
        for nonsense in ["", "ä", "====", &"A".repeat(5_000)] {
            assert_eq!(tokens.open(Kind::Step, bearer(300, SESSION), noon, nonsense), Err(Refused::Altered));
        }
    }

    #[test]
    fn another_installation_signs_otherwise() {
        let noon = at("2026-03-09T12:00:00Z");
        let other = Tokens::new(&SecretKey::new("fedcba9876543210fedcba9876543210".into()).unwrap());
        let token = other.sign(Kind::Step, bearer(7, SESSION), noon, b"step");
        assert_eq!(tokens().open(Kind::Step, bearer(7, SESSION), noon, &token), Err(Refused::Altered));
    }

    #[test]
    fn fifty_members_to_try_fit_into_400_characters() {
        let far_apart = |place| ExtensionId::new(1 + place * (u64::from(u32::MAX) / 50));
        let remaining = (0..RingGroup::MAX_MEMBERS as u64).map(far_apart).collect();
        let group = RingGroupId::new(u64::from(u32::MAX));
        let position = Position::Group(GroupStep { group, round: 8, turn: u64::from(u32::MAX), remaining });
        let passed = Passed { group: Some(group), ..Passed::default() };
        let payload = Step { position, passed }.encode();
        let noon = at("2026-03-09T12:00:00Z");
        let token = tokens().sign(Kind::Step, bearer(u64::from(u32::MAX), SESSION), noon, &payload);
        assert!(token.len() <= 400, "{}", token.len());
    }
}
