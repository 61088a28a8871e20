//! The description: every operation says what a client has to know, and what it says is pinned.

use opbx_server::admin::description;
use serde_json::Value;
use std::collections::BTreeSet;

/// Every operation, with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    all.collect()
}

fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(value, |pointer| document.pointer(pointer).unwrap())
}

/// Every value in a document, with the key that it stands under.
fn walk<'v>(key: &'v str, value: &'v Value, visit: &mut impl FnMut(&str, &'v Value)) {
    visit(key, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(key, value, visit)),
        Value::Array(items) => items.iter().for_each(|value| walk("", value, visit)),
        _ => {}
    }
}

#[test]
fn what_the_api_does_is_pinned() {
    let document = description();
    let lines: Vec<String> = operations(&document)
        .into_iter()
        .map(|(address, operation)| {
            let answers: Vec<&str> = operation["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            let (id, right) = (operation["operationId"].as_str().unwrap(), operation["x-opbx-right"].as_str().unwrap());
            format!("{address} {id} [{right}] {}", answers.join(" "))
        })
        .collect();
    insta::assert_snapshot!("operations", lines.join("\n"));
    insta::assert_json_snapshot!("openapi", document);
}

#[test]
fn every_operation_says_what_a_client_has_to_know() {
    let document = description();
    let (mut ids, mut faults) = (BTreeSet::new(), Vec::new());
    for (address, operation) in operations(&document) {
        let mut must = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{address}: {what}"));
            }
        };
        must(ids.insert(operation["operationId"].as_str().unwrap_or_default()), "an identifier of its own");
        must(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "a summary");
        must(operation["tags"][0].as_str().is_some_and(|text| !text.is_empty()), "a heading");
        let is_public = operation["security"].as_array().is_some_and(Vec::is_empty);
        must(is_public == (operation["x-opbx-right"] == "public"), "who may");
        let responses = operation["responses"].as_object().unwrap();
        must(responses.keys().any(|status| status.starts_with('2')), "an answer");
        for status in ["400", "429", "500", "503"] {
            must(responses.contains_key(status), "the refusals that everything has");
        }
        must(is_public || (responses.contains_key("401") && responses.contains_key("403")), "who is refused");
        for (status, response) in responses.iter().filter(|(status, _)| status.starts_with(['4', '5'])) {
            let content = resolved(&document, response)["content"].as_object();
            let is_problem = content.is_some_and(|content| content.keys().eq(["application/problem+json"]));
            must(is_problem, &format!("a document with {status}"));
        }
        let content = operation["requestBody"]["content"].as_object();
        for (kind, body) in content.into_iter().flatten() {
            must(kind != "application/json" || !body["example"].is_null(), "an example of its body");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn words_that_are_closed_are_listed() {
    let document = description();
    // What is one of a few words wherever it stands.
    let closed = ["status", "role", "strategy", "severity", "sort_order", "email_mode", "recording", "type"];
    let mut open = BTreeSet::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        walk("", schema, &mut |_, value| {
            for (field, shape) in value["properties"].as_object().into_iter().flatten() {
                let shape = resolved(&document, shape);
                if closed.contains(&field.as_str()) && shape["type"] == "string" && shape.get("enum").is_none() {
                    open.insert(format!("{name}.{field}"));
                }
            }
        });
    }
    // The kinds of actors and objects of the audit log grow with every version; a problem's type is an address.
    for known in ["Problem.type", "AuditActor.type", "AuditObject.type"] {
        open.remove(known);
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn no_shape_is_nothing() {
    let document = description();
    walk("", &document["components"]["schemas"], &mut |key, value| {
        if ["oneOf", "anyOf", "allOf"].contains(&key) {
            let choices = value.as_array().unwrap();
            assert!(!choices.is_empty() && choices.iter().all(Value::is_object), "{key} holds {value}");
        }
    });
}
