//! From text to lines of tokens. A line is a statement; nothing runs over its end.

use super::object::Span;
use super::problem::{Fault, Problems};

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Characters up to a blank, a comma or a quote: a word, a number, a time, an address.
    Word,
    /// A text in quotes, which belong to its slice.
    Text,
    /// `->`
    Arrow,
    /// `,`
    Comma,
    /// `:` at the end of a word.
    Colon,
}

/// A piece of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    start: u32,
    end: u32,
}

impl Token {
    pub(super) const fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A line that is not blank.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Where it starts in the text.
    pub(super) start: usize,
    /// Where what it says ends, its comment not counted.
    pub(super) end: usize,
    /// Whether it starts with a blank: then it belongs to the object above.
    pub(super) indented: bool,
    /// Whether a blank line stands before it.
    pub(super) after_blank: bool,
    /// Whether it could not be read to its end; the problem is told already.
    pub(super) broken: bool,
    first: usize,
    last: usize,
    comment: Option<(usize, usize)>,
}

/// A text as lines of tokens.
#[derive(Debug)]
pub(super) struct File<'t> {
    pub(super) text: &'t str,
    pub(super) lines: Vec<Line>,
    tokens: Vec<Token>,
}

impl<'t> File<'t> {
    pub(super) fn tokens(&self, line: &Line) -> &[Token] {
        self.tokens.get(line.first..line.last).unwrap_or_default()
    }

    /// Line and column of an offset.
    pub(super) fn span(&self, offset: usize) -> Span {
        let behind = self.lines.partition_point(|line| line.start <= offset);
        let Some(line) = self.lines.get(behind.saturating_sub(1)) else { return Span { line: 1, column: 1 } };
        // The place of a line that is too long is its start: this walk is short.
        let before = self.text.get(line.start..offset).unwrap_or_default().chars().count();
        Span { line: line.number, column: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1) }
    }

    /// The comment of a line from its `#` on, without blanks at its end.
    pub(super) fn comment(&self, line: &Line) -> Option<&'t str> {
        let (start, end) = line.comment?;
        self.text.get(start..end).map(str::trim_end)
    }
}

/// The longest line, in bytes: far more than the longest text with every character escaped.
const LONGEST_LINE: usize = 65_536;

/// Cuts `text` into lines and tokens.
pub(super) fn lex<'t>(text: &'t str, problems: &mut Problems) -> File<'t> {
    let mut file = File { text, lines: Vec::new(), tokens: Vec::new() };
    let mut start = 0;
    let mut after_blank = false;
    for (number, raw) in (1..).zip(text.split_inclusive('\n')) {
        let content = raw.strip_suffix('\n').unwrap_or(raw);
        let skip = if start == 0 && content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let content = content.strip_suffix('\r').unwrap_or(content);
        let first = file.tokens.len();
        let mut line = Line {
            number,
            start: start + skip,
            end: start + skip,
            indented: content.get(skip..).is_some_and(|rest| rest.starts_with([' ', '\t'])),
            after_blank,
            broken: false,
            first,
            last: first,
            comment: None,
        };
        if content.len() > LONGEST_LINE {
            problems.push(*Fault::at(start, format!("a line of more than {LONGEST_LINE} bytes")));
            line.broken = true;
        } else {
            cut(content, skip, start, &mut line, &mut file.tokens, problems);
        }
        line.last = file.tokens.len();
        if line.first == line.last && line.comment.is_none() && !line.broken {
            after_blank = true;
        } else {
            after_blank = false;
            file.lines.push(line);
        }
        start += raw.len();
    }
    file
}

/// Cuts one line. `base` is where it starts in the text.
fn cut(content: &str, skip: usize, base: usize, line: &mut Line, tokens: &mut Vec<Token>, problems: &mut Problems) {
    let bytes = content.as_bytes();
    let mut at = skip;
    while let Some(&byte) = bytes.get(at) {
        let rest = content.get(at..).unwrap_or_default();
        let (kind, len) = match byte {
            b' ' | b'\t' => {
                at += 1;
                continue;
            }
            b'#' => {
                line.comment = Some((base + at, base + content.len()));
                return;
            }
            b',' => (Kind::Comma, 1),
            b'"' => match closing_quote(rest) {
                Some(len) => (Kind::Text, len),
                None => {
                    problems.push(*Fault::at(base + at, "this text has no closing quote"));
                    line.broken = true;
                    return;
                }
            },
            b'-' if rest.starts_with("->") => (Kind::Arrow, 2),
            _ => (Kind::Word, rest.find([' ', '\t', ',', '"']).unwrap_or(rest.len())),
        };
        let slice = rest.get(..len).unwrap_or_default();
        if let Some(control) = slice.find(|c: char| c.is_control() && c != '\t') {
            let message = r"a control character stands in a text as an escape like \n or \u{1}, nowhere else";
            problems.push(*Fault::at(base + at + control, message));
            line.broken = true;
            return;
        }
        let mut push = |kind, from: usize, to: usize| {
            // A text has at most ten megabytes: its offsets fit.
            let place = |offset: usize| u32::try_from(base + offset).unwrap_or(u32::MAX);
            tokens.push(Token { kind, start: place(from), end: place(to) });
        };
        let end = at + len;
        if kind == Kind::Word && len > 1 && rest.as_bytes().get(len - 1) == Some(&b':') {
            push(Kind::Word, at, end - 1);
            push(Kind::Colon, end - 1, end);
        } else {
            push(kind, at, end);
        }
        at = end;
        line.end = base + at;
    }
}

/// The length of the text in quotes that `rest` begins with.
fn closing_quote(rest: &str) -> Option<usize> {
    let mut escaped = false;
    for (place, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return Some(place + 1),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}
