//! `room Board "Board room" up to 25, muted, host must be present`, and `pins Board 2468 host 13579`

use super::Printer;
use super::shared;
use crate::bounded::MaxParticipants;
use crate::conference_room::ConferenceRoom;
use crate::id::ConferenceRoomId;
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{name, quoted};
use crate::organization::Status;
use crate::secret::Pin;
use crate::text::{Name, Note};

const SETTINGS: &[&str] = &["inactive", "up", "music", "no", "muted", "quiet", "recorded", "host", "ends"];

/// Reads a room.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<ConferenceRoom> {
    let mut room = ConferenceRoom::new(ConferenceRoomId::new(object.id), "?".parse().ok()?);
    found.object(
        context,
        object,
        &mut room,
        |cursor, room| {
            room.name = cursor.declared_name::<Name>("the name of the room")?;
            if cursor.is_text() {
                room.description = Some(cursor.parsed_text::<Note>("a sentence about the room")?);
            }
            Ok(())
        },
        setting,
    );
    Some(room)
}

fn setting(cursor: &mut Cursor<'_>, room: &mut ConferenceRoom) -> Read<Slot> {
    let slot = match cursor.word() {
        Some("inactive") => return Ok(shared::inactive(cursor, &mut room.status)),
        Some("up") => {
            cursor.advance();
            cursor.need("to")?;
            room.max_participants = cursor.bounded::<2, 250>("a number of people")?;
            return Ok(Slot::One("up"));
        }
        Some("no") => {
            cursor.advance();
            cursor.need("music")?;
            room.music_on_hold = false;
            return Ok(Slot::One("music"));
        }
        Some("host") => {
            cursor.advance();
            cursor.need_all(&["must", "be", "present"])?;
            room.wait_for_host = true;
            return Ok(Slot::One("host"));
        }
        Some("ends") => {
            cursor.advance();
            cursor.need_all(&["with", "host"])?;
            room.end_on_host_exit = true;
            return Ok(Slot::One("ends"));
        }
        Some("music") => "music",
        Some("muted") => {
            room.mute_on_entry = true;
            "muted"
        }
        Some("quiet") => {
            room.announce_join_leave = false;
            "quiet"
        }
        Some("recorded") => {
            room.recording = true;
            "recorded"
        }
        _ => return Err(cursor.expected_word("a setting of a room", SETTINGS)),
    };
    cursor.advance();
    Ok(Slot::One(slot))
}

/// Prints a room, without its PINs.
pub(crate) fn print<'k>(room: &ConferenceRoom, printer: &Printer<'k>) -> Block<'k> {
    let mut head = format!("room {}", name(room.name.as_str()));
    if let Some(description) = &room.description {
        head.push(' ');
        head.push_str(&quoted(description.as_str()));
    }
    let mut block = Block::new(Kind::Room, room.id.get(), printer.kept, head);
    block.head(room.status == Status::Inactive, "inactive");
    let size = room.max_participants;
    block.head(size != MaxParticipants::literal::<50>(), format!("up to {size}"));
    block.head(!room.music_on_hold, "no music");
    block.head(room.mute_on_entry, "muted");
    block.head(!room.announce_join_leave, "quiet");
    block.head(room.recording, "recorded");
    block.head(room.wait_for_host, "host must be present");
    block.head(room.end_on_host_exit, "ends with host");
    block
}

/// Reads the PINs of a room.
pub(crate) fn read_pins(
    found: &mut Findings,
    context: &Context<'_>,
    object: &Object,
) -> Option<(u64, Option<Pin>, Option<Pin>)> {
    let mut read = (0, None, None);
    found.object(
        context,
        object,
        &mut read,
        |cursor, (room, ..)| {
            *room = cursor.reference(Kind::Room)?;
            Ok(())
        },
        |cursor, (_, pin, host_pin)| {
            let offset = cursor.offset();
            let slot = if cursor.eat("host") {
                *host_pin = Some(cursor.secret::<Pin>("a PIN of 4 to 10 digits")?);
                "host"
            } else {
                *pin = Some(cursor.secret::<Pin>("a PIN of 4 to 10 digits")?);
                "pin"
            };
            if pin.is_some() && pin == host_pin {
                return Err(Fault::at(offset, "the two PINs of a room must differ"));
            }
            Ok(Slot::One(slot))
        },
    );
    found.secrets.push((Kind::Pins, read.0, object.offset));
    Some(read)
}

/// Prints the PINs of a room, for a text that holds them already.
pub(crate) fn print_pins<'k>(room: &ConferenceRoom, printer: &Printer<'k>) -> Block<'k> {
    let pin = room.pin.as_ref().map_or_else(String::new, |pin| format!(" {}", pin.reveal()));
    let host = room.host_pin.as_ref().map_or_else(String::new, |pin| format!(" host {}", pin.reveal()));
    let head = format!("pins {}{pin}{host}", name(room.name.as_str()));
    Block::new(Kind::Pins, room.id.get(), printer.kept, head)
}
