//! `group Sales round-robin 20s, 2 rounds`

use super::Printer;
use super::shared;
use crate::bounded::{Priority, RingTimeout, RingTurns};
use crate::destination::Destination;
use crate::id::{ExtensionId, RingGroupId};
use crate::language::cursor::{Context, Cursor, is_digits, seconds};
use crate::language::destination;
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{name, quoted};
use crate::organization::Status;
use crate::ring_group::{Member, RingGroup, Strategy};
use crate::text::{Name, Note};
use std::collections::HashSet;

const SETTINGS: &[&str] =
    &["all", "round-robin", "in", "rounds", "inactive", "follow", "record", "callers", "missed", "else", "priority"];

/// Where the members of a group stand, to check that people answer them once every extension is read.
pub(crate) type MemberPlaces = Vec<(ExtensionId, usize)>;

struct Reading<'m> {
    group: RingGroup,
    strategy: bool,
    members: HashSet<ExtensionId>,
    places: &'m mut MemberPlaces,
}

/// Reads a group.
pub(crate) fn read(
    found: &mut Findings,
    context: &Context<'_>,
    object: &Object,
    places: &mut MemberPlaces,
) -> Option<RingGroup> {
    let group = RingGroup::new(RingGroupId::new(object.id), "?".parse().ok()?, Strategy::Simultaneous, Vec::new());
    let mut reading = Reading { group, strategy: false, members: HashSet::new(), places };
    let whole = found.object(
        context,
        object,
        &mut reading,
        |cursor, reading| {
            reading.group.name = cursor.declared_name::<Name>("the name of the group")?;
            if cursor.is_text() {
                reading.group.description = Some(cursor.parsed_text::<Note>("a sentence about the group")?);
            }
            Ok(())
        },
        setting,
    );
    if whole && !reading.strategy {
        let message = format!(
            "group `{}` does not say how it rings: `all at once`, `round-robin` or `in order`",
            reading.group.name
        );
        found.problem(object.offset, message);
    }
    if whole && reading.group.members.is_empty() {
        found.problem(object.offset, format!("group `{}` has no members", reading.group.name));
    }
    Some(reading.group)
}

fn setting(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Read<Slot> {
    let group = &mut reading.group;
    match cursor.word() {
        Some("all") => {
            cursor.advance();
            cursor.need_all(&["at", "once"])?;
            group.strategy = Strategy::Simultaneous;
        }
        Some("round-robin") => {
            cursor.advance();
            group.strategy = Strategy::RoundRobin;
        }
        Some("in") => {
            cursor.advance();
            cursor.need("order")?;
            group.strategy = Strategy::Sequential;
        }
        Some("inactive") => return Ok(shared::inactive(cursor, &mut group.status)),
        Some("follow") => {
            cursor.advance();
            cursor.need("forwards")?;
            group.follow_forwards = true;
            return Ok(Slot::One("follow"));
        }
        Some("record") => {
            group.recording = Some(shared::record(cursor)?);
            return Ok(Slot::One("record"));
        }
        Some("callers") => {
            group.caller_name_prefix = Some(shared::callers_as(cursor)?);
            return Ok(Slot::One("callers"));
        }
        Some("missed") => {
            group.missed_call_email = Some(shared::missed_calls(cursor)?);
            return Ok(Slot::One("missed"));
        }
        Some("else") => {
            cursor.advance();
            group.fallback = destination::arrow(cursor)?;
            return Ok(Slot::One("else"));
        }
        Some(word) if seconds(word).is_some() => {
            group.timeout = cursor.duration("a ring time")?;
            return Ok(Slot::One("timeout"));
        }
        // One digit counts rounds, three to five are an extension.
        Some(word) if is_digits(word) && word.len() < 3 => {
            group.ring_turns = cursor.bounded::<1, 9>("rounds")?;
            if !cursor.eat("round") {
                cursor.need("rounds")?;
            }
            return Ok(Slot::One("rounds"));
        }
        Some(word) if is_digits(word) => return member(cursor, reading),
        _ => {
            return Err(cursor.expected_word("a member or a setting of a group", SETTINGS));
        }
    }
    reading.strategy = true;
    Ok(Slot::One("strategy"))
}

fn member(cursor: &mut Cursor<'_>, reading: &mut Reading<'_>) -> Read<Slot> {
    let offset = cursor.offset();
    let place = reading.group.members.len();
    if place >= RingGroup::MAX_MEMBERS {
        return Err(Fault::at(offset, format!("a group has at most {} members", RingGroup::MAX_MEMBERS)));
    }
    let number = cursor.word().unwrap_or_default();
    let extension_id = ExtensionId::new(cursor.reference(Kind::Extension)?);
    if !reading.members.insert(extension_id) {
        return Err(Fault::at(offset, format!("extension {number} is a member twice")));
    }
    reading.places.push((extension_id, offset));
    let priority = if cursor.eat("priority") { Some(cursor.bounded::<1, 100>("a priority")?) } else { in_place(place) };
    // A group has fewer members than there are priorities.
    let priority = priority.unwrap_or(Priority::literal::<100>());
    reading.group.members.push(Member { extension_id, priority });
    Ok(Slot::Many("member", u32::try_from(place).unwrap_or(u32::MAX)))
}

/// The priority of a member that says none: its place in the list.
fn in_place(place: usize) -> Option<Priority> {
    u32::try_from(place + 1).ok().and_then(Priority::new)
}

/// Prints a group.
pub(crate) fn print<'k>(group: &RingGroup, printer: &Printer<'k>) -> Block<'k> {
    let mut head = format!("group {}", name(group.name.as_str()));
    if let Some(description) = &group.description {
        head.push(' ');
        head.push_str(&quoted(description.as_str()));
    }
    let mut block = Block::new(Kind::Group, group.id.get(), printer.kept, head);
    let mut strategy = match group.strategy {
        Strategy::Simultaneous => "all at once",
        Strategy::RoundRobin => "round-robin",
        Strategy::Sequential => "in order",
    }
    .to_owned();
    if group.timeout != RingTimeout::literal::<30>() {
        strategy.push_str(&format!(" {}s", group.timeout));
    }
    block.head(true, strategy);
    block.head(group.ring_turns != RingTurns::literal::<1>(), format!("{} rounds", group.ring_turns));
    block.head(group.status == Status::Inactive, "inactive");
    let usual = group.members.iter().enumerate().all(|(place, member)| in_place(place) == Some(member.priority));
    // One odd priority is understood only beside the others: then all of them are said.
    let members = group.members.iter().map(|member| {
        let number = printer.names.of(Kind::Extension, member.extension_id.get());
        if usual { number } else { format!("{number} priority {}", member.priority) }
    });
    block.list("member", "", if usual { " " } else { ", " }, members);
    block.line(Slot::One("follow"), group.follow_forwards, "follow forwards");
    if let Some(recording) = group.recording {
        block.line(Slot::One("record"), true, shared::record_words(recording));
    }
    if let Some(prefix) = &group.caller_name_prefix {
        block.line(Slot::One("callers"), true, format!("callers as {}", quoted(prefix.as_str())));
    }
    if let Some(email) = &group.missed_call_email {
        block.line(Slot::One("missed"), true, shared::missed_calls_words(email));
    }
    let differs = group.fallback != Destination::Hangup;
    block.line(Slot::One("else"), differs, format!("else -> {}", destination::print(&group.fallback, &printer.names)));
    block
}
