use super::{Audio, Break, SayAs, SsmlElement};
use crate::read::{Element, Fault, Node};
use crate::value::Text;
use crate::write::{Tag, Writer};

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

    pub(crate) fn read(element: &mut Element<'_>) -> Result<Self, Fault> {
        let mut content = Self::new();
        for node in element.mixed() {
            match node {
                Node::Element(child) => content.push(Ssml::read(child, element.name)?),
                Node::Text { offset, text } => {
                    content.push(Text::new(text).map_err(|invalid| element.invalid_text(offset, invalid))?);
                }
            }
        }
        Ok(content)
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

    /// Ends an element with this in it.
    pub(crate) fn write_into(&self, tag: Tag<'_, '_>) {
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

impl Ssml {
    fn read(element: Element<'_>, parent: &str) -> Result<Self, Fault> {
        Ok(match element.name.to_ascii_lowercase().as_str() {
            "break" => Break::read(element)?.into(),
            "say-as" => SayAs::read(element)?.into(),
            "audio" => Audio::read(element)?.into(),
            name => match name.parse() {
                Ok(tag) => SsmlElement::read(tag, element)?.into(),
                Err(_) => return Err(element.unexpected(&format!("<{parent}>"), "text or an element of SSML")),
            },
        })
    }
}
