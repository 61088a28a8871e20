//! Calls: the log, those that go on, those that were missed, one with all that is known of it, and the log as a file.
//! How a call is shown, and how much of its numbers, is for live updates too.

mod asked;
mod change;
mod cursor;
mod detail;
mod export;
pub(crate) mod mask;
mod sorting;
mod timeline;
mod trace;
pub(crate) mod view;
mod words;

use self::asked::{Paging, ordered, paging_of, with_filters, with_paging};
use self::detail::CallDetails;
pub(crate) use self::mask::Numbers;
use self::sorting::with_order;
pub(crate) use self::view::call_view;
use self::view::{CallView, with_recordings};
use super::ApiState;
use super::answer::json;
use super::crud::paging;
use super::list::{QueryParameters, list_schema};
use super::operation::{Access, Operation, data};
use super::schema::{Schemas, schema_of};
use crate::access::{CallLogs, Caller, LiveCalls, Permit, Read};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::permission::{Action, Resource};
use opbx_store::{CallPage, CallQuery, Stretch};
use serde_json::{Value, json};

/// The heading in the description.
const TAG: &str = "call-logs";

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let (call, details) = (schema_of::<CallView>(&mut schemas), schema_of::<CallDetails>(&mut schemas));
    let may = Access::Right;
    let page = log_schema(&call);
    let text = json!({ "type": "string" });
    vec![
        with_order(with_paging(with_filters(
            Operation::new(Method::GET, "/call-logs", "list_call_logs", list)
                .about(TAG, "List calls, newest first")
                .access(may(Action::Read, Resource::CallLogs)),
        )))
        .answers_json(200, page.clone())
        .with_schemas(schemas),
        paging().into_iter().take(2).fold(
            Operation::new(Method::GET, "/call-logs/active", "list_active_calls", active)
                .about(TAG, "List the calls that go on, newest first")
                .access(may(Action::Read, Resource::LiveCalls))
                .answers_json(200, list_schema(&call)),
            |operation, (name, about, schema)| operation.query(name, about, schema),
        ),
        with_order(with_paging(with_filters(
            Operation::new(Method::GET, "/call-logs/missed", "list_missed_calls", missed)
                .about(TAG, "List the calls that nobody took and that nothing has made up for yet, newest first")
                .access(may(Action::Read, Resource::CallLogs)),
        )))
        .answers_json(200, page),
        with_filters(
            Operation::new(Method::GET, "/call-logs/export", "export_call_logs", export::export)
                .about(TAG, "Export calls as comma-separated values, newest first")
                .access(may(Action::Read, Resource::CallLogs)),
        )
        .answers_content(200, json!({ "text/csv": { "schema": text } })),
        Operation::new(Method::GET, "/call-logs/{id}", "get_call", detail::show)
            .about(TAG, "Show a call with all that is known of it")
            .access(may(Action::Read, Resource::CallLogs))
            .answers_json(200, data(details)),
        Operation::new(Method::PATCH, "/call-logs/{id}", "update_call", change::change)
            .about(TAG, "Say that a missed call is settled, or that it is not")
            .access(may(Action::Update, Resource::CallLogs))
            .takes_json(change::schema())
            .answers_json(200, data(call)),
    ]
}

/// `GET /call-logs`.
async fn list(
    State(api): State<ApiState>,
    permit: Permit<Read<CallLogs>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let numbers = Numbers::seen_by(&api, &permit.caller).await?;
    let query = ordered(&api, &permit.caller, &parameters, numbers).await?;
    stretch(&api, &permit.caller, &parameters, &query, numbers).await
}

/// `GET /call-logs/missed`.
async fn missed(
    State(api): State<ApiState>,
    permit: Permit<Read<CallLogs>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let numbers = Numbers::seen_by(&api, &permit.caller).await?;
    let query = CallQuery { unreturned: true, ..ordered(&api, &permit.caller, &parameters, numbers).await? };
    stretch(&api, &permit.caller, &parameters, &query, numbers).await
}

/// `GET /call-logs/active`.
async fn active(
    State(api): State<ApiState>,
    permit: Permit<Read<LiveCalls>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let asked = parameters.page(&[])?;
    let (numbers, since) = (Numbers::seen_by(&api, &permit.caller).await?, api.silent_since());
    let tenant = api.tenant(&permit.caller);
    let calls = tenant.active_calls(since).await?;
    let views = calls.iter().map(|call| call_view(call, since, numbers)).collect();
    Ok(asked.answer_all(with_recordings(&tenant, views).await?, |view| view))
}

async fn stretch(
    api: &ApiState,
    caller: &Caller,
    parameters: &QueryParameters,
    query: &CallQuery,
    numbers: Numbers,
) -> Result<Response, Problem> {
    let paging = paging_of(parameters, query)?;
    let wanted = match &paging {
        Paging::Page(page) => Stretch::Page { offset: page.query.offset, limit: page.query.limit },
        Paging::After(cursor, page) => Stretch::After { cursor: *cursor, limit: page.query.limit },
    };
    let tenant = api.tenant(caller);
    let CallPage { items, total, is_capped, next } = tenant.calls(query, wanted).await?;
    let mut meta = match paging {
        Paging::Page(page) => page.meta(total.unwrap_or_default(), items.len()),
        Paging::After(_, page) => json!({
            "current_page": null, "per_page": page.query.limit, "total": null, "last_page": null, "from": null, "to": null,
        }),
    };
    meta["total_capped"] = is_capped.into();
    meta["next_cursor"] = next.map(cursor::written).into();
    let since = api.silent_since();
    let data = items.iter().map(|call| call_view(call, since, numbers)).collect();
    let data = with_recordings(&tenant, data).await?;
    Ok(json(&json!({ "data": data, "meta": meta })))
}

/// A list whose place among the others is not always known.
fn log_schema(call: &Value) -> Value {
    let mut schema = list_schema(call);
    let place = json!({ "type": ["integer", "null"], "format": "int64" });
    let meta = &mut schema["properties"]["meta"];
    for name in ["current_page", "total", "last_page"] {
        meta["properties"][name] = place.clone();
    }
    meta["properties"]["total_capped"] =
        json!({ "type": "boolean", "description": "Whether there are more than were counted." });
    meta["properties"]["next_cursor"] = json!({ "type": ["string", "null"], "description": "Where it goes on; null at its end, and in any other order." });
    if let Some(required) = meta["required"].as_array_mut() {
        required.extend([json!("total_capped"), json!("next_cursor")]);
    }
    schema
}
