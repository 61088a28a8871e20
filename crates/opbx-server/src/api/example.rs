//! Examples of bodies for the description, put together from the shapes: none can differ from its shape.

use serde_json::{Map, Value, json};

/// How deep a shape is followed: destinations may follow destinations.
const DEEPEST: u8 = 8;

/// An example of a shape. `schemas` are those that shapes refer to.
pub(super) fn example(schema: &Value, schemas: &Map<String, Value>) -> Value {
    Shapes { schemas }.example(schema, DEEPEST)
}

struct Shapes<'s> {
    schemas: &'s Map<String, Value>,
}

impl Shapes<'_> {
    fn example(&self, schema: &Value, deep: u8) -> Value {
        let schema = self.resolved(schema);
        let given = ["example", "const", "default"].into_iter().find_map(|name| schema.get(name));
        let given = given.or_else(|| schema["examples"].get(0)).or_else(|| schema["enum"].get(0));
        if let Some(given) = given {
            return given.clone();
        }
        if deep == 0 {
            return Value::Null;
        }
        for name in ["oneOf", "anyOf"] {
            let choices = schema[name].as_array().into_iter().flatten();
            if let Some(choice) = choices.map(|choice| self.resolved(choice)).find(|choice| choice["type"] != "null") {
                return self.example(choice, deep - 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let fields = parts.iter().filter_map(|part| match self.example(part, deep - 1) {
                Value::Object(fields) => Some(fields),
                _ => None,
            });
            return Value::Object(fields.flatten().collect());
        }
        self.of_type(schema, deep)
    }

    fn of_type(&self, schema: &Value, deep: u8) -> Value {
        let types = schema["type"].as_array();
        let kind = types.and_then(|types| types.iter().find(|kind| *kind != "null")).unwrap_or(&schema["type"]);
        match kind.as_str() {
            Some("object") => self.object(schema, deep),
            Some("array") => {
                let length = schema["minItems"].as_u64().unwrap_or(0);
                (0..length).map(|_| self.example(&schema["items"], deep - 1)).collect()
            }
            Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(false),
            Some("string") => text(schema),
            _ => Value::Null,
        }
    }

    /// What must be there; where nothing must, one field that can be.
    fn object(&self, schema: &Value, deep: u8) -> Value {
        let Some(properties) = schema["properties"].as_object() else { return json!({}) };
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let one = || {
            if properties.contains_key("name") { Some("name") } else { properties.keys().next().map(String::as_str) }
        };
        let shown = if required.is_empty() { one().into_iter().collect() } else { required };
        let fields =
            shown.into_iter().filter_map(|name| Some((name.to_owned(), self.example(properties.get(name)?, deep - 1))));
        Value::Object(fields.collect())
    }

    fn resolved<'v>(&'v self, mut schema: &'v Value) -> &'v Value {
        while let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            match self.schemas.get(name) {
                Some(found) => schema = found,
                None => break,
            }
        }
        schema
    }
}

fn text(schema: &Value) -> Value {
    let text = match schema["format"].as_str() {
        Some("date-time") => "2026-03-09T14:00:00.000Z",
        Some("date") => "2026-12-25",
        Some("email") => "alice@acme.example",
        Some("uri") => "https://acme.example/greeting.wav",
        _ => "Text",
    };
    let (shortest, longest) =
        (schema["minLength"].as_u64().unwrap_or(0), schema["maxLength"].as_u64().unwrap_or(u64::MAX));
    let letters = text.chars().cycle().take(usize::try_from((text.len() as u64).clamp(shortest, longest)).unwrap_or(0));
    Value::String(letters.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(schema: &Value) -> Value {
        let schemas = json!({ "Place": {
            "type": "object", "required": ["id"],
            "properties": { "id": { "type": "integer", "minimum": 3 }, "then": { "$ref": "#/components/schemas/Place" } },
        } });
        example(schema, schemas.as_object().unwrap())
    }

    #[test]
    fn an_example_has_its_shape() {
        assert_eq!(of(&json!({ "$ref": "#/components/schemas/Place" })), json!({ "id": 3 }));
        assert_eq!(
            of(&json!({ "oneOf": [{ "type": "null" }, { "type": ["string", "null"], "maxLength": 2 }] })),
            json!("Te")
        );
        assert_eq!(of(&json!({ "type": "array", "minItems": 1, "items": { "enum": ["a", "b"] } })), json!(["a"]));
        let open =
            json!({ "type": "object", "properties": { "a": { "type": "boolean" }, "name": { "example": "Sales" } } });
        assert_eq!(of(&open), json!({ "name": "Sales" }));
    }

    #[test]
    fn a_shape_within_itself_ends() {
        let endless = json!({ "Endless": { "type": "object", "required": ["next"], "properties": { "next": { "$ref": "#/components/schemas/Endless" } } } });
        let shown = example(&json!({ "$ref": "#/components/schemas/Endless" }), endless.as_object().unwrap());
        assert!(shown["next"].is_object());
    }
}
