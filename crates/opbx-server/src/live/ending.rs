//! Why a socket is closed: the codes tell a client of Pusher's protocol whether to come again, and when.
//!
//! 4000–4099: not again. 4100–4199: again after a while. 4200–4299: again at once.

/// Why a socket is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ending {
    /// The key in the address is not ours.
    UnknownKey,
    /// The client speaks a protocol that is older than this.
    OldProtocol,
    /// Who subscribed may no longer: the session ended, say.
    Unauthorized,
    /// As many sockets as there may be.
    Full,
    /// It did not take what it was sent.
    Slow,
    /// It sent more than a client has to say.
    Noisy,
    /// The server stops.
    Stopping,
    /// Who subscribed may other things by now: they have to ask again.
    Changed,
    /// It did not answer whether it is there.
    Silent,
    /// It subscribed to nothing.
    Unused,
}

impl Ending {
    /// All of them, in the order of the figures.
    pub(super) const ALL: [Self; 10] = [
        Self::UnknownKey,
        Self::OldProtocol,
        Self::Unauthorized,
        Self::Full,
        Self::Slow,
        Self::Noisy,
        Self::Stopping,
        Self::Changed,
        Self::Silent,
        Self::Unused,
    ];

    /// The code of the close.
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::UnknownKey => 4001,
            Self::OldProtocol => 4007,
            Self::Unauthorized => 4009,
            Self::Full => 4100,
            Self::Slow => 4101,
            Self::Noisy => 4102,
            Self::Stopping => 4200,
            Self::Silent => 4201,
            Self::Unused => 4202,
            Self::Changed => 4203,
        }
    }

    /// What people are told.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::UnknownKey => "There is no application with this key.",
            Self::OldProtocol => "This version of the protocol is not spoken: 7 is.",
            Self::Unauthorized => "Whoever subscribed is no longer signed in.",
            Self::Full => "There are as many connections as there may be.",
            Self::Slow => "What was sent was not taken in time.",
            Self::Noisy => "Too much was sent at once.",
            Self::Stopping => "The server stops; another one, or the next, takes over.",
            Self::Changed => "Whoever subscribed has other rights by now.",
            Self::Silent => "No answer came to a ping.",
            Self::Unused => "Nothing was subscribed to.",
        }
    }

    /// The word in the figures.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown_key",
            Self::OldProtocol => "old_protocol",
            Self::Unauthorized => "unauthorized",
            Self::Full => "full",
            Self::Slow => "slow",
            Self::Noisy => "noisy",
            Self::Stopping => "stopping",
            Self::Changed => "changed",
            Self::Silent => "silent",
            Self::Unused => "unused",
        }
    }
}
