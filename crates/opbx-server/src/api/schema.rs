//! Shapes of JSON for the description, out of the types that are written and read.

use super::form::Rules;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Schemas by their names.
pub(crate) type Schemas = BTreeMap<String, Value>;

/// A reference to the schema of a type; the schema itself, and those that it refers to, are put into `into`.
pub(crate) fn schema_of<T: ToSchema>(into: &mut Schemas) -> Value {
    let mut inner = Vec::new();
    T::schemas(&mut inner);
    for (name, schema) in inner {
        into.insert(name, value(&schema));
    }
    let name = T::name().into_owned();
    into.insert(name.clone(), value(&<T as PartialSchema>::schema()));
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn value(schema: &RefOr<Schema>) -> Value {
    // Maps, texts and numbers: nothing in it can fail to be JSON.
    serde_json::to_value(schema).unwrap_or_default()
}

/// What the body of a new object looks like, made from what one looks like when it is shown.
pub(crate) fn to_create(shown: &Value, rules: &Rules, secrets: &[(&str, Value)]) -> Value {
    let mut properties = writable(shown, rules, secrets);
    for (name, schema) in &mut properties {
        if !rules.required.contains(&name.as_str()) {
            *schema = or_null(schema.take());
        }
    }
    json!({ "type": "object", "additionalProperties": false, "required": rules.required, "properties": properties })
}

/// What the body of a change looks like: everything may be absent.
pub(crate) fn to_change(shown: &Value, rules: &Rules, secrets: &[(&str, Value)]) -> Value {
    let mut properties = writable(shown, rules, secrets);
    for (name, schema) in &mut properties {
        if !rules.required.contains(&name.as_str()) {
            *schema = or_null(schema.take());
        }
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn writable(shown: &Value, rules: &Rules, secrets: &[(&str, Value)]) -> Map<String, Value> {
    let mut properties = shown["properties"].as_object().cloned().unwrap_or_default();
    properties.retain(|name, _| !rules.read_only.contains(&name.as_str()));
    properties.extend(secrets.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())));
    properties
}

/// A field that null clears.
fn or_null(schema: Value) -> Value {
    let nothing = json!({ "type": "null" });
    let already = schema["oneOf"].as_array().is_some_and(|choices| choices.contains(&nothing))
        || schema["type"].as_array().is_some_and(|types| types.contains(&json!("null")));
    if already { schema } else { json!({ "oneOf": [nothing, schema] }) }
}

/// An object with these fields and no others, all of them required.
pub(crate) fn object(properties: &Value) -> Value {
    let required: Vec<&String> = properties.as_object().map(|all| all.keys().collect()).unwrap_or_default();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}
