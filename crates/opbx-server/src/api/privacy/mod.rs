//! `POST /privacy/erase`: the number of a person goes, wherever it is shown.

use super::ApiState;
use super::answer::data;
use super::body::JsonObject;
use super::form::Reading;
use super::operation::{Access, Operation, data as data_of};
use super::schema::{Schemas, schema_of};
use crate::access::{Delete, Erasure, Permit};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::number::E164;
use opbx_core::permission::{Action, Resource};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What was erased of a number. Totals stay as they are.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Erasure)]
struct ErasureView {
    /// Calls that showed it, which show it no longer.
    calls: u64,
    /// Messages of it that were removed.
    messages: u64,
    /// Recordings of its calls that were removed.
    recordings: u64,
    /// What the platform said of its calls word by word, removed.
    payloads: u64,
    /// Why its calls were decided as they were, removed.
    decisions: u64,
    /// Entries of the audit log whose content showed it, and is gone. The log still verifies.
    audit_entries: u64,
}

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<ErasureView>(&mut schemas);
    let body = json!({
        "type": "object", "additionalProperties": false, "required": ["number"],
        "properties": { "number": { "type": "string", "example": "+12125550123" } },
    });
    vec![
        Operation::new(Method::POST, "/privacy/erase", "erase_number", erase)
            .about("privacy", "Erase a person's number from all that is kept of calls")
            .access(Access::Right(Action::Delete, Resource::Erasure))
            .takes_json(body)
            .answers_json(200, data_of(shown))
            .with_schemas(schemas),
    ]
}

/// `POST /privacy/erase`. It may be asked again: what is gone is gone.
async fn erase(
    State(api): State<ApiState>,
    permit: Permit<Delete<Erasure>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let number = number(&body)?;
    // Whether they may still do it is looked at where nobody else changes the organization, as of any change.
    drop(api.edit(&permit.caller).await?);
    // What was acknowledged and is not in the log yet would come into it afterwards, with the number.
    api.has_what_was_reported().await?;
    let author = permit.caller.author(super::portrait);
    let erased = api.tenant(&permit.caller).erase_number(number, author, api.now()).await?;
    Ok(data(&ErasureView {
        calls: erased.calls,
        messages: erased.messages,
        recordings: erased.recordings,
        payloads: erased.payloads,
        decisions: erased.decisions,
        audit_entries: erased.audit_entries,
    }))
}

fn number(body: &Map<String, Value>) -> Result<E164, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["number"]);
    let number = fields.spelled("number");
    let (errors, _) = reading.finish();
    match number {
        Some(number) if errors.is_empty() => Ok(number),
        _ => Err(Problem::Invalid(errors)),
    }
}
