//! Rights as words: `permissions` of `/auth/me`, and the abilities of API tokens.

use std::fmt;

use super::{Action, Grant, Resource, Role, allows};

/// Half of a permission: looking or changing. Finer than this nobody hands out rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// [`Action::Read`].
    Read,
    /// Every other action.
    Write,
}

impl Verb {
    /// The word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    const fn actions(self) -> &'static [Action] {
        match self {
            Self::Read => &[Action::Read],
            Self::Write => &[Action::Create, Action::Update, Action::Delete],
        }
    }
}

impl From<Action> for Verb {
    fn from(action: Action) -> Self {
        match action {
            Action::Read => Self::Read,
            Action::Create | Action::Update | Action::Delete => Self::Write,
        }
    }
}

/// Whose things a permission is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// One's own only. Written, so that a screen does not offer a button that will be refused.
    Own,
    /// The organization's.
    All,
}

/// A right in one word: `extensions:read`, `extensions:write`, or `extensions:write:own` for the narrow form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Permission {
    /// To what.
    pub resource: Resource,
    /// Look or change.
    pub verb: Verb,
    /// Whose.
    pub reach: Reach,
}

impl Permission {
    /// Reads a word back; `None` when it is none.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let (resource, rest) = word.split_once(':')?;
        let (verb, reach) = match rest {
            "read" => (Verb::Read, Reach::All),
            "write" => (Verb::Write, Reach::All),
            "read:own" => (Verb::Read, Reach::Own),
            "write:own" => (Verb::Write, Reach::Own),
            _ => return None,
        };
        Some(Self { resource: Resource::parse(resource)?, verb, reach })
    }

    /// Cuts a right to this ability: what a token may do is what its creator may do *and* what the token says.
    #[must_use]
    pub fn cut(self, grant: Grant, action: Action, resource: Resource) -> Grant {
        if self.resource != resource || self.verb != Verb::from(action) {
            return Grant::No;
        }
        match (self.reach, grant) {
            (Reach::Own, Grant::All) => Grant::Own,
            // Users of a lesser role are never oneself.
            (Reach::Own, Grant::Lesser) => Grant::No,
            (_, grant) => grant,
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource.as_str(), self.verb.as_str())?;
        match self.reach {
            Reach::All => Ok(()),
            Reach::Own => f.write_str(":own"),
        }
    }
}

/// What a role may do, as words, in the order of the table.
#[must_use]
pub fn permissions(role: Role) -> Vec<Permission> {
    let all = Resource::ALL.into_iter().flat_map(|resource| [(resource, Verb::Read), (resource, Verb::Write)]);
    all.filter_map(|(resource, verb)| {
        let grants = verb.actions().iter().map(|action| allows(role, *action, resource));
        let reach = |grant| match grant {
            Grant::No => None,
            Grant::Own | Grant::OwnFields(_) => Some(Reach::Own),
            Grant::Lesser | Grant::All => Some(Reach::All),
        };
        Some(Permission { resource, verb, reach: grants.filter_map(reach).max()? })
    })
    .collect()
}
