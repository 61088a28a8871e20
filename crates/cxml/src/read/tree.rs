//! XML to a tree of elements with positions. Everything about XML that is not about CXML is decided here: limits,
//! what is skipped, what is refused.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::{AttrError, Attributes};
use quick_xml::events::{BytesDecl, BytesRef, Event};
use quick_xml::reader::Reader;

use super::element::{Attribute, Element, Node, is_blank};
use super::{Fault, Limits, ReadErrorKind};
use crate::value::is_xml_char;

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Reads one document: a root element, and around it nothing that matters.
pub(crate) fn parse(xml: &str, limits: Limits) -> Result<Element<'_>, Fault> {
    if xml.len() > limits.max_bytes {
        return Err(Fault::new(0, ReadErrorKind::TooLong { limit: limits.max_bytes }));
    }
    if let Some((offset, c)) = xml.char_indices().find(|&(_, c)| !is_xml_char(c)) {
        return Err(Fault::malformed(offset, format!("the character {c:?} is not allowed")));
    }
    // The parser would drop a byte order mark and count from behind it; positions are easier to keep right when it
    // never sees one.
    let text = xml.strip_prefix(BYTE_ORDER_MARK).unwrap_or(xml);
    if text.starts_with(BYTE_ORDER_MARK) {
        return Err(Fault::malformed(xml.len() - text.len(), "text before the root element"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    Tree { xml, text, base: xml.len() - text.len(), limits, reader, open: Vec::new(), root: None }.build()
}

struct Tree<'x> {
    /// The whole document.
    xml: &'x str,
    /// The document behind its byte order mark; the parser counts from here.
    text: &'x str,
    /// How long the byte order mark is.
    base: usize,
    limits: Limits,
    reader: Reader<&'x [u8]>,
    /// The elements that are not closed yet, outermost first.
    open: Vec<Element<'x>>,
    root: Option<Element<'x>>,
}

impl<'x> Tree<'x> {
    fn build(mut self) -> Result<Element<'x>, Fault> {
        loop {
            let start = self.position();
            let event = self.reader.read_event().map_err(|error| {
                // The parser reports some places exactly and others not at all; the later of the two is nearer.
                let reported = usize::try_from(self.reader.error_position()).unwrap_or(0);
                Fault::malformed(start.max(self.base + reported).min(self.xml.len()), error.to_string())
            })?;
            match event {
                Event::Start(_) => {
                    let element = self.element(start, 1)?;
                    self.open.push(element);
                }
                Event::Empty(_) => {
                    let element = self.element(start, 2)?;
                    self.close(element)?;
                }
                Event::End(_) => {
                    // The parser has checked that the names match, so there is an open element.
                    let Some(element) = self.open.pop() else {
                        return Err(Fault::malformed(start, "an end tag without a start tag"));
                    };
                    self.close(element)?;
                }
                Event::Text(_) => {
                    let raw = self.slice(start, self.position());
                    if raw.contains("]]>") {
                        return Err(Fault::malformed(start, "`]]>` has to be written `]]&gt;` in text"));
                    }
                    self.append(start, normalize_line_ends(raw))?;
                }
                Event::CData(data) => self.append(start, Cow::Owned(data.xml10_content().into_owned()))?,
                Event::GeneralRef(reference) => {
                    let text = resolve(&reference, start)?;
                    self.append(start, text)?;
                }
                Event::Comment(_) => {}
                Event::Decl(declaration) => self.declaration(&declaration, start)?,
                Event::DocType(_) => return Err(forbidden(start, "a document type declaration")),
                Event::PI(_) => return Err(forbidden(start, "a processing instruction")),
                Event::Eof => return self.finish(),
            }
        }
    }

    /// Where the parser is, in bytes of the whole document.
    fn position(&self) -> usize {
        // A position in a string that exists fits; the limit on its length is far below.
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX - self.base)
    }

    /// A piece of the document; empty when the parser's positions are not what they are believed to be.
    fn slice(&self, start: usize, end: usize) -> &'x str {
        self.xml.get(start..end).unwrap_or_default()
    }

    /// The element whose start tag has just been read: from `start` to here, with so many characters at its end that
    /// are not part of its attributes.
    fn element(&self, start: usize, end: usize) -> Result<Element<'x>, Fault> {
        if self.open.len() >= self.limits.max_depth {
            return Err(Fault::new(start, ReadErrorKind::TooDeep { limit: self.limits.max_depth }));
        }
        if self.open.is_empty() && self.root.is_some() {
            return Err(Fault::malformed(start, "a second root element"));
        }
        let inside = start + 1;
        let tag = self.slice(inside, self.position().saturating_sub(end));
        let name = tag.split(is_blank).next().unwrap_or_default();
        if name.is_empty() {
            return Err(Fault::malformed(start, "a tag without a name"));
        }
        let mut element = Element::new(name, start, self.limits.ignore_unknown_attributes);
        let mut attributes = Attributes::new(tag, name.len());
        // The parser's own check does not see that `url` and `URL` are the same here.
        for attribute in attributes.with_checks(false) {
            let attribute =
                attribute.map_err(|error| Fault::malformed(inside + error_offset(&error), error.to_string()))?;
            let name = attribute.key.into_inner();
            let offset = inside + (name.as_ptr().addr() - tag.as_ptr().addr());
            if attribute.value.contains('<') {
                return Err(Fault::malformed(offset, "`<` has to be written `&lt;` in an attribute"));
            }
            let value = attribute
                .normalized_value_with(XmlVersion::Implicit1_0, 1, resolve_xml_entity)
                .map_err(|error| Fault::malformed(offset, error.to_string()))?;
            self.check_text(offset, &value)?;
            element.push_attribute(Attribute { name, value, offset })?;
        }
        Ok(element)
    }

    fn close(&mut self, element: Element<'x>) -> Result<(), Fault> {
        match self.open.last_mut() {
            Some(parent) => parent.push_element(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn append(&mut self, start: usize, text: Cow<'x, str>) -> Result<(), Fault> {
        let limit = self.limits.max_text;
        match self.open.last_mut() {
            Some(parent) => {
                let whole = parent.push_text(start, text);
                if whole.len() > limit {
                    return Err(Fault::new(start, ReadErrorKind::TextTooLong { limit }));
                }
                // What was referred to has not been looked at yet.
                match whole.chars().next_back() {
                    Some(c) if !is_xml_char(c) => {
                        Err(Fault::malformed(start, "a reference to a character not allowed"))
                    }
                    _ => Ok(()),
                }
            }
            None if text.chars().all(is_blank) => Ok(()),
            None => Err(Fault::malformed(start, "text outside the root element")),
        }
    }

    fn check_text(&self, offset: usize, text: &str) -> Result<(), Fault> {
        if text.len() > self.limits.max_text {
            return Err(Fault::new(offset, ReadErrorKind::TextTooLong { limit: self.limits.max_text }));
        }
        if text.chars().all(is_xml_char) {
            Ok(())
        } else {
            Err(Fault::malformed(offset, "a reference to a character not allowed"))
        }
    }

    fn declaration(&self, declaration: &BytesDecl<'_>, start: usize) -> Result<(), Fault> {
        if start != self.base {
            return Err(Fault::malformed(start, "an XML declaration that is not at the beginning"));
        }
        let version = declaration.version().map_err(|error| Fault::malformed(start, error.to_string()))?;
        if version != "1.0" {
            return Err(forbidden(start, "any version of XML but 1.0"));
        }
        match declaration.encoding().transpose().map_err(|error| Fault::malformed(start, error.to_string()))? {
            // ASCII is UTF-8 too. The document is a string already: any other name would be a lie about it.
            Some(name) if !name.eq_ignore_ascii_case("utf-8") && !name.eq_ignore_ascii_case("us-ascii") => {
                Err(forbidden(start, "any encoding but UTF-8"))
            }
            _ => Ok(()),
        }
    }

    fn finish(self) -> Result<Element<'x>, Fault> {
        if let Some(element) = self.open.last() {
            return Err(Fault::malformed(element.offset, format!("<{}> is not closed", element.name)));
        }
        self.root.ok_or_else(|| Fault::malformed(self.base + self.text.len(), "there is no root element"))
    }
}

fn forbidden(offset: usize, what: &'static str) -> Fault {
    Fault::new(offset, ReadErrorKind::Forbidden { what })
}

/// Section 2.11 of XML 1.0: every way to end a line is one.
fn normalize_line_ends(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') { Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n")) } else { Cow::Borrowed(raw) }
}

fn resolve<'x>(reference: &BytesRef<'_>, start: usize) -> Result<Cow<'x, str>, Fault> {
    match reference.resolve_char_ref().map_err(|error| Fault::malformed(start, error.to_string()))? {
        Some(c) => Ok(Cow::Owned(c.to_string())),
        None => resolve_xml_entity(reference)
            .map(Cow::Borrowed)
            .ok_or_else(|| Fault::malformed(start, format!("unknown entity `{}`", &**reference))),
    }
}

fn error_offset(error: &AttrError) -> usize {
    match *error {
        AttrError::ExpectedEq(at)
        | AttrError::ExpectedValue(at)
        | AttrError::UnquotedValue(at)
        | AttrError::ExpectedQuote(at, _)
        | AttrError::Duplicated(at, _) => at,
    }
}

/// The pieces an element is built of, which only the tree adds.
impl<'x> Element<'x> {
    fn push_element(&mut self, element: Element<'x>) {
        self.nodes.push(Node::Element(element));
    }

    /// Adds text; texts with nothing but comments between them are one. Answers with all of it.
    fn push_text(&mut self, offset: usize, text: Cow<'x, str>) -> &str {
        match self.nodes.last() {
            Some(Node::Text { .. }) => {}
            _ => self.nodes.push(Node::Text { offset, text: Cow::Borrowed("") }),
        }
        match self.nodes.last_mut() {
            Some(Node::Text { text: last, .. }) => {
                if last.is_empty() {
                    *last = text;
                } else {
                    last.to_mut().push_str(&text);
                }
                last
            }
            _ => "",
        }
    }
}
