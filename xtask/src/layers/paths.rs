//! The paths that a source file mentions: `std::env::var`, also when written `use std::{env::var, fs}`.

/// A path and the line of its first word. `self` and `super` are resolved to `crate`.
#[derive(Debug, PartialEq)]
pub(super) struct Mention {
    pub(super) line: usize,
    pub(super) path: Vec<String>,
}

impl Mention {
    /// Is this the thing that `path` names, or something inside it?
    pub(super) fn is_within(&self, path: &str) -> bool {
        let mut words = self.path.iter();
        path.split("::").all(|word| words.next().is_some_and(|own| own == word))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    Word(&'t str),
    PathSep,
    Open,
    Close,
    Other,
}

/// All paths of a file whose comments and strings are blanked. `module` is where the file stands in its crate.
pub(super) fn mentions(text: &str, module: &[&str]) -> Vec<Mention> {
    let tokens = tokens(text);
    let mut reader = Reader { tokens: &tokens, at: 0, module, found: Vec::new() };
    while reader.at < tokens.len() {
        match reader.peek() {
            Some(Token::Word(_)) => reader.path(&[]),
            _ => reader.at += 1,
        }
    }
    reader.found
}

fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut tokens = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (token, length) = match first {
                _ if word > 0 => (Token::Word(&rest[..word]), word),
                ':' if rest.starts_with("::") => (Token::PathSep, 2),
                '{' => (Token::Open, 1),
                '}' => (Token::Close, 1),
                _ => (Token::Other, first.len_utf8()),
            };
            tokens.push((index + 1, token));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

struct Reader<'t> {
    tokens: &'t [(usize, Token<'t>)],
    at: usize,
    module: &'t [&'t str],
    found: Vec<Mention>,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).map(|(_, token)| *token)
    }

    /// Reads one path, and the tree of paths if it ends in `::{`. Each leaf is a mention.
    fn path(&mut self, stem: &[&'t str]) {
        let line = self.tokens.get(self.at).map_or(0, |(line, _)| *line);
        let mut path = stem.to_vec();
        loop {
            match self.peek() {
                Some(Token::Word(word)) => {
                    // `use a::{self}` is `a`.
                    if word != "self" || path.is_empty() {
                        path.push(word);
                    }
                    self.at += 1;
                }
                Some(Token::Open) if !path.is_empty() => return self.branches(&path),
                // A glob, a turbofish: the stem is the mention.
                _ => break,
            }
            if self.peek() != Some(Token::PathSep) {
                break;
            }
            self.at += 1;
        }
        let path = self.resolve(&path);
        self.found.push(Mention { line, path });
    }

    fn branches(&mut self, stem: &[&'t str]) {
        self.at += 1;
        loop {
            match self.peek() {
                Some(Token::Close) | None => {
                    self.at += 1;
                    return;
                }
                Some(Token::Word("as")) => self.at += 2,
                Some(Token::Word(_)) => self.path(stem),
                Some(_) => self.at += 1,
            }
        }
    }

    fn resolve(&self, path: &[&str]) -> Vec<String> {
        let mut module = self.module;
        let mut rest = path;
        let mut relative = false;
        while let Some((first, more)) = rest.split_first() {
            match *first {
                "self" => {}
                "super" => module = module.split_last().map_or(&[], |(_, outer)| outer),
                _ => break,
            }
            relative = true;
            rest = more;
        }
        let stem: &[&str] = if relative { &["crate"] } else { &[] };
        let inner = if relative { module } else { &[] };
        stem.iter().chain(inner).chain(rest).map(|word| (*word).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let found = mentions(text, &["voice", "inbound"]);
        found.iter().map(|mention| mention.path.join("::")).filter(|path| path.contains("::")).collect()
    }

    #[test]
    fn plain_paths() {
        assert_eq!(read("let x = std::env::var(name)?;"), ["std::env::var"]);
        assert_eq!(read("::std::fs::read(p)"), ["std::fs::read"]);
        assert_eq!(read("Vec::<std::fs::File>::new()"), ["Vec", "std::fs::File", "new"].map(String::from)[1..2]);
    }

    #[test]
    fn trees_of_paths() {
        assert_eq!(
            read("use std::{env, fs::{self, File}, io as i};"),
            ["std::env", "std::fs", "std::fs::File", "std::io"]
        );
        assert_eq!(read("use crate::{api::*, voice};"), ["crate::api", "crate::voice"]);
    }

    #[test]
    fn a_tree_over_several_lines() {
        let found = mentions("use std::{\n    env,\n};\n", &[]);
        let env = found.iter().find(|mention| mention.is_within("std::env")).unwrap();
        assert_eq!(env.line, 2);
    }

    #[test]
    fn relative_paths_are_resolved() {
        assert_eq!(read("use super::super::api::calls;"), ["crate::api::calls"]);
        assert_eq!(read("use super::replay;"), ["crate::voice::replay"]);
        assert_eq!(read("self::twin::wait()"), ["crate::voice::inbound::twin::wait"]);
    }

    #[test]
    fn blocks_are_not_trees() {
        assert_eq!(read("match a::b { c::d => e::f, }"), ["a::b", "c::d", "e::f"]);
        assert_eq!(read("if x { std::env::args() }"), ["std::env::args"]);
    }

    #[test]
    fn within_is_by_whole_words() {
        let mention = Mention { line: 1, path: ["std", "environment"].map(String::from).to_vec() };
        assert!(!mention.is_within("std::env"));
        assert!(mention.is_within("std"));
    }
}
