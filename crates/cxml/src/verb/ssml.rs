use std::collections::BTreeMap;
use std::fmt;

use crate::value::{Invalid, Text, Url, Value, vocabulary};
use crate::write::{Tag, Writer, attributes};

/// Text with speech markup in it: what a [`Say`](crate::Say) speaks.
///
/// Neighbouring texts are one text and an empty text is none, so that two contents that sound the same and are
/// written the same are also equal.
///
/// ```
/// use cxml::{Break, InterpretAs, Mixed, Say, SayAs};
///
/// let mut content = Mixed::new();
/// content.push("Your code is ");
/// content.push(SayAs::new(InterpretAs::Digits, "123"));
/// content.push(Break::millis(500));
/// let say = Say::new(content);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mixed(Vec<Ssml>);

impl Mixed {
    /// Nothing to say.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a piece behind the others.
    pub fn push(&mut self, piece: impl Into<Ssml>) {
        match (self.0.last_mut(), piece.into()) {
            (_, Ssml::Text(text)) if text.is_empty() => {}
            (Some(Ssml::Text(last)), Ssml::Text(text)) => last.append(&text),
            (_, piece) => self.0.push(piece),
        }
    }

    /// The pieces in order.
    pub fn as_slice(&self) -> &[Ssml] {
        &self.0
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left when the markup is taken away; for logs, and for listeners that cannot hear.
    pub fn plain_text(&self) -> String {
        let mut plain = String::new();
        self.append_plain_text(&mut plain);
        plain
    }

    fn append_plain_text(&self, plain: &mut String) {
        for piece in &self.0 {
            match piece {
                Ssml::Text(text) => plain.push_str(text.as_str()),
                Ssml::SayAs(say_as) => plain.push_str(say_as.text.as_str()),
                Ssml::Audio(audio) => audio.alternative.append_plain_text(plain),
                Ssml::Element(element) => element.content.append_plain_text(plain),
                Ssml::Break(_) => {}
            }
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        for piece in &self.0 {
            match piece {
                Ssml::Text(text) => writer.text(text.as_str()),
                Ssml::Break(pause) => pause.write(writer),
                Ssml::SayAs(say_as) => say_as.write(writer),
                Ssml::Audio(audio) => audio.write(writer),
                Ssml::Element(element) => element.write(writer),
            }
        }
    }

    fn write_into(&self, tag: Tag<'_, '_>) {
        if self.is_empty() {
            tag.empty();
        } else {
            tag.mixed(|writer| self.write(writer));
        }
    }
}

impl<T: Into<Ssml>> FromIterator<T> for Mixed {
    fn from_iter<I: IntoIterator<Item = T>>(pieces: I) -> Self {
        let mut content = Self::new();
        pieces.into_iter().for_each(|piece| content.push(piece));
        content
    }
}

impl<T: Into<Ssml>> From<T> for Mixed {
    fn from(piece: T) -> Self {
        Self::from_iter([piece])
    }
}

/// A piece of speech.
///
/// Source: vendor page Verb/say, which names `break`, `say-as` and `audio` and does not end its list there; the other
/// elements are those of SSML 1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ssml {
    /// Words.
    Text(Text),
    /// Silence.
    Break(Break),
    /// Words read in a certain way.
    SayAs(SayAs),
    /// A sound.
    Audio(Audio),
    /// Any other element of SSML.
    Element(SsmlElement),
}

macro_rules! ssml_from {
    ($($piece:ty => $variant:ident),+) => {
        $(impl From<$piece> for Ssml {
            fn from(piece: $piece) -> Self {
                Self::$variant(piece)
            }
        })+
    };
}
ssml_from!(Text => Text, Break => Break, SayAs => SayAs, Audio => Audio, SsmlElement => Element);

/// As [`Text::lossy`].
impl From<&str> for Ssml {
    fn from(text: &str) -> Self {
        Self::Text(Text::lossy(text))
    }
}

/// As [`Text::lossy`].
impl From<String> for Ssml {
    fn from(text: String) -> Self {
        Self::Text(Text::lossy(text))
    }
}

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

    fn write(&self, writer: &mut Writer<'_>) {
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

    fn write(&self, writer: &mut Writer<'_>) {
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

    fn write(&self, writer: &mut Writer<'_>) {
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

    fn write(&self, writer: &mut Writer<'_>) {
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
