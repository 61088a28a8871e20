//! `extension 1001 "Alice Ray"`

use super::Printer;
use super::shared;
use crate::caps::CallCaps;
use crate::destination::Destination;
use crate::extension::{Extension, ExtensionKind, OutboundPermission};
use crate::extension_number::ExtensionNumber;
use crate::id::{ExtensionId, PhoneNumberId};
use crate::language::cursor::{Context, Cursor};
use crate::language::destination;
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{quoted, value};
use crate::organization::Status;
use crate::sip_uri::SipUri;
use crate::text::Name;

const SETTINGS: &[&str] = &[
    "inactive",
    "do-not-disturb",
    "ring",
    "sip",
    "outbound",
    "caller",
    "voicemail",
    "record",
    "limits",
    "missed",
    "always",
    "busy",
    "unanswered",
    "unreachable",
];

const PERMISSIONS: &[&str] = &["none", "internal", "national", "international"];

/// Reads an extension.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<Extension> {
    let mut extension = Extension::new(ExtensionId::new(object.id), "000".parse().ok()?, "?".parse().ok()?);
    found.object(
        context,
        object,
        &mut extension,
        |cursor, extension| {
            extension.number = cursor.parsed::<ExtensionNumber>("an extension number (3 to 5 digits)")?;
            extension.name = cursor.declared_name::<Name>("the name of the extension")?;
            Ok(())
        },
        setting,
    );
    Some(extension)
}

fn setting(cursor: &mut Cursor<'_>, extension: &mut Extension) -> Read<Slot> {
    let one = Slot::One;
    if cursor.is_arrow() {
        let offset = cursor.offset();
        let target = destination::arrow(cursor)?;
        extension.kind = ExtensionKind::leading_to(target).ok_or_else(|| {
            Fault::at(
                offset,
                "an extension leads to a group, a menu, hours, a room, a voicemail, an assistant, `play` without \
                 `then`, or to another number or extension with `forward`",
            )
        })?;
        return Ok(one("leads"));
    }
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut extension.status)),
        Some("do-not-disturb") => {
            cursor.advance();
            extension.do_not_disturb = true;
            Ok(one("do-not-disturb"))
        }
        Some("ring") => {
            cursor.advance();
            extension.ring_timeout = Some(cursor.duration("a time")?);
            Ok(one("ring"))
        }
        Some("sip") => {
            cursor.advance();
            let sip_uri = cursor.parsed::<SipUri>("a SIP address like bob@example.com")?;
            extension.kind = ExtensionKind::User { sip_uri: Some(sip_uri) };
            // The same slot: an extension is a phone or leads somewhere, not both.
            Ok(one("leads"))
        }
        Some("outbound") => {
            cursor.advance();
            extension.outbound_permission = permission(cursor)?;
            Ok(one("outbound"))
        }
        Some("caller") => {
            cursor.advance();
            cursor.need("number")?;
            extension.caller_id = Some(PhoneNumberId::new(cursor.reference(Kind::Number)?));
            Ok(one("caller"))
        }
        Some("voicemail") => {
            cursor.advance();
            extension.voicemail_enabled = true;
            Ok(one("voicemail"))
        }
        Some("record") => {
            extension.recording = Some(shared::record(cursor)?);
            Ok(one("record"))
        }
        Some("limits") => {
            shared::limits(cursor, &mut extension.caps, false)?;
            Ok(one("limits"))
        }
        Some("missed") => {
            extension.missed_call_email = Some(shared::missed_calls(cursor)?);
            Ok(one("missed"))
        }
        Some("always") => forward(cursor, "always", &mut extension.forward_always),
        Some("busy") => forward(cursor, "busy", &mut extension.forward_busy),
        Some("unanswered") => forward(cursor, "unanswered", &mut extension.forward_no_answer),
        Some("unreachable") => forward(cursor, "unreachable", &mut extension.forward_unreachable),
        _ => Err(cursor.expected_word("a setting of an extension", SETTINGS)),
    }
}

fn forward(cursor: &mut Cursor<'_>, slot: &'static str, forward: &mut Option<Destination>) -> Read<Slot> {
    cursor.advance();
    *forward = Some(destination::arrow(cursor)?);
    Ok(Slot::One(slot))
}

fn permission(cursor: &mut Cursor<'_>) -> Read<OutboundPermission> {
    let permission = match cursor.word() {
        Some("none") => OutboundPermission::None,
        Some("internal") => OutboundPermission::Internal,
        Some("national") => OutboundPermission::National,
        Some("international") => OutboundPermission::International,
        _ => return Err(cursor.expected_word("`none`, `internal`, `national` or `international`", PERMISSIONS)),
    };
    cursor.advance();
    Ok(permission)
}

/// Prints an extension.
pub(crate) fn print<'k>(extension: &Extension, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("extension {} {}", extension.number, quoted(extension.name.as_str()));
    let mut block = Block::new(Kind::Extension, extension.id.get(), printer.kept, head);
    let one = Slot::One;
    block.head(extension.status == Status::Inactive, "inactive");
    block.head(extension.do_not_disturb, "do-not-disturb");
    if let Some(ring) = extension.ring_timeout {
        block.head(true, format!("ring {ring}s"));
    }
    if let ExtensionKind::User { sip_uri: Some(uri) } = &extension.kind {
        block.head(true, format!("sip {}", value(uri.as_str())));
    }
    if let Some(target) = extension.kind.target() {
        block.leads(&destination::print(&target, &printer.names));
    }
    let permission = match extension.outbound_permission {
        OutboundPermission::None => "none",
        OutboundPermission::Internal => "internal",
        OutboundPermission::National => "national",
        OutboundPermission::International => "international",
    };
    let differs = extension.outbound_permission != OutboundPermission::Internal;
    block.line(one("outbound"), differs, format!("outbound {permission}"));
    if let Some(number) = extension.caller_id {
        let number = printer.names.of(Kind::Number, number.get());
        block.line(one("caller"), true, format!("caller number {number}"));
    }
    block.line(one("voicemail"), extension.voicemail_enabled, "voicemail");
    if let Some(recording) = extension.recording {
        block.line(one("record"), true, shared::record_words(recording));
    }
    let none = CallCaps::default();
    if extension.caps != none {
        block.line(one("limits"), true, shared::limits_words(&extension.caps, &none));
    }
    if let Some(email) = &extension.missed_call_email {
        block.line(one("missed"), true, shared::missed_calls_words(email));
    }
    let forwards = [
        ("always", &extension.forward_always),
        ("busy", &extension.forward_busy),
        ("unanswered", &extension.forward_no_answer),
        ("unreachable", &extension.forward_unreachable),
    ];
    for (word, forward) in forwards {
        if let Some(forward) = forward {
            block.line(one(word), true, format!("{word} -> {}", destination::print(forward, &printer.names)));
        }
    }
    block
}
