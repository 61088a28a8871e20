//! Conference rooms, and their PINs at an address of their own.

mod pins;

pub(super) use self::pins::operations;

use super::answer::instant;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use super::words::StatusWord;
use crate::access::ConferenceRooms;
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::id::ConferenceRoomId;
use opbx_core::organization::Status;
use opbx_core::secret::Pin;
use opbx_store::{Edit, Stored};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A room where several people talk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConferenceRoom)]
pub(crate) struct ConferenceRoomView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// A sentence about it, for people.
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// How many people it holds.
    #[schema(minimum = 2, maximum = 250)]
    max_participants: u32,
    /// Participants wait until the host has come; needs a host PIN.
    wait_for_host: bool,
    /// Participants enter muted.
    mute_on_entry: bool,
    /// Coming and going is heard.
    announce_join_leave: bool,
    /// Music while one is alone.
    music_on_hold: bool,
    /// The conference is recorded.
    recording: bool,
    /// It ends when the host leaves.
    end_on_host_exit: bool,
    /// Whether it can be entered.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Resource for ConferenceRoom {
    const PATH: &'static str = "conference-rooms";
    const NAME: &'static str = "conference_room";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = ConferenceRooms;
    type View = ConferenceRoomView;

    fn rules() -> Rules {
        Rules {
            required: &["name"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &["pin", "host_pin"],
            defaults: object(json!({
                "description": null, "max_participants": 50, "wait_for_host": false, "mute_on_entry": false,
                "announce_join_leave": true, "music_on_hold": true, "recording": false, "end_on_host_exit": false,
                "status": "active",
            })),
        }
    }

    fn secrets() -> Vec<(&'static str, Value)> {
        ["pin", "host_pin"].map(|name| (name, pin_schema())).to_vec()
    }

    fn view(stored: &Stored<Self>) -> ConferenceRoomView {
        let room = &stored.object;
        ConferenceRoomView {
            id: room.id.get(),
            name: room.name.to_string(),
            description: room.description.as_ref().map(ToString::to_string),
            max_participants: room.max_participants.get(),
            wait_for_host: room.wait_for_host,
            mute_on_entry: room.mute_on_entry,
            announce_join_leave: room.announce_join_leave,
            music_on_hold: room.music_on_hold,
            recording: room.recording,
            end_on_host_exit: room.end_on_host_exit,
            status: room.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        // Every field is read before the first one that is missing ends it, so that all mistakes are told.
        let (name, description) = (fields.spelled("name"), fields.maybe_spelled("description"));
        let (status, max_participants) = (fields.word("status"), fields.number("max_participants"));
        let (wait_for_host, mute_on_entry) = (fields.flag("wait_for_host"), fields.flag("mute_on_entry"));
        let (announce, music) = (fields.flag("announce_join_leave"), fields.flag("music_on_hold"));
        let (recording, end_on_host_exit) = (fields.flag("recording"), fields.flag("end_on_host_exit"));
        let pin = secret_pin(fields, "pin", before.and_then(|before| before.pin.as_ref()));
        let host_pin = secret_pin(fields, "host_pin", before.and_then(|before| before.host_pin.as_ref()));
        Some(Self {
            id: before.map_or(ConferenceRoomId::new(0), |before| before.id),
            name: name?,
            description: description?,
            status: status?,
            max_participants: max_participants?,
            pin: pin?,
            host_pin: host_pin?,
            wait_for_host: wait_for_host?,
            mute_on_entry: mute_on_entry?,
            announce_join_leave: announce?,
            music_on_hold: music?,
            recording: recording?,
            end_on_host_exit: end_on_host_exit?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }

    async fn check(&self, _edit: &Edit, _before: Option<&Stored<Self>>) -> Result<FieldErrors, Problem> {
        let mut errors = FieldErrors::default();
        if self.wait_for_host && self.host_pin.is_none() {
            let text = "Without a host PIN nobody can be the host. Set host_pin, or do not wait.";
            errors.add("wait_for_host", FieldError::rule("needs_host_pin", text));
        }
        if self.pin.is_some() && self.pin == self.host_pin {
            errors.add("host_pin", FieldError::rule("equal_pins", "Choose another PIN than the participants'."));
        }
        Ok(errors)
    }
}

/// A PIN that a body sets or clears; one of which it says nothing stays.
pub(super) fn secret_pin(fields: &Fields<'_>, name: &str, before: Option<&Pin>) -> Option<Option<Pin>> {
    if fields.says(name) { fields.maybe_spelled(name) } else { Some(before.cloned()) }
}

pub(super) fn pin_schema() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4,10}$", "example": "4711", "writeOnly": true })
}
