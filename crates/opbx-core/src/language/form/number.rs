//! `number +12125550100 "Main line" -> hours Office`

use super::Printer;
use super::shared;
use crate::destination::Destination;
use crate::id::PhoneNumberId;
use crate::language::cursor::{Context, Cursor};
use crate::language::destination;
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::Read;
use crate::language::sheet::Block;
use crate::language::text::quoted;
use crate::number::E164;
use crate::organization::Status;
use crate::phone_number::PhoneNumber;
use crate::text::Name;

const SETTINGS: &[&str] = &["inactive", "record", "callers", "anonymous"];

/// Reads a number.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<PhoneNumber> {
    let number = PhoneNumber::new(PhoneNumberId::new(object.id), "+1000000".parse().ok()?, Destination::Hangup);
    let mut read = (number, false);
    let whole = found.object(
        context,
        object,
        &mut read,
        |cursor, (number, _)| {
            number.number = cursor.parsed::<E164>("a phone number like +12125550100 (+ and 7 to 15 digits)")?;
            if cursor.is_text() {
                number.name = Some(cursor.parsed_text::<Name>("the name of the number")?);
            }
            Ok(())
        },
        |cursor, (number, leads)| {
            if cursor.is_arrow() {
                *leads = true;
                number.destination = destination::arrow(cursor)?;
                return Ok(Slot::One("leads"));
            }
            setting(cursor, number)
        },
    );
    if whole && !read.1 {
        found.problem(object.offset, format!("number {} leads nowhere: `-> …` is missing", read.0.number));
    }
    Some(read.0)
}

fn setting(cursor: &mut Cursor<'_>, number: &mut PhoneNumber) -> Read<Slot> {
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut number.status)),
        Some("record") => {
            number.recording = Some(shared::record(cursor)?);
            Ok(Slot::One("record"))
        }
        Some("callers") => {
            number.caller_name_prefix = Some(shared::callers_as(cursor)?);
            Ok(Slot::One("callers"))
        }
        Some("anonymous") => {
            number.reject_anonymous = Some(shared::anonymous(cursor)?);
            Ok(Slot::One("anonymous"))
        }
        _ => Err(cursor.expected_word("`->` or a setting of a number", SETTINGS)),
    }
}

/// Prints a number.
pub(crate) fn print<'k>(number: &PhoneNumber, printer: &Printer<'k>) -> Block<'k> {
    let head = match &number.name {
        Some(name) => format!("number {} {}", number.number, quoted(name.as_str())),
        None => format!("number {}", number.number),
    };
    let mut block = Block::new(Kind::Number, number.id.get(), printer.kept, head);
    block.head(number.status == Status::Inactive, "inactive");
    block.leads(&destination::print(&number.destination, &printer.names));
    if let Some(recording) = number.recording {
        block.line(Slot::One("record"), true, shared::record_words(recording));
    }
    if let Some(prefix) = &number.caller_name_prefix {
        block.line(Slot::One("callers"), true, format!("callers as {}", quoted(prefix.as_str())));
    }
    if let Some(rejected) = number.reject_anonymous {
        block.line(Slot::One("anonymous"), true, shared::anonymous_words(rejected));
    }
    block
}
