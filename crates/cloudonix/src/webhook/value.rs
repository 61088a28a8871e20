//! What a value of JSON may stand for.
//!
//! Each function gives `Ok(None)` for what says nothing, and a [`Problem`] for what says something else.

use serde_json::Value;

use super::LONGEST_TEXT;
use super::error::Problem;
use super::millionths::Millionths;

/// How much of a text an error repeats, in characters.
const SHOWN: usize = 40;

/// The kind of a value, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The value is not what is expected.
pub(super) fn unexpected(value: &Value, expected: &'static str) -> Problem {
    let found = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.chars().count() > SHOWN => {
            let beginning: String = text.chars().take(SHOWN).collect();
            format!("{beginning:?}…")
        }
        Value::String(text) => format!("{text:?}"),
        other => kind(other).to_owned(),
    };
    Problem::Unexpected { found, expected }
}

/// Any text, without control characters and blanks around it. A number is the text of its digits.
fn plain(value: &Value) -> Result<Option<String>, Problem> {
    let text: String = match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.chars().filter(|letter| !letter.is_control()).collect(),
        Value::Number(number) => {
            let digits = number.to_string();
            digits.strip_suffix(".0").map_or(digits.clone(), str::to_owned)
        }
        // The kind only: these are the fields with phone numbers and names.
        other => return Err(Problem::Unexpected { found: kind(other).to_owned(), expected: "a text" }),
    };
    let trimmed = text.trim();
    Ok((!trimmed.is_empty()).then(|| trimmed.to_owned()))
}

/// A text that describes; a long one is cut.
pub(super) fn text(value: &Value) -> Result<Option<String>, Problem> {
    let mut text = plain(value)?;
    if let Some(text) = &mut text
        && let Some((end, _)) = text.char_indices().nth(LONGEST_TEXT)
    {
        text.truncate(end);
        text.truncate(text.trim_end().len());
    }
    Ok(text)
}

/// A text that identifies: two long ones that begin alike are not the same.
pub(super) fn identifier(value: &Value) -> Result<Option<String>, Problem> {
    let text = plain(value)?;
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(Problem::TooLong { limit: LONGEST_TEXT });
    }
    Ok(text)
}

/// A number, or its text.
pub(super) fn number(value: &Value) -> Result<Option<Millionths>, Problem> {
    let read = match value {
        Value::Null => return Ok(None),
        Value::String(text) if says_nothing(text) => return Ok(None),
        Value::String(text) => Millionths::parse(text),
        Value::Number(number) => Millionths::parse(&number.to_string()),
        _ => None,
    };
    read.map(Some).ok_or_else(|| unexpected(value, "a number"))
}

/// Words that stand where there is no number and no time.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    ["", "nan", "null", "undefined", "none", "infinity", "-infinity"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whole seconds, not negative; a fraction is rounded.
pub(super) fn seconds(value: &Value) -> Result<Option<u32>, Problem> {
    let expected = "a number of seconds";
    let Some(number) = number(value).map_err(|_| unexpected(value, expected))? else { return Ok(None) };
    u32::try_from(number.round()).map(Some).map_err(|_| unexpected(value, expected))
}

/// A whole number that counts or identifies.
pub(super) fn whole(value: &Value) -> Result<Option<u64>, Problem> {
    let expected = "a whole number";
    let digits = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    if digits.is_some() {
        return Ok(digits);
    }
    let Some(number) = number(value).map_err(|_| unexpected(value, expected))? else { return Ok(None) };
    let rounded = number.round();
    let is_whole = rounded.checked_mul(1_000_000) == Some(number.get());
    u64::try_from(rounded).ok().filter(|_| is_whole).map(Some).ok_or_else(|| unexpected(value, expected))
}

/// Texts in a list; a single text is a list of one.
pub(super) fn identifiers(value: &Value) -> Result<Option<Vec<String>>, Problem> {
    let Value::Array(entries) = value else {
        return Ok(identifier(value)?.map(|only| vec![only]));
    };
    let read: Result<Vec<_>, _> = entries.iter().map(identifier).collect();
    Ok(Some(read?.into_iter().flatten().collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts() {
        assert_eq!(text(&json!("  +1 415\u{0}\n ")), Ok(Some("+1 415".to_owned())));
        assert_eq!(text(&json!(1004)), Ok(Some("1004".to_owned())));
        assert_eq!(text(&json!(15_550_100.0)), Ok(Some("15550100".to_owned())));
        assert_eq!(text(&json!(" ")), Ok(None));
        assert_eq!(text(&json!("é".repeat(300))), Ok(Some("é".repeat(255))));
        assert_eq!(identifier(&json!("é".repeat(255))), Ok(Some("é".repeat(255))));
        assert_eq!(identifier(&json!("é".repeat(256))), Err(Problem::TooLong { limit: 255 }));
        assert_eq!(text(&json!({})).unwrap_err().to_string(), "is an object, where a text is expected");
        assert_eq!(text(&json!(true)).unwrap_err().to_string(), "is true, where a text is expected");
    }

    #[test]
    fn numbers() {
        for nothing in [json!(null), json!(""), json!("NaN"), json!(" null "), json!("-Infinity")] {
            assert_eq!(number(&nothing), Ok(None), "{nothing}");
            assert_eq!(seconds(&nothing), Ok(None), "{nothing}");
            assert_eq!(whole(&nothing), Ok(None), "{nothing}");
        }
        for (value, expected) in
            [(json!(67), 67), (json!("67"), 67), (json!(66.5), 67), (json!("67.0"), 67), (json!(0), 0)]
        {
            assert_eq!(seconds(&value), Ok(Some(expected)), "{value}");
        }
        for value in [json!(-1), json!("1:07"), json!(true), json!([67]), json!(5_000_000_000_u64)] {
            assert!(seconds(&value).is_err(), "{value}");
        }
        assert_eq!(whole(&json!(u64::MAX)), Ok(Some(u64::MAX)));
        assert_eq!(whole(&json!("18446744073709551615")), Ok(Some(u64::MAX)));
        assert_eq!(whole(&json!(30_112_233.0)), Ok(Some(30_112_233)));
        assert_eq!(whole(&json!(1.5)).unwrap_err().to_string(), "is 1.5, where a whole number is expected");
    }

    #[test]
    fn errors_show_the_beginning_of_what_was_found() {
        let long = unexpected(&json!("x".repeat(100)), "a number").to_string();
        assert_eq!(long, format!("is \"{}\"…, where a number is expected", "x".repeat(40)));
    }
}
