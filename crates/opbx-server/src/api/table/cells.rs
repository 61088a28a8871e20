//! From the fields of an object to the cells of a row, and from rows to a file.

use super::columns::{Column, Part, configuration_of, leads_to};
use super::names::Names;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The cells of an object, in the order of the columns.
pub(super) fn cells(columns: &[Column], shown: &Map<String, Value>, names: &Names) -> Vec<String> {
    columns.iter().flat_map(|column| column.cells(shown, names)).collect()
}

impl Column {
    /// Its cells of an object.
    pub(super) fn cells(&self, shown: &Map<String, Value>, names: &Names) -> Vec<String> {
        let value = |field: &str| shown.get(field).unwrap_or(&Value::Null);
        match self {
            Self::Text(field) | Self::Number(field) | Self::Flag(field) => vec![text(value(field))],
            Self::Part(Part { object, part, .. }) => vec![text(&value(object)[*part])],
            Self::Reference { field, kind, .. } => {
                vec![value(field).as_u64().map(|id| names.name(*kind, id)).unwrap_or_default()]
            }
            Self::Person { field, .. } => vec![value(field).as_u64().map(|id| names.address(id)).unwrap_or_default()],
            Self::Destination(field) => destination(value(field), names).into(),
            Self::LeadsTo(_) => vec![configuration(value("type"), value("configuration"), names)],
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The type of a destination, and what it leads to. What does not fit into a cell by its name is there as JSON.
fn destination(place: &Value, names: &Names) -> [String; 2] {
    let Some(word) = place["type"].as_str() else { return [String::new(), String::new()] };
    let id = |part: &str| place[part].as_u64();
    let to = match (word, leads_to(word)) {
        ("forward", _) => text(&place["to"]),
        ("announcement", _) if !place["then"].is_null() => {
            let mut rest = place.clone();
            if let Some(rest) = rest.as_object_mut() {
                rest.remove("type");
            }
            rest.to_string()
        }
        ("announcement", Some(kind)) => id("prompt_id").map(|id| names.name(kind, id)).unwrap_or_default(),
        (_, Some(kind)) => id("id").map(|id| names.name(kind, id)).unwrap_or_default(),
        (_, None) => String::new(),
    };
    [word.to_owned(), to]
}

fn configuration(word: &Value, configuration: &Value, names: &Names) -> String {
    match word.as_str().and_then(configuration_of) {
        Some((part, Some(kind))) => configuration[part].as_u64().map(|id| names.name(kind, id)).unwrap_or_default(),
        Some((part, None)) => text(&configuration[part]),
        None => String::new(),
    }
}

/// A file (RFC 4180) with a header.
pub(super) fn written(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        for cell in &row {
            writer.write_field(defused(cell).as_bytes())?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|fault| fault.into_error().into())
}

/// What formulas of a spreadsheet begin with.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a spreadsheet would take a text for a formula. A plain number with its `+` is none.
fn is_formula(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let is_number = (3..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    text.starts_with(FORMULA) && !is_number
}

/// A text that no spreadsheet takes for a formula. One that looks defused already gets one more mark, so that
/// [`armed`] gives every text back as it was.
pub(crate) fn defused(text: &str) -> Cow<'_, str> {
    let is_marked = text.starts_with('\'') && text.trim_start_matches('\'').starts_with(FORMULA);
    if is_formula(text) || is_marked { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text before it was [`defused`].
pub(super) fn armed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if text.trim_start_matches('\'').starts_with(FORMULA) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1 212 555", "'+1 212 555"),
            ("+12", "'+12"),
            ("+12125550100", "+12125550100"),
            ("+1234567890123456", "'+1234567890123456"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
            ("'quoted'", "'quoted'"),
            ("'", "'"),
            ("Alice", "Alice"),
            ("", ""),
        ] {
            assert_eq!(defused(text), cell);
            assert_eq!(armed(cell), text);
        }
    }

    /// Every text of up to five of the characters that matter comes back as it was, and none of them is a formula.
    #[test]
    fn whatever_is_defused_comes_back_and_is_no_formula() {
        let mut texts = vec![String::new()];
        for length in 0..5 {
            let longest: Vec<String> = texts.iter().filter(|text| text.chars().count() == length).cloned().collect();
            for text in longest {
                texts.extend("'=+-@\t1a".chars().map(|more| format!("{text}{more}")));
            }
        }
        assert_eq!(texts.len(), (0..=5).map(|length| 8_usize.pow(length)).sum::<usize>());
        for text in texts {
            let cell = defused(&text);
            assert_eq!(armed(&cell), text);
            assert!(!is_formula(&cell), "{cell}");
        }
    }

    #[test]
    fn a_formula_that_a_person_typed_is_read_as_it_is() {
        assert_eq!(armed("=1+1"), "=1+1");
        assert_eq!(armed("-5"), "-5");
    }
}
