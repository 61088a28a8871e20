//! The organization itself: its settings, its limits, and how long what is kept.

mod limits;
mod retention;
mod settings;

pub(crate) use self::settings::portrait as settings_portrait;

use super::operation::{Access, Operation, data};
use super::schema::{Schemas, schema_of, to_change};
use axum::http::Method;
use opbx_core::permission::{Action, Resource};
use serde_json::{Value, json};

const TAG: &str = "organization";

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let settings = shape::<settings::OrganizationView>(&mut schemas, "Organization", &settings::rules());
    let limits = shape::<limits::LimitsView>(&mut schemas, "OrganizationLimits", &limits::rules());
    let retention = shape::<retention::RetentionView>(&mut schemas, "Retention", &retention::rules());
    let may = Access::Right;
    let mut operations = vec![
        Operation::new(Method::GET, "/organization", "get_organization", settings::show)
            .about(TAG, "Show the organization's settings")
            .access(may(Action::Read, Resource::Organization))
            .answers_json(200, data(settings.shown.clone()))
            .with_schemas(schemas),
        Operation::new(Method::GET, "/organization/limits", "get_limits", limits::show)
            .about(TAG, "Show the organization's limits")
            .access(may(Action::Read, Resource::Limits))
            .answers_json(200, data(limits.shown.clone())),
        Operation::new(Method::GET, "/organization/retention", "get_retention", retention::show)
            .about(TAG, "Show how many days what is kept")
            .access(may(Action::Read, Resource::Retention))
            .answers_json(200, data(retention.shown.clone())),
    ];
    for (method, verb) in [(Method::PUT, "replace"), (Method::PATCH, "update")] {
        let changes = |operation: Operation, shape: &Shape| {
            operation.conditional().takes_json(shape.changes.clone()).answers_json(200, data(shape.shown.clone()))
        };
        let of = |path: &str, name: &str| (method.clone(), path.to_owned(), format!("{verb}_{name}"));
        let (m, path, id) = of("/organization", "organization");
        operations.push(changes(
            Operation::new(m, path, id, settings::change)
                .about(TAG, "Change the organization's settings")
                .access(may(Action::Update, Resource::Organization)),
            &settings,
        ));
        let (m, path, id) = of("/organization/limits", "limits");
        operations.push(changes(
            Operation::new(m, path, id, limits::change)
                .about(TAG, "Change the organization's limits")
                .access(may(Action::Update, Resource::Limits)),
            &limits,
        ));
        let (m, path, id) = of("/organization/retention", "retention");
        operations.push(changes(
            Operation::new(m, path, id, retention::change)
                .about(TAG, "Change how many days what is kept")
                .access(may(Action::Update, Resource::Retention)),
            &retention,
        ));
    }
    operations
}

struct Shape {
    shown: Value,
    changes: Value,
}

fn shape<T: utoipa::ToSchema>(schemas: &mut Schemas, name: &str, rules: &super::form::Rules) -> Shape {
    let shown = schema_of::<T>(schemas);
    let whole = schemas.get(name).cloned().unwrap_or_default();
    let changes = format!("{name}Changes");
    schemas.insert(changes.clone(), to_change(&whole, rules, &[]));
    Shape { shown, changes: json!({ "$ref": format!("#/components/schemas/{changes}") }) }
}
