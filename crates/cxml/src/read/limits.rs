/// How much a reader takes before it gives up, and how strict it is. A document comes from outside: without limits
/// it could ask for any amount of memory.
///
/// ```
/// use cxml::{Limits, Response};
///
/// let limits = Limits { ignore_unknown_attributes: true, ..Limits::default() };
/// assert!(Response::read_with(r#"<Response><Gather minDigits="2"/></Response>"#, limits).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest document, in bytes; 1 MiB by default.
    pub max_bytes: usize,
    /// How deep elements may be nested, the root counted; 16 by default. CXML itself needs five; only SSML can be
    /// deeper. The tree is taken apart by recursion, so a very large value trades an error for the stack.
    pub max_depth: usize,
    /// The longest attribute value, and the longest text between two elements, in bytes; 64 KiB by default.
    pub max_text: usize,
    /// Whether attributes the schema does not know are passed over, as the platform seems to do; `false` by default,
    /// because in a test an unknown attribute is a misspelt one.
    pub ignore_unknown_attributes: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 1024 * 1024, max_depth: 16, max_text: 64 * 1024, ignore_unknown_attributes: false }
    }
}
