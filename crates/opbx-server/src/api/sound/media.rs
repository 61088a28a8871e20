//! What the platform fetches by signed addresses.

use super::super::ApiState;
use super::served;
use crate::media::{Media, Opened};
use crate::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use opbx_core::id::{MessageId, OrganizationId};
use opbx_core::prompt::Prompt;
use opbx_store::{KeptAudio, Reason, Tenant};
use std::time::Duration;
use tokio::time::timeout;

/// How long the store may take to say what is played: a caller waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// A content never changes under the address of a prompt.
const OF_PROMPTS: &str = "public, max-age=86400, immutable";
/// A message is for its owner, and for one call.
const OF_MESSAGES: &str = "private, no-store";

/// `GET /media/{token}`: whatever is wrong with the token, there is nothing.
pub(super) async fn fetch(
    State(api): State<ApiState>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match api.library().tokens.open(&token, api.now()).ok_or(Problem::NotFound)? {
        Opened::Prompt(media) => {
            let prompt = prompt(&api, media).await?;
            let file = prompt.sound.file().filter(|file| file.digest.beginning() == media.content);
            served(&api, file.ok_or(Problem::NotFound)?, &method, &headers, OF_PROMPTS).await
        }
        Opened::Message(of, message) => played(&api, of, message, &method, &headers).await,
    }
}

/// A message. One that is not here yet, or could not be had, the platform plays from where it keeps it itself: better than silence.
async fn played(
    api: &ApiState,
    of: OrganizationId,
    message: MessageId,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let tenant = api.store().tenant(&Tenant::inside(of, Reason::Webhook));
    let message = timeout(PATIENCE, tenant.message(message)).await.map_err(|_| Problem::StoreAway)??;
    match (&message.audio, &message.url) {
        (KeptAudio::Stored(file), _) => served(api, file, method, headers, OF_MESSAGES).await,
        (KeptAudio::Receiving | KeptAudio::Failed { .. }, Some(url)) => Ok(Redirect::temporary(url).into_response()),
        (KeptAudio::Receiving | KeptAudio::Failed { .. }, None) => Err(Problem::NotFound),
    }
}

/// The prompt as the store has it; while that is away, as the plan has it by which calls are routed meanwhile.
async fn prompt(api: &ApiState, media: Media) -> Result<Prompt, Problem> {
    let tenant = api.store().tenant(&Tenant::inside(media.organization, Reason::Webhook));
    let found = timeout(PATIENCE, tenant.find::<Prompt>(media.prompt.get())).await;
    let problem = match found {
        Ok(Ok(stored)) => return Ok(stored.object),
        Ok(Err(fault)) => Problem::from(fault),
        Err(_) => Problem::StoreAway,
    };
    let held = if problem == Problem::StoreAway { api.plans().held(media.organization) } else { None };
    held.and_then(|current| current.plan.prompt(media.prompt).cloned()).ok_or(problem)
}
