//! The tokens in the addresses to which recordings are reported.
//!
//! What the platform says there was never seen, so the address says all that must be known: what was recorded, in which call,
//! and of a conversation, which dial it was. The payload:
//!
//! ```text
//! what (1) · box (8) · dial (12) · the call's token (the rest)
//! ```

use super::token::{Bearer, Kind, Tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use opbx_core::call_log::DialKey;
use opbx_core::decision::Recorded;
use opbx_core::id::{OrganizationId, VoicemailBoxId};
use opbx_core::route::Step;
use sha2::{Digest, Sha256};

/// How many bytes of a digest tell the dials of a call apart.
const DIAL: usize = 12;

/// What was recorded, as the address of its reports says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ReportedRecording {
    /// Whose it is.
    pub(crate) organization: OrganizationId,
    /// What it is.
    pub(crate) what: Recorded,
    /// The platform's token of the call; empty where it gave none.
    pub(crate) call_id: String,
    /// Of a conversation, the dial.
    pub(crate) dial: Option<DialKey>,
}

/// What the dial and the answer to it have in common: the step that it goes on at, as it stands in the address.
pub(super) fn dial_key(then: &[u8]) -> DialKey {
    key_of(&digest(then))
}

fn digest(then: &[u8]) -> [u8; DIAL] {
    Sha256::digest(then).first_chunk().copied().unwrap_or_default()
}

fn key_of(digest: &[u8]) -> DialKey {
    DialKey(URL_SAFE_NO_PAD.encode(digest).into())
}

impl Tokens {
    pub(super) fn sign_recording(
        &self,
        bearer: Bearer<'_>,
        now: Timestamp,
        what: Recorded,
        then: Option<&Step>,
    ) -> String {
        let (word, id) = match what {
            Recorded::Message(id) => (b'm', id.get()),
            Recorded::Greeting(id) => (b'g', id.get()),
            Recorded::Conversation => (b'c', 0),
        };
        let mut payload = vec![word];
        payload.extend_from_slice(&id.to_be_bytes());
        payload.extend_from_slice(&then.map(|then| digest(&then.encode())).unwrap_or_default());
        payload.extend_from_slice(bearer.session.as_bytes());
        self.sign(Kind::Recording, bearer, now, &payload)
    }

    /// What is reported to an address; `None`: we did not sign it, or long ago.
    pub(crate) fn open_recording(&self, now: Timestamp, token: &str) -> Option<ReportedRecording> {
        let (organization, payload) = self.open_alone(Kind::Recording, now, token).ok()?;
        let (word, rest) = payload.split_first()?;
        let (id, rest) = rest.split_first_chunk::<8>()?;
        let (dial, session) = rest.split_first_chunk::<DIAL>()?;
        let voicemail_box = VoicemailBoxId::new(u64::from_be_bytes(*id));
        let what = match word {
            b'm' => Recorded::Message(voicemail_box),
            b'g' => Recorded::Greeting(voicemail_box),
            b'c' => Recorded::Conversation,
            _ => return None,
        };
        let dial = (*dial != [0; DIAL]).then(|| key_of(dial));
        Some(ReportedRecording { organization, what, call_id: std::str::from_utf8(session).ok()?.to_owned(), dial })
    }

    /// Whose conference is reported on; `None`: we did not sign the address, or long ago.
    pub(crate) fn open_conference(&self, now: Timestamp, token: &str) -> Option<OrganizationId> {
        self.open_alone(Kind::Conference, now, token).ok().map(|(organization, _)| organization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret_key::SecretKey;

    #[test]
    fn an_address_tells_what_was_recorded_and_where() {
        let tokens = Tokens::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap());
        let (organization, session) = (OrganizationId::new(7), "5b1f0c7e9a2d4f36b8e1c0d9a7f64312");
        let (bearer, noon) = (Bearer { organization, session }, "2026-03-09T12:00:00Z".parse::<Timestamp>().unwrap());
        let step = Step::start();
        let voicemail_box = VoicemailBoxId::new(70_000);
        for (what, then) in [
            (Recorded::Message(voicemail_box), None),
            (Recorded::Greeting(voicemail_box), None),
            (Recorded::Conversation, Some(&step)),
        ] {
            let token = tokens.sign_recording(bearer, noon, what, then);
            let dial = then.map(|then| dial_key(&then.encode()));
            let expected = ReportedRecording { organization, what, call_id: session.to_owned(), dial };
            assert_eq!(tokens.open_recording(noon, &token), Some(expected));
            assert_eq!(tokens.open_recording(noon + jiff::SignedDuration::from_hours(24), &token), None);
            assert_eq!(tokens.open_conference(noon, &token), None);
            assert_eq!(tokens.open_recording(noon, &token[1..]), None);
        }
    }
}
