//! Source text with what is not code blanked out, so that words in comments and strings break no rule.
//!
//! Lines keep their place. This is not a Rust lexer, it only knows where comments, strings and characters begin and end.

/// Blanks comments, strings and characters.
pub(super) fn comments_and_strings(text: &str) -> String {
    let mut rest = text;
    let mut blanked = String::with_capacity(text.len());
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            string(rest)
        } else if matches!(first, 'r' | 'b' | 'c') && !is_word(before) {
            prefixed_string(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            blanked.push(first);
            before = first;
            rest = &rest[first.len_utf8()..];
        } else {
            let (gone, kept) = rest.split_at(length);
            blanked.extend(gone.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            before = ' ';
            rest = kept;
        }
    }
    blanked
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Block comments nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// A string that begins at the quote.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `c"…"`; nothing if it is an ordinary word.
fn prefixed_string(text: &str) -> usize {
    let letters = text.find(|c| !matches!(c, 'r' | 'b' | 'c')).unwrap_or(text.len());
    if letters > 2 {
        return 0;
    }
    let (prefix, rest) = text.split_at(letters);
    if !prefix.contains('r') {
        return if rest.starts_with('"') { letters + string(rest) } else { 0 };
    }
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if !rest[hashes..].starts_with('"') {
        return 0;
    }
    let opening = letters + hashes + 1;
    let closing = format!("\"{}", "#".repeat(hashes));
    text[opening..].find(&closing).map_or(text.len(), |at| opening + at + closing.len())
}

/// `'a'`, `'\n'`; nothing if it is a lifetime.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => text[3.min(text.len())..].find('\'').map_or(0, |at| at + 4),
        Some(_) => match characters.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

/// Blanks `#[cfg(test)] mod … { … }` in text that has no comments and strings any more: the rules are for the product.
pub(super) fn test_modules(text: &str) -> String {
    let mut kept = text.to_owned();
    let mut from = 0;
    while let Some(found) = kept[from..].find("#[cfg(test)]") {
        let start = from + found;
        let body = &kept[start..];
        let end = match (body.find('{'), body.find(';')) {
            // `mod tests;`, `use …;`: the item ends before any block begins.
            (open, Some(end)) if open.is_none_or(|open| end < open) => start + end + 1,
            (Some(open), _) => start + open + block(&body[open..]),
            _ => kept.len(),
        };
        let blank: String = kept[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        kept.replace_range(start..end, &blank);
        from = start + blank.len();
    }
    kept
}

fn block(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        comments_and_strings(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments() {
        assert_eq!(words("a // std::fs\nb /* x /* y */ z */ c"), "a b c");
        assert_eq!(words("//! std::env\n/// std::env\nd"), "d");
    }

    #[test]
    fn strings_and_characters() {
        assert_eq!(words(r#"a "std::fs \" x" b"#), "a b");
        assert_eq!(words(r###"a r#"x "y" z"# b br"q" c b"q" d"###), "a b c d");
        assert_eq!(words(r"f('\'', '\u{1F600}', 'é') g"), "f( , , ) g");
    }

    #[test]
    fn words_and_lifetimes_stay() {
        assert_eq!(words("fn bar<'a>(r: &'a str, b: u8) -> cr"), "fn bar<'a>(r: &'a str, b: u8) -> cr");
        assert_eq!(words("r#type + number"), "r#type + number");
    }

    #[test]
    fn lines_keep_their_place() {
        assert_eq!(comments_and_strings("/*\n*/\n\"\n\"\nx").lines().count(), 5);
    }

    #[test]
    fn test_modules_go_and_the_rest_stays() {
        let text = "use a;\n#[cfg(test)]\nmod tests {\n fn f() { b }\n}\nuse c;\n#[cfg(test)]\nmod more;\nuse d;";
        let kept = test_modules(text);
        assert_eq!(kept.split_whitespace().collect::<Vec<_>>().join(" "), "use a; use c; use d;");
        assert_eq!(kept.lines().count(), text.lines().count());
    }
}
