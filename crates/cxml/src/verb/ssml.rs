use std::collections::BTreeMap;
use std::fmt;

use super::Mixed;
use crate::read::{Attribute, Element, Fault, ReadErrorKind};
use crate::value::{Invalid, Text, Url, Value, vocabulary};
use crate::write::{Writer, attributes};

/// Silence in speech; without a length or strength the voice decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Break {
    /// How strong a break in the sentence it is.
    pub strength: Option<BreakStrength>,
    /// How long it is.
    pub time: Option<BreakTime>,
}

impl Break {
    /// So many thousandths of a second of silence.
    pub const fn millis(millis: u32) -> Self {
        Self { strength: None, time: Some(BreakTime::from_millis(millis)) }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::default();
        read.read_attributes(&mut element)?;
        element.nothing()?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("break");
        self.write_attributes(&mut tag);
        tag.empty();
    }
}

attributes!(Break { "strength" => strength, "time" => time });

vocabulary! {
    /// How strong a break in the sentence is.
    pub enum BreakStrength {
        /// None, even where the voice would make one.
        None = "none",
        /// Hardly noticeable.
        XWeak = "x-weak",
        /// As at a comma.
        Weak = "weak",
        /// As usual.
        Medium = "medium",
        /// As between sentences.
        Strong = "strong",
        /// As between paragraphs.
        XStrong = "x-strong",
    }
}

/// A length of silence in speech, written in milliseconds; seconds are read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BreakTime(u32);

impl BreakTime {
    /// So many thousandths of a second.
    pub const fn from_millis(millis: u32) -> Self {
        Self(millis)
    }

    /// The length in thousandths of a second.
    pub const fn as_millis(self) -> u32 {
        self.0
    }
}

impl fmt::Display for BreakTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.0)
    }
}

impl Value for BreakTime {
    fn read(text: &str) -> Result<Self, Invalid> {
        let millis = if let Some(millis) = text.strip_suffix("ms") {
            u32::read(millis).ok()
        } else {
            let seconds = text.strip_suffix('s').and_then(|seconds| seconds.parse::<crate::Seconds>().ok());
            seconds.and_then(|seconds| u32::try_from(seconds.as_millis()).ok())
        };
        millis.map(Self).ok_or_else(|| Invalid::new("BreakTime", text, "a length such as `500ms` or `1.5s`"))
    }
}

/// Words read in a certain way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SayAs {
    /// In which way.
    pub interpret_as: InterpretAs,
    /// More about it: the order of day, month and year, for example.
    pub format: Option<Text>,
    /// The words. SSML allows no markup in them.
    pub text: Text,
}

impl SayAs {
    /// These words, read in this way.
    pub fn new(interpret_as: InterpretAs, text: impl Into<Text>) -> Self {
        Self { interpret_as, format: None, text: text.into() }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let mut read = Self::new(element.required("interpret-as")?, Text::default());
        read.read_attributes(&mut element)?;
        read.text = element.text()?;
        Ok(read)
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("say-as");
        tag.attribute("interpret-as", &self.interpret_as);
        self.write_attributes(&mut tag);
        tag.text(&self.text);
    }
}

attributes!(SayAs { "format" => format });

vocabulary! {
    /// How words are read.
    pub enum InterpretAs {
        /// As a number.
        Cardinal = "cardinal",
        /// As a place in an order.
        Ordinal = "ordinal",
        /// As a phone number.
        Telephone = "telephone",
        /// Digit by digit.
        Digits = "digits",
        /// As a time.
        Time = "time",
        /// As a date.
        Date = "date",
    }
}

/// A sound in speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// Where it is.
    pub src: Url,
    /// What is spoken if it cannot be played.
    pub alternative: Mixed,
}

impl Audio {
    /// The sound at this address, without an alternative.
    pub fn new(src: Url) -> Self {
        Self { src, alternative: Mixed::new() }
    }

    pub(crate) fn read(mut element: Element<'_>) -> Result<Self, Fault> {
        let src = element.required("src")?;
        element.no_more_attributes()?;
        Ok(Self { src, alternative: Mixed::read(&mut element)? })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open("audio");
        tag.attribute("src", &self.src);
        self.alternative.write_into(tag);
    }
}

/// An element of SSML 1.1 that needs no type of its own here: it is passed on as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsmlElement {
    /// Which element.
    pub tag: SsmlTag,
    /// Its attributes.
    pub attributes: BTreeMap<SsmlAttribute, Text>,
    /// What is in it.
    pub content: Mixed,
}

impl SsmlElement {
    /// This element around this content, without attributes.
    pub fn new(tag: SsmlTag, content: impl Into<Mixed>) -> Self {
        Self { tag, attributes: BTreeMap::new(), content: content.into() }
    }

    pub(crate) fn read(tag: SsmlTag, mut element: Element<'_>) -> Result<Self, Fault> {
        let attributes = element.take_attributes().into_iter().map(|Attribute { name, value, offset }| {
            let refuse = |invalid| {
                let (element, attribute) = (element.name.to_owned(), name.to_owned());
                Fault::new(offset, ReadErrorKind::InvalidAttribute { element, attribute, invalid })
            };
            let name = SsmlAttribute::new(name.to_ascii_lowercase()).map_err(refuse)?;
            Ok((name, Text::new(value).map_err(refuse)?))
        });
        let attributes = attributes.collect::<Result<_, Fault>>()?;
        Ok(Self { tag, attributes, content: Mixed::read(&mut element)? })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        let mut tag = writer.open(self.tag.as_str());
        for (name, value) in &self.attributes {
            tag.attribute(name.as_str(), value);
        }
        self.content.write_into(tag);
    }
}

vocabulary! {
    /// The elements of SSML 1.1 that may stand in speech, apart from those with a type of their own.
    pub enum SsmlTag {
        /// Stress.
        Emphasis = "emphasis",
        /// Another language.
        Lang = "lang",
        /// A place that is reported when it is reached.
        Mark = "mark",
        /// A paragraph.
        Paragraph = "p",
        /// How something is pronounced.
        Phoneme = "phoneme",
        /// Pitch, rate and volume.
        Prosody = "prosody",
        /// A sentence.
        Sentence = "s",
        /// Words that are spoken in place of others.
        Sub = "sub",
        /// Another voice.
        Voice = "voice",
        /// A word.
        Word = "w",
    }
}

text_type! {
    /// The name of an attribute of an SSML element: `level`, `xml:lang`. In SSML these names have no capital letters.
    SsmlAttribute,
    "an XML name of small ASCII letters, digits, `-`, `_`, `.` and `:`, which begins with a letter",
    |text| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.:".contains(c))
    }
}
