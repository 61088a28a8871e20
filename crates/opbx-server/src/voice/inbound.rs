//! The first request of a call.

use super::VoiceState;
use super::decide::{Begins, answer};
use super::document::Document;
use super::verify::VerifiedCall;
use axum::extract::State;

/// Answers a call that begins.
pub(crate) async fn inbound(State(voice): State<VoiceState>, call: VerifiedCall) -> Document {
    answer(&voice.0, call, Begins::Here).await
}
