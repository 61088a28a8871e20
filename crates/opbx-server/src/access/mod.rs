//! Who asks, and whether they may: what a handler needs of that stands in its signature.
//!
//! [`Caller`] is anyone who is signed in. [`Permit`] is a caller who may do a certain thing: to have one is to have been
//! checked, and only through one is the way into an organization's rows found.

mod authenticate;
mod installation;
mod permit;
mod rights;
mod token;

pub(crate) use self::authenticate::{COOKIE_NAME, Known, Person, admitted, is_ours, presented};
pub(crate) use self::installation::{Anyone, Installation};
pub(crate) use self::permit::{Create, Delete, Permit, Read, Update};
pub(crate) use self::rights::Protected;
pub(crate) use self::rights::{
    AiAssistants, ApiTokens, AuditLog, BlockedCallers, BusinessHours, CallLogs, ConferencePins, ConferenceRooms,
    Erasure, Extensions, HolidayLists, IvrMenus, Limits, LiveCalls, Organization, OutboundRules, PhoneNumbers,
    PlatformSettings, Prompts, Recordings, Retention, RingGroups, Routing, SipCredentials, Statistics, Users,
    VoicemailBoxes, VoicemailMessages, VoicemailPins,
};
pub(crate) use self::token::{Kind as TokenKind, NewToken, Presented};

use crate::problem::Problem;
use crate::request_id::RequestId;
use opbx_core::id::UserId;
use opbx_core::permission::{Action, Grant, Permission, Resource, Role, allows};
use opbx_store::{Actor, Author, Portrait, Tenant};

/// Someone who is signed in, inside an organization.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The way into the organization.
    pub(crate) tenant: Tenant,
    /// What they may do as far as their role says.
    pub(crate) role: Role,
    /// Who they are; none for the installation's tokens.
    pub(crate) user: Option<UserId>,
    /// What they are called.
    pub(crate) name: Box<str>,
    /// Whether they have to set up a second factor before anything else.
    pub(crate) second_factor_missing: bool,
    /// With what they came.
    pub(crate) means: Means,
    /// The request, for the log.
    pub(crate) request: RequestId,
    /// Where it came from.
    pub(crate) address: Option<Box<str>>,
}

/// With what someone came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Means {
    /// A session.
    Session {
        /// Which one.
        id: u64,
    },
    /// A token of theirs, cut to its abilities.
    Token {
        /// Which one.
        id: u64,
        /// What the token is called.
        name: Box<str>,
        /// What it may do.
        abilities: Vec<Permission>,
    },
    /// A token of the installation, acting as an owner.
    Installation {
        /// Which one.
        id: u64,
    },
}

impl Caller {
    /// How far their right to do this goes.
    pub(crate) fn grant(&self, action: Action, resource: Resource) -> Grant {
        let grant = allows(self.role, action, resource);
        match &self.means {
            Means::Session { .. } | Means::Installation { .. } => grant,
            Means::Token { abilities, .. } => abilities
                .iter()
                .map(|ability| ability.cut(grant, action, resource))
                .max_by_key(|grant| breadth(*grant))
                .unwrap_or(Grant::No),
        }
    }

    /// Whether they have the second factor that their organization wants.
    ///
    /// # Errors
    ///
    /// [`Problem::SecondFactorRequired`].
    pub(crate) fn enrolled(&self) -> Result<(), Problem> {
        if self.second_factor_missing { Err(Problem::SecondFactorRequired) } else { Ok(()) }
    }

    /// A permission of their role, as far as it goes with what they came with.
    pub(crate) fn cut(&self, permission: Permission) -> Option<Permission> {
        let Means::Token { abilities, .. } = &self.means else { return Some(permission) };
        let same = abilities.iter().filter(|it| (it.resource, it.verb) == (permission.resource, permission.verb));
        let reach = same.map(|ability| ability.reach).max()?;
        Some(Permission { reach: reach.min(permission.reach), ..permission })
    }

    /// What the audit log keeps of them.
    pub(crate) fn author(&self, portrait: Portrait) -> Author {
        let actor = match (&self.means, self.user) {
            (Means::Session { .. }, Some(id)) => Actor::User { id, name: self.name.clone() },
            (Means::Token { name, .. }, Some(user)) => Actor::Token { user, name: name.clone() },
            (Means::Installation { id }, _) => Actor::Installation { token: *id, name: self.name.clone() },
            // A session or a token without a person does not exist; the log would still say what happened.
            (_, None) => Actor::Command,
        };
        Author { actor, request_id: Some(self.request.to_string().into()), address: self.address.clone(), portrait }
    }
}

/// An order in which a wider right comes later.
const fn breadth(grant: Grant) -> u8 {
    match grant {
        Grant::No => 0,
        Grant::OwnFields(_) => 1,
        Grant::Own => 2,
        Grant::Lesser => 3,
        Grant::All => 4,
    }
}
