//! Ring groups: several phones that answer together.

use crate::bounded::{Priority, RingTimeout, RingTurns};
use crate::destination::Destination;
use crate::id::{ExtensionId, RingGroupId};
use crate::organization::{Recording, Status};
use crate::text::{CallerNamePrefix, EmailAddress, Name, Note};
use serde::{Deserialize, Serialize};

/// In which order the members ring.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// All at once.
    Simultaneous,
    /// One after the other, each call beginning one member further.
    RoundRobin,
    /// One after the other, always in the order of priority.
    Sequential,
}

/// A member of a ring group.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Whose phone.
    pub extension_id: ExtensionId,
    /// Its place: lower rings earlier, ties go by extension number.
    pub priority: Priority,
}

/// A ring group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RingGroup {
    /// Its identifier.
    pub id: RingGroupId,
    /// What people call it.
    pub name: Name,
    /// A sentence about it, for people.
    pub description: Option<Note>,
    /// Whether it takes part in routing.
    pub status: Status,
    /// In which order the members ring.
    pub strategy: Strategy,
    /// How long each attempt rings.
    pub timeout: RingTimeout,
    /// How often it goes through its members.
    pub ring_turns: RingTurns,
    /// Ring where a member's forward-always leads instead of the member.
    pub follow_forwards: bool,
    /// 1 to 50 extensions of people.
    pub members: Vec<Member>,
    /// Where the call goes when nobody answered.
    pub fallback: Destination,
    /// What is recorded of its calls; `None`: what the extension or the organization says.
    pub recording: Option<Recording>,
    /// Put before the caller's name.
    pub caller_name_prefix: Option<CallerNamePrefix>,
    /// Who is told of calls that rang here and that nobody took.
    #[serde(default)]
    pub missed_call_email: Option<EmailAddress>,
}

impl RingGroup {
    /// The most members a group may have; the continuation of a call carries those still to try.
    pub const MAX_MEMBERS: usize = 50;

    /// An active group with the defaults of the API for everything else.
    pub const fn new(id: RingGroupId, name: Name, strategy: Strategy, members: Vec<Member>) -> Self {
        Self {
            id,
            name,
            description: None,
            status: Status::Active,
            strategy,
            timeout: RingTimeout::literal::<30>(),
            ring_turns: RingTurns::literal::<1>(),
            follow_forwards: false,
            members,
            fallback: Destination::Hangup,
            recording: None,
            caller_name_prefix: None,
            missed_call_email: None,
        }
    }
}
