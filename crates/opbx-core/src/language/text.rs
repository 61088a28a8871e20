//! How texts stand in a plan: bare or in quotes.

use super::words::is_keyword;
use std::borrow::Cow;

/// Whether a name may stand without quotes.
pub(super) fn is_plain_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && !is_keyword(text)
}

/// A name as it is printed where others refer to it.
pub(super) fn name(text: &str) -> Cow<'_, str> {
    if is_plain_name(text) { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// An address, a zone, a code: bare when it is one word to the reader too.
pub(super) fn value(text: &str) -> Cow<'_, str> {
    let bare = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b',' | b'"' | b'\\'))
        && !text.starts_with("->")
        && !text.starts_with('#')
        && !text.ends_with(':');
    if bare { Cow::Borrowed(text) } else { Cow::Owned(quoted(text)) }
}

/// Keys or characters to dial: in quotes when they contain `#`, which would look like a comment.
pub(super) fn keys(text: &str) -> Cow<'_, str> {
    if text.contains('#') || text.is_empty() { Cow::Owned(quoted(text)) } else { Cow::Borrowed(text) }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What a text in quotes says; the place of the first escape that does not exist.
pub(super) fn unquoted(slice: &str) -> Result<Cow<'_, str>, usize> {
    let inner = slice.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(slice);
    if !inner.contains('\\') {
        return Ok(Cow::Borrowed(inner));
    }
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.char_indices();
    while let Some((place, c)) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        // The opening quote stands before `inner`.
        let wrong = place + 1;
        out.push(match chars.next().map(|(_, escape)| escape) {
            Some(same @ ('"' | '\\')) => same,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let code = inner
                    .get(place + 2..)
                    .and_then(|rest| rest.strip_prefix('{'))
                    .and_then(|rest| rest.split_once('}'));
                let (code, _) = code.ok_or(wrong)?;
                // `from_str_radix` would take a sign.
                let hex = !code.is_empty() && code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_hexdigit());
                let read = u32::from_str_radix(code, 16).ok().filter(|_| hex).and_then(char::from_u32).ok_or(wrong)?;
                for _ in 0..code.len() + 2 {
                    chars.next();
                }
                read
            }
            _ => return Err(wrong),
        });
    }
    Ok(Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_quoted_is_read_back() {
        for text in ["", "plain", "say \"hi\"", "back\\slash", "two\nlines\tand\r", "\u{1}\u{85}", "Zürich"] {
            let printed = quoted(text);
            assert!(!printed.contains('\n'));
            assert_eq!(unquoted(&printed).as_deref(), Ok(text));
        }
        assert_eq!(unquoted(r#""a\x""#), Err(2));
        assert_eq!(unquoted(r#""\u{110000}""#), Err(1));
    }

    #[test]
    fn a_name_is_quoted_when_it_could_be_something_else() {
        for (text, printed) in [
            ("Sales", "Sales"),
            ("Front desk", "\"Front desk\""),
            ("else", "\"else\""),
            ("1st", "\"1st\""),
            ("a_b-1", "a_b-1"),
        ] {
            assert_eq!(name(text), printed);
        }
    }
}
