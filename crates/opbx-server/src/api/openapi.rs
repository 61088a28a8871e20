//! The description of the API (OpenAPI 3.1), made from the list of operations.

use super::ApiState;
use super::example::example;
use super::operation::{Operation, PROBLEMS};
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{MethodRouter, get};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The whole document.
pub(crate) fn document(operations: &[Operation]) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    for operation in operations {
        let (method, told) = operation.description();
        let path = paths.entry(operation.path()).or_insert_with(|| json!({}));
        path[method] = told;
        schemas.extend(operation.schemas().iter().map(|(name, schema)| (name.clone(), schema.clone())));
    }
    schemas.insert("Problem".to_owned(), problem());
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|methods| methods.values_mut()) {
        exemplify(operation, &schemas);
    }
    let refusals: Map<String, Value> = PROBLEMS.iter().map(|(_, name)| ((*name).to_owned(), refusal(name))).collect();
    // Only those that an operation can answer.
    let told = Value::Object(paths.clone()).to_string();
    let named = |name: &String| told.contains(&format!("#/components/responses/{name}\""));
    let responses: Map<String, Value> = refusals.into_iter().filter(|(name, _)| named(name)).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "OPBX",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A business phone system over HTTP.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses,
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
        },
    })
}

/// Shows what a JSON body looks like, where nothing is said of it.
fn exemplify(operation: &mut Value, schemas: &Map<String, Value>) {
    let content = operation.pointer_mut("/requestBody/content/application~1json").and_then(Value::as_object_mut);
    if let Some(content) = content.filter(|content| !content.contains_key("example")) {
        let shown = content.get("schema").map(|schema| example(schema, schemas));
        content.extend(shown.map(|shown| ("example".to_owned(), shown)));
    }
}

fn refusal(name: &str) -> Value {
    json!({
        "description": name,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

fn problem() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "params", "message", "request_id"],
        "properties": {
            "type": text, "title": text, "status": { "type": "integer" }, "detail": text, "code": text,
            "params": { "type": "object" }, "message": text, "request_id": text,
            "errors": { "type": "object", "additionalProperties": { "type": "array", "items": text } },
            "error_codes": { "type": "object" },
            "references": { "type": "array", "items": { "type": "object" } },
        },
    })
}

/// `GET /openapi.json`.
pub(super) fn route() -> MethodRouter<ApiState> {
    get(async || ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone()))
}

/// Put together when somebody asks for it: most servers start and stop without that, and it takes time and memory.
static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| {
    // Maps, lists, texts and numbers: nothing in it can fail to be JSON.
    serde_json::to_vec(&super::description()).unwrap_or_default().into()
});
