//! From a verified request to its document.

use super::VoiceParts;
use super::apology::{Failure, caught, sentence};
use super::document::Document;
use super::links::SignedLinks;
use super::reader::VoiceRequest;
use super::recording_token::dial_key;
use super::token::{Bearer, Kind, Refused};
use super::verify::{DEADLINE, VerifiedCall};
use crate::alerts::EmergencyCall;
use crate::effects::Doing;
use crate::fabric::{CallOf, Delivery, Dialled, Limits, Opened};
use crate::numbering::text_only;
use crate::plans::Current;
use crate::public_url::PublicUrl;
use crate::recorder::{Entry, written_trace};
use axum::body::Bytes;
use jiff::Timestamp;
use opbx_core::bounded::RingTimeout;
use opbx_core::call::{Answer, Call, DialResult, Direction, Input, Question, RecordedAudio};
use opbx_core::call_log::{CallKeys, RoutedStep};
use opbx_core::decision::{Action, Decision, Dial, DialTarget, Effect, Event, Phone, Routed};
use opbx_core::notice::Notice;
use opbx_core::plan::RoutingPlan;
use opbx_core::render::render;
use opbx_core::route::{Position, Step, route};
use std::time::Duration;

/// How long the platform rings, in seconds, where a dial does not say it (docs/platform.md).
const PLATFORM_RING: u32 = 60;

/// How long after the headers of a request what it sets may be written; the rest is for telling the caller that it was not.
const EFFECTS: Duration = Duration::from_millis(1_700);

/// Where in a call a request stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Begins<'t> {
    /// At its start.
    Here,
    /// Where this token says.
    At(&'t str),
}

/// What a request is answered with.
struct Reply {
    document: Document,
    /// How it came about; `None`: it was decided before, for another delivery of the same request.
    told: Option<Told>,
}

/// What is kept of an answer besides the answer.
#[derive(Default)]
struct Told {
    /// The instant of the decision; `None`: there was none.
    at: Option<Timestamp>,
    /// Where in the call it stood; `None`: it could not be read.
    place: Option<&'static str>,
    /// The trace, as far as one is wanted.
    trace: String,
    /// The document without its passwords, where it has some: they are kept sealed, and nowhere else.
    document: Option<Bytes>,
    /// What it adds to the row of its call.
    step: Option<RoutedStep>,
}

/// The document for a request. There is always one.
pub(super) async fn answer(voice: &VoiceParts, call: VerifiedCall, begins: Begins<'_>) -> Document {
    let replied = match (&call.failure, &call.plan) {
        (Some(failure), _) => Err(failure.clone()),
        (None, None) => Err(Failure::NoPlan),
        (None, Some(current)) => caught(call.since + DEADLINE, once(voice, &call, current, begins)).await,
    };
    let call_id = call.request.call_id().unwrap_or_default();
    let Reply { document, told } = replied.unwrap_or_else(|failure| {
        voice.meters.voice.apologized(failure.reason());
        apologize(&failure, &call, call_id);
        let xml = call.plan.as_ref().map_or(&call.organization.failsafe, |current| &current.apology).clone();
        Reply { document: Document { xml, outcome: Notice::Apology.code() }, told: Some(Told::default()) }
    });
    let took = call.since.elapsed();
    voice.meters.voice.answered(document.outcome, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(
        request_id = %call.id,
        call_id,
        organization = call.organization.id.get(),
        from = %voice.log_numbers.shown(call.request.from.as_deref().unwrap_or_default()),
        to = %voice.log_numbers.shown(call.request.to.as_deref().unwrap_or_default()),
        outcome = document.outcome,
        repeated = told.is_none(),
        micros,
        "voice request answered"
    );
    if let Some(mut told) = told {
        if let Some(step) = told.step.take() {
            voice.steps.keep(call.organization.id, step);
        }
        keep(voice, call, begins, told, &document, micros);
    }
    document
}

/// Hands over what was answered, to be kept. What cannot be taken at once is not.
fn keep(voice: &VoiceParts, call: VerifiedCall, begins: Begins<'_>, told: Told, document: &Document, micros: u64) {
    if voice.recorder.wanted().is_none() {
        return;
    }
    let unread = match begins {
        Begins::Here => Position::Start.word(),
        Begins::At(_) => "step",
    };
    voice.recorder.keep(Entry {
        organization: call.organization.id,
        call_id: call.request.call_id().unwrap_or_default().to_owned(),
        at: told.at.unwrap_or_else(|| voice.clock.now()),
        place: told.place.unwrap_or(unread),
        from: call.request.from.unwrap_or_default(),
        to: call.request.to.unwrap_or_default(),
        outcome: document.outcome,
        micros,
        document: told.document.unwrap_or_else(|| document.xml.clone()),
        trace: told.trace,
    });
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

/// Decides a delivery, unless another one like it was decided or is being decided.
async fn once(voice: &VoiceParts, call: &VerifiedCall, current: &Current, begins: Begins<'_>) -> Reply {
    let session = call.request.call_id().unwrap_or_default();
    let bearer = Bearer { organization: call.organization.id, session };
    let token = match begins {
        Begins::Here => None,
        Begins::At(token) => Some(token),
    };
    let key = voice.deliveries.key(bearer, token, &call.request);
    loop {
        let now = voice.clock.now();
        match voice.fabric.open(key, CallOf { organization: bearer.organization, session }, now).await {
            Opened::First(delivery) => {
                let (document, told) = decided(voice, call, current, token, delivery, now).await;
                return Reply { document, told: Some(told) };
            }
            Opened::Answered(given) => {
                voice.meters.voice.repeated();
                return Reply { document: given.into(), told: None };
            }
            Opened::Twin(answer) => {
                voice.meters.voice.twin();
                // The first one failed, or nobody waits for it any more: the platform may still wait for this one.
                let Ok(given) = answer.await else { continue };
                return Reply { document: given.into(), told: None };
            }
        }
    }
}

async fn decided(
    voice: &VoiceParts,
    call: &VerifiedCall,
    current: &Current,
    token: Option<&str>,
    mut delivery: Delivery<'_>,
    now: Timestamp,
) -> (Document, Told) {
    let session = call.request.call_id().unwrap_or_default();
    let bearer = Bearer { organization: call.organization.id, session };
    let step = match token.map_or(Ok(Step::start()), |token| opened(voice, bearer, now, token)) {
        Ok(step) => step,
        Err(refused) => {
            let document = refuse(&refused, call, current);
            delivery.finish(&document.given(), None, now).await;
            return (document, Told { at: Some(now), ..Told::default() });
        }
    };
    let place = Some(step.position.word());
    let mut routed = routed(&call.request, current, step);
    let decision = loop {
        match route(&current.plan, &routed, now) {
            Routed::Decided(decision) => break decision,
            Routed::Asks(question) => {
                let answer = known(voice, &mut delivery, session, &current.plan, question, now).await;
                routed.answers.push(answer);
            }
        }
    };
    let public_url = call.organization.public_url.as_ref().map_or(&*voice.public_url, PublicUrl::as_str);
    let links = SignedLinks { public_url, tokens: &voice.tokens, media: &voice.media, bearer, now };
    let mut response = render(&decision, &current.plan, &links);
    let mut document = Document::new(&response, decision.outcome.code.word());
    // Before the caller hears that it is done, it is.
    if !decision.effects.is_empty() && !perform(voice, &decision.effects, call, delivery.key(), now).await {
        let notice = Notice::TryAgainLater;
        document = Document::new(&sentence(&current.plan, notice), notice.code());
    }
    // A call whose record has come is over: what would follow is for nobody.
    let is_over = token.is_some() && voice.fabric.is_over(CallOf { organization: bearer.organization, session }).await;
    if is_over {
        document = Document::new(&std::iter::once(cxml::Hangup.into()).collect(), "hangup");
    }
    report(voice, &decision, call, (session, now));
    let keys = CallKeys::of_session(session);
    let step = (!keys.is_empty() && voice.steps.wanted()).then(|| {
        let step = RoutedStep::of(&routed, &current.plan, &decision, (keys, now), &|then| dial_key(&then.encode()));
        // Nobody is rung by a document that the platform does not get.
        if is_over { RoutedStep { started: None, ..step } } else { step }
    });
    delivery.finish(&document.given(), dialled(&decision).filter(|_| !is_over), now).await;
    let mut told = Told { at: Some(now), place, step, ..Told::default() };
    if let Some(detail) = voice.recorder.wanted() {
        told.trace = written_trace(&decision.trace, detail);
        told.document = response.hide_passwords().then(|| response.to_xml().into());
    }
    (document, told)
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

/// What only shared state can tell: turns and caps are counted, the contents of boxes looked up.
async fn known(
    voice: &VoiceParts,
    delivery: &mut Delivery<'_>,
    session: &str,
    plan: &RoutingPlan,
    question: Question,
    now: Timestamp,
) -> Answer {
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: delivery.turn(group).await },
        Question::Caps { extension, .. } => {
            let limits = Limits { extension, caps: plan.caps(extension), zone: plan.zone() };
            Answer::Caps { extension, over: delivery.reserve(session, limits, now).await }
        }
        Question::Box { voicemail_box } => {
            let contents = voice.effects.contents(delivery.organization(), voicemail_box).await;
            Answer::Box { voicemail_box, contents }
        }
    }
}

/// The dial to a trunk that counts against the caps. One without a limit of time is an emergency call, which counts
/// nowhere.
fn dialled(decision: &Decision<'_>) -> Option<Dialled> {
    decision.actions.iter().find_map(|action| match action {
        Action::Dial(Dial { target: DialTarget::Phones(phones), timeout, time_limit: Some(longest), .. })
            if phones.iter().any(|phone| matches!(phone, Phone::Trunk(_))) =>
        {
            Some(Dialled { ring: timeout.map_or(PLATFORM_RING, RingTimeout::get), longest: *longest })
        }
        _ => None,
    })
}

/// Carries out what the decision wants done besides its document. Answers whether it could be.
async fn perform(
    voice: &VoiceParts,
    effects: &[Effect],
    call: &VerifiedCall,
    delivery: Option<[u8; 16]>,
    now: Timestamp,
) -> bool {
    let (organization, call_id) = (call.organization.id.get(), call.request.call_id().unwrap_or_default());
    let doing = Doing {
        call_id,
        from: call.request.from.as_deref().unwrap_or_default(),
        caller_name: call.request.caller_name.as_deref(),
        request: &call.id,
        delivery,
        now,
    };
    match voice.effects.perform(&call.organization, effects, doing, call.since + EFFECTS).await {
        Ok(()) => true,
        Err(fault) => {
            tracing::warn!(request_id = %call.id, call_id, organization, %fault, "what the caller did was not kept");
            false
        }
    }
}

/// Reports what somebody should hear of.
fn report(voice: &VoiceParts, decision: &Decision<'_>, call: &VerifiedCall, (call_id, now): (&str, Timestamp)) {
    let organization = call.organization.id.get();
    for event in &decision.events {
        match event {
            Event::EmergencyCall { extension } => {
                voice.alerts.emergency_call(EmergencyCall {
                    organization: call.organization.id,
                    extension: *extension,
                    from: call.request.from.as_deref().unwrap_or_default().into(),
                    number: call.request.to.as_deref().unwrap_or_default().into(),
                    call_id: call_id.into(),
                    at: now,
                });
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
