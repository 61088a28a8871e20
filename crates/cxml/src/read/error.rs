use crate::value::Invalid;

/// Why a document could not be read, and where.
///
/// ```
/// use cxml::Response;
///
/// let error = Response::read("<Response><Dail>1001</Dail></Response>").unwrap_err();
/// assert!(error.to_string().starts_with("line 1, column 11: unexpected <Dail> in <Response>: expected Dial, "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {kind}")]
pub struct ReadError {
    #[source]
    kind: Box<ReadErrorKind>,
    offset: usize,
    line: usize,
    column: usize,
}

impl ReadError {
    /// What is wrong.
    pub fn kind(&self) -> &ReadErrorKind {
        &self.kind
    }

    /// Where: bytes from the start of the document, 0 for the first.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Where: the line, 1 for the first.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Where: characters from the start of the line, 1 for the first.
    pub fn column(&self) -> usize {
        self.column
    }
}

/// What can be wrong with a document. Names of elements and attributes are as they were read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The document is longer than [`Limits::max_bytes`](crate::Limits::max_bytes).
    #[error("the document is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Elements are nested deeper than [`Limits::max_depth`](crate::Limits::max_depth).
    #[error("elements are nested more than {limit} deep")]
    TooDeep {
        /// The limit, the root counted.
        limit: usize,
    },
    /// A text or an attribute value is longer than [`Limits::max_text`](crate::Limits::max_text).
    #[error("a text is longer than {limit} bytes")]
    TextTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It is not well-formed XML 1.0.
    #[error("not well-formed XML: {reason}")]
    Malformed {
        /// What the XML parser says.
        reason: String,
    },
    /// It is XML that has no place in CXML: a document type declaration, a processing instruction, another encoding.
    #[error("{what} is not allowed")]
    Forbidden {
        /// What it is.
        what: &'static str,
    },
    /// An element stands where it cannot, or is not known at all.
    #[error("unexpected <{element}> in {parent}: expected {expected}")]
    UnexpectedElement {
        /// The element.
        element: String,
        /// What it is in.
        parent: String,
        /// What could have been there.
        expected: String,
    },
    /// Text stands where only elements can.
    #[error("unexpected text {found:?} in <{element}>: expected {expected}")]
    UnexpectedText {
        /// The element with the text.
        element: String,
        /// The beginning of the text.
        found: String,
        /// What could have been there.
        expected: &'static str,
    },
    /// Something that has to be in an element is not.
    #[error("<{element}> lacks its content: expected {expected}")]
    MissingContent {
        /// The element.
        element: String,
        /// What has to be in it.
        expected: &'static str,
    },
    /// An attribute is not known for this element.
    #[error("unknown attribute `{attribute}` of <{element}>: expected {expected}")]
    UnknownAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
        /// The attributes the element may have.
        expected: String,
    },
    /// An attribute occurs twice; letter case makes no difference.
    #[error("attribute `{attribute}` of <{element}> occurs twice")]
    DuplicateAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
    },
    /// An attribute that has to be there is not.
    #[error("<{element}> lacks its attribute `{attribute}`")]
    MissingAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// The value of an attribute is none of those it can have.
    #[error("attribute `{attribute}` of <{element}>: {invalid}")]
    InvalidAttribute {
        /// The element.
        element: String,
        /// The attribute.
        attribute: String,
        /// What was read and what was expected.
        invalid: Invalid,
    },
    /// The text of an element is none of those it can have.
    #[error("text of <{element}>: {invalid}")]
    InvalidText {
        /// The element.
        element: String,
        /// What was read and what was expected.
        invalid: Invalid,
    },
    /// Two things exclude each other.
    #[error("<{element}> cannot have {what}")]
    Conflict {
        /// The element.
        element: String,
        /// What it cannot have, in words.
        what: &'static str,
    },
}

/// An error that does not know its line yet: counting lines is left to the one place that has the whole document.
#[derive(Debug)]
pub(crate) struct Fault {
    kind: Box<ReadErrorKind>,
    offset: usize,
}

impl Fault {
    pub(crate) fn new(offset: usize, kind: ReadErrorKind) -> Self {
        Self { kind: Box::new(kind), offset }
    }

    pub(crate) fn malformed(offset: usize, reason: impl Into<String>) -> Self {
        Self::new(offset, ReadErrorKind::Malformed { reason: reason.into() })
    }

    pub(crate) fn locate(self, xml: &str) -> ReadError {
        // Where a text is pieced together around a comment, an offset into it is only near the place.
        let before = &xml[..xml.floor_char_boundary(self.offset)];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        ReadError {
            kind: self.kind,
            offset: before.len(),
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}
