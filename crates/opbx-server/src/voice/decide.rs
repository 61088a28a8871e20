//! From a verified request to its document.

use super::VoiceParts;
use super::apology::{Failure, caught, sentence};
use super::document::Document;
use super::links::SignedLinks;
use super::reader::VoiceRequest;
use super::token::{Bearer, Kind, Refused};
use super::verify::VerifiedCall;
use crate::explanation::nothing_known;
use crate::numbering::text_only;
use crate::plans::{Current, Served};
use crate::trace_view::effect_word;
use jiff::Timestamp;
use opbx_core::call::{Answer, Call, DialResult, Direction, Input, Question, RecordedAudio};
use opbx_core::decision::{Decision, Event};
use opbx_core::explain::decide;
use opbx_core::notice::Notice;
use opbx_core::render::render;
use opbx_core::route::{Position, Step};

/// Where in a call a request stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begins<'t> {
    /// At its start.
    Here,
    /// Where this token says.
    At(&'t str),
}

/// The document for a request. There is always one.
pub(super) fn answer(voice: &VoiceParts, call: &VerifiedCall, begins: Begins<'_>) -> Document {
    let current = call.organization.current();
    let decided = match &call.failure {
        Some(failure) => Err(failure.clone()),
        None => caught(|| document(voice, call, &current, begins)),
    };
    let call_id = call.request.call_id().unwrap_or_default();
    let document = decided.unwrap_or_else(|failure| {
        apologize(&failure, call, call_id);
        Document { xml: current.apology.clone(), outcome: Notice::Apology.code() }
    });
    tracing::info!(
        request_id = %call.id,
        call_id,
        organization = call.organization.id.get(),
        outcome = document.outcome,
        micros = u64::try_from(call.since.elapsed().as_micros()).unwrap_or(u64::MAX),
        "voice request answered"
    );
    document
}

/// A defect of ours is an error, a request that cannot be read the platform's business.
fn apologize(failure: &Failure, call: &VerifiedCall, call_id: &str) {
    let organization = call.organization.id.get();
    if matches!(failure, Failure::Panicked(_)) {
        tracing::error!(request_id = %call.id, call_id, organization, %failure, "apologized to the caller");
    } else {
        tracing::warn!(request_id = %call.id, call_id, organization, %failure, "apologized to the caller");
    }
}

fn document(voice: &VoiceParts, call: &VerifiedCall, current: &Current, begins: Begins<'_>) -> Document {
    let now = voice.clock.now();
    let session = call.request.call_id().unwrap_or_default();
    let bearer = Bearer { organization: call.organization.id, session };
    let step = match begins {
        Begins::Here => Step::start(),
        Begins::At(token) => match opened(voice, bearer, now, token) {
            Ok(step) => step,
            Err(refused) => return refuse(&refused, call, current),
        },
    };
    let mut routed = routed(&call.request, current, step);
    let decision = decide(&current.plan, &mut routed, now, &mut |question| known(voice, &call.organization, question));
    let links = SignedLinks { public_url: &voice.public_url, tokens: &voice.tokens, bearer, now };
    let document = Document::new(&render(&decision, &current.plan, &links), decision.outcome.code.word());
    perform(&decision, call, session);
    document
}

fn opened(voice: &VoiceParts, bearer: Bearer<'_>, now: Timestamp, token: &str) -> Result<Step, Refused> {
    let payload = voice.tokens.open(Kind::Step, bearer, now, token)?;
    // Signed and yet no step: a later release has another form of it.
    Step::decode(&payload).map_err(|_| Refused::Altered)
}

/// A token that is not taken: the caller hears that the call cannot go on, unless it is over anyway.
fn refuse(refused: &Refused, call: &VerifiedCall, current: &Current) -> Document {
    let over = dial_result(&call.request).is_some_and(DialResult::ends_the_call);
    tracing::warn!(
        request_id = %call.id,
        call_id = call.request.call_id().unwrap_or_default(),
        organization = call.organization.id.get(),
        reason = %refused,
        "a step of a call was refused"
    );
    if *refused == Refused::Expired && over {
        return Document::new(&std::iter::once(cxml::Hangup.into()).collect(), "hangup");
    }
    Document::new(&sentence(&current.plan, Notice::StepExpired), Notice::StepExpired.code())
}

/// The request in the words of routing.
fn routed(said: &VoiceRequest, current: &Current, step: Step) -> Call {
    let direction = Direction::read(said.direction.as_deref().unwrap_or_default());
    let (from, to) = (said.from.as_deref().unwrap_or_default(), said.to.as_deref().unwrap_or_default());
    let starts = step.position == Position::Start;
    let (from, to) = if starts {
        current.numbers.ends(&current.plan, direction, from, to)
    } else {
        (text_only(from), text_only(to))
    };
    let name = said.caller_name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    Call {
        caller_name: name.map(Into::into),
        step,
        input: Input {
            keys: said.digits.as_deref().map(Into::into),
            dial: dial_result(said),
            recording: recording(said),
        },
        ..Call::new(direction, from, to)
    }
}

fn dial_result(said: &VoiceRequest) -> Option<DialResult> {
    let given = |status: &Option<String>| status.as_deref().filter(|status| !status.is_empty()).map(DialResult::read);
    given(&said.dial_call_status).or_else(|| given(&said.call_status))
}

fn recording(said: &VoiceRequest) -> Option<RecordedAudio> {
    let url = said.recording_url.as_deref().map(str::trim).filter(|url| !url.is_empty())?;
    let seconds = said.recording_duration.as_deref().and_then(|text| text.trim().split('.').next()?.parse().ok());
    Some(RecordedAudio { url: url.into(), seconds })
}

/// What only shared state can tell: the turn of a group is counted, the rest is as if there were nothing.
fn known(voice: &VoiceParts, organization: &Served, question: Question) -> Answer {
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: voice.turns.next(organization.id, group) },
        other => nothing_known(other),
    }
}

/// Carries out what the decision wants done besides its document, and reports what somebody should hear of.
fn perform(decision: &Decision<'_>, call: &VerifiedCall, call_id: &str) {
    let organization = call.organization.id.get();
    if !decision.effects.is_empty() {
        for effect in call.organization.change(&decision.effects) {
            let effect = effect_word(effect);
            tracing::info!(request_id = %call.id, call_id, organization, effect, "not kept: there is no store");
        }
    }
    for event in &decision.events {
        match event {
            Event::EmergencyCall { extension } => {
                let extension = extension.map(opbx_core::id::ExtensionId::get);
                tracing::warn!(request_id = %call.id, call_id, organization, extension, "an emergency number is dialled");
            }
            Event::GuardTripped => {
                tracing::warn!(request_id = %call.id, call_id, organization, "a call went in circles and was ended");
            }
            Event::CapReached { cap, .. } => {
                let cap = cap.word();
                tracing::warn!(request_id = %call.id, call_id, organization, cap, "a limit of calls is reached");
            }
        }
    }
}
