//! `GET /call-logs/{id}`: a call with all that is known of it.

use super::super::ApiState;
use super::super::answer::data;
use super::super::resource::Id;
use super::mask::Numbers;
use super::timeline::{MomentView, timeline};
use super::trace::{DecisionView, decisions};
use super::view::{CallView, whole_view};
use crate::access::{CallLogs, Permit, Read};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::notice::Language;
use opbx_core::permission::Role;
use opbx_store::Extent;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// How many decisions of a call are shown at most, the latest ones.
const MOST_DECISIONS: u64 = 200;

/// A call with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallDetails {
    #[serde(flatten)]
    call: CallView,
    /// What happened, in the order of time.
    timeline: Vec<MomentView>,
    /// What was decided for it, and why.
    trace: Vec<DecisionView>,
    /// What the platform said of it when it was over, word by word; null for everyone but owners and admins, and when it was let
    /// go with time.
    #[schema(value_type = Option<Object>)]
    raw_record: Option<Value>,
}

/// Shows it.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<CallLogs>>,
    id: Id,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let tenant = api.tenant(&permit.caller);
    let whole = tenant.call(id.0).await?;
    let organization = tenant.settings().await?.object.organization;
    let numbers = Numbers::of(permit.caller.role, organization.mask_numbers);
    let language = Language::of(&organization.language);
    let kept = match whole.call.call_id.as_str() {
        // Decisions for calls without a name are nobody's in particular.
        "" => Vec::new(),
        name => tenant.decisions(Some(name), Extent::Latest(MOST_DECISIONS)).await?,
    };
    let trace = decisions(kept, language, numbers);
    let raw_record = match permit.caller.role {
        Role::Owner | Role::Admin => whole.payload.as_deref().map(raw),
        Role::Agent | Role::Reporter => None,
    };
    Ok(data(&CallDetails {
        call: whole_view(&tenant, &whole.call, api.silent_since(), numbers).await?,
        timeline: timeline(&whole, &trace, language, numbers),
        trace,
        raw_record,
    }))
}

/// A record as it came: most are JSON, and what is only nearly that is a text.
fn raw(payload: &str) -> Value {
    serde_json::from_str(payload).unwrap_or_else(|_| payload.into())
}
