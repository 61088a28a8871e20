//! JSON that is nearly JSON, mended.
//!
//! A call record comes once, and is not worth losing for a number that some library wrote as `NaN`.

/// The text with what parsers refuse and writers let slip put right:
///
/// * `NaN`, `Infinity` and `-Infinity` outside of texts become `null`,
/// * half of a pair of surrogates (a name that was cut within an emoji) becomes U+FFFD,
/// * control characters within texts are escaped.
///
/// A text without any of these comes back as it was.
pub(super) fn mend(json: &str) -> String {
    let mut mended = String::with_capacity(json.len() + 16);
    let mut rest = json;
    let mut in_text = false;
    while let Some(next) = rest.chars().next() {
        let length = next.len_utf8();
        let (taken, instead) = match next {
            '\\' if in_text => escape(rest),
            '\0'..' ' if in_text => (length, Some(format!("\\u{:04x}", u32::from(next)))),
            'N' | 'I' | '-' if !in_text => {
                number_word(rest).map_or((length, None), |taken| (taken, Some("null".to_owned())))
            }
            _ => (length, None),
        };
        in_text ^= next == '"';
        let (head, tail) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        mended.push_str(instead.as_deref().unwrap_or(head));
        rest = tail;
    }
    mended
}

/// How long an escape is, and what to write instead of it if it stands for nothing.
fn escape(rest: &str) -> (usize, Option<String>) {
    match (unit(rest), rest.get(6..).and_then(unit)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, None),
        (Some(0xD800..=0xDFFF), _) => (6, Some("\\ufffd".to_owned())),
        (Some(_), _) => (6, None),
        // The backslash and the character behind it, which may be a quote.
        (None, _) => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
    }
}

/// How long the number is that JSON has no word for.
fn number_word(rest: &str) -> Option<usize> {
    ["NaN", "Infinity", "-Infinity"].into_iter().find(|word| rest.starts_with(word)).map(str::len)
}

/// The code unit of `\uXXXX` at the beginning.
fn unit(rest: &str) -> Option<u16> {
    let digits = rest.strip_prefix("\\u")?.get(..4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_right_stays() {
        for json in [
            "",
            r#"{"a": [1, -2.5e3, null], "b\"": "NaN \\", "c": "\ud83d\ude00 😀 \u00e9"}"#,
            "{\n\t\"a\": \"Infinity\"}",
        ] {
            assert_eq!(mend(json), json);
        }
    }

    #[test]
    fn what_is_wrong_is_put_right() {
        for (json, mended) in [
            (r#"{"a": NaN, "b":-Infinity,"c":[Infinity]}"#, r#"{"a": null, "b":null,"c":[null]}"#),
            (r#"["\ud83d"]"#, r#"["\ufffd"]"#),
            (r#"["\ud83d\u0041\ude00"]"#, r#"["\ufffd\u0041\ufffd"]"#),
            ("[\"a\tb\u{0}\"]", r#"["a\u0009b\u0000"]"#),
        ] {
            assert_eq!(mend(json), mended);
        }
    }

    #[test]
    fn what_is_cut_off_ends() {
        for json in ["\"\\", "\"\\u", "\"\\ud8", "\"\\ud83d\\", "\"\\é", "\"é\\ud83d\\udé00", "-Infinit"] {
            assert!(mend(json).len() >= json.len(), "{json}");
        }
    }
}
