//! A call that goes on, step by step, under whatever plan holds at each moment.

use super::numbering::{FixtureNumbering, party};
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::call::{Answer, BoxContents, Call, DialResult, Direction, Input, Question, RecordedAudio};
use opbx_core::decision::{Action, Decision, DialTarget, Effect, Event, Phone};
use opbx_core::explain::decide;
use opbx_core::language;
use opbx_core::plan::{PlanSource, RoutingPlan, compile};
use opbx_core::route::Step;

/// The settings that a text describes, for the organization of the pages.
pub(crate) fn source(text: &str) -> PlanSource {
    let text = format!("organization Acme US America/New_York\n{text}");
    language::parse(&text, &TimeZoneDatabase::bundled()).unwrap().source
}

/// The plan of settings.
pub(crate) fn plan(source: PlanSource) -> RoutingPlan {
    compile(source, &TimeZoneDatabase::bundled(), &FixtureNumbering).0
}

/// A call, and where it is.
#[derive(Clone)]
pub(crate) struct Conversation {
    call: Call,
    now: Timestamp,
    /// What is in every voicemail box.
    pub(crate) contents: BoxContents,
}

/// What a decision did, without its borrow of the plan.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Heard {
    /// The codes of its reasons.
    pub(crate) reasons: Vec<&'static str>,
    /// How it came out.
    pub(crate) outcome: &'static str,
    /// Who rings.
    pub(crate) phones: Vec<String>,
    /// What the shell has to do.
    pub(crate) effects: Vec<Effect>,
    /// What the organization hears of.
    pub(crate) events: Vec<Event>,
    /// Whether another step can follow.
    pub(crate) goes_on: bool,
}

impl Conversation {
    /// A call that begins, and its first decision.
    pub(crate) fn begin(from: &str, to: &str, plan: &RoutingPlan) -> (Self, Heard) {
        let (from, to) = (party(from, plan), party(to, plan));
        let inside = from.extension().is_some();
        let direction = if inside { Direction::Subscriber } else { Direction::Inbound };
        let now = "2026-03-10T14:12:00Z".parse().unwrap();
        let mut conversation = Self { call: Call::new(direction, from, to), now, contents: BoxContents::default() };
        let heard = conversation.decide(plan);
        (conversation, heard)
    }

    /// The dial ended so.
    pub(crate) fn ended(&mut self, result: &str, plan: &RoutingPlan) -> Heard {
        self.call.input = Input { dial: Some(DialResult::read(result)), ..Input::default() };
        self.decide(plan)
    }

    /// These keys were pressed; none is silence.
    pub(crate) fn pressed(&mut self, keys: &str, plan: &RoutingPlan) -> Heard {
        self.call.input = Input { keys: Some(keys.into()), ..Input::default() };
        self.decide(plan)
    }

    /// The caller was recorded.
    pub(crate) fn recorded(&mut self, url: &str, plan: &RoutingPlan) -> Heard {
        let recording = RecordedAudio { url: url.into(), seconds: Some(3) };
        self.call.input = Input { recording: Some(recording), ..Input::default() };
        self.decide(plan)
    }

    fn decide(&mut self, plan: &RoutingPlan) -> Heard {
        self.call.answers.clear();
        let contents = &self.contents;
        let decision = decide(plan, &mut self.call, self.now, &mut |question| quiet(question, contents));
        let next = next_step(&decision);
        if let Some(step) = next {
            let read = Step::decode(&step.encode());
            assert_eq!(read.as_ref(), Ok(step), "a step is read back as it was written");
            self.call.step = read.unwrap();
        }
        Heard {
            reasons: decision.trace.iter().map(|step| step.because.reason.code()).collect(),
            outcome: decision.outcome.code.word(),
            phones: phones(&decision),
            effects: decision.effects.clone(),
            events: decision.events.clone(),
            goes_on: next.is_some(),
        }
    }
}

/// Nothing has happened yet: first turns, no limit reached.
fn quiet(question: Question, contents: &BoxContents) -> Answer {
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: 0 },
        Question::Caps { extension, .. } => Answer::Caps { extension, over: None },
        Question::Box { voicemail_box } => Answer::Box { voicemail_box, contents: Some(contents.clone()) },
    }
}

/// Where the platform comes back first; a box's greeting is listened to until the tone.
fn next_step<'d>(decision: &'d Decision<'_>) -> Option<&'d Step> {
    decision.actions.iter().find_map(|action| match action {
        Action::Dial(dial) => Some(&dial.then),
        Action::Gather(gather) if gather.silence_returns => Some(&gather.then),
        Action::Record(record) => Some(&record.then),
        Action::Continue(step) => Some(step),
        _ => None,
    })
}

fn phones(decision: &Decision<'_>) -> Vec<String> {
    let dials = decision.actions.iter().filter_map(|action| match action {
        Action::Dial(dial) => Some(&dial.target),
        _ => None,
    });
    let phones = dials.flat_map(|target| match target {
        DialTarget::Phones(phones) => phones.as_slice(),
        _ => &[],
    });
    phones
        .map(|phone| match phone {
            Phone::Extension(number) => number.to_string(),
            Phone::Sip(uri) => uri.to_string(),
            Phone::Trunk(digits) => digits.to_string(),
        })
        .collect()
}
