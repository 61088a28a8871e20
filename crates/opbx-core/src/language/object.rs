//! Reading one object: its head, then settings on any of its lines, in any order.

use super::cursor::{Context, Cursor};
use super::index::Object;
use super::kind::Kind;
use super::problem::{Fault, Problems, Read};
use std::collections::HashMap;

/// What a setting is, within its object: by it a comment finds the line on which the formatter prints the setting.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Slot {
    /// A setting that is said at most once.
    One(&'static str),
    /// One of many of its sort, by its place.
    Many(&'static str, u32),
}

/// The head of an object.
pub(super) const HEAD: Slot = Slot::One("head");

/// A place in a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// What reading finds beside the objects.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) problems: Problems,
    /// The first setting of each line that carries a comment, by the line's place in the file.
    pub(super) marks: HashMap<usize, Slot>,
    /// Where PINs stand.
    pub(super) secrets: Vec<(Kind, u64, usize)>,
    /// Where `suspended` stands.
    pub(super) suspended: Option<usize>,
    /// The lines to mark.
    pub(super) commented: std::collections::HashSet<usize>,
}

impl Findings {
    pub(super) fn problem(&mut self, offset: usize, message: impl Into<String>) {
        self.problems.push(*Fault::at(offset, message));
    }

    /// Reads the lines of `object` into `into`; false when some of them could not be read, so that what seems to be
    /// missing may only be misspelled.
    pub(super) fn object<'t, T>(
        &mut self,
        context: &'t Context<'t>,
        object: &Object,
        into: &mut T,
        head: impl FnOnce(&mut Cursor<'t>, &mut T) -> Read<()>,
        mut setting: impl FnMut(&mut Cursor<'t>, &mut T) -> Read<Slot>,
    ) -> bool {
        let mut whole = true;
        let mut said = Vec::new();
        let mut head = Some(head);
        for place in object.lines.clone() {
            let Some(line) = context.file.lines.get(place).filter(|line| !context.file.tokens(line).is_empty()) else {
                continue;
            };
            let mut cursor = Cursor::new(context, line);
            let mut first = None;
            let read = match head.take() {
                Some(head) => {
                    cursor.advance();
                    first = Some(HEAD);
                    head(&mut cursor, into)
                        .and_then(|()| settings(&mut cursor, into, &mut said, &mut first, &mut setting))
                }
                None => settings(&mut cursor, into, &mut said, &mut first, &mut setting),
            };
            if let Some(slot) = first
                && self.commented.contains(&place)
            {
                self.marks.insert(place, slot);
            }
            whole &= !line.broken;
            if let Err(fault) = read {
                whole = false;
                // What is wrong with a broken line is told already.
                if !line.broken {
                    self.problems.push(*fault);
                }
            }
        }
        whole
    }
}

/// Reads settings up to the end of the line; commas may stand between them.
fn settings<'t, T>(
    cursor: &mut Cursor<'t>,
    into: &mut T,
    said: &mut Vec<Slot>,
    first: &mut Option<Slot>,
    setting: &mut impl FnMut(&mut Cursor<'t>, &mut T) -> Read<Slot>,
) -> Read<()> {
    let mut comma = false;
    while comma || !cursor.at_end() {
        let (offset, word) = (cursor.offset(), cursor.word());
        let slot = setting(cursor, into)?;
        first.get_or_insert(slot);
        if matches!(slot, Slot::One(_)) {
            if said.contains(&slot) {
                let what = word.map_or_else(|| "this".to_owned(), |word| format!("`{word}`"));
                return Err(Fault::at(offset, format!("{what} is said twice of one object")));
            }
            said.push(slot);
        }
        comma = cursor.eat_comma();
    }
    Ok(())
}
