//! Prompts as sound, for people who may see them.

use super::super::ApiState;
use super::super::resource::Id;
use super::super::sound::{OF_PEOPLE, served};
use crate::access::{Permit, Prompts, Read};
use crate::problem::Problem;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use opbx_core::prompt::Prompt;

/// `GET /prompts/{id}/audio`.
pub(super) async fn listen(
    State(api): State<ApiState>,
    permit: Permit<Read<Prompts>>,
    id: Id,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let prompt = api.tenant(&permit.caller).find::<Prompt>(id.0).await?.object;
    let file = prompt.sound.file().ok_or(Problem::NotFound)?;
    served(&api, file, &method, &headers, OF_PEOPLE).await
}
