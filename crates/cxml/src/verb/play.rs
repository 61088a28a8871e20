use crate::read::{Element, Fault};
use crate::value::{Method, PlayDigits, Url};
use crate::write::{Writer, attributes};

/// Plays audio, or tones.
///
/// Source: vendor page Verb/play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Play {
    /// What is played.
    pub source: PlaySource,
    /// Whether the call is answered first; otherwise the sound is early media. The platform's default is `true`.
    pub answer: Option<bool>,
    /// How often it is played (the attribute `loop`); 0 is until the caller hangs up. The platform's default is 1.
    pub loops: Option<u32>,
    /// What is requested when playback has finished; the answer is not used.
    pub status_callback: Option<Url>,
    /// The platform's default is `POST`.
    pub status_callback_method: Option<Method>,
}

/// What a [`Play`] plays: one or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaySource {
    /// Audio the platform fetches, without credentials: `http` or `https`, answered with an audio type.
    Url(Url),
    /// Tones.
    Digits(PlayDigits),
}

impl Play {
    /// Plays the audio at this address.
    pub fn url(url: Url) -> Self {
        Self::source(PlaySource::Url(url))
    }

    /// Plays these tones.
    pub fn digits(digits: PlayDigits) -> Self {
        Self::source(PlaySource::Digits(digits))
    }

    fn source(source: PlaySource) -> Self {
        Self { source, answer: None, loops: None, status_callback: None, status_callback_method: None }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let digits = element.optional("digits")?;
        let url = element.optional_word()?;
        let source = match (url, digits) {
            (Some(url), None) => PlaySource::Url(url),
            (None, Some(digits)) => PlaySource::Digits(digits),
            (Some(_), Some(_)) => return Err(element.conflict("both an address and `digits`")),
            (None, None) => return Err(element.lacks("an address, or the attribute `digits`")),
        };
        let mut read = Self::source(source);
        read.read_attributes(&mut element)?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Play");
        self.write_attributes(&mut tag);
        match &self.source {
            PlaySource::Url(url) => tag.text(url),
            PlaySource::Digits(digits) => {
                tag.attribute("digits", digits);
                tag.empty();
            }
        }
    }
}

attributes!(Play {
    "answer" => answer,
    "loop" => loops,
    "statusCallback" => status_callback,
    "statusCallbackMethod" => status_callback_method,
});
