use super::Mixed;
use crate::read::{Element, Fault};
use crate::value::{Language, Method, Text, Url, Voice};
use crate::write::{Writer, attributes};

/// Speaks. The text may carry SSML: see [`Mixed`].
///
/// Source: vendor page Verb/say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Say {
    /// What is spoken.
    pub content: Mixed,
    /// Whether the call is answered first; otherwise the sound is early media. The platform's default is `true`.
    pub answer: Option<bool>,
    /// How often it is spoken (the attribute `loop`); 0 is until the caller hangs up. The platform's default is 1.
    pub loops: Option<u32>,
    /// The voice. The platform's default is `woman`.
    pub voice: Option<Voice>,
    /// The language of the text. The platform's default is `en-US`.
    pub language: Option<Language>,
    /// What is requested when speech has finished; the answer is not used.
    pub status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub status_callback_method: Option<Method>,
}

impl Say {
    /// Speaks this content with the platform's defaults.
    pub fn new(content: impl Into<Mixed>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Speaks this text with the platform's defaults. Characters a document cannot carry are dropped
    /// ([`Text::lossy`]).
    pub fn text(text: impl Into<Text>) -> Self {
        Self::new(text.into())
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        read.content = Mixed::read(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Say");
        self.write_attributes(&mut tag);
        tag.mixed(|writer| self.content.write(writer));
    }
}

attributes!(Say {
    "answer" => answer,
    "loop" => loops,
    "voice" => voice,
    "language" => language,
    "statusCallback" => status_callback,
    "statusCallbackMethod" => status_callback_method,
});
