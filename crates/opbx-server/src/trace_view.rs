//! What would happen to a call, as people and machines read it: the answer of `POST /routing/explain` and of
//! `opbx explain`.

use jiff::Timestamp;
use opbx_core::decision::{Decision, Effect, Event, Outcome};
use opbx_core::destination::Destination;
use opbx_core::explain::{Ending, Explanation};
use opbx_core::notice::{Language, node_label, sentence};
use opbx_core::plan::RoutingPlan;
use opbx_core::render::{PlainLinks, render};
use opbx_core::trace::{Because, Node, NotTaken, Param, Params, TraceStep, weekday};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A call as it would go.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ExplanationView {
    /// Every step of reasoning, in order.
    pub trace: Vec<StepView>,
    /// Every document, in order, with addresses that can be read.
    pub documents: Vec<String>,
    /// How the call comes out.
    pub outcome: OutcomeView,
    /// What ends the explanation: `over`, `ringing`, `awaiting_keys` or `recording`.
    pub ending: &'static str,
    /// The decisions one by one: each has one document and its part of the trace.
    pub decisions: Vec<DecisionView>,
}

/// One decision.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DecisionView {
    /// How many steps of the trace are its own.
    pub steps: usize,
    /// How it came out.
    pub outcome: OutcomeView,
    /// What would be done besides.
    pub effects: Vec<&'static str>,
    /// What somebody would hear of.
    pub events: Vec<&'static str>,
}

/// How a decision came out.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct OutcomeView {
    /// The code.
    pub code: &'static str,
    /// The destination that decided.
    pub destination: Option<Destination>,
}

/// A step of reasoning.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StepView {
    /// When.
    pub at: String,
    /// Where the call was.
    pub node: NodeView,
    /// Which rule spoke.
    pub rule: Cow<'static, str>,
    /// What it looked at.
    pub inputs: Map<String, Value>,
    /// Where it led: the next object, or the outcome.
    pub result: String,
    /// Why.
    pub because: BecauseView,
    /// Rules that would have led elsewhere.
    pub not_taken: Vec<NotTakenView>,
}

/// An object of the plan.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct NodeView {
    /// What kind of object.
    pub r#type: Cow<'static, str>,
    /// Which one; `None` for what has no identifier.
    pub id: Option<u64>,
    /// What people call it.
    pub name: String,
}

/// A reason.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct BecauseView {
    /// Its code.
    pub code: Cow<'static, str>,
    /// Its data.
    pub params: Map<String, Value>,
    /// Its sentence.
    pub text: String,
}

/// A way the call did not go.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct NotTakenView {
    /// The object that would have led there.
    pub node: NodeView,
    /// Which rule spoke.
    pub rule: Cow<'static, str>,
    /// Why it did not hold.
    pub because: BecauseView,
}

impl ExplanationView {
    /// The view of a call that begins at `at`, with sentences in `language`.
    pub fn new(explanation: &Explanation<'_>, plan: &RoutingPlan, at: Timestamp, language: Language) -> Self {
        let reader = Reader { at: format!("{at:.3}"), language };
        let decisions = &explanation.decisions;
        Self {
            trace: decisions.iter().flat_map(|decision| reader.steps(decision)).collect(),
            documents: decisions.iter().map(|decision| shown_document(decision, plan)).collect(),
            outcome: decisions.last().map_or(OutcomeView::NOTHING, |decision| OutcomeView::new(&decision.outcome)),
            ending: ending_word(explanation.ending),
            decisions: decisions.iter().map(DecisionView::new).collect(),
        }
    }
}

impl DecisionView {
    fn new(decision: &Decision<'_>) -> Self {
        Self {
            steps: decision.trace.len(),
            outcome: OutcomeView::new(&decision.outcome),
            effects: decision.effects.iter().map(effect_word).collect(),
            events: decision.events.iter().map(event_word).collect(),
        }
    }
}

impl OutcomeView {
    /// What stands where there is no decision; an explanation has at least one.
    const NOTHING: Self = Self { code: "hangup", destination: None };

    fn new(outcome: &Outcome) -> Self {
        Self { code: outcome.code.word(), destination: outcome.destination.clone() }
    }
}

impl NodeView {
    /// The view of an object.
    pub(crate) fn new(node: &Node<'_>) -> Self {
        Self { r#type: node.kind.word().into(), id: node.id, name: node.name.clone().into_owned() }
    }
}

impl BecauseView {
    /// The view of a reason, with its sentence in `language`.
    pub(crate) fn new(because: &Because<'_>, language: Language) -> Self {
        Self { code: because.reason.code().into(), params: params(&because.params), text: sentence(because, language) }
    }
}

/// For whom the view is made.
struct Reader {
    at: String,
    language: Language,
}

impl Reader {
    fn steps(&self, decision: &Decision<'_>) -> Vec<StepView> {
        let steps = &decision.trace;
        let led_to = |place: usize| match steps.get(place + 1) {
            Some(next) => node_label(&next.node, self.language),
            None => decision.outcome.code.word().to_owned(),
        };
        let view = |(place, step): (usize, &TraceStep<'_>)| StepView {
            at: self.at.clone(),
            node: NodeView::new(&step.node),
            rule: step.because.reason.code().into(),
            inputs: params(&step.because.params),
            result: led_to(place),
            because: self.because(&step.because),
            not_taken: step.not_taken.iter().map(|not_taken| self.not_taken(not_taken)).collect(),
        };
        steps.iter().enumerate().map(view).collect()
    }

    fn because(&self, because: &Because<'_>) -> BecauseView {
        BecauseView::new(because, self.language)
    }

    fn not_taken(&self, not_taken: &NotTaken<'_>) -> NotTakenView {
        NotTakenView {
            node: NodeView::new(&not_taken.node),
            rule: not_taken.because.reason.code().into(),
            because: self.because(&not_taken.because),
        }
    }
}

/// Named data as an object.
pub(crate) fn params(params: &Params<'_>) -> Map<String, Value> {
    // Texts, numbers and lists of texts: nothing in them can fail to be JSON.
    params
        .iter()
        .map(|(name, param)| ((*name).to_owned(), serde_json::to_value(Datum(param)).unwrap_or_default()))
        .collect()
}

/// A datum for machines: counts are numbers, lists are lists, instants and dates are RFC 3339, the rest is text.
pub(crate) struct Datum<'d>(pub(crate) &'d Param<'d>);

impl Serialize for Datum<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Param::Text(text) => serializer.serialize_str(text),
            Param::Owned(text) => serializer.serialize_str(text),
            Param::Shared(text) => serializer.serialize_str(text),
            Param::Count(count) => serializer.serialize_u64(*count),
            Param::Extensions(numbers) => serializer.collect_seq(numbers.iter().map(Shown)),
            Param::Weekday(day) => serializer.serialize_str(weekday(*day)),
            Param::Instant(instant) => serializer.collect_str(&format_args!("{instant:.3}")),
            other => serializer.collect_str(other),
        }
    }
}

/// A value in the spelling that people see.
struct Shown<T>(T);

impl<T: std::fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

const fn ending_word(ending: Ending) -> &'static str {
    match ending {
        Ending::Over => "over",
        Ending::Ringing => "ringing",
        Ending::AwaitingKeys => "awaiting_keys",
        Ending::Recording => "recording",
    }
}

/// The word for an effect, for places where no PIN and no address of a recording may stand.
pub(crate) const fn effect_word(effect: &Effect) -> &'static str {
    match effect {
        Effect::DoNotDisturb { .. } => "do_not_disturb",
        Effect::ForwardAlways { .. } => "forward_always",
        Effect::SaveMessage { .. } => "save_message",
        Effect::MessageHeard { .. } => "message_heard",
        Effect::KeepMessage { .. } => "keep_message",
        Effect::DeleteMessage { .. } => "delete_message",
        Effect::SetGreeting { .. } => "set_greeting",
        Effect::SetPin { .. } => "set_pin",
        Effect::WrongPin { .. } => "wrong_pin",
        Effect::RightPin { .. } => "right_pin",
    }
}

/// The word for an event.
const fn event_word(event: &Event) -> &'static str {
    match event {
        Event::EmergencyCall { .. } => "emergency_call",
        Event::GuardTripped => "guard_tripped",
        Event::CapReached { .. } => "cap_reached",
    }
}

/// The document of a decision as people see it: whoever may ask what a call does may not learn what it signs in with.
pub fn shown_document(decision: &Decision<'_>, plan: &RoutingPlan) -> String {
    let mut document = render(decision, plan, &PlainLinks);
    document.hide_passwords();
    document.to_pretty_xml()
}
