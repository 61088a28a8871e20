//! What people write around the digits of a number.

/// The text without blanks and punctuation, if it looks like a number; any other text as it is, without the blanks
/// around it.
pub(super) fn text(raw: &str) -> Box<str> {
    // What the platform sends is clean almost always.
    let raw = raw.trim();
    if raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.into();
    }
    number(raw).unwrap_or_else(|| raw.into())
}

/// What follows a feature code of a star and two digits; of any other text, the whole text.
pub(super) fn behind_code(text: &str) -> &str {
    match text.strip_prefix('*') {
        Some(code) => code.get(2..).unwrap_or_default(),
        None => text,
    }
}

fn number(raw: &str) -> Option<Box<str>> {
    let mut text = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '+' | '\u{ff0b}' => {
                // Only before the first digit of a number, which may be the argument of a feature code.
                let first = text.is_empty() || text.len() == 3 && text.starts_with('*');
                first.then(|| text.push('+'))?;
            }
            '*' | '\u{ff0a}' => text.push('*'),
            '#' | '\u{ff03}' => text.push('#'),
            _ if is_punctuation(c) => {}
            _ => text.push(digit(c)?),
        }
    }
    text.contains(|c: char| c.is_ascii_digit()).then(|| text.into())
}

/// Blanks of any width, dashes, brackets, dots and strokes.
fn is_punctuation(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '(' | ')' | '.' | '/')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}' | '\u{ff0e}')
        // Marks without width, which come along when a number is copied from a page.
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A decimal digit of the scripts that phones write numbers in.
fn digit(c: char) -> Option<char> {
    const ZEROS: [char; 4] = ['0', '\u{660}', '\u{6f0}', '\u{ff10}'];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_goes_where_a_number_stands() {
        for (raw, kept) in [
            ("3000", "3000"),
            (" +1 (212) 555-0100 ", "+12125550100"),
            ("1.212.555.0100", "12125550100"),
            ("030/123456", "030123456"),
            ("\u{ff0b}\u{ff11}202555017\u{ff13}", "+12025550173"),
            ("\u{661}\u{662}\u{663}", "123"),
            ("+1\u{a0}212\u{2011}555\u{2013}0100", "+12125550100"),
            ("\u{202a}+12125550100\u{202c}", "+12125550100"),
            ("*72 +1 212 555 0100", "*72+12125550100"),
            ("*97", "*97"),
            ("#9", "#9"),
        ] {
            assert_eq!(&*text(raw), kept, "{raw}");
        }
    }

    #[test]
    fn every_other_text_stays() {
        for raw in ["anonymous", "Alice Ray", "bob@example.com", "1+2", "+", "()", "", "12a"] {
            assert_eq!(&*text(raw), raw, "{raw}");
        }
        assert_eq!(&*text("  private "), "private");
    }

    #[test]
    fn an_argument_follows_its_code() {
        assert_eq!(behind_code("*7212125550100"), "12125550100");
        assert_eq!(behind_code("*72"), "");
        assert_eq!(behind_code("*7"), "");
        assert_eq!(behind_code("1001"), "1001");
    }
}
