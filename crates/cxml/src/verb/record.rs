use super::Prompt;
use crate::read::{Element, Fault};
use crate::value::{KeySet, Method, RecordingEvent, Trim, Url};
use crate::write::{Writer, attributes};

/// Records the caller. If something was recorded the `action` is requested for the next document; if not, the next
/// verb runs.
///
/// Source: vendor page Verb/record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What the caller hears before the beep.
    pub prompts: Vec<Prompt>,
    /// Where the next document comes from. The platform's default is the address of the current one.
    pub action: Option<Url>,
    /// How `action` is requested. The platform's default is `POST`.
    pub method: Option<Method>,
    /// The silence that ends the recording, in seconds. The platform's default is 5.
    pub timeout: Option<u32>,
    /// The keys that end the recording. The platform's default is every key.
    pub finish_on_key: Option<KeySet>,
    /// The longest recording, in seconds. The platform's default is 3600.
    pub max_length: Option<u32>,
    /// Whether a beep says that the recording begins. The platform's default is `true`.
    pub play_beep: Option<bool>,
    /// What is requested about the recording; the answer is not used.
    pub recording_status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub recording_status_callback_method: Option<Method>,
    /// The platform's default is `completed`.
    pub recording_status_callback_event: Option<RecordingEvent>,
    /// What happens to silence in the recording. The platform's default is to trim it.
    pub trim: Option<Trim>,
}

impl Record {
    /// Records with the platform's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        let prompt = |child| Prompt::read(child, "<Record>", "Say, Play, Pause");
        read.prompts = element.children()?.into_iter().map(prompt).collect::<Result<_, _>>()?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Record");
        self.write_attributes(&mut tag);
        tag.children(|writer| self.prompts.iter().for_each(|prompt| prompt.write(writer)));
    }
}

attributes!(Record {
    "action" => action,
    "method" => method,
    "timeout" => timeout,
    "finishOnKey" => finish_on_key,
    "maxLength" => max_length,
    "playBeep" => play_beep,
    "recordingStatusCallback" => recording_status_callback,
    "recordingStatusCallbackMethod" => recording_status_callback_method,
    "recordingStatusCallbackEvent" => recording_status_callback_event,
    "trim" => trim,
});
