//! `PATCH /call-logs/{id}`: a missed call is settled by hand, or that is taken back.

use super::super::ApiState;
use super::super::answer::data;
use super::super::body::JsonObject;
use super::super::form::Reading;
use super::super::resource::Id;
use super::mask::Numbers;
use super::view::whole_view;
use crate::access::{CallLogs, Permit, Update};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

/// What the body looks like.
pub(super) fn schema() -> Value {
    let returned = json!({ "type": "boolean", "description": "Whether the missed call is settled." });
    json!({
        "type": "object", "additionalProperties": false, "required": ["returned"], "properties": { "returned": returned },
    })
}

/// Settles it. What is as it shall be already is left alone.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<CallLogs>>,
    id: Id,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let tenant = api.tenant(&permit.caller);
    let before = tenant.call(id.0).await?.call;
    let returned = wanted(&body)?;
    if !before.missed {
        let error = FieldError::rule("not_missed", "This call was not missed, so there is nothing to return.");
        return Err(Problem::Invalid(FieldErrors::one("returned", error)));
    }
    let mut edit = api.edit(&permit.caller).await?;
    edit.settle_missed_call(id.0, returned.then(|| api.now())).await?;
    api.commit(&permit.caller, edit).await?;
    let numbers = Numbers::seen_by(&api, &permit.caller).await?;
    let after = tenant.call(id.0).await?.call;
    Ok(data(&whole_view(&tenant, &after, api.silent_since(), numbers).await?))
}

fn wanted(body: &Map<String, Value>) -> Result<bool, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(body);
    fields.only(&["returned"]);
    let returned = fields.flag("returned");
    let (errors, _) = reading.finish();
    returned.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}
