//! The writer: the only place that knows how a document is spelled. Escaping and layout are decided here, the order
//! of attributes is the order of each element's table.

use std::fmt;

use quick_xml::escape::partial_escape;
use quick_xml::events::attributes::Attribute;

/// Where line ends may go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Nowhere: for machines.
    Compact,
    /// Between elements, where they have no meaning: for people.
    Pretty,
}

/// Appends elements to the caller's buffer.
pub(crate) struct Writer<'o> {
    out: &'o mut String,
    layout: Layout,
    depth: usize,
}

impl<'o> Writer<'o> {
    /// Begins a document behind whatever is in the buffer.
    pub(crate) fn begin(out: &'o mut String, layout: Layout) -> Self {
        out.push_str(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        Self { out, layout, depth: 0 }
    }

    /// Begins an element; the tag stays open for attributes.
    pub(crate) fn open(&mut self, name: &'static str) -> Tag<'_, 'o> {
        self.line();
        self.out.push('<');
        self.out.push_str(name);
        Tag { writer: self, name }
    }

    /// Writes text between elements; only for content in which the two are mixed.
    pub(crate) fn text(&mut self, text: &str) {
        self.out.push_str(&partial_escape(text));
    }

    fn line(&mut self) {
        if self.layout == Layout::Pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }
}

/// A start tag that is not closed yet. It has to be ended by one of the methods that say what is inside.
#[must_use = "the element is not closed"]
pub(crate) struct Tag<'w, 'o> {
    writer: &'w mut Writer<'o>,
    name: &'static str,
}

impl<'o> Tag<'_, 'o> {
    /// Writes an attribute. The name must be an XML name.
    pub(crate) fn attribute(&mut self, name: &str, value: &impl fmt::Display) {
        let out = &mut *self.writer.out;
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        write_escaped(&mut EscapingAttribute(out), value);
        out.push('"');
    }

    /// Writes an attribute if there is a value for it.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&impl fmt::Display>) {
        if let Some(value) = value {
            self.attribute(name, value);
        }
    }

    /// Ends the element: there is nothing in it.
    pub(crate) fn empty(self) {
        self.writer.out.push_str("/>");
    }

    /// Ends the element: there is text in it, and nothing but text.
    pub(crate) fn text(self, text: &impl fmt::Display) {
        self.writer.out.push('>');
        write_escaped(&mut EscapingText(self.writer.out), text);
        self.close();
    }

    /// Ends the element: there are elements in it, and space between them has no meaning.
    pub(crate) fn children(self, write: impl FnOnce(&mut Writer<'o>)) {
        let before = self.writer.out.len();
        self.writer.out.push('>');
        self.writer.depth += 1;
        write(self.writer);
        self.writer.depth -= 1;
        if self.writer.out.len() == before + 1 {
            self.writer.out.truncate(before);
            return self.empty();
        }
        self.writer.line();
        self.close();
    }

    /// Ends the element: text and elements are mixed in it, so every space counts and stays on one line.
    pub(crate) fn mixed(self, write: impl FnOnce(&mut Writer<'o>)) {
        self.writer.out.push('>');
        let layout = std::mem::replace(&mut self.writer.layout, Layout::Compact);
        write(self.writer);
        self.writer.layout = layout;
        self.close();
    }

    fn close(self) {
        self.writer.out.push_str("</");
        self.writer.out.push_str(self.name);
        self.writer.out.push('>');
    }
}

/// Every value passes through here on its way into the document, without a string in between.
fn write_escaped(sink: &mut impl fmt::Write, value: &impl fmt::Display) {
    // Neither sink fails, and no `Display` in this crate fails by itself.
    let _ = write!(sink, "{value}");
}

struct EscapingText<'o>(&'o mut String);

impl fmt::Write for EscapingText<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // `\r` becomes a reference; a reader would turn it into `\n`.
        self.0.push_str(&partial_escape(text));
        Ok(())
    }
}

struct EscapingAttribute<'o>(&'o mut String);

impl fmt::Write for EscapingAttribute<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Making an attribute is the public way to the escaping that also covers `\t` and `\n`, which a reader
        // would turn into spaces.
        self.0.push_str(&Attribute::from(("", text)).value);
        Ok(())
    }
}

/// The attributes of an element that may be absent: which field holds which, in the order they are written. The same
/// table reads and writes, so the two cannot disagree.
macro_rules! attributes {
    ($element:ty { $($name:literal => $field:ident),+ $(,)? }) => {
        impl $element {
            fn write_attributes(&self, tag: &mut $crate::write::Tag<'_, '_>) {
                $(tag.optional($name, self.$field.as_ref());)+
            }

            /// Takes these attributes; others must have been taken before, for any that is left is unknown.
            fn read_attributes(
                &mut self,
                element: &mut $crate::read::Element<'_>,
            ) -> Result<(), $crate::read::Fault> {
                $(self.$field = element.optional($name)?;)+
                element.no_more_attributes()
            }
        }
    };
}
pub(crate) use attributes;
