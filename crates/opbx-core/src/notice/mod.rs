//! Words: what callers hear and what traces say, by code and language.
//!
//! Decisions carry codes and data; a sentence is made only when somebody hears or reads it. Every sentence stands in
//! one of two tables ([`Notice`], [`Reason`]) with all its languages side by side, so that a missing one does not
//! compile. A further language is one more column.

mod fill;
mod language;
mod reason;
mod spoken;
mod table;
mod words;

pub use self::fill::{fill, node_label, sentence};
pub use self::language::Language;
pub use self::reason::Reason;
pub use self::spoken::Notice;
pub(crate) use self::table::sentences;
