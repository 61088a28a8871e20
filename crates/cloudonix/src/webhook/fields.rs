//! The fields of one object, found by any spelling of their names.

use serde_json::{Map, Value};

use super::error::{FieldFault, Problem};
use super::value::unexpected;

/// How a value is read: `Ok(None)` when it says nothing.
pub(super) type Read<T> = fn(&Value) -> Result<Option<T>, Problem>;

/// The fields of an object, and what could not be used of them. Nobody outside can name it: it is what keeps the list of reports closed.
pub struct Fields<'v> {
    /// The objects this one is in, each with a dot behind it.
    path: String,
    /// By the letters and digits of their names, sorted: which of two spellings goes first must not hang on the order of a map.
    values: Vec<(String, &'v Value)>,
    passed_over: Vec<FieldFault>,
}

impl<'v> Fields<'v> {
    pub(super) fn new(object: &'v Map<String, Value>) -> Self {
        Self::below(String::new(), object)
    }

    fn below(path: String, object: &'v Map<String, Value>) -> Self {
        let mut named: Vec<_> = object.iter().map(|(name, value)| (bare(name), name, value)).collect();
        named.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        let values = named.into_iter().map(|(bare, _, value)| (bare, value)).collect();
        Self { path, values, passed_over: Vec::new() }
    }

    /// Every value under this name.
    fn all(&self, name: &str) -> Vec<&'v Value> {
        let name = bare(name);
        let start = self.values.partition_point(|(known, _)| *known < name);
        self.values.iter().skip(start).take_while(|(known, _)| *known == name).map(|(_, value)| *value).collect()
    }

    /// Whether there is a field of this name, whatever it says.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.all(name).is_empty()
    }

    /// The first of these fields that says something. What is there and cannot be used is passed over.
    pub(super) fn optional<T>(&mut self, names: &[&str], read: Read<T>) -> Option<T> {
        for name in names {
            for value in self.all(name) {
                match read(value) {
                    Ok(Some(found)) => return Some(found),
                    Ok(None) => {}
                    Err(problem) => self.pass_over(name, problem),
                }
            }
        }
        None
    }

    /// The first of these fields that says something, without which the report cannot be used.
    pub(super) fn required<T>(&mut self, names: &[&str], read: Read<T>) -> Result<T, FieldFault> {
        let before = self.passed_over.len();
        if let Some(found) = self.optional(names, read) {
            return Ok(found);
        }
        let first = self.passed_over.drain(before..).next();
        Err(first.unwrap_or_else(|| self.missing(names.first().copied().unwrap_or_default())))
    }

    /// The fields of the object under this name; of a list, those of its first object. `None` when it says nothing.
    pub(super) fn object(&mut self, name: &str) -> Option<Self> {
        for value in self.all(name) {
            match object_of(value) {
                Ok(Some(object)) => return Some(Self::below(format!("{}{name}.", self.path), object)),
                Ok(None) => {}
                Err(problem) => self.pass_over(name, problem),
            }
        }
        None
    }

    /// The same, in silence: the field may as well be a text that is read elsewhere.
    pub(super) fn object_if_one(&self, name: &str) -> Option<Self> {
        let found = self.all(name).into_iter().find_map(|value| object_of(value).ok().flatten())?;
        Some(Self::below(format!("{}{name}.", self.path), found))
    }

    /// Notes a field that cannot be used.
    pub(super) fn pass_over(&mut self, name: &str, problem: Problem) {
        self.passed_over.push(self.fault(name, problem));
    }

    pub(super) fn fault(&self, name: &str, problem: Problem) -> FieldFault {
        FieldFault { field: format!("{}{name}", self.path), problem }
    }

    pub(super) fn missing(&self, name: &str) -> FieldFault {
        self.fault(name, Problem::Missing)
    }

    /// Why this field says nothing, as an error.
    pub(super) fn lack(&self, name: &str) -> FieldFault {
        let missing = self.missing(name);
        self.passed_over.iter().find(|fault| fault.field == missing.field).cloned().unwrap_or(missing)
    }

    /// Takes over what an inner object passed over.
    pub(super) fn close(&mut self, inner: Fields<'_>) {
        self.passed_over.extend(inner.passed_over);
    }

    /// Everything that was there and could not be used.
    pub(super) fn passed_over(self) -> Vec<FieldFault> {
        self.passed_over
    }
}

fn object_of(value: &Value) -> Result<Option<&Map<String, Value>>, Problem> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::Object(object) => Ok(Some(object)),
        Value::Array(list) => match list.first() {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(object)),
            Some(_) => Err(unexpected(value, "an object")),
        },
        _ => Err(unexpected(value, "an object")),
    }
}

/// A name without case, dashes, underscores and dots.
pub(super) fn bare(name: &str) -> String {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::value::{seconds, text};
    use super::*;

    fn object(value: &Value) -> &Map<String, Value> {
        value.as_object().unwrap()
    }

    #[test]
    fn names_have_many_spellings() {
        for name in ["callId", "call_id", "CallID", "call-id", "CALLID", "call.id"] {
            let value = json!({ name: "x" });
            assert_eq!(Fields::new(object(&value)).optional(&["call_id"], text), Some("x".to_owned()), "{name}");
        }
    }

    #[test]
    fn the_first_that_says_something_counts_and_what_was_in_the_way_is_noted() {
        let value = json!({"duration": "NaN", "Duration": {}, "length": 5});
        let mut fields = Fields::new(object(&value));
        assert_eq!(fields.optional(&["duration", "length"], seconds), Some(5));
        let noted: Vec<_> = fields.passed_over().iter().map(ToString::to_string).collect();
        assert_eq!(noted, ["`duration` is an object, where a number of seconds is expected"]);
    }

    #[test]
    fn what_is_required_is_there_or_an_error() {
        let value = json!({"a": {"b": [{"c": true}]}, "d": null});
        let mut fields = Fields::new(object(&value));
        assert_eq!(fields.required(&["d", "e"], text), Err(fields.missing("d")));
        let mut inner = fields.object("a").unwrap();
        let mut innermost = inner.object("b").unwrap();
        let error = innermost.required(&["c"], text).unwrap_err();
        assert_eq!(error.to_string(), "`a.b.c` is true, where a text is expected");
        inner.close(innermost);
        fields.close(inner);
        assert_eq!(fields.passed_over(), [], "an error is told once");
    }
}
