use std::borrow::Cow;

use super::{Fault, ReadErrorKind};
use crate::value::{Invalid, Text, Value};

/// How much of a misplaced text an error repeats, in characters.
const SHOWN: usize = 40;

/// An element as it was read: names as written, references resolved, no meaning yet.
pub(crate) struct Element<'x> {
    pub(crate) name: &'x str,
    /// Where its `<` is.
    pub(crate) offset: usize,
    pub(super) nodes: Vec<Node<'x>>,
    attributes: Vec<Attribute<'x>>,
    /// The attributes that were asked for while there were any left: what an unknown one could have been.
    asked: Vec<&'static str>,
    ignore_unknown_attributes: bool,
}

pub(crate) struct Attribute<'x> {
    pub(crate) name: &'x str,
    pub(crate) value: Cow<'x, str>,
    pub(crate) offset: usize,
}

pub(crate) enum Node<'x> {
    Element(Element<'x>),
    Text { offset: usize, text: Cow<'x, str> },
}

/// What is in an element that takes either text or elements.
pub(crate) enum Content<'x> {
    /// One or more elements.
    Elements(Vec<Element<'x>>),
    /// Text, perhaps empty, without the space around it; and where it is.
    Text(usize, Cow<'x, str>),
}

/// `S` in the grammar of XML.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

impl<'x> Element<'x> {
    pub(super) fn new(name: &'x str, offset: usize, ignore_unknown_attributes: bool) -> Self {
        let (attributes, nodes, asked) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, offset, nodes, attributes, asked, ignore_unknown_attributes }
    }

    pub(super) fn push_attribute(&mut self, attribute: Attribute<'x>) -> Result<(), Fault> {
        if self.attributes.iter().any(|other| other.name.eq_ignore_ascii_case(attribute.name)) {
            let (element, offset) = (self.name.to_owned(), attribute.offset);
            let attribute = attribute.name.to_owned();
            return Err(Fault::new(offset, ReadErrorKind::DuplicateAttribute { element, attribute }));
        }
        self.attributes.push(attribute);
        Ok(())
    }

    /// Whether this is the element of this name, in any letter case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Takes an attribute that may be absent.
    pub(crate) fn optional<T: Value>(&mut self, name: &'static str) -> Result<Option<T>, Fault> {
        if self.attributes.is_empty() {
            return Ok(None);
        }
        self.asked.push(name);
        let Some(index) = self.attributes.iter().position(|attribute| attribute.name.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let Attribute { name, value, offset } = self.attributes.swap_remove(index);
        T::read(&value).map(Some).map_err(|invalid| {
            let (element, attribute) = (self.name.to_owned(), name.to_owned());
            Fault::new(offset, ReadErrorKind::InvalidAttribute { element, attribute, invalid })
        })
    }

    /// Takes an attribute that has to be there.
    pub(crate) fn required<T: Value>(&mut self, name: &'static str) -> Result<T, Fault> {
        self.optional(name)?.ok_or_else(|| {
            let element = self.name.to_owned();
            Fault::new(self.offset, ReadErrorKind::MissingAttribute { element, attribute: name })
        })
    }

    /// Takes every attribute that is left, for elements whose attributes are not listed here.
    pub(crate) fn take_attributes(&mut self) -> Vec<Attribute<'x>> {
        std::mem::take(&mut self.attributes)
    }

    /// Every attribute has to have been taken by now.
    pub(crate) fn no_more_attributes(&self) -> Result<(), Fault> {
        // The first in the document, whatever taking the others did to the order.
        match self.attributes.iter().min_by_key(|attribute| attribute.offset) {
            Some(attribute) if !self.ignore_unknown_attributes => {
                let expected = if self.asked.is_empty() { "none".to_owned() } else { self.asked.join(", ") };
                let (element, offset) = (self.name.to_owned(), attribute.offset);
                let attribute = attribute.name.to_owned();
                Err(Fault::new(offset, ReadErrorKind::UnknownAttribute { element, attribute, expected }))
            }
            _ => Ok(()),
        }
    }

    /// Takes what is in it, when both text and elements count.
    pub(crate) fn mixed(&mut self) -> Vec<Node<'x>> {
        std::mem::take(&mut self.nodes)
    }

    /// Takes what is in it, when that is elements and nothing else.
    pub(crate) fn children(&mut self) -> Result<Vec<Element<'x>>, Fault> {
        let nodes = self.mixed();
        let mut elements = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Node::Element(element) => elements.push(element),
                Node::Text { text, .. } if text.chars().all(is_blank) => {}
                Node::Text { offset, text } => return Err(self.unexpected_text(offset, &text)),
            }
        }
        Ok(elements)
    }

    /// Takes what is in it, when that is one or the other.
    pub(crate) fn content(&mut self) -> Result<Content<'x>, Fault> {
        if self.nodes.iter().any(|node| matches!(node, Node::Element(_))) {
            return self.children().map(Content::Elements);
        }
        let (offset, text) = self.only_text()?;
        // A reference makes the text shorter than its source, so this is at worst a little early.
        Ok(Content::Text(offset + leading_blank(&text), trimmed(text)))
    }

    /// What is in it has to be nothing.
    pub(crate) fn nothing(&mut self) -> Result<(), Fault> {
        match self.children()?.first() {
            Some(element) => Err(element.unexpected(&format!("<{}>", self.name), "nothing")),
            None => Ok(()),
        }
    }

    /// Takes its text without the space around it, which has to say something.
    pub(crate) fn word<T: Value>(&mut self, expected: &'static str) -> Result<T, Fault> {
        self.optional_word()?.ok_or_else(|| self.lacks(expected))
    }

    /// Takes its text without the space around it; `None` if there is nothing but space.
    pub(crate) fn optional_word<T: Value>(&mut self) -> Result<Option<T>, Fault> {
        let (offset, text) = self.only_text()?;
        let word = text.trim_matches(is_blank);
        if word.is_empty() {
            return Ok(None);
        }
        let offset = offset + leading_blank(&text);
        T::read(word).map(Some).map_err(|invalid| self.invalid_text(offset, invalid))
    }

    /// Takes its text with every space in it, perhaps empty.
    pub(crate) fn text(&mut self) -> Result<Text, Fault> {
        let (offset, text) = self.only_text()?;
        Text::new(text).map_err(|invalid| self.invalid_text(offset, invalid))
    }

    /// Takes its text, and where that begins.
    fn only_text(&mut self) -> Result<(usize, Cow<'x, str>), Fault> {
        let mut found = (self.offset, Cow::Borrowed(""));
        for node in self.mixed() {
            match node {
                Node::Element(element) => return Err(element.unexpected(&format!("<{}>", self.name), "only text")),
                Node::Text { offset, text } => found = (offset, text),
            }
        }
        Ok(found)
    }

    /// The error that it stands where it cannot.
    pub(crate) fn unexpected(&self, parent: &str, expected: &str) -> Fault {
        let (element, parent, expected) = (self.name.to_owned(), parent.to_owned(), expected.to_owned());
        Fault::new(self.offset, ReadErrorKind::UnexpectedElement { element, parent, expected })
    }

    /// The error that it lacks something inside.
    pub(crate) fn lacks(&self, expected: &'static str) -> Fault {
        Fault::new(self.offset, ReadErrorKind::MissingContent { element: self.name.to_owned(), expected })
    }

    /// The error that it has something it cannot have.
    pub(crate) fn conflict(&self, what: &'static str) -> Fault {
        Fault::new(self.offset, ReadErrorKind::Conflict { element: self.name.to_owned(), what })
    }

    /// The error that its text is none of those it can have.
    pub(crate) fn invalid_text(&self, offset: usize, invalid: Invalid) -> Fault {
        Fault::new(offset, ReadErrorKind::InvalidText { element: self.name.to_owned(), invalid })
    }

    fn unexpected_text(&self, offset: usize, text: &str) -> Fault {
        let found = text.trim_matches(is_blank).chars().take(SHOWN).collect();
        let element = self.name.to_owned();
        let kind = ReadErrorKind::UnexpectedText { element, found, expected: "only elements" };
        Fault::new(offset + leading_blank(text), kind)
    }
}

/// How many bytes of space a text begins with.
fn leading_blank(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
    }
}
