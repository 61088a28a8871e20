//! `GET /business-hours/{id}/status`: whether a schedule is open, why, and until when.

use super::super::ApiState;
use super::super::answer::{data, instant};
use super::super::list::QueryParameters;
use super::super::resource::Id;
use crate::access::{BusinessHours as BusinessHoursRight, Caller, Permit, Read};
use crate::numbering::PhoneNumbers;
use crate::problem::Problem;
use crate::trace_view::BecauseView;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use opbx_core::business_hours::{BusinessHours, NamedHolidayList};
use opbx_core::id::BusinessHoursId;
use opbx_core::notice::Language;
use opbx_core::plan::{PlanSource, RoutingPlan, compile};
use opbx_core::route::{HoursAnswer, ask_hours};
use opbx_store::Error;
use serde::Serialize;
use serde_json::{Value, json};

/// What a schedule answers.
#[derive(Serialize)]
struct StatusView {
    /// Whether it is open.
    open: bool,
    /// The rule that says so.
    because: BecauseView,
    /// When it turns; null: not in the next 400 days.
    next_change: Option<String>,
}

/// How the description shows it.
pub(super) fn schema() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object", "required": ["open", "because", "next_change"],
        "properties": {
            "open": { "type": "boolean", "description": "Whether it is open." },
            "because": {
                "type": "object", "description": "The rule that says so.", "required": ["code", "params", "text"],
                "properties": { "code": text, "params": { "type": "object" }, "text": text },
            },
            "next_change": {
                "type": ["string", "null"], "format": "date-time",
                "description": "The first instant after that at which it turns; null: not in the next 400 days.",
            },
        },
        "example": {
            "open": true,
            "because": {
                "code": "open_by_week",
                "params": { "day": "mon", "date": "2026-03-09", "time": "10:00", "zone": "America/New_York",
                    "range_day": "mon", "start": "09:00", "end": "17:00" },
                "text": "open: Mon 2026-03-09 10:00 is inside Mon 09:00–17:00 (America/New_York)",
            },
            "next_change": "2026-03-09T21:00:00.000Z",
        },
    })
}

/// `GET /business-hours/{id}/status?at=`.
pub(super) async fn status(
    State(api): State<ApiState>,
    permit: Permit<Read<BusinessHoursRight>>,
    id: Id,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let at = asked_instant(&parameters, api.now())?;
    let plan = plan_of(&api, &permit.caller, id.0).await?;
    let language = Language::of(&plan.organization().language);
    let HoursAnswer { open, because, next_change } =
        ask_hours(&plan, BusinessHoursId::new(id.0), at).ok_or(Problem::NotFound)?;
    let because = BecauseView::new(&because, language);
    Ok(data(&StatusView { open, because, next_change: next_change.map(instant) }))
}

/// The instant that is asked about; now where none is given.
fn asked_instant(parameters: &QueryParameters, now: Timestamp) -> Result<Timestamp, Problem> {
    let wrong = "The parameter at must be an instant, such as 2027-01-01T00:00:00Z (a + in it is written %2B).";
    match parameters.get("at") {
        None | Some("") => Ok(now),
        Some(text) => text.parse().map_err(|_| Problem::BadRequest(wrong.into())),
    }
}

/// A plan of this schedule alone, with the lists that it follows: compiled by what calls are decided by.
async fn plan_of(api: &ApiState, caller: &Caller, id: u64) -> Result<RoutingPlan, Problem> {
    let tenant = api.tenant(caller);
    let hours = tenant.find::<BusinessHours>(id).await?.object;
    let mut source = PlanSource::new(tenant.settings().await?.object.organization);
    for list in &hours.holiday_list_ids {
        match tenant.find::<NamedHolidayList>(list.get()).await {
            Ok(list) => source.holiday_lists.push(list.object),
            // It was removed since the schedule was read, and no schedule follows what is gone.
            Err(Error::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    source.business_hours.push(hours);
    let numbers = PhoneNumbers::of(source.organization.country);
    Ok(compile(source, api.zones(), &numbers).0)
}
