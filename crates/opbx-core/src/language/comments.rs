//! Comments: where they stand in a text, and where the formatter puts them.

use super::index::Index;
use super::kind::Kind;
use super::lexer::File;
use super::object::{Findings, HEAD, Slot};
use super::sheet::{Block, Kept};
use std::collections::{HashMap, HashSet};

/// The comments of a text.
#[derive(Debug, Default)]
pub(super) struct Notes<'t> {
    /// What stands above everything, set off by a blank line.
    pub(super) header: Vec<&'t str>,
    notes: Vec<Note<'t>>,
    /// What stands below everything.
    pub(super) footer: Vec<&'t str>,
}

/// The comments at one line.
#[derive(Debug)]
struct Note<'t> {
    object: (Kind, u64),
    slot: Slot,
    above: Vec<&'t str>,
    behind: Option<&'t str>,
}

/// The lines with something to read that carry a comment, behind them or above.
pub(super) fn commented(file: &File<'_>) -> HashSet<usize> {
    let mut above = false;
    let mut lines = HashSet::new();
    for (place, line) in file.lines.iter().enumerate() {
        let comment = file.comment(line).is_some();
        if file.tokens(line).is_empty() {
            above |= comment;
        } else {
            if above || comment {
                lines.insert(place);
            }
            above = false;
        }
    }
    lines
}

/// The comments of a text that was read without a problem.
pub(super) fn notes<'t>(file: &File<'t>, index: &Index<'_>, found: &Findings) -> Notes<'t> {
    let secrets: HashMap<usize, u64> = found.secrets.iter().map(|&(_, of, offset)| (offset, of)).collect();
    let mut notes = Notes::default();
    let mut above = Vec::new();
    let mut objects = index.objects.iter().peekable();
    let mut current = None;
    for (place, line) in file.lines.iter().enumerate() {
        let comment = file.comment(line);
        if file.tokens(line).is_empty() {
            if current.is_none() && line.after_blank && notes.header.is_empty() {
                notes.header.append(&mut above);
            }
            above.extend(comment);
            continue;
        }
        if current.is_none() && line.after_blank && notes.header.is_empty() {
            notes.header.append(&mut above);
        }
        if let Some(object) = objects.next_if(|object| object.lines.start == place) {
            // The PINs are printed beside the object they belong to, whatever their order was.
            let id = secrets.get(&object.offset).copied().unwrap_or(object.id);
            current = Some((object.kind, id));
        }
        let Some(object) = current else { continue };
        if comment.is_some() || !above.is_empty() {
            let slot = found.marks.get(&place).copied().unwrap_or(HEAD);
            notes.notes.push(Note { object, slot, above: std::mem::take(&mut above), behind: comment });
        }
    }
    notes.footer = above;
    notes
}

impl<'t> Notes<'t> {
    /// The settings that are printed because they are explained.
    pub(super) fn kept(&self) -> Kept {
        let mut kept = Kept::new();
        for note in &self.notes {
            kept.entry(note.object).or_default().insert(note.slot);
        }
        kept
    }

    /// Puts each comment at the line that says what it was written for, else at the head of its object.
    pub(super) fn attach(self, blocks: &mut [Block<'_>]) -> (Vec<&'t str>, Vec<&'t str>) {
        let mut notes: HashMap<(Kind, u64), Vec<Note<'t>>> = HashMap::new();
        for note in self.notes {
            notes.entry(note.object).or_default().push(note);
        }
        for block in blocks {
            let Some(notes) = notes.remove(&(block.kind, block.id)) else { continue };
            let slots: HashMap<Slot, usize> = block
                .rows
                .iter()
                .enumerate()
                .flat_map(|(place, row)| row.slots.iter().map(move |slot| (*slot, place)))
                .collect();
            for note in notes {
                let place = slots.get(&note.slot).copied().unwrap_or_default();
                let Some(row) = block.rows.get_mut(place) else { continue };
                row.above.extend(note.above.into_iter().map(str::to_owned));
                let Some(comment) = note.behind.map(str::to_owned) else { continue };
                // Two comments cannot stand behind one line; the later one moves above it.
                if row.behind.is_none() {
                    row.behind = Some(comment);
                } else {
                    row.above.push(comment);
                }
            }
        }
        (self.header, self.footer)
    }
}
