//! A body merged into what is there: absent keeps, null clears, a list replaces the list, an object the object.

use crate::field_errors::{FieldError, FieldErrors};
use serde_json::{Map, Value};

/// What is known of the fields of a resource.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Fields that a new object must be given.
    pub(crate) required: &'static [&'static str],
    /// Fields that never change after that.
    pub(crate) immutable: &'static [&'static str],
    /// Fields that the server sets.
    pub(crate) read_only: &'static [&'static str],
    /// Fields that are taken and never shown.
    pub(crate) write_only: &'static [&'static str],
    /// What every other field is when nothing is said of it.
    pub(crate) defaults: Map<String, Value>,
}

impl Rules {
    fn knows(&self, name: &str) -> bool {
        let listed = [self.required, self.read_only, self.write_only];
        listed.iter().any(|names| names.contains(&name)) || self.defaults.contains_key(name)
    }

    /// What a field becomes when it is cleared; `None`: it cannot be.
    fn cleared(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.defaults.get(name) {
            return Some(value.clone());
        }
        self.write_only.contains(&name).then_some(Value::Null)
    }
}

/// The whole object that a body asks for: `current` is what is there, as it was shown, `None` for a new one.
///
/// # Errors
///
/// For every field that is unknown, missing, or not to be changed.
pub(crate) fn merged(
    rules: &Rules,
    current: Option<&Map<String, Value>>,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut whole = current.unwrap_or(&rules.defaults).clone();
    for (name, value) in body {
        match merged_field(rules, current, name, value) {
            Ok(value) => {
                whole.insert(name.clone(), value);
            }
            Err(error) => errors.add(name, error),
        }
    }
    for name in rules.required.iter().filter(|name| !whole.contains_key(**name) && !body.contains_key(**name)) {
        errors.add(*name, FieldError::required());
    }
    if errors.is_empty() { Ok(whole) } else { Err(errors) }
}

fn merged_field(
    rules: &Rules,
    current: Option<&Map<String, Value>>,
    name: &str,
    value: &Value,
) -> Result<Value, FieldError> {
    if !rules.knows(name) {
        return Err(FieldError::unknown());
    }
    let unchanged = current.and_then(|current| current.get(name)).is_some_and(|now| now == value);
    if rules.read_only.contains(&name) && !unchanged {
        return Err(FieldError::read_only());
    }
    if rules.immutable.contains(&name) && current.is_some() && !unchanged {
        return Err(FieldError::immutable());
    }
    if value.is_null() && !unchanged {
        return rules.cleared(name).ok_or_else(FieldError::required);
    }
    Ok(value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules() -> Rules {
        Rules {
            required: &["number", "name"],
            immutable: &["number"],
            read_only: &["id"],
            write_only: &["pin"],
            defaults: map(json!({ "timeout": 30, "note": null })),
        }
    }

    fn map(value: Value) -> Map<String, Value> {
        if let Value::Object(map) = value { map } else { Map::new() }
    }

    fn current() -> Map<String, Value> {
        map(json!({ "id": 7, "number": "1001", "name": "Alice", "timeout": 20, "note": "desk" }))
    }

    fn made(body: Value) -> Result<Value, Value> {
        merged(&rules(), None, &map(body)).map(Value::Object).map_err(|errors| errors.sentences())
    }

    fn changed(body: Value) -> Result<Value, Value> {
        merged(&rules(), Some(&current()), &map(body)).map(Value::Object).map_err(|errors| errors.sentences())
    }

    #[test]
    fn a_new_object_has_the_defaults() {
        let made = made(json!({ "number": "1001", "name": "Alice" })).unwrap();
        assert_eq!(made, json!({ "number": "1001", "name": "Alice", "timeout": 30, "note": null }));
    }

    #[test]
    fn absent_keeps_and_null_clears_to_the_default() {
        assert_eq!(changed(json!({})).unwrap(), Value::Object(current()));
        let cleared = changed(json!({ "timeout": null, "note": null, "pin": null })).unwrap();
        assert_eq!(cleared["timeout"], 30);
        assert_eq!(cleared["note"], Value::Null);
    }

    #[test]
    fn what_was_read_can_be_sent_back() {
        assert_eq!(changed(Value::Object(current())).unwrap(), Value::Object(current()));
    }

    #[test]
    fn every_fault_is_told() {
        let errors = made(json!({ "nam": "x", "id": 8, "number": null })).unwrap_err();
        let fields: Vec<&String> = errors.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["id", "nam", "name", "number"]);
        let errors = changed(json!({ "number": "1002", "id": 8, "name": null })).unwrap_err();
        let fields: Vec<&String> = errors.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["id", "name", "number"]);
    }
}
