//! The strict reader. XML becomes a small tree with positions (`tree`), and the tree becomes typed elements: each
//! element's own file says how.

mod element;
mod error;
mod limits;
mod tree;

pub(crate) use element::{Attribute, Content, Element, Node};
pub(crate) use error::Fault;
pub use error::{ReadError, ReadErrorKind};
pub use limits::Limits;

use crate::response::Response;
use crate::verb::Verb;

impl Response {
    /// Reads a document, strictly: what the schema does not know is an error. Letter case of element and attribute
    /// names does not matter.
    ///
    /// ```
    /// use cxml::{Pause, Response, Verb};
    ///
    /// let response = Response::read("<response><PAUSE length='2'/></response>").unwrap();
    /// assert_eq!(response.verbs, [Verb::Pause(Pause::seconds(2))]);
    ///
    /// let error = Response::read("<Response>\n  <Pause length='long'/>\n</Response>").unwrap_err();
    /// assert_eq!((error.line(), error.column()), (2, 10));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ReadError`], with the place, for anything that is not a CXML document within the default [`Limits`].
    pub fn read(xml: &str) -> Result<Self, ReadError> {
        Self::read_with(xml, Limits::default())
    }

    /// Reads a document within other limits than the default ones.
    ///
    /// # Errors
    ///
    /// [`ReadError`], with the place, for anything that is not a CXML document within the limits.
    pub fn read_with(xml: &str, limits: Limits) -> Result<Self, ReadError> {
        tree::parse(xml, limits).and_then(read_root).map_err(|fault| fault.locate(xml))
    }
}

fn read_root(mut root: Element<'_>) -> Result<Response, Fault> {
    if !root.is("Response") {
        return Err(root.unexpected("the document", "Response"));
    }
    root.no_more_attributes()?;
    root.children()?.into_iter().map(Verb::read).collect()
}
