use crate::read::{Element, Fault};
use crate::value::{ConferenceName, Listed, MaxParticipants, Method, RecordingEvent, Url, ValueSet, vocabulary};
use crate::write::{Writer, attributes};

/// A conference room to put the caller into. It is the only thing its [`Dial`](crate::Dial) calls.
///
/// The default value is the room called `default`, with the platform's settings.
///
/// Source: vendor page Verb/dial/conference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conference {
    /// The room; none is the room `default`.
    pub name: Option<ConferenceName>,
    /// When a tone announces a participant. The platform's default is both ways.
    pub beep: Option<Beep>,
    /// Whether the others hear the keys a participant presses. The platform's default is `block`.
    pub dtmf: Option<ConferenceDtmf>,
    /// Whether music plays until the conference starts. The platform's default is `true`.
    pub hold_music: Option<bool>,
    /// Whether the participant joins muted. The platform's default is `false`.
    pub muted: Option<bool>,
    /// Whether spoken prompts are played. The platform's default is `false`.
    pub prompts: Option<bool>,
    /// Whether this participant starts the conference. The platform's default is `true`.
    pub start_conference_on_enter: Option<StartOnEnter>,
    /// Whether the conference ends when this participant leaves. The platform's default is `false`.
    pub end_conference_on_exit: Option<bool>,
    /// How many may be in the room: 1 to 250. The platform's default is 250.
    pub max_participants: Option<MaxParticipants>,
    /// Whether the conference is recorded. The platform's default is not to.
    pub record: Option<ConferenceRecord>,
    /// What is requested on the events below; the answer is not used.
    pub status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub status_callback_method: Option<Method>,
    /// Which events are reported. The platform's default is none of them.
    pub status_callback_event: Option<ValueSet<ConferenceEvent>>,
    /// What is requested about the recording.
    pub recording_status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub recording_status_callback_method: Option<Method>,
    /// The platform's default is `completed`.
    pub recording_status_callback_event: Option<RecordingEvent>,
    /// How quickly a speaker is noticed. The platform's default is `normal`.
    pub talk_detection: Option<TalkDetection>,
    /// What happens to silence in the recording. The platform's default is to trim it.
    pub trim: Option<ConferenceTrim>,
}

impl Conference {
    /// The room of this name, with the platform's settings.
    pub fn new(name: ConferenceName) -> Self {
        Self { name: Some(name), ..Self::default() }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self { name: element.optional_word()?, ..Self::default() };
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Conference");
        self.write_attributes(&mut tag);
        match &self.name {
            Some(name) => tag.text(name),
            None => tag.empty(),
        }
    }
}

attributes!(Conference {
    "beep" => beep,
    "dtmf" => dtmf,
    "holdMusic" => hold_music,
    "muted" => muted,
    "prompts" => prompts,
    "startConferenceOnEnter" => start_conference_on_enter,
    "endConferenceOnExit" => end_conference_on_exit,
    "maxParticipants" => max_participants,
    "record" => record,
    "statusCallback" => status_callback,
    "statusCallbackMethod" => status_callback_method,
    "statusCallbackEvent" => status_callback_event,
    "recordingStatusCallback" => recording_status_callback,
    "recordingStatusCallbackMethod" => recording_status_callback_method,
    "recordingStatusCallbackEvent" => recording_status_callback_event,
    "talkDetection" => talk_detection,
    "trim" => trim,
});

vocabulary! {
    /// When a tone announces a participant.
    pub enum Beep {
        /// On entering and on leaving.
        Always = "true",
        /// Not at all.
        Never = "false",
        /// On entering.
        OnEnter = "onEnter",
        /// On leaving.
        OnExit = "onExit",
    }
}

vocabulary! {
    /// What happens to the tones of a participant's keys.
    pub enum ConferenceDtmf {
        /// The others do not hear them.
        Block = "block",
        /// The others hear them.
        Pass = "pass",
    }
}

vocabulary! {
    /// What a participant's entering means for the start of the conference.
    pub enum StartOnEnter {
        /// It starts.
        Yes = "true",
        /// It does not start by this.
        No = "false",
        /// It cannot start without this participant.
        Required = "required",
    }
}

vocabulary! {
    /// Whether a conference is recorded.
    pub enum ConferenceRecord {
        /// It is not.
        DoNotRecord = "do-not-record",
        /// It is, from the start.
        RecordFromStart = "record-from-start",
    }
}

vocabulary! {
    /// How quickly a speaker is noticed.
    pub enum TalkDetection {
        /// As usual.
        Normal = "normal",
        /// Sooner.
        Quick = "quick",
        /// Later.
        Lazy = "lazy",
    }
}

vocabulary! {
    /// What happens to silence at both ends of a conference's recording.
    ///
    /// The vendor's page spells the first value without its `t`; elsewhere ([`Trim`](crate::Trim)) it has one. Both
    /// are read.
    pub enum ConferenceTrim {
        /// Silence stays.
        DoNotTrim = "do-no-trim" | "do-not-trim",
        /// Silence is cut off.
        TrimSilence = "trim-silence",
    }
}

vocabulary! {
    /// Something that happens in a conference.
    pub enum ConferenceEvent {
        /// It starts.
        Start = "start",
        /// It ends.
        End = "end",
        /// A participant enters.
        Join = "join",
        /// A participant leaves.
        Leave = "leave",
        /// A participant is muted, or no longer muted.
        Mute = "mute",
        /// A participant is put on hold, or taken off it.
        Hold = "hold",
        /// A participant presses a key.
        Dtmf = "dtmf",
        /// Another participant speaks.
        Speaker = "speaker",
    }
}

impl Listed for ConferenceEvent {
    const SEPARATOR: &'static str = ",";
    const NONE: &'static str = "None";
    const EXPECTED: &'static str = "`None`, or any of start, end, join, leave, mute, hold, dtmf, speaker";
}
