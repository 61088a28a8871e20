//! `call +14155550123 -> +12125550100 at 2026-03-09T10:00`

use super::Printer;
use crate::caps::Cap;
use crate::keys::Keys;
use crate::language::cursor::{Context, Cursor};
use crate::language::fixture::{Answers, FixtureCall};
use crate::language::index::Object;
use crate::language::instant;
use crate::language::kind::Kind;
use crate::language::lexer::File;
use crate::language::object::{Findings, Slot};
use crate::language::problem::Read;
use crate::language::sheet::Block;
use crate::language::text::{keys, quoted, value};

const SETTINGS: &[&str] = &["at", "direction", "name", "keys", "results", "turn", "over", "box"];

/// Reads a call of a fixture.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> FixtureCall {
    let span = File::span(context.file, object.offset);
    let mut call = FixtureCall {
        from: String::new(),
        to: String::new(),
        at: None,
        direction: None,
        name: None,
        keys: Vec::new(),
        results: Vec::new(),
        answers: Answers::default(),
        span,
    };
    found.object(
        context,
        object,
        &mut call,
        |cursor, call| {
            call.from = cursor.value("who calls")?.into_owned();
            cursor.need_arrow()?;
            call.to = cursor.value("who is called")?.into_owned();
            Ok(())
        },
        setting,
    );
    call
}

fn setting(cursor: &mut Cursor<'_>, call: &mut FixtureCall) -> Read<Slot> {
    let word = cursor.word();
    if word.is_some_and(|word| SETTINGS.contains(&word)) {
        cursor.advance();
    }
    Ok(Slot::One(match word {
        Some("at") => {
            let zone = &cursor.context.zone;
            call.at = Some(instant::read(cursor, zone)?);
            "at"
        }
        Some("direction") => {
            call.direction = Some(cursor.value("a direction like inbound or subscriber")?.into_owned());
            "direction"
        }
        Some("name") => {
            call.name = Some(cursor.text("the name of the caller")?.into_owned());
            "name"
        }
        Some("keys") => {
            let first = call.keys.len();
            while !cursor.at_end() {
                let pressed =
                    if cursor.eat("silence") { None } else { Some(cursor.parsed::<Keys>("keys or `silence`")?) };
                call.keys.push(pressed);
                cursor.eat_comma();
            }
            return Ok(Slot::Many("keys", u32::try_from(first).unwrap_or(u32::MAX)));
        }
        Some("results") => {
            let first = call.results.len();
            while !cursor.at_end() {
                call.results.push(cursor.value("a result like completed, busy or no-answer")?.into_owned());
                cursor.eat_comma();
            }
            return Ok(Slot::Many("results", u32::try_from(first).unwrap_or(u32::MAX)));
        }
        Some("turn") => {
            call.answers.turn = Some(cursor.count("a turn like 14")?.into());
            "turn"
        }
        Some("over") => {
            cursor.need("limit")?;
            call.answers.over = Some(cap(cursor)?);
            "over"
        }
        Some("box") => return stored(cursor, &mut call.answers),
        _ => return Err(cursor.expected_word("a line of a call", SETTINGS)),
    }))
}

/// `over limit at once`, behind `limit`.
fn cap(cursor: &mut Cursor<'_>) -> Read<Cap> {
    if cursor.eat("cost") {
        return Ok(Cap::CostPerDay);
    }
    if cursor.eat("at") {
        cursor.need("once")?;
        return Ok(Cap::Concurrent);
    }
    if !cursor.eat("a") {
        return Err(cursor.expected("`at once`, `a minute`, `a day` or `cost`"));
    }
    if cursor.eat("minute") {
        return Ok(Cap::PerMinute);
    }
    cursor.need("day")?;
    Ok(Cap::PerDay)
}

const fn cap_words(cap: Cap) -> &'static str {
    match cap {
        Cap::Concurrent => "over limit at once",
        Cap::PerMinute => "over limit a minute",
        Cap::PerDay => "over limit a day",
        Cap::CostPerDay => "over limit cost",
    }
}

/// `box full`, `box locked`, `box with 2 new, 3 saved`, behind `box`.
fn stored(cursor: &mut Cursor<'_>, answers: &mut Answers) -> Read<Slot> {
    if cursor.eat("full") {
        answers.box_full = true;
        return Ok(Slot::One("full"));
    }
    if cursor.eat("locked") {
        answers.box_locked = true;
        return Ok(Slot::One("locked"));
    }
    if !cursor.eat("with") {
        let words = &["full", "locked", "with"];
        return Err(cursor.expected_word("`full`, `locked` or `with 2 new, 3 saved`", words));
    }
    let new = cursor.count("a number of messages")?;
    cursor.need("new")?;
    cursor.eat_comma();
    let saved = cursor.count("a number of messages")?;
    cursor.need("saved")?;
    answers.box_messages = Some((new, saved));
    Ok(Slot::One("messages"))
}

/// Prints a call; `id` is its place among the calls.
pub(crate) fn print<'k>(call: &FixtureCall, id: u64, printer: &Printer<'k>) -> Block<'k> {
    let mut head = format!("call {} -> {}", value(&call.from), value(&call.to));
    if let Some(at) = call.at {
        head.push_str(&format!(" at {}", instant::print(at, &printer.zone)));
    }
    let mut block = Block::new(Kind::Call, id, printer.kept, head);
    let one = Slot::One;
    if let Some(direction) = &call.direction {
        block.line(one("direction"), true, format!("direction {}", value(direction)));
    }
    if let Some(name) = &call.name {
        block.line(one("name"), true, format!("name {}", quoted(name)));
    }
    let pressed = call.keys.iter().map(|pressed| match pressed {
        Some(pressed) => keys(pressed.as_str()).into_owned(),
        None => "silence".to_owned(),
    });
    block.list("keys", "keys", ", ", pressed);
    block.list("results", "results", ", ", call.results.iter().map(|result| value(result).into_owned()));
    if let Some(turn) = call.answers.turn {
        block.line(one("turn"), true, format!("turn {turn}"));
    }
    if let Some(cap) = call.answers.over {
        block.line(one("over"), true, cap_words(cap));
    }
    block.line(one("full"), call.answers.box_full, "box full");
    block.line(one("locked"), call.answers.box_locked, "box locked");
    if let Some((new, saved)) = call.answers.box_messages {
        block.line(one("messages"), true, format!("box with {new} new, {saved} saved"));
    }
    block
}
