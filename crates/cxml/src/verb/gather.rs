use std::fmt;
use std::num::NonZeroU32;

use super::{GatherConverse, Prompt};
use crate::read::{Element, Fault};
use crate::value::{FinishOnKey, Invalid, Language, Method, Url, Value, vocabulary};
use crate::write::{Writer, attributes};

/// Listens for keys or speech while prompts play.
///
/// With input, the `action` is requested for the next document. Without any the next verb runs, unless
/// `action_on_empty_result` says otherwise.
///
/// Source: vendor page Verb/gather.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gather {
    /// What the caller hears meanwhile.
    pub prompts: Vec<Prompt>,
    /// A voice agent that takes the input; behind the prompts.
    pub converse: Option<GatherConverse>,
    /// Where the next document comes from. The platform's default is the address of the current one.
    pub action: Option<Url>,
    /// How `action` is requested. The platform's default is `POST`.
    pub method: Option<Method>,
    /// What counts as input. The platform's default is keys.
    pub input: Option<GatherInput>,
    /// The key that ends the input; none leaves the attribute out, which means `#`.
    pub finish_on_key: Option<FinishOnKey>,
    /// How many keys end the input. The platform's default is no limit.
    pub num_digits: Option<NonZeroU32>,
    /// How long to wait for the first input, in seconds. The platform's default is 30.
    pub max_timeout: Option<u32>,
    /// How long to wait for more input after some, in seconds. The platform's default is 5.
    pub timeout: Option<u32>,
    /// The pause that ends speech. The platform's default is `auto`.
    pub speech_timeout: Option<SpeechTimeout>,
    /// Who recognises speech. The platform's default is `aws`.
    pub speech_engine: Option<SpeechEngine>,
    /// The language spoken. The platform's default is `en-US`.
    pub language: Option<Language>,
    /// Whether `action` is requested without input too. The platform's default is `false`.
    pub action_on_empty_result: Option<bool>,
    /// How long the whole verb may take, in seconds. The platform's default is 300.
    pub max_duration: Option<u32>,
    /// How sound is told from speech. The platform's default is `auto`.
    pub speech_detection: Option<SpeechDetection>,
    /// Whether input stops the prompts. The platform's default is `true`.
    pub interruptible: Option<bool>,
}

impl Gather {
    /// Listens with the platform's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        for child in element.children()? {
            if read.converse.is_some() {
                return Err(child.unexpected("<Gather>", "nothing behind Converse"));
            }
            if child.is("Converse") {
                read.converse = Some(GatherConverse::read(child)?);
            } else {
                read.prompts.push(Prompt::read(child, "<Gather>", "Say, Play, Pause, Converse")?);
            }
        }
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("Gather");
        self.write_attributes(&mut tag);
        tag.children(|writer| {
            self.prompts.iter().for_each(|prompt| prompt.write(writer));
            if let Some(converse) = &self.converse {
                converse.write(writer);
            }
        });
    }
}

attributes!(Gather {
    "action" => action,
    "method" => method,
    "input" => input,
    "finishOnKey" => finish_on_key,
    "numDigits" => num_digits,
    "maxTimeout" => max_timeout,
    "timeout" => timeout,
    "speechTimeout" => speech_timeout,
    "speechEngine" => speech_engine,
    "language" => language,
    "actionOnEmptyResult" => action_on_empty_result,
    "maxDuration" => max_duration,
    "speechDetection" => speech_detection,
    "interruptible" => interruptible,
});

vocabulary! {
    /// What counts as input.
    pub enum GatherInput {
        /// Keys.
        Dtmf = "dtmf",
        /// Speech.
        Speech = "speech",
        /// Either.
        DtmfSpeech = "dtmf speech" | "speech dtmf" | "dtmf,speech" | "speech,dtmf",
    }
}

vocabulary! {
    /// Who recognises speech.
    pub enum SpeechEngine {
        /// Amazon Web Services.
        Aws = "aws",
        /// Google.
        Google = "google",
    }
}

vocabulary! {
    /// How sound is told from speech.
    pub enum SpeechDetection {
        /// The platform decides.
        Auto = "auto",
        /// Little sensitivity.
        Low = "low",
        /// Usual sensitivity.
        Normal = "normal",
        /// Much sensitivity.
        High = "high",
        /// The recogniser decides.
        Stt = "stt",
    }
}

/// The pause that ends speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeechTimeout {
    /// The recogniser decides; written `auto`.
    Auto,
    /// So many seconds.
    Seconds(u32),
}

impl fmt::Display for SpeechTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Seconds(seconds) => seconds.fmt(f),
        }
    }
}

impl Value for SpeechTimeout {
    fn read(text: &str) -> Result<Self, Invalid> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        u32::read(text)
            .map(Self::Seconds)
            .map_err(|_| Invalid::new("SpeechTimeout", text, "`auto` or a whole number of seconds"))
    }
}
