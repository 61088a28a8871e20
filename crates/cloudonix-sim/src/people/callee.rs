use cxml::Key;

use crate::clock::Span;

/// How someone behaves who is called.
///
/// ```
/// use cloudonix_sim::Callee;
///
/// let callee = Callee::answers_after(3).talks(40);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callee {
    outcome: Outcome,
    talk: Span,
    parting: Parting,
}

/// What happens when it rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Answers(Span),
    NoAnswer,
    Busy(Span),
    Declines(Span),
    Unreachable,
}

/// What ends the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parting {
    CalleeHangsUp,
    CallerHangsUp,
    CallerPresses(Key),
}

impl Callee {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, talk: Span::seconds(30), parting: Parting::CalleeHangsUp }
    }

    /// Answers when it has rung for so many seconds; then talks for half a minute and hangs up.
    pub fn answers_after(seconds: u32) -> Self {
        Self::new(Outcome::Answers(Span::seconds(seconds)))
    }

    /// Lets it ring.
    pub fn no_answer() -> Self {
        Self::new(Outcome::NoAnswer)
    }

    /// Is in another call; it takes the network a second to say so.
    pub fn busy() -> Self {
        Self::new(Outcome::Busy(Span::seconds(1)))
    }

    /// Presses the red button when it has rung for so many seconds.
    pub fn declines_after(seconds: u32) -> Self {
        Self::new(Outcome::Declines(Span::seconds(seconds)))
    }

    /// Has a phone that is switched off, or a number that does not exist.
    pub fn unreachable() -> Self {
        Self::new(Outcome::Unreachable)
    }

    /// After answering, talks for so many seconds and hangs up.
    #[must_use]
    pub fn talks(mut self, seconds: u32) -> Self {
        self.talk = Span::seconds(seconds);
        self.parting = Parting::CalleeHangsUp;
        self
    }

    /// After answering, talks for so many seconds until the caller hangs up.
    #[must_use]
    pub fn talks_until_caller_hangs_up(mut self, seconds: u32) -> Self {
        self.talk = Span::seconds(seconds);
        self.parting = Parting::CallerHangsUp;
        self
    }

    /// After answering, talks for so many seconds until the caller presses this key. If the `Dial` does not end at this key they talk
    /// as long again, and the callee hangs up.
    #[must_use]
    pub fn talks_until_caller_presses(mut self, seconds: u32, key: Key) -> Self {
        self.talk = Span::seconds(seconds);
        self.parting = Parting::CallerPresses(key);
        self
    }

    pub(crate) fn outcome(&self) -> Outcome {
        self.outcome
    }

    pub(crate) fn talk(&self) -> Span {
        self.talk
    }

    pub(crate) fn parting(&self) -> Parting {
        self.parting
    }
}
