use crate::clock::Span;

/// What the caller finds in a conference room, and how it ends. By default the caller stays for a minute and hangs up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// When someone else starts the conference.
    pub(crate) starts_after: Option<Span>,
    pub(crate) stay: Span,
    pub(crate) leaving: Leaving,
}

/// How a stay in a room ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaving {
    CallerHangsUp,
    CallerPressesStar,
    ConferenceEnds,
    Full,
}

impl Default for Room {
    fn default() -> Self {
        Self::left_after(60)
    }
}

impl Room {
    fn new(seconds: u32, leaving: Leaving) -> Self {
        Self { starts_after: None, stay: Span::seconds(seconds), leaving }
    }

    /// The caller stays for so many seconds, waiting included, and hangs up.
    pub fn left_after(seconds: u32) -> Self {
        Self::new(seconds, Leaving::CallerHangsUp)
    }

    /// After so many seconds the caller presses `*`, which leaves the room if the `Dial` has `hangupOnStar`; otherwise the caller stays
    /// as long again and hangs up.
    pub fn star_after(seconds: u32) -> Self {
        Self::new(seconds, Leaving::CallerPressesStar)
    }

    /// The conference ends after so many seconds: the last participant whose exit ends it leaves, or it is deleted over REST.
    pub fn ends_after(seconds: u32) -> Self {
        Self::new(seconds, Leaving::ConferenceEnds)
    }

    /// As many participants as the room takes are in it already.
    pub fn full() -> Self {
        Self::new(0, Leaving::Full)
    }

    /// Someone else starts the conference so many seconds after the caller came. It matters where the caller does not start it
    /// (`startConferenceOnEnter` is `false` or `required`).
    #[must_use]
    pub fn starts_after(mut self, seconds: u32) -> Self {
        self.starts_after = Some(Span::seconds(seconds));
        self
    }
}
