//! A call as the API shows it: in lists, alone, and in live updates.

use super::super::answer::instant;
use super::super::words::AudioStateWord;
use super::mask::Numbers;
use super::words::{CallDirectionWord, CallStatusWord, DispositionWord, LegResultWord, ViaWord};
use crate::problem::Problem;
use jiff::Timestamp;
use opbx_core::caps::Money;
use opbx_store::{KeptCall, KeptLeg, KeptRecording, TenantStore};
use serde::Serialize;
use utoipa::ToSchema;

/// A call. Its numbers and names are those of its time; what is no longer there has no identifier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = Call)]
pub(crate) struct CallView {
    /// Its identifier. In a live update it may still be null.
    #[schema(value_type = u64)]
    id: Option<u64>,
    /// The platform's token of the session, or the Call-ID of SIP where there is none.
    call_id: String,
    /// Which way it went.
    direction: CallDirectionWord,
    /// Who called.
    #[schema(example = "+14155550123")]
    from_number: String,
    /// Whom they dialled.
    #[schema(example = "+12125550100")]
    to_number: String,
    /// The name that the caller showed.
    caller_name: Option<String>,
    /// The organization's number that was called.
    phone_number_id: Option<u64>,
    /// Whose call it was: of the extension that called, that took it, or that was rung first.
    extension_id: Option<u64>,
    /// The first ring group that rang.
    ring_group_id: Option<u64>,
    /// Where it is, or how it ended.
    status: CallStatusWord,
    /// How it ended; null while it goes on.
    disposition: Option<DispositionWord>,
    /// When it began.
    #[schema(format = DateTime)]
    initiated_at: String,
    /// When it was answered, by a person or by a machine.
    #[schema(format = DateTime)]
    answered_at: Option<String>,
    /// When it ended.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// Seconds from beginning to end.
    duration: Option<u32>,
    /// Answered seconds.
    billsec: Option<u32>,
    /// The number of the phone that took it.
    answered_by: Option<String>,
    /// What it cost, in the currency of the platform's account.
    #[schema(example = "0.0125")]
    cost: Option<String>,
    /// The recording of it.
    recording: Option<RecordingView>,
    /// Whether its end was lost: it goes on by what was said, and nothing was heard of it for hours.
    stale: bool,
    /// Who was rung, in the order of time.
    legs: Vec<LegView>,
}

/// A phone that rang.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = CallLeg)]
pub(crate) struct LegView {
    /// Whose extension.
    extension_id: Option<u64>,
    /// Its number or address.
    number: String,
    /// What led to it.
    via: ViaWord,
    /// When it began to ring.
    #[schema(format = DateTime)]
    started_at: String,
    /// When it took the call.
    #[schema(format = DateTime)]
    answered_at: Option<String>,
    /// When it was over.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    /// What became of it; null while it goes on, and where nobody ever said.
    result: Option<LegResultWord>,
}

/// The recording of a call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[schema(as = CallRecording)]
pub(crate) struct RecordingView {
    /// Whether its sound is here.
    state: AudioStateWord,
    /// Where it is heard, once it is here.
    url: String,
}

/// The view of a call, whose recordings are asked for besides. One that goes on and of which nothing was heard since `silent_since` is stale.
pub(crate) fn call_view(call: &KeptCall, silent_since: Timestamp, numbers: Numbers) -> CallView {
    let shown = |text: &str| numbers.shown(text).into_owned();
    CallView {
        id: (call.id > 0).then_some(call.id),
        call_id: call.call_id.clone(),
        direction: call.direction.into(),
        from_number: shown(&call.from_number),
        to_number: shown(&call.to_number),
        caller_name: call.caller_name.as_deref().map(shown),
        phone_number_id: call.phone_number_id,
        extension_id: call.extension_id,
        ring_group_id: call.ring_group_id,
        status: call.status.into(),
        disposition: call.disposition.map(Into::into),
        initiated_at: instant(call.initiated_at),
        answered_at: call.answered_at.map(instant),
        ended_at: call.ended_at.map(instant),
        duration: call.duration,
        billsec: call.billsec,
        answered_by: call.answered_by.as_deref().map(shown),
        cost: call.cost.map(cost),
        recording: None,
        stale: call.is_stale(silent_since),
        legs: call.legs.iter().map(|leg| leg_view(leg, numbers)).collect(),
    }
}

fn leg_view(leg: &KeptLeg, numbers: Numbers) -> LegView {
    LegView {
        extension_id: leg.extension_id,
        number: numbers.shown(&leg.number).into_owned(),
        via: leg.via.into(),
        started_at: instant(leg.started_at),
        answered_at: leg.answered_at.map(instant),
        ended_at: leg.ended_at.map(instant),
        result: leg.result.map(Into::into),
    }
}

impl CallView {
    /// The same of a call that was recorded.
    pub(crate) fn recorded(mut self, recording: &KeptRecording) -> Self {
        self.recording = self.id.map(|id| RecordingView {
            state: AudioStateWord::of(&recording.audio),
            url: format!("/api/v1/call-logs/{id}/recording"),
        });
        self
    }
}

/// Puts into the views of calls which of them were recorded, by one question for all of them.
///
/// # Errors
///
/// When the store is away.
pub(super) async fn with_recordings(tenant: &TenantStore, calls: Vec<CallView>) -> Result<Vec<CallView>, Problem> {
    let tokens: Vec<&str> = calls.iter().map(|call| call.call_id.as_str()).collect();
    let recordings = tenant.recordings_of(&tokens).await?;
    let seen = |call: CallView| match recordings.get(&call.call_id) {
        Some(recording) => call.recorded(recording),
        None => call,
    };
    Ok(calls.into_iter().map(seen).collect())
}

/// The view of one call, with its recording.
///
/// # Errors
///
/// When the store is away.
pub(super) async fn whole_view(
    tenant: &TenantStore,
    call: &KeptCall,
    silent_since: Timestamp,
    numbers: Numbers,
) -> Result<CallView, Problem> {
    let mut views = with_recordings(tenant, vec![call_view(call, silent_since, numbers)]).await?;
    views.pop().ok_or(Problem::NotFound)
}

/// Millionths as an amount: `0.0125`.
pub(super) fn cost(millionths: i64) -> String {
    let amount = Money::from_millionths(millionths.unsigned_abs());
    if millionths < 0 { format!("-{amount}") } else { amount.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_exact() {
        for (millionths, text) in
            [(12_500, "0.0125"), (0, "0"), (1, "0.000001"), (1_500_000, "1.5"), (-12_500, "-0.0125")]
        {
            assert_eq!(cost(millionths), text);
        }
    }
}
