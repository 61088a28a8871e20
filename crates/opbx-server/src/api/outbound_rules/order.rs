//! `PUT /outbound-rules/order`: all rules, in the order in which they are asked.

use super::super::ApiState;
use super::super::answer::data;
use super::super::body::JsonObject;
use super::super::form::Reading;
use super::super::operation::{Access, Operation, data as data_of};
use super::super::resource::Resource;
use crate::access::{OutboundRules, Permit, Update};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::permission::{Action, Resource as Protected};
use opbx_store::{ObjectKind, Query};
use serde_json::json;

/// The most rules that are put in order at once.
const MOST: u64 = 1_000;

pub(in crate::api) fn operations() -> Vec<Operation> {
    let id = json!({ "type": "integer", "format": "int64", "minimum": 1 });
    let body = json!({
        "type": "object", "additionalProperties": false, "required": ["ids"],
        "properties": { "ids": { "type": "array", "items": id } },
    });
    let shown = json!({ "type": "array", "items": { "$ref": "#/components/schemas/OutboundRule" } });
    vec![
        Operation::new(Method::PUT, "/outbound-rules/order", "order_outbound_rules", order)
            .about("outbound-rules", "Put all outbound rules in order")
            .access(Access::Right(Action::Update, Protected::OutboundRules))
            .takes_json(body)
            .answers_json(200, data_of(shown)),
    ]
}

async fn order(
    State(api): State<ApiState>,
    permit: Permit<Update<OutboundRules>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let (ids, errors) = {
        let reading = Reading::default();
        let fields = reading.fields(&body);
        fields.only(&["ids"]);
        let ids = fields.reference_list("ids", MOST as usize, ObjectKind::OutboundRule, |id| id);
        (ids, reading.finish().0)
    };
    let Some(ids) = ids.filter(|_| errors.is_empty()) else { return Err(Problem::Invalid(errors)) };
    let mut edit = api.edit(&permit.caller).await?;
    let all = Query { limit: MOST, ..Query::default() };
    let known = edit.page::<OutboundRule>(&all).await?;
    let mut wanted = ids.clone();
    wanted.sort_unstable();
    let there: Vec<u64> = known.items.iter().map(|rule| rule.object.id.get()).collect();
    if wanted != there {
        let error = FieldError::invalid("the identifiers of all rules, each once");
        return Err(Problem::Invalid(FieldErrors::one("ids", error)));
    }
    let mut views = Vec::new();
    for (position, id) in (0..).zip(ids) {
        let before = edit.find::<OutboundRule>(id).await?;
        let after = edit.update(&before, OutboundRule { position, ..before.object.clone() }).await?;
        views.push(OutboundRule::view(&after));
    }
    api.commit(&permit.caller, edit).await?;
    Ok(data(&views))
}
