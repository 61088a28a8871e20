//! What a file declares: its objects with their names, found before any of them is read. A reference may point forward
//! then, and every object has its identifier when the first destination is read.

use super::kind::{Kind, OBJECT_WORDS};
use super::lexer::{self, File, Token};
use super::problem::{Fault, Hint, Problems};
use super::text::unquoted;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// An object of the file.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    /// Its place among its kind, from 1.
    pub(super) id: u64,
    /// Its lines, the first is its head.
    pub(super) lines: Range<usize>,
    /// Where it starts in the text.
    pub(super) offset: usize,
}

/// A box that no line declares: an extension with voicemail and without a box of its own gets one.
#[derive(Clone, Debug)]
pub(super) struct ImpliedBox<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) extension: u64,
}

/// The names of one kind.
#[derive(Debug, Default)]
pub(super) struct Names<'t> {
    ids: HashMap<Cow<'t, str>, u64>,
    // In the order of the file, so that a suggestion does not depend on hashing.
    order: Vec<Cow<'t, str>>,
}

/// Everything a file declares.
#[derive(Debug)]
pub(super) struct Index<'t> {
    pub(super) objects: Vec<Object>,
    pub(super) implied: Vec<ImpliedBox<'t>>,
    names: [Names<'t>; 16],
    counts: [u64; 16],
}

impl<'t> Index<'t> {
    /// The identifier of the object with this name.
    pub(super) fn id(&self, kind: Kind, name: &str) -> Option<u64> {
        self.names.get(kind as usize)?.ids.get(name).copied()
    }

    /// The names of a kind, in the order of the file.
    pub(super) fn names(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.names.get(kind as usize).into_iter().flat_map(|names| names.order.iter().map(AsRef::as_ref))
    }

    /// Finds the objects of `file`.
    pub(super) fn build(file: &File<'t>, problems: &mut Problems) -> Self {
        let mut index = Self {
            objects: Vec::new(),
            implied: Vec::new(),
            names: std::array::from_fn(|_| Names::default()),
            counts: [0; 16],
        };
        // `None` before the first object, `Some(false)` below a head that is none.
        let mut inside = None;
        for (place, line) in file.lines.iter().enumerate() {
            let tokens = file.tokens(line);
            let Some(&first) = tokens.first() else {
                if let Some(object) = index.objects.last_mut().filter(|_| inside == Some(true)) {
                    object.lines.end = place + 1;
                }
                continue;
            };
            if line.indented {
                match inside {
                    Some(true) => {
                        if let Some(object) = index.objects.last_mut() {
                            object.lines.end = place + 1;
                        }
                    }
                    Some(false) => {}
                    None => {
                        let message = "an indented line belongs to the object above it, and there is none";
                        problems.push(*Fault::at(first.start(), message));
                        inside = Some(false);
                    }
                }
                continue;
            }
            let word = first.slice(file.text);
            let kind = if first.kind == lexer::Kind::Word { Kind::from_word(word) } else { None };
            inside = Some(kind.is_some());
            match kind {
                Some(kind) => index.declare(file, kind, place, tokens, problems),
                None => problems.push(Fault {
                    offset: first.start(),
                    message: "expected an object (a line of an object is indented)".to_owned(),
                    found: Some(format!("`{}`", shortened(word))),
                    hint: Hint::Words(OBJECT_WORDS, shortened(word).to_owned()),
                }),
            }
        }
        index.imply_boxes(file, problems);
        index
    }

    fn declare(&mut self, file: &File<'t>, kind: Kind, place: usize, tokens: &[Token], problems: &mut Problems) {
        let Some(count) = self.counts.get_mut(kind as usize) else { return };
        *count += 1;
        let id = *count;
        let offset = tokens.first().map_or(0, |token| token.start());
        self.objects.push(Object { kind, id, lines: place..place + 1, offset });
        if kind == Kind::Organization {
            if id == 2 {
                problems.push(*Fault::at(offset, "a plan has one organization"));
            }
            return;
        }
        let Some(&token) = tokens.get(1).filter(|_| kind != Kind::Call) else { return };
        let Some(name) = spoken(file.text, token) else { return };
        let Some(names) = self.names.get_mut(kind as usize) else { return };
        if names.ids.contains_key(&name) {
            let message = format!("{} `{}` is declared twice", kind.noun(), shortened(&name));
            problems.push(*Fault::at(token.start(), message));
            return;
        }
        names.ids.insert(name.clone(), id);
        names.order.push(name);
    }

    /// Gives each extension with voicemail and without a box the box that it is entitled to.
    fn imply_boxes(&mut self, file: &File<'t>, problems: &mut Problems) {
        let mut owned = std::collections::HashSet::new();
        let mut wanting = Vec::new();
        for object in &self.objects {
            let lines = file.lines.get(object.lines.clone()).unwrap_or_default();
            match object.kind {
                Kind::Box => owned.extend(lines.iter().filter_map(|line| owner(file, file.tokens(line)))),
                Kind::Extension if lines.iter().any(|line| says_voicemail(file, file.tokens(line))) => {
                    wanting.push(object.clone());
                }
                _ => {}
            }
        }
        for object in wanting {
            let Some(line) = file.lines.get(object.lines.start) else { continue };
            let &[_, number, name, ..] = file.tokens(line) else { continue };
            let (Some(number), Some(name)) = (spoken(file.text, number), spoken(file.text, name)) else { continue };
            let names = self.names.get_mut(Kind::Box as usize);
            let (false, Some(names)) = (owned.contains(&number), names) else { continue };
            let name = if names.ids.contains_key(&name) { Cow::Owned(format!("{name} {number}")) } else { name };
            if names.ids.contains_key(&name) || name.chars().count() > 255 {
                let message = format!(
                    "extension {number} needs a line `box … of extension {number}`: the name `{}` is taken",
                    shortened(&name)
                );
                problems.push(*Fault::at(object.offset, message));
                continue;
            }
            let id = self.counts.get(Kind::Box as usize).copied().unwrap_or_default() + self.implied.len() as u64 + 1;
            names.ids.insert(name.clone(), id);
            names.order.push(name.clone());
            self.implied.push(ImpliedBox { name, extension: object.id });
        }
    }
}

/// What a word or a text says; nothing for another token or a wrong escape.
fn spoken(text: &str, token: Token) -> Option<Cow<'_, str>> {
    match token.kind {
        lexer::Kind::Word => Some(Cow::Borrowed(token.slice(text))),
        lexer::Kind::Text => unquoted(token.slice(text)).ok(),
        _ => None,
    }
}

/// The extension whose box this line says it is.
fn owner<'t>(file: &File<'t>, tokens: &[Token]) -> Option<Cow<'t, str>> {
    tokens.windows(3).find_map(|three| match three {
        &[of, extension, number] if is_word(file, of, "of") && is_word(file, extension, "extension") => {
            spoken(file.text, number)
        }
        _ => None,
    })
}

/// Whether a line of an extension switches its voicemail on; `-> voicemail Sales` only leads to one.
fn says_voicemail(file: &File<'_>, tokens: &[Token]) -> bool {
    let mut leads = false;
    for &token in tokens {
        if !leads && is_word(file, token, "voicemail") {
            return true;
        }
        leads = token.kind == lexer::Kind::Arrow || is_word(file, token, "then");
    }
    false
}

fn is_word(file: &File<'_>, token: Token, word: &str) -> bool {
    token.kind == lexer::Kind::Word && token.slice(file.text) == word
}

/// As much of a text as an error needs.
pub(super) fn shortened(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}
