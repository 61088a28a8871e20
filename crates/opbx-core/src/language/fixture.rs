//! What a fixture adds to a plan: calls to explain.

use super::object::Span;
use crate::caps::Cap;
use crate::keys::Keys;
use jiff::Timestamp;

/// A call that a fixture describes. Who calls whom stays text here: what it means is decided by the reader of numbers
/// that a live call goes through too.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixtureCall {
    /// Who calls.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// When; `None`: whoever runs the fixture decides.
    pub at: Option<Timestamp>,
    /// The direction in the platform's words; `None`: whoever runs the fixture decides.
    pub direction: Option<String>,
    /// The name that the caller's phone shows.
    pub name: Option<String>,
    /// What is pressed, for each time that keys are asked for; `None` is silence.
    pub keys: Vec<Option<Keys>>,
    /// How each dial ends, in the platform's words.
    pub results: Vec<String>,
    /// What shared state answers.
    pub answers: Answers,
    /// Where the call stands.
    pub span: Span,
}

/// What shared state answers to the questions of a call. A question that has no answer here is answered as by an
/// installation where nothing has happened yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// The turn of a round-robin group.
    pub turn: Option<u64>,
    /// The limit that is reached.
    pub over: Option<Cap>,
    /// The box holds as many messages as it may.
    pub box_full: bool,
    /// The owner's menu of the box is locked after wrong PINs.
    pub box_locked: bool,
    /// New and saved messages in the box.
    pub box_messages: Option<(u32, u32)>,
}
