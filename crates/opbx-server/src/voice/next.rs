//! A further request of a call.

use super::VoiceState;
use super::decide::{Begins, answer};
use super::document::Document;
use super::verify::VerifiedCall;
use axum::extract::State;
use axum::http::Uri;

/// Answers a call that goes on: the last part of the address says where.
pub(crate) async fn next(State(voice): State<VoiceState>, address: Uri, call: VerifiedCall) -> Document {
    // Taken as it stands: a token has nothing to decode, and an address that is not even text is only a bad token.
    let token = address.path().rsplit('/').next().unwrap_or_default();
    answer(&voice.0, call, Begins::At(token)).await
}
