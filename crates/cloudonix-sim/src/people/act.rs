use cxml::Key;

use crate::clock::Span;

/// What the caller does in one `Gather`, `Record` or `Coach`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Presses keys.
    Press {
        /// The keys, in order.
        keys: Vec<Key>,
        /// When the first is pressed, counted from the beginning of the verb. None is when the prompts have been heard once.
        after: Option<Span>,
        /// The time between two keys.
        gap: Span,
    },
    /// Does nothing.
    StaySilent,
    /// Says words.
    Say(String),
    /// Speaks without words that matter.
    Speak {
        /// For how long.
        length: Span,
        /// And then.
        then: Then,
    },
    /// Hangs up.
    HangUp {
        /// When, counted from the beginning of the verb.
        after: Span,
    },
}

/// What the caller does after speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing.
    Silence,
    /// Presses a key.
    Press(Key),
    /// Hangs up.
    HangUp,
}
