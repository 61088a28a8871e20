//! The plan language: a phone system as text.
//!
//! One format for fixtures, `--plan FILE`, `opbx apply`, `opbx export` and the examples of the documentation. An
//! object starts in column 1 and the lines below it are indented; settings stand in any order when read and in one
//! order when printed; what equals a default is not printed. `docs/plan-language.md` is the reference.
//!
//! How it is read: `lexer` cuts the text into lines of tokens, `index` finds what is declared (so that a reference
//! may point forward), and a file of `form` per kind of object reads its lines and prints them. Every step is linear
//! in the text and stops at nothing: the reader of a file hears of all its problems at once.

mod comments;
mod cursor;
mod destination;
mod fixture;
mod form;
mod index;
mod instant;
mod kind;
mod lexer;
mod names;
mod nearest;
mod object;
mod printer;
mod problem;
mod reader;
mod sheet;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use self::fixture::{Answers, FixtureCall};
pub use self::kind::Kind;
pub use self::object::Span;
pub use self::problem::Problem;

use crate::plan::PlanSource;
use jiff::tz::TimeZoneDatabase;
use std::collections::{HashMap, HashSet};

/// A text that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// The phone system. Identifiers count from 1 within each kind, in the order of the file; the boxes that
    /// extensions get by themselves come after those with a line.
    pub source: PlanSource,
    /// The calls of a fixture.
    pub calls: Vec<FixtureCall>,
    /// Where PINs stand; `apply` refuses them.
    pub secrets: Vec<Secret>,
    /// Where the organization is suspended; `apply` refuses it, the installation decides that.
    pub suspended: Option<Span>,
    /// Where each object stands.
    pub spans: Spans,
}

/// A line that sets PINs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Secret {
    /// [`Kind::Pins`] or [`Kind::Pin`].
    pub kind: Kind,
    /// The identifier of the room or the box.
    pub of: u64,
    /// Where the line starts.
    pub span: Span,
}

/// Where each object stands in a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Spans {
    places: HashMap<(Kind, u64), Span>,
}

impl Spans {
    /// Where the object of this kind with this identifier starts; a box that an extension gets by itself stands where
    /// the extension does.
    pub fn of(&self, kind: Kind, id: u64) -> Option<Span> {
        self.places.get(&(kind, id)).copied()
    }
}

/// Reads a text.
///
/// # Errors
///
/// All its problems in their order; beyond a hundred, a last one counts the rest.
pub fn parse(text: &str, zones: &TimeZoneDatabase) -> Result<Document, Vec<Problem>> {
    reader::read(text, zones, false).map(|(document, _)| document)
}

/// The canonical text of a plan. It holds no secret: neither PINs nor passwords.
pub fn print(source: &PlanSource, zones: &TimeZoneDatabase) -> String {
    let kept = sheet::Kept::new();
    sheet::page(&printer::blocks(source, zones, &kept, printer::Beside::default()), &[], &[])
}

/// A text in its canonical form, with its comments, its calls and its PINs.
///
/// # Errors
///
/// As [`parse`].
pub fn format(text: &str, zones: &TimeZoneDatabase) -> Result<String, Vec<Problem>> {
    let (document, notes) = reader::read(text, zones, true)?;
    let kept = notes.kept();
    let secrets: HashSet<(Kind, u64)> = document.secrets.iter().map(|secret| (secret.kind, secret.of)).collect();
    let beside = printer::Beside { calls: &document.calls, secrets: Some(&secrets) };
    let mut blocks = printer::blocks(&document.source, zones, &kept, beside);
    let (header, footer) = notes.attach(&mut blocks);
    Ok(sheet::page(&blocks, &header, &footer))
}
