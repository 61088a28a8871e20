//! Recordings of calls, as sound.

use super::ApiState;
use super::operation::{Access, Operation};
use super::own::has_call;
use super::resource::Id;
use super::sound::{OF_PEOPLE, answers_sound, served};
use crate::access::{Permit, Read, Recordings};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use opbx_core::permission::{Action, Resource};
use opbx_store::Entry;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        answers_sound(Operation::new(Method::GET, "/call-logs/{id}/recording", "get_call_recording", listen))
            .about("call-logs", "Listen to the recording of a call; the playing is in the audit log")
            .access(Access::Right(Action::Read, Resource::Recordings)),
    ]
}

/// `GET /call-logs/{id}/recording`. A recording that is not here, yet or at all, is not there.
async fn listen(
    State(api): State<ApiState>,
    permit: Permit<Read<Recordings>>,
    id: Id,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tenant = api.tenant(&permit.caller);
    let call = tenant.call(id.0).await?.call;
    permit.reaches(has_call(&tenant, &permit.caller, &call).await?)?;
    let recording = tenant.recordings_of(&[&call.call_id]).await?.remove(&call.call_id).ok_or(Problem::NotFound)?;
    let file = recording.audio.file().ok_or(Problem::NotFound)?;
    if method == Method::GET {
        let entry = Entry::of("played", "call_recording", Some(recording.id), call.call_id.as_str());
        api.played(&permit.caller, entry).await?;
    }
    served(&api, file, &method, &headers, OF_PEOPLE).await
}
