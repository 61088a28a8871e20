//! The block list: callers that are refused, or sent elsewhere.

use crate::destination::Destination;
use crate::id::BlockedCallerId;
use crate::number::NumberPrefix;
use crate::organization::Status;
use crate::text::Note;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An entry of the block list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BlockedCaller {
    /// Its identifier.
    pub id: BlockedCallerId,
    /// A number or its beginning; it matches every number that begins with it.
    pub pattern: NumberPrefix,
    /// Why, for people.
    pub reason: Option<Note>,
    /// Where these callers go; `None`: they are refused.
    pub destination: Option<Destination>,
    /// The instant from which the entry counts no more.
    pub expires_at: Option<Timestamp>,
    /// Whether it takes part.
    pub status: Status,
}
