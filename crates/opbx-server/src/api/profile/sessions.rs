//! `/profile/sessions`.

use super::super::ApiState;
use super::super::answer::{done, instant};
use super::super::list::QueryParameters;
use super::super::resource::Id;
use crate::access::{Means, Person};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_store::{Entry, Session, USER};
use serde_json::json;

/// `GET /profile/sessions`.
pub(super) async fn list(
    State(api): State<ApiState>,
    Person(caller, me): Person,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    let asked = parameters.page(&[])?;
    let mut sessions = api.tenant(&caller).sessions(me, api.now()).await?;
    sessions.retain(|session| asked.finds(&session.device));
    let view = |session: Session| {
        json!({
            "id": session.id,
            "device": session.device,
            "address": session.address,
            "created_at": instant(session.created_at),
            "last_seen_at": instant(session.last_seen_at),
            "current": caller.means == Means::Session { id: session.id },
        })
    };
    Ok(asked.answer_all(sessions, view))
}

/// `DELETE /profile/sessions/{id}`.
pub(super) async fn end(State(api): State<ApiState>, Person(caller, me): Person, id: Id) -> Result<Response, Problem> {
    let mut edit = api.edit(&caller).await?;
    edit.end_session(me, id.0).await?;
    let before = Some(json!({ "session": id.0 }));
    edit.record(&Entry { before, ..Entry::of("session_ended", USER, Some(me.get()), caller.name.to_string()) }).await?;
    api.commit(&caller, edit).await?;
    Ok(done())
}
