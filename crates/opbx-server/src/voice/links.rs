//! The addresses in a document: under the public address, with a signed token.

use super::token::{Bearer, Kind, Tokens};
use crate::media::{Media, MediaTokens};
use jiff::Timestamp;
use opbx_core::decision::Recorded;
use opbx_core::id::{ConferenceRoomId, MessageId};
use opbx_core::prompt::Prompt;
use opbx_core::render::Links;
use opbx_core::route::Step;

/// The addresses for one request of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedLinks<'a> {
    pub(super) public_url: &'a str,
    pub(super) tokens: &'a Tokens,
    pub(super) media: &'a MediaTokens,
    pub(super) bearer: Bearer<'a>,
    pub(super) now: Timestamp,
}

impl SignedLinks<'_> {
    fn address(&self, path: &str, kind: Kind, payload: &[u8]) -> cxml::Url {
        self.under(path, &self.tokens.sign(kind, self.bearer, self.now, payload))
    }

    fn under(&self, path: &str, token: &str) -> cxml::Url {
        let mut address = String::with_capacity(self.public_url.len() + path.len() + token.len());
        for part in [self.public_url, path, token] {
            address.push_str(part);
        }
        cxml::Url::lossy(address)
    }
}

impl Links for SignedLinks<'_> {
    fn step(&self, step: &Step) -> cxml::Url {
        self.address("/api/voice/continue/", Kind::Step, &step.encode())
    }

    fn recording(&self, what: Recorded, then: Option<&Step>) -> cxml::Url {
        let token = self.tokens.sign_recording(self.bearer, self.now, what, then);
        self.under("/api/webhooks/cloudonix/recording/", &token)
    }

    fn conference(&self, room: ConferenceRoomId) -> cxml::Url {
        self.address("/api/webhooks/cloudonix/conference/", Kind::Conference, &room.get().to_be_bytes())
    }

    fn prompt(&self, prompt: &Prompt) -> cxml::Url {
        let digest = prompt.sound.file().map(|file| &file.digest);
        let token = self.media.sign(Media::of(self.bearer.organization, prompt.id, digest));
        self.under("/api/media/", &token)
    }

    fn message(&self, message: MessageId) -> cxml::Url {
        self.under("/api/media/", &self.media.sign_message(self.bearer.organization, message, self.now))
    }
}
