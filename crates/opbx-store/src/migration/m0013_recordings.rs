//! What callers have left, and what was recorded of calls.

use super::definition::{Definition, OnDelete};

const BOX: &[&str] = &["organization_id", "voicemail_box_id"];
const BOX_KEY: &[&str] = &["organization_id", "id"];

pub(super) fn tables() -> Vec<Definition> {
    vec![messages(), recordings(), locks(), greetings()]
}

/// Messages in voicemail boxes. A box that holds one is not removed.
fn messages() -> Definition {
    let table = Definition::table("voicemail_messages")
        .id()
        .number("organization_id")
        .number("voicemail_box_id")
        // Of the box and the call: whoever tells of a message first makes it, and nobody makes it twice.
        .bytes("identity", 32)
        .text("call_id", 255)
        .text("from_number", 255)
        .maybe_text("caller_name", 255)
        .number("received_at")
        .maybe_number("heard_at")
        .flag("saved");
    with_file(table)
        .unique("uq_voicemail_messages_identity", &["organization_id", "identity"])
        .index("ix_voicemail_messages_box", BOX)
        .index("ix_voicemail_messages_age", &["organization_id", "received_at"])
        .index("ix_voicemail_messages_from", &["organization_id", "from_number"])
        .index("ix_voicemail_messages_bytes", &["organization_id", "bytes"])
        .link("fk_voicemail_messages_box", BOX, "voicemail_boxes", BOX_KEY, OnDelete::Refuse)
        .goes_with_organization("fk_voicemail_messages_organization")
}

/// Recordings of conversations. They name their call by the text it is known by, and have no link to it: a recording may be
/// heard of before its call is.
fn recordings() -> Definition {
    let table = Definition::table("call_recordings")
        .id()
        .number("organization_id")
        // Of the call and the dial whose conversation it is.
        .bytes("identity", 32)
        .text("call_id", 255)
        .maybe_text("dial", 255)
        .number("received_at");
    with_file(table)
        .unique("uq_call_recordings_identity", &["organization_id", "identity"])
        .index("ix_call_recordings_call", &["organization_id", "call_id"])
        .index("ix_call_recordings_age", &["organization_id", "received_at"])
        .index("ix_call_recordings_bytes", &["organization_id", "bytes"])
        .goes_with_organization("fk_call_recordings_organization")
}

/// Where the platform keeps it, and our copy.
fn with_file(table: Definition) -> Definition {
    table
        .maybe_text("url", 2_000)
        .maybe_number("seconds")
        // `receiving`, `stored` with a file, or `failed` with an error.
        .text("state", 9)
        .maybe_text("error", 255)
        .maybe_text("format", 8)
        .maybe_number("bytes")
        .maybe_number("milliseconds")
        .maybe_bytes("digest", 32)
        .maybe_text("blob_key", 100)
}

/// Wrong PINs in a row, and until when the owner's menu of a box is locked because of them.
fn locks() -> Definition {
    Definition::part("voicemail_locks", "voicemail_box_id")
        .small("wrong_pins")
        .maybe_number("locked_until")
        .primary(BOX)
        .link("fk_voicemail_locks_box", BOX, "voicemail_boxes", BOX_KEY, OnDelete::Follow)
}

/// The greeting that an owner spoke last, until it is one: a former one that comes late is none any more.
fn greetings() -> Definition {
    Definition::part("voicemail_greetings", "voicemail_box_id")
        .text("url", 2_000)
        .number("spoken_at")
        .primary(BOX)
        .link("fk_voicemail_greetings_box", BOX, "voicemail_boxes", BOX_KEY, OnDelete::Follow)
}
