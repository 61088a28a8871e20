//! The way out of every failure: a sentence for the caller.

use crate::meters::ApologyFor;
use axum::body::Bytes;
use cxml::Response;
use opbx_core::notice::Notice;
use opbx_core::plan::RoutingPlan;
use opbx_core::region::LanguageTag;
use opbx_core::render::last_words;
use opbx_core::text::Voice;
use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use tokio::time::{Instant, timeout_at};

/// Why a request that is the platform's cannot be decided.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The body is neither an object of JSON nor a form.
    #[error("the body could not be read: {0}")]
    Unreadable(String),
    /// The body, or what the decision had to wait for, was not there in time.
    #[error("the request took longer than {} seconds", super::verify::DEADLINE.as_secs())]
    Late,
    /// The organization's plan is not in memory, and the store is away.
    #[error("the plan cannot be loaded")]
    NoPlan,
    /// A defect of ours.
    #[error("the decision panicked: {0}")]
    Panicked(String),
}

impl Failure {
    /// What it is counted as.
    pub(super) const fn reason(&self) -> ApologyFor {
        match self {
            Self::Unreadable(_) => ApologyFor::Unreadable,
            Self::Late => ApologyFor::Late,
            Self::NoPlan => ApologyFor::NoPlan,
            Self::Panicked(_) => ApologyFor::Panic,
        }
    }
}

/// What a caller hears when a request cannot be decided.
pub(crate) fn apology(language: &LanguageTag, voice: Option<&Voice>) -> Bytes {
    Bytes::from(last_words(Notice::Apology, language, voice).to_xml())
}

/// A sentence that the shell has to say, as routing would say it, and the end of the call.
pub(super) fn sentence(plan: &RoutingPlan, notice: Notice) -> Response {
    let organization = plan.organization();
    last_words(notice, &organization.language, organization.voice.as_ref())
}

/// Runs what decides a call until the deadline; a panic in it is a failure like any other.
pub(super) async fn caught<T>(deadline: Instant, decide: impl Future<Output = T>) -> Result<T, Failure> {
    let mut decide = pin!(decide);
    let decided = poll_fn(|context| {
        // What a panic leaves half done is thrown away with the decision; what calls share is whole at any time.
        match catch_unwind(AssertUnwindSafe(|| decide.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(Failure::Panicked(text_of(&*panic)))),
        }
    });
    timeout_at(deadline, decided).await.unwrap_or(Err(Failure::Late))
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().map(str::to_owned);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
