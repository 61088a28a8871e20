//! What an entry says, and how it is written: JSON, so that an entry of an older release can be read by a newer one.
//!
//! Reports of the platform are kept as they came and read again when they are applied: what a release reads out of them
//! may be more than what the one read that took them.

use jiff::Timestamp;
use opbx_core::call::RecordedAudio;
use opbx_core::decision::{Effect, Recorded};
use opbx_core::destination::ForwardTarget;
use opbx_core::id::{ExtensionId, MessageId, OrganizationId, VoicemailBoxId};
use opbx_core::secret::Pin;
use serde::{Deserialize, Serialize};

/// Something that was acknowledged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Whose it is, as verified.
    pub(crate) organization: OrganizationId,
    /// When it was received, in milliseconds: stamped once, so that reading it again gives the same.
    at: i64,
    /// What it is.
    #[serde(flatten)]
    pub(crate) what: What,
}

/// What was acknowledged.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum What {
    /// The platform says where calls are.
    SessionUpdates(Reports),
    /// The platform accounts for calls that are over.
    CallRecords(Reports),
    /// The platform says what became of a recording.
    Recording {
        /// What the address says that it is a recording of.
        of: RecordingOf,
        /// And in which call: the platform's token of it, empty where it gave none.
        call_id: String,
        /// Of a conversation, the dial.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dial: Option<Box<str>>,
        /// The address, which keeps apart what is not told by what is said.
        token: String,
        /// What was said.
        #[serde(flatten)]
        reports: Reports,
    },
    /// The platform says what happened in a conference.
    Conference {
        /// The address, which keeps apart what is not told by what is said.
        token: String,
        /// What was said.
        #[serde(flatten)]
        reports: Reports,
    },
    /// We decided about a call while the store was away.
    Step {
        /// What that adds to the row of its call.
        step: String,
    },
    /// A caller did something by keys, or left a message.
    Effect {
        /// By what it is known if it comes again, in hexadecimal digits.
        key: String,
        /// What is to be done, sealed: there may be a PIN in it.
        sealed: String,
        /// In which call.
        call: CallOfEffect,
        /// The request that brought it.
        request_id: String,
    },
}

/// Reports as they came.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Reports {
    /// One or several, as JSON.
    pub(crate) reports: String,
    /// What the request said that it is known by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<String>,
}

/// What a recording is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "box", rename_all = "snake_case")]
pub(crate) enum RecordingOf {
    /// A message for a box.
    Message(VoicemailBoxId),
    /// A greeting of a box.
    Greeting(VoicemailBoxId),
    /// A conversation.
    Conversation,
}

/// The call in which something was done by keys.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct CallOfEffect {
    /// The platform's token of it; empty where it gave none.
    pub(crate) call_id: String,
    /// Who called, as the platform said it.
    pub(crate) from: String,
    /// The name that the caller showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) caller_name: Option<String>,
}

/// An entry that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("no entry that this release knows")]
pub(crate) struct Unreadable(#[from] serde_json::Error);

impl Entry {
    /// Something that was received at an instant.
    pub(crate) fn new(organization: OrganizationId, at: Timestamp, what: What) -> Self {
        Self { organization, at: at.as_millisecond(), what }
    }

    /// When it was received.
    pub(crate) fn received_at(&self) -> Timestamp {
        Timestamp::from_millisecond(self.at).unwrap_or_default()
    }

    /// As it is written.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON, which is a defect of ours.
    pub(crate) fn written(&self) -> Result<Vec<u8>, Unreadable> {
        Ok(serde_json::to_vec(self)?)
    }

    /// As it was written.
    ///
    /// # Errors
    ///
    /// [`Unreadable`].
    pub(crate) fn read(content: &[u8]) -> Result<Self, Unreadable> {
        Ok(serde_json::from_slice(content)?)
    }
}

impl From<Recorded> for RecordingOf {
    fn from(what: Recorded) -> Self {
        match what {
            Recorded::Message(of) => Self::Message(of),
            Recorded::Greeting(of) => Self::Greeting(of),
            Recorded::Conversation => Self::Conversation,
        }
    }
}

impl From<RecordingOf> for Recorded {
    fn from(of: RecordingOf) -> Self {
        match of {
            RecordingOf::Message(of) => Self::Message(of),
            RecordingOf::Greeting(of) => Self::Greeting(of),
            RecordingOf::Conversation => Self::Conversation,
        }
    }
}

/// An effect as it is written. The core's own type is no form of the disk: it is free to change.
#[derive(Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
enum EffectSheet {
    DoNotDisturb { extension: ExtensionId, on: bool },
    ForwardAlways { extension: ExtensionId, to: Option<ForwardTarget> },
    SaveMessage { voicemail_box: VoicemailBoxId, url: String, seconds: Option<u32> },
    MessageHeard { voicemail_box: VoicemailBoxId, message: MessageId },
    KeepMessage { voicemail_box: VoicemailBoxId, message: MessageId },
    DeleteMessage { voicemail_box: VoicemailBoxId, message: MessageId },
    SetGreeting { voicemail_box: VoicemailBoxId, url: String, seconds: Option<u32> },
    SetPin { voicemail_box: VoicemailBoxId, pin: Pin },
    WrongPin { voicemail_box: VoicemailBoxId },
    RightPin { voicemail_box: VoicemailBoxId },
}

/// An effect as text.
///
/// # Errors
///
/// When it cannot be written as JSON, which is a defect of ours.
pub(crate) fn written_effect(effect: &Effect) -> Result<String, Unreadable> {
    Ok(serde_json::to_string(&EffectSheet::from(effect))?)
}

/// Reads [`written_effect`] back.
///
/// # Errors
///
/// [`Unreadable`].
pub(crate) fn read_effect(text: &str) -> Result<Effect, Unreadable> {
    Ok(serde_json::from_str::<EffectSheet>(text)?.into())
}

impl From<&Effect> for EffectSheet {
    fn from(effect: &Effect) -> Self {
        let audio = |audio: &RecordedAudio| (audio.url.to_string(), audio.seconds);
        match effect.clone() {
            Effect::DoNotDisturb { extension, on } => Self::DoNotDisturb { extension, on },
            Effect::ForwardAlways { extension, to } => Self::ForwardAlways { extension, to },
            Effect::SaveMessage { voicemail_box, audio: left } => {
                let (url, seconds) = audio(&left);
                Self::SaveMessage { voicemail_box, url, seconds }
            }
            Effect::MessageHeard { voicemail_box, message } => Self::MessageHeard { voicemail_box, message },
            Effect::KeepMessage { voicemail_box, message } => Self::KeepMessage { voicemail_box, message },
            Effect::DeleteMessage { voicemail_box, message } => Self::DeleteMessage { voicemail_box, message },
            Effect::SetGreeting { voicemail_box, audio: spoken } => {
                let (url, seconds) = audio(&spoken);
                Self::SetGreeting { voicemail_box, url, seconds }
            }
            Effect::SetPin { voicemail_box, pin } => Self::SetPin { voicemail_box, pin },
            Effect::WrongPin { voicemail_box } => Self::WrongPin { voicemail_box },
            Effect::RightPin { voicemail_box } => Self::RightPin { voicemail_box },
        }
    }
}

impl From<EffectSheet> for Effect {
    fn from(sheet: EffectSheet) -> Self {
        let audio = |url: String, seconds| RecordedAudio { url: url.into(), seconds };
        match sheet {
            EffectSheet::DoNotDisturb { extension, on } => Self::DoNotDisturb { extension, on },
            EffectSheet::ForwardAlways { extension, to } => Self::ForwardAlways { extension, to },
            EffectSheet::SaveMessage { voicemail_box, url, seconds } => {
                Self::SaveMessage { voicemail_box, audio: audio(url, seconds) }
            }
            EffectSheet::MessageHeard { voicemail_box, message } => Self::MessageHeard { voicemail_box, message },
            EffectSheet::KeepMessage { voicemail_box, message } => Self::KeepMessage { voicemail_box, message },
            EffectSheet::DeleteMessage { voicemail_box, message } => Self::DeleteMessage { voicemail_box, message },
            EffectSheet::SetGreeting { voicemail_box, url, seconds } => {
                Self::SetGreeting { voicemail_box, audio: audio(url, seconds) }
            }
            EffectSheet::SetPin { voicemail_box, pin } => Self::SetPin { voicemail_box, pin },
            EffectSheet::WrongPin { voicemail_box } => Self::WrongPin { voicemail_box },
            EffectSheet::RightPin { voicemail_box } => Self::RightPin { voicemail_box },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_is_read_as_it_was_written() {
        let (extension, voicemail_box, message) = (ExtensionId::new(3), VoicemailBoxId::new(4), MessageId::new(5));
        let audio = RecordedAudio { url: "https://host.example/a.wav".into(), seconds: Some(12) };
        let to = Some("+14155550123".parse::<ForwardTarget>().unwrap());
        for effect in [
            Effect::DoNotDisturb { extension, on: true },
            Effect::ForwardAlways { extension, to },
            Effect::ForwardAlways { extension, to: None },
            Effect::SaveMessage { voicemail_box, audio: audio.clone() },
            Effect::MessageHeard { voicemail_box, message },
            Effect::KeepMessage { voicemail_box, message },
            Effect::DeleteMessage { voicemail_box, message },
            Effect::SetGreeting { voicemail_box, audio },
            Effect::SetPin { voicemail_box, pin: "2468".parse().unwrap() },
            Effect::WrongPin { voicemail_box },
            Effect::RightPin { voicemail_box },
        ] {
            assert_eq!(read_effect(&written_effect(&effect).unwrap()).unwrap(), effect);
        }
    }

    #[test]
    fn entries_have_a_form_that_later_releases_read() {
        let at = "2026-03-09T14:05:00.123Z".parse().unwrap();
        let reports = Reports { reports: r#"[{"token":"5b1f"}]"#.to_owned(), idempotency_key: Some("k".to_owned()) };
        let call = CallOfEffect { call_id: "5b1f".to_owned(), from: "1004".to_owned(), caller_name: None };
        let of = RecordingOf::Message(VoicemailBoxId::new(9));
        let recording = |of, dial: Option<&str>| What::Recording {
            of,
            call_id: "5b1f".to_owned(),
            dial: dial.map(Into::into),
            token: "AgcB".to_owned(),
            reports: reports.clone(),
        };
        let entries = [
            What::SessionUpdates(reports.clone()),
            What::CallRecords(Reports { idempotency_key: None, ..reports.clone() }),
            recording(of, None),
            recording(RecordingOf::Conversation, Some("c3RlcA")),
            What::Conference { token: "BAcB".to_owned(), reports: reports.clone() },
            What::Step { step: r#"{"session":"5b1f","at":1773065100123}"#.to_owned() },
            What::Effect { key: "00ff".to_owned(), sealed: "c2VhbGVk".to_owned(), call, request_id: "r".to_owned() },
        ]
        .map(|what| Entry::new(OrganizationId::new(7), at, what));
        let mut written = String::new();
        for entry in &entries {
            let content = entry.written().unwrap();
            assert_eq!(&Entry::read(&content).unwrap(), entry);
            assert_eq!(entry.received_at(), at);
            written.push_str(std::str::from_utf8(&content).unwrap());
            written.push('\n');
        }
        insta::assert_snapshot!(written, @r#"
        {"organization":7,"at":1773065100123,"what":"session_updates","reports":"[{\"token\":\"5b1f\"}]","idempotency_key":"k"}
        {"organization":7,"at":1773065100123,"what":"call_records","reports":"[{\"token\":\"5b1f\"}]"}
        {"organization":7,"at":1773065100123,"what":"recording","of":{"kind":"message","box":9},"call_id":"5b1f","token":"AgcB","reports":"[{\"token\":\"5b1f\"}]","idempotency_key":"k"}
        {"organization":7,"at":1773065100123,"what":"recording","of":{"kind":"conversation"},"call_id":"5b1f","dial":"c3RlcA","token":"AgcB","reports":"[{\"token\":\"5b1f\"}]","idempotency_key":"k"}
        {"organization":7,"at":1773065100123,"what":"conference","token":"BAcB","reports":"[{\"token\":\"5b1f\"}]","idempotency_key":"k"}
        {"organization":7,"at":1773065100123,"what":"step","step":"{\"session\":\"5b1f\",\"at\":1773065100123}"}
        {"organization":7,"at":1773065100123,"what":"effect","key":"00ff","sealed":"c2VhbGVk","call":{"call_id":"5b1f","from":"1004"},"request_id":"r"}
        "#);
    }
}
