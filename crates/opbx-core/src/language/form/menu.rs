//! `menu Front`

use super::Printer;
use super::shared;
use crate::bounded::{KeyTimeout, MaxTurns};
use crate::destination::Destination;
use crate::id::{ExtensionId, IvrMenuId, PromptId};
use crate::ivr_menu::{IvrMenu, MenuOption};
use crate::keys::OptionKeys;
use crate::language::cursor::{Context, Cursor};
use crate::language::destination;
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{keys, name, quoted};
use crate::organization::Status;
use crate::prompt::MenuPrompt;
use crate::text::Name;
use std::collections::HashSet;

const SETTINGS: &[&str] =
    &["inactive", "say", "play", "dial", "invalid", "silence", "wait", "between", "turns", "else"];

struct Reading {
    menu: IvrMenu,
    prompt: bool,
    excluded: HashSet<ExtensionId>,
}

/// Reads a menu.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<IvrMenu> {
    let prompt = MenuPrompt::Library { prompt_id: PromptId::new(0) };
    let menu = IvrMenu::new(IvrMenuId::new(object.id), "?".parse().ok()?, prompt, Vec::new());
    let mut reading = Reading { menu, prompt: false, excluded: HashSet::new() };
    let whole = found.object(
        context,
        object,
        &mut reading,
        |cursor, reading| {
            reading.menu.name = cursor.declared_name::<Name>("the name of the menu")?;
            Ok(())
        },
        setting,
    );
    if whole && !reading.prompt {
        let message = format!("menu `{}` does not say what callers hear: `say \"…\"` or `play …`", reading.menu.name);
        found.problem(object.offset, message);
    }
    if whole && reading.menu.options.is_empty() {
        found.problem(object.offset, format!("menu `{}` has no options", reading.menu.name));
    }
    Some(reading.menu)
}

fn setting(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Read<Slot> {
    let one = Slot::One;
    let menu = &mut reading.menu;
    match cursor.word() {
        Some("inactive") => Ok(shared::inactive(cursor, &mut menu.status)),
        Some("say" | "play") => {
            menu.prompt = shared::menu_prompt(cursor)?;
            reading.prompt = true;
            Ok(one("prompt"))
        }
        Some("dial") => dial(cursor, reading),
        Some("invalid") => {
            cursor.advance();
            menu.invalid_prompt = Some(shared::menu_prompt(cursor)?);
            Ok(one("invalid"))
        }
        Some("silence") => {
            cursor.advance();
            menu.silence_prompt = Some(shared::menu_prompt(cursor)?);
            Ok(one("silence"))
        }
        Some("wait") => {
            cursor.advance();
            menu.max_timeout = cursor.duration("a time")?;
            Ok(one("wait"))
        }
        Some("between") => {
            cursor.advance();
            cursor.need("keys")?;
            menu.inter_digit_timeout = cursor.duration("a time")?;
            Ok(one("between"))
        }
        Some("else") => {
            cursor.advance();
            menu.failover = destination::arrow(cursor)?;
            Ok(one("else"))
        }
        Some(word) if is_keys(word) => keys_or_turns(cursor, menu, word),
        None if cursor.is_text() => {
            let (offset, digits) = (cursor.offset(), cursor.parsed_text("keys")?);
            option(cursor, menu, offset, digits)
        }
        _ => Err(cursor.expected_word("keys or a setting of a menu", SETTINGS)),
    }
}

fn is_keys(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'*' | b'#'))
}

/// `3 turns` or `3 "Sales" -> …`: what follows the number tells.
fn keys_or_turns(cursor: &mut Cursor<'_>, menu: &mut IvrMenu, word: &str) -> Read<Slot> {
    let offset = cursor.offset();
    let turns = cursor.expected("turns from 1 to 9");
    if word.contains('#') {
        return Err(Fault::at(offset, format!("keys that contain # are written in quotes: \"{word}\"")));
    }
    let not_keys = cursor.expected("one to four keys of 0-9 * #");
    cursor.advance();
    if cursor.eat("turns") || cursor.eat("turn") {
        let read = word.parse().ok().and_then(MaxTurns::new);
        menu.max_turns = read.ok_or(turns)?;
        return Ok(Slot::One("turns"));
    }
    let digits = word.parse().map_err(|_| not_keys)?;
    option(cursor, menu, offset, digits)
}

fn option(cursor: &mut Cursor<'_>, menu: &mut IvrMenu, offset: usize, digits: OptionKeys) -> Read<Slot> {
    let label = if cursor.is_text() { Some(cursor.parsed_text::<Name>("what the option is for")?) } else { None };
    let destination = destination::arrow(cursor)?;
    let place = menu.options.len();
    if place >= IvrMenu::MAX_OPTIONS {
        return Err(Fault::at(offset, format!("a menu has at most {} options", IvrMenu::MAX_OPTIONS)));
    }
    for other in &menu.options {
        let (new, old) = (digits.as_str(), other.digits.as_str());
        if new == old {
            return Err(Fault::at(offset, format!("key {} is an option twice", keys(new))));
        }
        if new.starts_with(old) || old.starts_with(new) {
            let (short, long) = if new.len() < old.len() { (new, old) } else { (old, new) };
            let message = format!("key {} begins key {}: nobody could reach both", keys(short), keys(long));
            return Err(Fault::at(offset, message));
        }
    }
    menu.options.push(MenuOption { digits, label, destination });
    Ok(Slot::Many("option", u32::try_from(place).unwrap_or(u32::MAX)))
}

/// `dial extensions except 1900 1901`; with `off`, the exceptions are kept for the day it is switched on again.
fn dial(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Read<Slot> {
    cursor.advance();
    cursor.need("extensions")?;
    let first = reading.menu.direct_dial_exclude.len();
    reading.menu.direct_dial = !cursor.eat("off");
    if cursor.eat("except") {
        loop {
            let offset = cursor.offset();
            let number = cursor.word().unwrap_or_default();
            let id = ExtensionId::new(cursor.reference(Kind::Extension)?);
            if !reading.excluded.insert(id) {
                return Err(Fault::at(offset, format!("extension {number} is excepted twice")));
            }
            reading.menu.direct_dial_exclude.push(id);
            if !cursor.word().is_some_and(crate::language::cursor::is_digits) {
                break;
            }
        }
    }
    Ok(Slot::Many("dial", u32::try_from(first).unwrap_or(u32::MAX)))
}

/// Prints a menu.
pub(crate) fn print<'k>(menu: &IvrMenu, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("menu {}", name(menu.name.as_str()));
    let mut block = Block::new(Kind::Menu, menu.id.get(), printer.kept, head);
    let one = Slot::One;
    block.head(menu.status == Status::Inactive, "inactive");
    block.line(one("prompt"), true, shared::menu_prompt_words(&menu.prompt, printer));
    for (place, option) in menu.options.iter().enumerate() {
        let label = option.label.as_ref().map_or_else(String::new, |label| format!(" {}", quoted(label.as_str())));
        let to = destination::print(&option.destination, &printer.names);
        let slot = Slot::Many("option", u32::try_from(place).unwrap_or(u32::MAX));
        block.line(slot, true, format!("{}{label} -> {to}", keys(option.digits.as_str())));
    }
    let word = if menu.direct_dial { "dial extensions" } else { "dial extensions off" };
    if menu.direct_dial_exclude.is_empty() {
        block.line(Slot::Many("dial", 0), menu.direct_dial, word);
    } else {
        let excluded = menu.direct_dial_exclude.iter().map(|id| printer.names.of(Kind::Extension, id.get()));
        block.list("dial", &format!("{word} except"), " ", excluded);
    }
    if let Some(prompt) = &menu.invalid_prompt {
        block.line(one("invalid"), true, format!("invalid {}", shared::menu_prompt_words(prompt, printer)));
    }
    if let Some(prompt) = &menu.silence_prompt {
        block.line(one("silence"), true, format!("silence {}", shared::menu_prompt_words(prompt, printer)));
    }
    let (wait, between, turns) = (menu.max_timeout, menu.inter_digit_timeout, menu.max_turns);
    let plural = if turns.get() == 1 { "turn" } else { "turns" };
    block.joined([
        (one("wait"), wait != KeyTimeout::literal::<5>(), format!("wait {wait}s")),
        (one("between"), between != KeyTimeout::literal::<3>(), format!("between keys {between}s")),
        (one("turns"), turns != MaxTurns::literal::<3>(), format!("{turns} {plural}")),
    ]);
    let to = destination::print(&menu.failover, &printer.names);
    block.line(one("else"), menu.failover != Destination::Hangup, format!("else -> {to}"));
    block
}
