//! Why a delivery could not be read, or only in part.

use std::fmt;

/// Why a delivery cannot be used at all.
///
/// ```
/// use cloudonix::webhook::{Payload, SessionUpdate};
///
/// let payload = Payload::from_json(br#"[{"token": "5b1f", "status": "new"}, {"token": "5b1f"}]"#)?;
/// let error = payload.read::<SessionUpdate>().unwrap_err();
/// assert_eq!(error.to_string(), "report 1: `status` is missing");
/// # Ok::<(), cloudonix::webhook::ReadError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The body is not JSON, not even after what is often wrong was mended.
    #[error("the body is not JSON: {reason}")]
    NotJson {
        /// What the parser says, with line and column.
        reason: String,
    },
    /// The body is JSON, but no object and no list.
    #[error("the body is {found}, where an object or a list of objects is expected")]
    NoReport {
        /// What it is.
        found: &'static str,
    },
    /// Something in the list is no object.
    #[error("report {index} is {found}, where an object is expected")]
    NoObject {
        /// Its place in the list, from 0.
        index: usize,
        /// What it is.
        found: &'static str,
    },
    /// The list has nothing in it.
    #[error("the list of reports is empty")]
    Empty,
    /// A field that a report cannot do without.
    #[error("{}{fault}", place(.index))]
    Field {
        /// The report's place in the list, from 0; `None` when the body is a single object.
        index: Option<usize>,
        /// Which field, and what is wrong with it.
        #[source]
        fault: FieldFault,
    },
}

fn place(index: &Option<usize>) -> String {
    index.map(|index| format!("report {index}: ")).unwrap_or_default()
}

/// A field that is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {problem}")]
pub struct FieldFault {
    /// The field in the platform's own spelling, with the objects it is in: `session.callStartTime`.
    pub field: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It is not there, or says nothing.
    Missing,
    /// It is something else.
    Unexpected {
        /// What it is: the beginning of a text in quotes, a number, or the kind of anything else. Never a phone number, whose
        /// fields take any text.
        found: String,
        /// What it should be, in words.
        expected: &'static str,
    },
    /// It is longer than it can be.
    TooLong {
        /// The limit, in characters.
        limit: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Unexpected { found, expected } => write!(f, "is {found}, where {expected} is expected"),
            Self::TooLong { limit } => write!(f, "is longer than {limit} characters"),
        }
    }
}
