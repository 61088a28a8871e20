//! Who changes something: what the audit log keeps of them.

use opbx_core::id::{ExtensionId, UserId};

use crate::apply::PlanObject;

/// How an object looks to the readers of the audit log: the fields of the API, its secrets hidden.
///
/// The store knows neither, and is the one who must not forget to write the entry: so it is handed the brush.
pub type Portrait = fn(&PlanObject) -> serde_json::Value;

/// Who changes something, and in which request.
#[derive(Clone, Debug)]
pub struct Author {
    /// Who it is.
    pub actor: Actor,
    /// The request, to find it in the log of the server.
    pub request_id: Option<Box<str>>,
    /// The address it came from.
    pub address: Option<Box<str>>,
    /// How what they change is drawn.
    pub portrait: Portrait,
}

/// The ways to be someone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// A person who is signed in.
    User {
        /// Which one.
        id: UserId,
        /// What they were called at that time.
        name: Box<str>,
    },
    /// A program with a person's token.
    Token {
        /// The person who made the token.
        user: UserId,
        /// What the token is called.
        name: Box<str>,
    },
    /// A reseller or an operator, acting for the organization.
    Installation {
        /// Which token.
        token: u64,
        /// What the token is called.
        name: Box<str>,
    },
    /// Someone with the machine in hand.
    Command,
    /// Someone on the phone, by a feature code or in the menu of a voicemail box.
    Caller {
        /// Whose extension they change, if it is one's.
        extension: Option<ExtensionId>,
        /// What they call from.
        number: Box<str>,
    },
    /// The server itself, at work on what someone left to be done.
    Job {
        /// What kind of work.
        kind: &'static str,
    },
}

impl Actor {
    /// Its word in the log.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Token { .. } => "api_token",
            Self::Installation { .. } => "installation",
            Self::Command => "command",
            Self::Caller { .. } => "caller",
            Self::Job { .. } => "job",
        }
    }

    /// The number that it is known by, if it has one: of the person behind it where there is one.
    pub const fn number(&self) -> Option<u64> {
        match self {
            Self::User { id, .. } => Some(id.get()),
            Self::Token { user, .. } => Some(user.get()),
            Self::Installation { token, .. } => Some(*token),
            Self::Caller { extension: Some(extension), .. } => Some(extension.get()),
            Self::Caller { extension: None, .. } | Self::Command | Self::Job { .. } => None,
        }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        match self {
            Self::User { name, .. } | Self::Token { name, .. } | Self::Installation { name, .. } => name,
            Self::Caller { number, .. } => number,
            Self::Command => "command line",
            Self::Job { kind } => kind,
        }
    }
}
