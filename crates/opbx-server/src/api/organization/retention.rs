//! `GET`, `PUT` and `PATCH /organization/retention`.

use super::super::ApiState;
use super::super::answer::{Precondition, data};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading, Rules, merged};
use super::super::users::object;
use super::settings::{portrait, version};
use crate::access::{Permit, Read, Retention as RetentionRight, Update};
use crate::field_errors::FieldError;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_store::{OrganizationSettings, Retention};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The most days: a hundred years.
const LONGEST: u32 = 36_525;

/// How many days what is kept; 0: for ever.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Retention)]
pub(super) struct RetentionView {
    /// Call records.
    #[schema(maximum = 36525)]
    records: u32,
    /// Recordings of calls.
    #[schema(maximum = 36525)]
    recordings: u32,
    /// Traces of decisions.
    #[schema(maximum = 36525)]
    traces: u32,
    /// What the platform said, word by word.
    #[schema(maximum = 36525)]
    raw_payloads: u32,
    /// Voicemail messages.
    #[schema(maximum = 36525)]
    voicemail: u32,
    /// The audit log.
    #[schema(maximum = 36525)]
    audit: u32,
}

pub(super) fn rules() -> Rules {
    Rules {
        required: &[],
        immutable: &[],
        read_only: &[],
        write_only: &[],
        defaults: object(json!({
            "records": 730, "recordings": 90, "traces": 90, "raw_payloads": 30, "voicemail": 180, "audit": 730,
        })),
    }
}

pub(super) fn shown(settings: &OrganizationSettings) -> Map<String, Value> {
    serde_json::to_value(view(settings.retention)).map(object).unwrap_or_default()
}

const fn view(retention: Retention) -> RetentionView {
    let Retention { records, recordings, traces, raw_payloads, voicemail, audit } = retention;
    RetentionView { records, recordings, traces, raw_payloads, voicemail, audit }
}

/// `GET /organization/retention`.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<RetentionRight>>,
) -> Result<Response, Problem> {
    let stored = api.tenant(&permit.caller).settings().await?;
    Ok(version(&stored).on(data(&view(stored.object.retention))))
}

/// `PUT` and `PATCH /organization/retention`.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<RetentionRight>>,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.settings().await?;
    precondition.holds(&version(&before))?;
    let whole = merged(&rules(), Some(&shown(&before.object)), &body).map_err(Problem::Invalid)?;
    let retention = read(&whole)?;
    let after = OrganizationSettings { retention, ..before.object.clone() };
    let stored = edit.update_settings(&before, after, portrait).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&stored).on(data(&view(stored.object.retention))))
}

fn read(whole: &Map<String, Value>) -> Result<Retention, Problem> {
    let reading = Reading::default();
    let fields = reading.fields(whole);
    let names = ["records", "recordings", "traces", "raw_payloads", "voicemail", "audit"];
    let days = names.map(|name| days(&fields, name));
    let (errors, _) = reading.finish();
    match days {
        [Some(records), Some(recordings), Some(traces), Some(raw_payloads), Some(voicemail), Some(audit)] => {
            Ok(Retention { records, recordings, traces, raw_payloads, voicemail, audit })
        }
        _ => Err(Problem::Invalid(errors)),
    }
}

fn days(fields: &Fields<'_>, name: &str) -> Option<u32> {
    let days = fields.whole(name)?;
    if days <= LONGEST { Some(days) } else { fields.wrong(name, FieldError::invalid("at most 36,525 days")) }
}
