//! What an application of changes did, or would do.

use crate::error::ObjectKind;
use crate::organization::Revision;

/// What happened to an object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was removed.
    Removed,
}

/// An object that is no longer as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// What happened to it.
    pub change: Change,
    /// What kind of object it is.
    pub kind: ObjectKind,
    /// Its identifier. Of a dry run's created objects it is one that nobody keeps.
    pub id: u64,
    /// What people tell it by: a number, a name, a pattern.
    pub key: String,
}

/// What was done, in the order of kinds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The objects that changed; none when everything was as it should be, and then the revision is the old one.
    pub changes: Vec<Changed>,
    /// The plan's revision afterwards.
    pub revision: Revision,
}

impl Report {
    /// How many objects had this happen to them.
    pub fn count(&self, change: Change) -> usize {
        self.changes.iter().filter(|changed| changed.change == change).count()
    }
}
