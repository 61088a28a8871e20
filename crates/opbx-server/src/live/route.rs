//! `GET /app/{key}`: where sockets begin.

use super::ending::Ending;
use super::frame::PROTOCOL;
use super::socket::{LARGEST, refuse, talk};
use super::{KEY, Live};
use crate::problem::Problem;
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

/// What is read at once from a socket, and written at least: clients say little, and there may be thousands of them.
const BUFFER: usize = 4 * 1024;

/// The address of live updates.
pub(crate) fn route(live: Live) -> Router {
    Router::new().route("/app/{key}", get(connect)).with_state(live)
}

async fn connect(
    State(live): State<Live>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return Problem::BadRequest("A WebSocket begins at this address, and nothing else.".into()).into_response();
    };
    let refused = refused(&key, query.as_deref().unwrap_or_default());
    let upgrade = upgrade.max_message_size(LARGEST).max_frame_size(LARGEST);
    let upgrade = upgrade.read_buffer_size(BUFFER).write_buffer_size(BUFFER);
    upgrade.on_upgrade(async move |socket| match refused {
        Some(ending) => refuse(socket, &live, ending).await,
        None => talk(socket, live).await,
    })
}

/// Why a client is told to stay away: over the socket, since browsers show pages nothing of an answer without one.
fn refused(key: &str, query: &str) -> Option<Ending> {
    if key != KEY {
        return Some(Ending::UnknownKey);
    }
    let mut said = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "protocol");
    let (_, protocol) = said.next()?;
    let is_spoken = protocol.parse::<u64>().is_ok_and(|protocol| protocol >= PROTOCOL);
    (!is_spoken).then_some(Ending::OldProtocol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_and_the_protocol_are_looked_at() {
        assert_eq!(refused("opbx", "protocol=7&client=js&version=8.4.0&flash=false"), None);
        assert_eq!(refused("opbx", "protocol=8"), None);
        assert_eq!(refused("opbx", ""), None);
        assert_eq!(refused("opbx", "protocol=6"), Some(Ending::OldProtocol));
        assert_eq!(refused("opbx", "protocol=x"), Some(Ending::OldProtocol));
        assert_eq!(refused("other", "protocol=7"), Some(Ending::UnknownKey));
    }
}
