//! The way out of every failure: a sentence for the caller.

use super::document::Document;
use axum::body::Bytes;
use cxml::Response;
use opbx_core::decision::{Action, Decision, Outcome, OutcomeCode, Speech};
use opbx_core::notice::Notice;
use opbx_core::plan::RoutingPlan;
use opbx_core::render::{PlainLinks, render};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Why a request that is the platform's cannot be decided.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The body is neither an object of JSON nor a form.
    #[error("the body could not be read: {0}")]
    Unreadable(String),
    /// The body was not there in time.
    #[error("the request took longer than {} seconds", super::verify::DEADLINE.as_secs())]
    Late,
    /// A defect of ours.
    #[error("the decision panicked: {0}")]
    Panicked(String),
}

/// What a caller hears when a request cannot be decided, as it is kept beside the plan.
pub(crate) fn apology(plan: &RoutingPlan) -> Bytes {
    Bytes::from(sentence(plan, Notice::Apology).to_xml())
}

/// A sentence that the shell has to say, as routing would say it, and the end of the call.
pub(super) fn sentence(plan: &RoutingPlan, notice: Notice) -> Response {
    let decision = Decision {
        actions: vec![Action::Speak(Speech::Notice { notice, params: Vec::new() }), Action::Hangup],
        trace: Vec::new(),
        effects: Vec::new(),
        events: Vec::new(),
        outcome: Outcome { code: OutcomeCode::Notice(notice), destination: None },
    };
    render(&decision, plan, &PlainLinks)
}

/// Runs what decides a call; a panic in it is a failure like any other.
pub(super) fn caught(decide: impl FnOnce() -> Document) -> Result<Document, Failure> {
    // What a panic leaves half done is thrown away with the decision; shared counters and plans are whole at any time.
    catch_unwind(AssertUnwindSafe(decide)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
        Failure::Panicked(text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default())
    })
}
