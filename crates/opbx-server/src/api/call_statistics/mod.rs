//! `GET /call-logs/statistics`: what was counted over calls.

mod view;

use super::ApiState;
use super::answer::data;
use super::list::QueryParameters;
use super::operation::{Access, Operation, data as data_of};
use super::schema::{Schemas, schema_of};
use crate::access::{Permit, Read, Statistics};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use opbx_core::permission::{Action, Resource, Role};
use opbx_core::statistics::Interval;
use serde_json::json;

/// How many days are told of where nothing is said.
const USUAL_DAYS: i64 = 30;
/// The longest series: a century of days, or four years of hours. What is longer nobody reads, and all of it is made at once.
const LONGEST_SERIES: u64 = 36_600;

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<view::StatisticsView>(&mut schemas);
    let day = json!({ "type": "string", "format": "date" });
    let interval = json!({ "type": "string", "enum": ["hour", "day", "week"] });
    vec![
        Operation::new(Method::GET, "/call-logs/statistics", "get_call_statistics", show)
            .about("call-logs", "Tell how many calls there were, and how they went")
            .access(Access::Right(Action::Read, Resource::Statistics))
            .query(
                "from_date",
                "The first day, in the organization's zone; left out: a month before the last one.",
                day.clone(),
            )
            .query("to_date", "The last day, included; left out: today.", day)
            .query("interval", "How fine the series is; left out: day by day.", interval)
            .answers_json(200, data_of(shown))
            .with_schemas(schemas),
    ]
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Asked {
    from: Date,
    to: Date,
    interval: Interval,
}

/// `GET /call-logs/statistics`.
async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<Statistics>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let zone = api.zone(&permit.caller).await?;
    let asked = asked(&parameters, today(&api, &zone))?;
    let tenant = api.tenant(&permit.caller);
    let report = tenant.statistics(asked.from, asked.to, asked.interval).await?;
    let hides = permit.caller.role == Role::Reporter && tenant.settings().await?.object.organization.mask_numbers;
    Ok(data(&view::view(&report, hides)))
}

fn today(api: &ApiState, zone: &TimeZone) -> Date {
    zone.to_datetime(api.now()).date()
}

fn asked(parameters: &QueryParameters, today: Date) -> Result<Asked, Problem> {
    let day = |name: &str| match parameters.get(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => day(text)
            .map(Some)
            .ok_or_else(|| Problem::BadRequest(format!("The parameter {name} must be a day like 2026-03-09.").into())),
    };
    let (from, to) = (day("from_date")?, day("to_date")?);
    let to = to.unwrap_or_else(|| from.map_or(today, |from| today.max(from)));
    let from = from.unwrap_or_else(|| to.saturating_sub((USUAL_DAYS - 1).days()));
    if from > to {
        return Err(Problem::BadRequest(
            "The first day lies behind the last one. Exchange from_date and to_date.".into(),
        ));
    }
    let interval = match parameters.get("interval").filter(|text| !text.is_empty()) {
        None => Interval::Day,
        Some(word) => Interval::parse(word)
            .ok_or_else(|| Problem::BadRequest("The parameter interval must be hour, day or week.".into()))?,
    };
    if interval.count(from, to) > LONGEST_SERIES {
        return Err(Problem::BadRequest("So long a series is not told. Ask for fewer days, or for weeks.".into()));
    }
    Ok(Asked { from, to, interval })
}

/// A day and nothing else: jiff would take the date of an instant, which is a day of another zone.
fn day(text: &str) -> Option<Date> {
    if text.len() == 10 { text.parse().ok() } else { None }
}
