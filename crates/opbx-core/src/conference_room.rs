//! Conference rooms.

use crate::bounded::MaxParticipants;
use crate::id::ConferenceRoomId;
use crate::organization::Status;
use crate::secret::Pin;
use crate::text::{Name, Note};
use serde::{Deserialize, Serialize};

/// A conference room.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConferenceRoom {
    /// Its identifier.
    pub id: ConferenceRoomId,
    /// What people call it.
    pub name: Name,
    /// A sentence about it, for people.
    pub description: Option<Note>,
    /// Whether it can be entered.
    pub status: Status,
    /// How many people it holds.
    pub max_participants: MaxParticipants,
    /// What participants enter.
    pub pin: Option<Pin>,
    /// What the host enters.
    pub host_pin: Option<Pin>,
    /// Participants wait until the host has come; without a host PIN nobody waits.
    pub wait_for_host: bool,
    /// Participants enter muted.
    pub mute_on_entry: bool,
    /// Coming and going is heard.
    pub announce_join_leave: bool,
    /// Music while one is alone.
    pub music_on_hold: bool,
    /// The conference is recorded.
    pub recording: bool,
    /// It ends when the host leaves.
    pub end_on_host_exit: bool,
}

impl ConferenceRoom {
    /// An active room with the defaults of the API for everything else.
    pub const fn new(id: ConferenceRoomId, name: Name) -> Self {
        Self {
            id,
            name,
            description: None,
            status: Status::Active,
            max_participants: MaxParticipants::literal::<50>(),
            pin: None,
            host_pin: None,
            wait_for_host: false,
            mute_on_entry: false,
            announce_join_leave: true,
            music_on_hold: true,
            recording: false,
            end_on_host_exit: false,
        }
    }
}
