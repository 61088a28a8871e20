//! The operations that every resource has.

use super::list::list_schema;
use super::operation::{Access, Operation, data};
use super::resource::{MOST_CHANGED, MOST_MADE, Resource, change, change_many, create, list, remove, show};
use super::schema::{Schemas, schema_of, to_change, to_create};
use crate::access::Protected;
use axum::http::Method;
use opbx_core::permission::Action;
use serde_json::{Value, json};

/// List, make, show, replace, change, remove, and the status of several.
pub(super) fn crud<R: Resource>() -> Vec<Operation> {
    let (collection, one) = (format!("/{}", R::PATH), format!("/{}/{{id}}", R::PATH));
    let may = |action| Access::Right(action, <R::Right as Protected>::RESOURCE);
    let words = R::NAME.replace('_', " ");
    let shapes = Shapes::of::<R>();
    let many = R::PATH.replace('-', "_");

    let listing = Operation::new(Method::GET, collection.clone(), format!("list_{many}"), list::<R>)
        .about(R::PATH, format!("List {}", R::PATH.replace('-', " ")))
        .access(may(Action::Read))
        .paged()
        .filtered(R::FILTERS);
    let mut operations = vec![
        listing.answers_json(200, list_schema(&shapes.shown)).with_schemas(shapes.schemas.clone()),
        Operation::new(Method::POST, collection.clone(), format!("create_{}", R::NAME), create::<R>)
            .about(R::PATH, format!("Make a new {words}"))
            .access(may(Action::Create))
            .repeatable()
            .takes_json(shapes.create.clone())
            .answers_json(201, shapes.created.clone())
            .with_schemas(shapes.schemas.clone()),
        Operation::new(Method::GET, one.clone(), format!("get_{}", R::NAME), show::<R>)
            .about(R::PATH, format!("Show a {words}"))
            .access(may(Action::Read))
            .answers_json(200, data(shapes.shown.clone())),
    ];
    for (method, verb) in [(Method::PUT, "replace"), (Method::PATCH, "update")] {
        operations.push(
            Operation::new(method, one.clone(), format!("{verb}_{}", R::NAME), change::<R>)
                .about(R::PATH, format!("Change a {words}: what is absent stays, null clears"))
                .access(may(Action::Update))
                .conditional()
                .takes_json(shapes.change.clone())
                .answers_json(200, data(shapes.shown.clone()))
                .refuses(&[409]),
        );
    }
    operations.push(
        Operation::new(Method::DELETE, one, format!("delete_{}", R::NAME), remove::<R>)
            .about(R::PATH, format!("Remove a {words}"))
            .access(may(Action::Delete))
            .conditional()
            .answers_nothing(204)
            .refuses(&[409]),
    );
    if R::rules().defaults.contains_key("status") {
        operations.push(
            Operation::new(Method::PATCH, collection, format!("update_{many}_status"), change_many::<R>)
                .about(R::PATH, format!("Activate or deactivate several {}", R::PATH.replace('-', " ")))
                .access(may(Action::Update))
                .takes_json(status_of_many())
                .answers_json(200, data(results_of_many())),
        );
    }
    operations
}

/// The shapes of a resource.
struct Shapes {
    shown: Value,
    created: Value,
    create: Value,
    change: Value,
    schemas: Schemas,
}

impl Shapes {
    fn of<R: Resource>() -> Self {
        let mut schemas = Schemas::new();
        let shown = schema_of::<R::View>(&mut schemas);
        let name = <R::View as utoipa::ToSchema>::name().into_owned();
        let whole = schemas.get(&name).cloned().unwrap_or_default();
        let (rules, secrets) = (R::rules(), R::secrets());
        schemas.insert(format!("New{name}"), to_create(&whole, &rules, &secrets));
        schemas.insert(format!("{name}Changes"), to_change(&whole, &rules, &secrets));
        let reference = |name: String| json!({ "$ref": format!("#/components/schemas/{name}") });
        let (mut create, mut created) = (reference(format!("New{name}")), data(shown.clone()));
        if R::MANY {
            let items = json!({ "type": "array", "minItems": 1, "maxItems": MOST_MADE, "items": create });
            let several = json!({ "type": "object", "additionalProperties": false, "required": ["items"], "properties": { "items": items } });
            create = json!({ "oneOf": [create, several] });
            created = json!({ "oneOf": [created, data(json!({ "type": "array", "items": shown })) ] });
        }
        Self { shown, created, create, change: reference(format!("{name}Changes")), schemas }
    }
}

/// The parameters of every list. Those whose bad values are put right have no bounds in the description.
pub(super) fn paging() -> [(&'static str, &'static str, Value); 5] {
    [
        ("page", "Which page, from 1.", json!({ "type": "integer", "default": 1 })),
        ("per_page", "How many on a page, at most 100.", json!({ "type": "integer", "default": 20 })),
        ("sort_by", "By which field.", json!({ "type": "string" })),
        ("sort_order", "`asc` or `desc`.", json!({ "type": "string", "default": "asc" })),
        ("search", "Text that a name or number contains.", json!({ "type": "string" })),
    ]
}

pub(super) fn status_of_many() -> Value {
    let ids = json!({ "type": "array", "minItems": 1, "maxItems": MOST_CHANGED, "items": { "type": "integer", "format": "int64", "minimum": 0 } });
    json!({
        "type": "object", "additionalProperties": false, "required": ["ids", "status"],
        "properties": { "ids": ids, "status": { "type": "string", "enum": ["active", "inactive"] } },
    })
}

pub(super) fn results_of_many() -> Value {
    json!({ "type": "array", "items": {
        "type": "object", "required": ["id", "status"],
        "properties": {
            "id": { "type": "integer", "format": "int64" },
            "status": { "type": "integer", "description": "What became of this one, as a status of HTTP." },
            "errors": { "type": "object" },
        },
    } })
}
