//! What is wrong with a text: every problem of a file at once, each with its place and, where a name was meant, the
//! nearest one.

use super::kind::Kind;
use super::lexer::File;
use super::nearest::nearest;
use super::object::Span;
use jiff::tz::TimeZoneDatabase;
use std::fmt;

/// One thing that is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What stands there, if saying it helps; never a secret.
    pub found: Option<String>,
    /// What was expected, or what is wrong: a sentence without its end.
    pub message: String,
    /// The name or word that was probably meant.
    pub suggestion: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        if let Some(found) = &self.found {
            write!(f, ", found {found}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "; did you mean `{suggestion}`?")?;
        }
        Ok(())
    }
}

/// A problem where it was met: its place is still an offset, the nearest name is not looked for yet. Both cost time
/// that a file of nothing but problems must not take once per problem.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) message: String,
    pub(super) found: Option<String>,
    pub(super) hint: Hint,
}

/// Among what the nearest name is looked for.
#[derive(Debug)]
pub(super) enum Hint {
    Nothing,
    /// One of these words was probably meant.
    Words(&'static [&'static str], String),
    /// An object of this kind was probably meant.
    Names(Kind, String),
    /// A time zone was probably meant.
    Zones(String),
}

/// What reading one thing gives. The fault is boxed: it is rare, and a large error makes every success slow.
pub(super) type Read<T> = Result<T, Box<Fault>>;

impl Fault {
    /// Something is wrong at `offset`; what stands there is part of the sentence.
    pub(super) fn at(offset: usize, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { offset, message: message.into(), found: None, hint: Hint::Nothing })
    }
}

/// The problems met so far: the first ones of the text, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Problems {
    kept: Vec<Fault>,
    // Faults behind this offset can no longer be among the first.
    horizon: Option<usize>,
    count: usize,
}

/// How many problems are told; whoever has more has a file of another kind.
pub(super) const MOST_PROBLEMS: usize = 100;

impl Problems {
    pub(super) fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.horizon.is_some_and(|horizon| fault.offset >= horizon) {
            return;
        }
        self.kept.push(fault);
        if self.kept.len() >= 10 * MOST_PROBLEMS {
            self.shrink();
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn shrink(&mut self) {
        self.kept.sort_by_key(|fault| fault.offset);
        self.kept.truncate(MOST_PROBLEMS);
        if self.kept.len() == MOST_PROBLEMS {
            self.horizon = self.kept.last().map(|fault| fault.offset);
        }
    }

    /// The problems in the order of the text, with their places; a last one counts those that are not told.
    pub(super) fn finish<'n, N>(
        mut self,
        file: &File<'_>,
        zones: &TimeZoneDatabase,
        names: impl Fn(Kind) -> N,
    ) -> Vec<Problem>
    where
        N: Iterator<Item = &'n str>,
    {
        self.shrink();
        let zones: Vec<String> = zones.available().map(|zone| zone.to_string()).collect();
        let rest = self.count - self.kept.len();
        let mut problems: Vec<Problem> = self
            .kept
            .into_iter()
            .map(|fault| {
                let Span { line, column } = file.span(fault.offset);
                let suggestion = match fault.hint {
                    Hint::Nothing => None,
                    Hint::Words(words, found) => nearest(&found, words.iter().copied()),
                    Hint::Names(kind, found) => nearest(&found, names(kind)),
                    Hint::Zones(found) => nearest(&found, zones.iter().map(String::as_str)),
                };
                Problem { line, column, found: fault.found, message: fault.message, suggestion }
            })
            .collect();
        if let Some(last) = problems.last()
            && rest > 0
        {
            let message = format!("and {rest} more problems from here on");
            problems.push(Problem { line: last.line, column: last.column, found: None, message, suggestion: None });
        }
        problems
    }
}
