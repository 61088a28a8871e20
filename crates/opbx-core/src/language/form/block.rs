//! `block +1900 "premium"`

use super::Printer;
use super::shared;
use crate::blocked_caller::BlockedCaller;
use crate::id::BlockedCallerId;
use crate::language::cursor::{Context, Cursor};
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::Read;
use crate::language::sheet::Block;
use crate::language::text::quoted;
use crate::language::{destination, instant};
use crate::number::NumberPrefix;
use crate::organization::Status;
use crate::text::Note;

const SETTINGS: &[&str] = &["inactive", "until"];

/// Reads an entry of the block list.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<BlockedCaller> {
    let mut entry = BlockedCaller {
        id: BlockedCallerId::new(object.id),
        pattern: "+1".parse().ok()?,
        reason: None,
        destination: None,
        expires_at: None,
        status: Status::Active,
    };
    found.object(
        context,
        object,
        &mut entry,
        |cursor, entry| {
            entry.pattern = cursor.parsed::<NumberPrefix>("a phone number or its beginning, like +1900")?;
            if cursor.is_text() {
                entry.reason = Some(cursor.parsed_text::<Note>("the reason")?);
            }
            Ok(())
        },
        setting,
    );
    Some(entry)
}

fn setting(cursor: &mut Cursor<'_>, entry: &mut BlockedCaller) -> Read<Slot> {
    if cursor.is_arrow() {
        entry.destination = Some(destination::arrow(cursor)?);
        return Ok(Slot::One("leads"));
    }
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut entry.status)),
        Some("until") => {
            cursor.advance();
            let zone = &cursor.context.zone;
            entry.expires_at = Some(instant::read(cursor, zone)?);
            Ok(Slot::One("until"))
        }
        _ => Err(cursor.expected_word("a setting of a blocked number", SETTINGS)),
    }
}

/// Prints an entry of the block list.
pub(crate) fn print<'k>(entry: &BlockedCaller, printer: &Printer<'k>) -> Block<'k> {
    let head = match &entry.reason {
        Some(reason) => format!("block {} {}", entry.pattern, quoted(reason.as_str())),
        None => format!("block {}", entry.pattern),
    };
    let mut block = Block::new(Kind::Block, entry.id.get(), printer.kept, head);
    block.head(entry.status == Status::Inactive, "inactive");
    if let Some(until) = entry.expires_at {
        block.head(true, format!("until {}", instant::print(until, &printer.zone)));
    }
    if let Some(destination) = &entry.destination {
        block.leads(&destination::print(destination, &printer.names));
    }
    block
}
