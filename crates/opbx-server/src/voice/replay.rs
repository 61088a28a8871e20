//! A delivery is answered once, however often it comes.

use super::reader::VoiceRequest;
use super::token::Bearer;
use crate::fabric::DeliveryKey;
use crate::secret_key::SecretKey;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Tells deliveries apart.
pub(crate) struct Deliveries {
    identities: Hmac<Sha256>,
}

impl Deliveries {
    /// With a key of its own, made from the installation's secret: instances that share calls find the same
    /// identities, and nobody who reads them can try out what was delivered.
    pub(crate) fn new(secret: &SecretKey) -> Self {
        Self { identities: Hmac::new(&secret.derive("opbx/voice/delivery").into()) }
    }

    /// What identifies a delivery: whose it is, where it goes (aliases are one place: the start, or a step), and what
    /// decides about it. `None` for a request of no call: it is nobody's twin.
    pub(super) fn key(&self, bearer: Bearer<'_>, token: Option<&str>, said: &VoiceRequest) -> Option<DeliveryKey> {
        if bearer.session.is_empty() {
            return None;
        }
        let mut identity = self.identities.clone();
        identity.update(&bearer.organization.get().to_be_bytes());
        for part in [
            token,
            Some(bearer.session),
            said.from.as_deref(),
            said.to.as_deref(),
            said.call_status.as_deref(),
            said.dial_call_status.as_deref(),
            said.digits.as_deref(),
            said.speech_result.as_deref(),
            said.recording_url.as_deref(),
        ] {
            // Each part with its length before it, so that no two rows of parts read alike; a missing part is not an
            // empty one.
            let length = part.map_or(0, |part| part.len() as u64 + 1);
            identity.update(&length.to_be_bytes());
            identity.update(part.unwrap_or_default().as_bytes());
        }
        let whole = identity.finalize().into_bytes();
        whole.first_chunk().copied().map(DeliveryKey)
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Deliveries(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use opbx_core::id::OrganizationId;

    fn deliveries() -> Deliveries {
        Deliveries::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap())
    }

    fn bearer(organization: u64, session: &str) -> Bearer<'_> {
        Bearer { organization: OrganizationId::new(organization), session }
    }

    fn said(form: &str) -> VoiceRequest {
        let mut said = VoiceRequest::default();
        said.read_form(form.as_bytes());
        said
    }

    #[test]
    fn whatever_decides_makes_another_delivery() {
        let deliveries = deliveries();
        let all = "From=1&To=2&CallStatus=a&DialCallStatus=b&Digits=3&SpeechResult=c&RecordingUrl=d";
        let mut keys = vec![
            deliveries.key(bearer(1, "s"), None, &said(all)),
            deliveries.key(bearer(2, "s"), None, &said(all)),
            deliveries.key(bearer(1, "t"), None, &said(all)),
            deliveries.key(bearer(1, "s"), Some("s"), &said(all)),
            deliveries.key(bearer(1, "s"), Some(""), &said(all)),
        ];
        for field in all.split('&') {
            let without = all.replace(field, "");
            keys.push(deliveries.key(bearer(1, "s"), None, &said(&without)));
            keys.push(deliveries.key(bearer(1, "s"), None, &said(&format!("{without}&{field}x"))));
        }
        // The same letters, otherwise divided.
        keys.push(deliveries.key(bearer(1, "s"), None, &said("From=12&To=")));
        keys.push(deliveries.key(bearer(1, "s"), None, &said("From=1&To=2")));
        for (place, key) in keys.iter().enumerate() {
            assert!(key.is_some());
            assert!(!keys[..place].contains(key), "{place}");
        }
    }

    #[test]
    fn what_decides_nothing_makes_none() {
        let deliveries = deliveries();
        let key = |form| deliveries.key(bearer(1, "s"), None, &said(form));
        assert_eq!(key("From=1&To=2"), key("To=2&From=1&CallerName=Ann&Domain=acme&Direction=inbound&Unknown=5"));
    }

    #[test]
    fn a_request_of_no_call_has_no_identity() {
        assert_eq!(deliveries().key(bearer(1, ""), None, &said("From=1&To=2")), None);
    }
}
