//! Reading one line, one token of look-ahead at a time.

use super::index::{Index, shortened};
use super::kind::Kind;
use super::lexer::{self, File, Line, Token};
use super::problem::{Fault, Hint, Read};
use super::text::{is_plain_name, unquoted};
use super::words::is_keyword;
use crate::bounded::Bounded;
use crate::invalid::Invalid;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::borrow::Cow;
use std::str::FromStr;

/// What reading any line needs to know.
pub(super) struct Context<'t> {
    pub(super) file: &'t File<'t>,
    pub(super) index: &'t Index<'t>,
    pub(super) zones: &'t TimeZoneDatabase,
    /// The organization's.
    pub(super) zone: TimeZone,
}

/// The longest text, in characters: as long as the longest that is spoken. No printed line gets too long to be read.
const LONGEST_TEXT: usize = 4_000;

/// A place in a line.
pub(super) struct Cursor<'t> {
    pub(super) context: &'t Context<'t>,
    tokens: &'t [Token],
    line: &'t Line,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(context: &'t Context<'t>, line: &'t Line) -> Self {
        Self { context, tokens: context.file.tokens(line), line, at: 0 }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) const fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn at_end(&self) -> bool {
        self.peek().is_none()
    }

    /// Where the next token starts, or where the line ends.
    pub(super) fn offset(&self) -> usize {
        self.peek().map_or(self.line.end, Token::start)
    }

    /// The next token, if it is a word without quotes.
    pub(super) fn word(&self) -> Option<&'t str> {
        self.peek().filter(|token| token.kind == lexer::Kind::Word).map(|token| token.slice(self.context.file.text))
    }

    /// Whether the next token is a text in quotes.
    pub(super) fn is_text(&self) -> bool {
        self.is_kind(lexer::Kind::Text)
    }

    /// Whether the next token is `->`.
    pub(super) fn is_arrow(&self) -> bool {
        self.is_kind(lexer::Kind::Arrow)
    }

    fn is_kind(&self, kind: lexer::Kind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    /// Goes over this word if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        debug_assert!(is_keyword(word), "`{word}` is missing among the words of the language");
        let next = self.word() == Some(word);
        self.at += usize::from(next);
        next
    }

    pub(super) fn eat_comma(&mut self) -> bool {
        let next = self.is_kind(lexer::Kind::Comma);
        self.at += usize::from(next);
        next
    }

    pub(super) fn eat_colon(&mut self) {
        self.at += usize::from(self.is_kind(lexer::Kind::Colon));
    }

    pub(super) fn need(&mut self, word: &'static str) -> Read<()> {
        if self.eat(word) { Ok(()) } else { Err(self.expected(&format!("`{word}`"))) }
    }

    pub(super) fn need_all(&mut self, words: &[&'static str]) -> Read<()> {
        words.iter().try_for_each(|word| self.need(word))
    }

    pub(super) fn need_arrow(&mut self) -> Read<()> {
        if !self.is_arrow() {
            return Err(self.expected("`->`"));
        }
        self.advance();
        Ok(())
    }

    /// Something else was expected here.
    pub(super) fn expected(&self, what: &str) -> Box<Fault> {
        let found = match self.peek() {
            None => "the end of the line".to_owned(),
            Some(token) => {
                let slice = token.slice(self.context.file.text);
                let short = shortened(slice);
                if short.len() < slice.len() { format!("`{short}…`") } else { format!("`{short}`") }
            }
        };
        let mut fault = Fault::at(self.offset(), format!("expected {what}"));
        fault.found = Some(found);
        fault
    }

    /// Something else was expected here; one of `words` may have been meant.
    pub(super) fn expected_word(&self, what: &str, words: &'static [&'static str]) -> Box<Fault> {
        let mut fault = self.expected(what);
        if let Some(word) = self.word() {
            fault.hint = Hint::Words(words, shortened(word).to_owned());
        }
        fault
    }

    /// A text in quotes.
    pub(super) fn text(&mut self, what: &str) -> Read<Cow<'t, str>> {
        let Some(token) = self.peek().filter(|token| token.kind == lexer::Kind::Text) else {
            return Err(self.expected(&format!("{what} in quotes")));
        };
        let read = unquoted(token.slice(self.context.file.text)).map_err(|place| {
            let message = r#"expected one of \" \\ \n \r \t \u{…} after a backslash"#;
            Fault::at(token.start() + place, message)
        })?;
        if read.chars().nth(LONGEST_TEXT).is_some() {
            return Err(Fault::at(token.start(), format!("a text of more than {LONGEST_TEXT} characters")));
        }
        self.advance();
        Ok(read)
    }

    /// A word or a text in quotes.
    pub(super) fn value(&mut self, what: &str) -> Read<Cow<'t, str>> {
        if self.is_text() {
            return self.text(what);
        }
        let Some(word) = self.word() else { return Err(self.expected(what)) };
        self.advance();
        Ok(Cow::Borrowed(word))
    }

    /// A word or a text that is a `T`.
    pub(super) fn parsed<T: FromStr<Err = Invalid>>(&mut self, what: &str) -> Read<T> {
        let before = self.at;
        let value = self.value(what)?;
        value.parse().map_err(|invalid| self.invalid_at(before, &invalid))
    }

    /// A text in quotes that is a `T`.
    pub(super) fn parsed_text<T: FromStr<Err = Invalid>>(&mut self, what: &str) -> Read<T> {
        let before = self.at;
        let value = self.text(what)?;
        value.parse().map_err(|invalid| self.invalid_at(before, &invalid))
    }

    /// A secret: what was read is not repeated.
    pub(super) fn secret<T: FromStr<Err = Invalid>>(&mut self, what: &str) -> Read<T> {
        let hidden = |mut fault: Box<Fault>| {
            fault.found = None;
            fault
        };
        self.parsed(what).map_err(hidden)
    }

    fn invalid_at(&mut self, place: usize, invalid: &Invalid) -> Box<Fault> {
        self.at = place;
        self.expected(invalid.what_was_expected())
    }

    /// The name of an object where it is declared.
    pub(super) fn declared_name<T: FromStr<Err = Invalid>>(&mut self, what: &str) -> Read<T> {
        if let Some(word) = self.word()
            && !is_plain_name(word)
        {
            let quoted = super::text::quoted(shortened(word));
            if is_keyword(word) {
                let message = format!("`{word}` is a word of the language; a name like it is written {quoted}");
                return Err(Fault::at(self.offset(), message));
            }
            return Err(self.expected(&format!("{what} (in quotes unless it is one plain word)")));
        }
        self.parsed(what)
    }

    /// The identifier of the object of this kind that comes next by its name or number.
    pub(super) fn reference(&mut self, kind: Kind) -> Read<u64> {
        let what = match kind {
            Kind::Extension => "the number of an extension",
            Kind::Number => "a number of the organization",
            Kind::Hours => "the name of a schedule",
            Kind::Holidays => "the name of a holiday list",
            Kind::Group => "the name of a group",
            Kind::Menu => "the name of a menu",
            Kind::Room => "the name of a room",
            Kind::Box => "the name of a voicemail box",
            Kind::Prompt => "the name of a prompt",
            Kind::Assistant => "the name of an assistant",
            _ => "a name",
        };
        let offset = self.offset();
        if let Some(word) = self.word()
            && is_keyword(word)
        {
            return Err(self.expected(what));
        }
        let name = self.value(what)?;
        self.context.index.id(kind, &name).ok_or_else(|| {
            let (noun, name) = (kind.noun(), shortened(&name));
            let other = Kind::REFERRED.into_iter().find(|&other| self.context.index.id(other, name).is_some());
            let other = other.map_or_else(String::new, |other| format!(", but there is a {} `{name}`", other.noun()));
            let mut fault = Fault::at(offset, format!("no {noun} `{name}`{other}"));
            if other.is_empty() {
                fault.hint = Hint::Names(kind, name.to_owned());
            }
            fault
        })
    }

    /// A whole number.
    pub(super) fn count(&mut self, what: &str) -> Read<u32> {
        let count = self.word().filter(|word| is_digits(word)).and_then(|word| word.parse().ok());
        let count = count.ok_or_else(|| self.expected(what))?;
        self.advance();
        Ok(count)
    }

    /// A whole number in a range.
    pub(super) fn bounded<const MIN: u32, const MAX: u32>(&mut self, what: &str) -> Read<Bounded<MIN, MAX>> {
        let before = self.at;
        let count = self.count(&format!("{what} from {MIN} to {MAX}"))?;
        Bounded::new(count).ok_or_else(|| {
            self.at = before;
            self.expected(&format!("{what} from {MIN} to {MAX}"))
        })
    }

    /// A duration like `20s`, `5m` or `4h`.
    pub(super) fn duration<const MIN: u32, const MAX: u32>(&mut self, what: &str) -> Read<Bounded<MIN, MAX>> {
        let read = self.word().and_then(seconds).and_then(Bounded::new);
        let read = read.ok_or_else(|| self.expected(&format!("{what} like 20s, from {MIN} to {MAX} seconds")))?;
        self.advance();
        Ok(read)
    }
}

/// Whether a word is digits and nothing else.
pub(super) fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The seconds of a duration; nothing if it is none.
pub(super) fn seconds(word: &str) -> Option<u32> {
    let (unit, factor) = match word.as_bytes().last()? {
        b's' => ('s', 1),
        b'm' => ('m', 60),
        b'h' => ('h', 3_600),
        _ => return None,
    };
    let digits = word.strip_suffix(unit).filter(|digits| is_digits(digits))?;
    digits.parse::<u32>().ok()?.checked_mul(factor)
}
