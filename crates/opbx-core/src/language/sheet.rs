//! The printed page: objects as blocks of lines, comments where they belong, blank lines between.

use super::kind::Kind;
use super::object::{HEAD, Slot};
use std::collections::HashMap;
use std::collections::HashSet;
use std::fmt::Display;

/// The settings that are printed though they equal a default, by object: those that carry a comment.
pub(super) type Kept = HashMap<(Kind, u64), HashSet<Slot>>;

/// A printed line with the settings on it and the comments at it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) text: String,
    pub(super) slots: Vec<Slot>,
    pub(super) above: Vec<String>,
    pub(super) behind: Option<String>,
}

/// A printed object.
#[derive(Debug)]
pub(super) struct Block<'k> {
    pub(super) kind: Kind,
    pub(super) id: u64,
    pub(super) rows: Vec<Row>,
    kept: Option<&'k HashSet<Slot>>,
    settings: bool,
}

/// Lines with lists are wrapped near this column.
const WIDTH: usize = 100;

impl<'k> Block<'k> {
    pub(super) fn new(kind: Kind, id: u64, kept: &'k Kept, head: String) -> Self {
        let row = Row { text: head, slots: vec![HEAD], above: Vec::new(), behind: None };
        Self { kind, id, rows: vec![row], kept: kept.get(&(kind, id)), settings: false }
    }

    /// Adds a short setting to the head.
    pub(super) fn head(&mut self, shown: bool, text: impl Display) {
        if shown && let Some(head) = self.rows.first_mut() {
            head.text.push_str(if self.settings { ", " } else { " " });
            head.text.push_str(&text.to_string());
            self.settings = true;
        }
    }

    /// Adds what the object leads to.
    pub(super) fn leads(&mut self, destination: &str) {
        if let Some(head) = self.rows.first_mut() {
            head.text.push_str(" -> ");
            head.text.push_str(destination);
        }
    }

    /// Whether a setting is printed: it differs from its default, or explains itself in a comment.
    pub(super) fn wants(&self, slot: Slot, differs: bool) -> bool {
        differs || self.kept.is_some_and(|kept| kept.contains(&slot))
    }

    /// Adds a line, if it says more than a default.
    pub(super) fn line(&mut self, slot: Slot, differs: bool, text: impl Display) {
        if self.wants(slot, differs) {
            self.rows.push(Row { text: text.to_string(), slots: vec![slot], above: Vec::new(), behind: None });
        }
    }

    /// Adds a line of several settings, separated by commas.
    pub(super) fn joined(&mut self, settings: impl IntoIterator<Item = (Slot, bool, String)>) {
        let shown: Vec<_> = settings.into_iter().filter(|(slot, differs, _)| self.wants(*slot, *differs)).collect();
        if shown.is_empty() {
            return;
        }
        let text: Vec<&str> = shown.iter().map(|(_, _, text)| text.as_str()).collect();
        let text = text.join(", ");
        let slots = shown.iter().map(|(slot, ..)| *slot).collect();
        self.rows.push(Row { text, slots, above: Vec::new(), behind: None });
    }

    /// Adds a list, in as many lines as it needs, each beginning with `word`.
    pub(super) fn list(
        &mut self,
        sort: &'static str,
        word: &str,
        separator: &str,
        items: impl Iterator<Item = String>,
    ) {
        let mut row: Option<Row> = None;
        for (place, item) in items.enumerate() {
            let slot = Slot::Many(sort, u32::try_from(place).unwrap_or(u32::MAX));
            if let Some(full) = row.take_if(|row| row.text.len() + separator.len() + item.len() > WIDTH) {
                self.rows.push(full);
            }
            match &mut row {
                Some(row) => {
                    row.text.push_str(separator);
                    row.text.push_str(&item);
                    row.slots.push(slot);
                }
                None => {
                    let text = if word.is_empty() { item } else { format!("{word} {item}") };
                    row = Some(Row { text, slots: vec![slot], above: Vec::new(), behind: None });
                }
            }
        }
        self.rows.extend(row);
    }
}

/// What stands together without a blank line between.
const fn chapter(kind: Kind) -> u8 {
    match kind {
        Kind::Organization => 0,
        Kind::Extension => 1,
        Kind::Hours => 2,
        Kind::Holidays => 3,
        Kind::Group => 4,
        Kind::Menu => 5,
        Kind::Room | Kind::Box | Kind::Prompt | Kind::Assistant => 6,
        Kind::Number | Kind::Block => 7,
        Kind::Rule => 8,
        Kind::Pins | Kind::Pin => 9,
        Kind::Call => 10,
    }
}

/// Objects of several lines each, which a blank line keeps apart.
const fn stands_apart(kind: Kind) -> bool {
    matches!(kind, Kind::Hours | Kind::Holidays | Kind::Group | Kind::Menu)
}

/// Puts the blocks on a page.
pub(super) fn page(blocks: &[Block<'_>], header: &[&str], footer: &[&str]) -> String {
    let mut out = String::new();
    let line = |out: &mut String, indent: &str, text: &str| {
        out.push_str(indent);
        out.push_str(text);
    };
    for comment in header {
        line(&mut out, "", comment);
        out.push('\n');
    }
    let mut before: Option<Kind> = None;
    for block in blocks {
        let apart = before
            .map_or(!header.is_empty(), |before| chapter(before) != chapter(block.kind) || stands_apart(block.kind));
        if apart {
            out.push('\n');
        }
        before = Some(block.kind);
        for (place, row) in block.rows.iter().enumerate() {
            let indent = if place == 0 { "" } else { "  " };
            for comment in &row.above {
                line(&mut out, indent, comment);
                out.push('\n');
            }
            line(&mut out, indent, &row.text);
            if let Some(comment) = &row.behind {
                line(&mut out, "  ", comment);
            }
            out.push('\n');
        }
    }
    if !footer.is_empty() && !out.is_empty() {
        out.push('\n');
    }
    for comment in footer {
        line(&mut out, "", comment);
        out.push('\n');
    }
    out
}
