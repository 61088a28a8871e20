//! What a call would do, and what is wrong with the plan: the questions of the command line, over the API.

use super::ApiState;
use super::answer::data;
use super::body::JsonObject;
use super::form::Reading;
use super::operation::{Access, Operation, data as data_of};
use crate::access::{Caller, Permit, Read, Routing};
use crate::explanation::{Asked, explanation, nothing_known};
use crate::finding_view::FindingView;
use crate::numbering::PhoneNumbers;
use crate::problem::Problem;
use crate::trace_view::ExplanationView;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::call::Direction;
use opbx_core::explain::Script;
use opbx_core::lint::lint;
use opbx_core::notice::Language;
use opbx_core::permission::{Action, Resource};
use opbx_core::plan::{RoutingPlan, compile};
use serde_json::{Map, Value, json};

const TAG: &str = "routing";
/// The most keys and dial results of a script.
const MOST: usize = 100;

pub(super) fn operations() -> Vec<Operation> {
    let text = json!({ "type": "string" });
    let texts = json!({ "type": ["array", "null"], "maxItems": MOST, "items": text });
    let body = json!({
        "type": "object", "additionalProperties": false, "required": ["from", "to"],
        "properties": {
            "from": text, "to": text,
            "direction": { "type": ["string", "null"], "enum": ["inbound", "outbound", "subscriber", "application", "outbound-api", null] },
            "at": { "type": ["string", "null"], "format": "date-time" },
            "digits": texts, "dial_results": texts,
        },
    });
    let explained = json!({
        "type": "object", "required": ["trace", "documents", "outcome"],
        "properties": {
            "trace": { "type": "array", "items": { "type": "object" } },
            "documents": { "type": "array", "items": text },
            "outcome": { "type": "object", "required": ["code"], "properties": { "code": text } },
        },
    });
    let finding = json!({
        "type": "object", "required": ["severity", "code", "params", "path", "text"],
        "properties": {
            "severity": { "type": "string", "enum": ["error", "warning"] }, "code": text,
            "params": { "type": "object" }, "path": { "type": "array", "items": { "type": "object" } }, "text": text,
        },
    });
    let may = Access::Right(Action::Read, Resource::Routing);
    vec![
        Operation::new(Method::POST, "/routing/explain", "explain_call", explain_call)
            .about(TAG, "Tell what a call would do, and why")
            .access(may)
            .takes_json(body)
            .answers_json(200, data_of(explained)),
        Operation::new(Method::GET, "/routing/lint", "lint_plan", lint_plan)
            .about(TAG, "Find what is wrong with the plan")
            .access(may)
            .answers_json(200, data_of(json!({ "type": "array", "items": finding }))),
    ]
}

/// The plan as it is at this moment, also where nobody calls.
async fn plan(api: &ApiState, caller: &Caller) -> Result<RoutingPlan, Problem> {
    let (_, source) = api.tenant(caller).load_plan().await?;
    let numbers = PhoneNumbers::of(source.organization.country);
    Ok(compile(source, api.zones(), &numbers).0)
}

/// `POST /routing/explain`.
async fn explain_call(
    State(api): State<ApiState>,
    permit: Permit<Read<Routing>>,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let question = question(&body, api.now())?;
    let plan = plan(&api, &permit.caller).await?;
    let at = question.at;
    let asked =
        Asked { from: &question.from, to: &question.to, direction: question.direction, at, script: question.script };
    let explanation = explanation(&plan, asked, &mut |question| nothing_known(question));
    let language = Language::of(&plan.organization().language);
    Ok(data(&ExplanationView::new(&explanation, &plan, at, language)))
}

/// `GET /routing/lint`.
async fn lint_plan(State(api): State<ApiState>, permit: Permit<Read<Routing>>) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let plan = plan(&api, &permit.caller).await?;
    let language = Language::of(&plan.organization().language);
    Ok(data(&lint(&plan).iter().map(|finding| FindingView::new(finding, language)).collect::<Vec<_>>()))
}

/// A call that is asked about.
struct Question {
    from: String,
    to: String,
    direction: Option<Direction>,
    at: Timestamp,
    script: Script,
}

fn question(body: &Map<String, Value>, now: Timestamp) -> Result<Question, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["from", "to", "direction", "at", "digits", "dial_results"]);
    let (from, to) = (fields.text("from").map(str::to_owned), fields.text("to").map(str::to_owned));
    let (direction, at) = (fields.maybe_spelled("direction"), fields.maybe_instant("at"));
    let keys = fields.maybe_spelled_list("digits", MOST);
    let results = fields.maybe_spelled_list("dial_results", MOST);
    let (errors, _) = reading.finish();
    match (from, to, direction, at, keys, results) {
        (Some(from), Some(to), Some(direction), Some(at), Some(keys), Some(results)) if errors.is_empty() => {
            Ok(Question {
                from,
                to,
                direction,
                at: at.unwrap_or(now),
                script: Script { keys: keys.unwrap_or_default().into(), results: results.unwrap_or_default().into() },
            })
        }
        _ => Err(Problem::Invalid(errors)),
    }
}
