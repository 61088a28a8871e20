//! Plays calls against a plan, with phones and callers that do what a test wants.

use super::{Sketch, TwoCountries};
use crate::call::{Answer, Call, DialResult, Direction, Input, Party, Question};
use crate::decision::{Action, Event};
use crate::destination::Destination;
use crate::explain::decide;
use crate::id::PhoneNumberId;
use crate::lint::graph::{End, Graph, Taken};
use crate::lint::{Finding, Way};
use crate::notice::Reason;
use crate::number::{E164, Numbering};
use crate::phone_number::PhoneNumber;
use crate::plan::RoutingPlan;
use crate::route::Position;
use crate::trace::NodeKind;
use jiff::Timestamp;

/// An inbound call to an own number.
pub(super) fn call_to(number: E164) -> Call {
    let party = |number| Party {
        text: format!("{number}").into(),
        national: None,
        international: Some(TwoCountries.facts(number)),
    };
    let caller = "+442079460000".parse().unwrap();
    Call::new(Direction::Inbound, party(caller), party(number))
}

/// How a call came out.
#[derive(Default)]
pub(super) struct Played {
    /// Every reason of its traces.
    pub(super) reasons: Vec<Reason>,
    /// Whether a guard stopped it.
    pub(super) stopped: bool,
}

impl Played {
    /// Whether the call was ended because it went round, or through too many forwards.
    pub(super) fn was_cut_off(&self) -> bool {
        self.stopped || self.reasons.contains(&Reason::TooManyForwards)
    }
}

/// Plays a call to its end. `result` says how each dial ends, `keys` what is pressed each time.
pub(super) fn played(
    plan: &RoutingPlan,
    mut call: Call,
    mut result: impl FnMut(&Position) -> DialResult,
    mut keys: impl FnMut() -> Option<Box<str>>,
) -> Played {
    let mut answer = |question| match question {
        Question::Turn { group } => Answer::Turn { group, turn: 0 },
        Question::Caps { extension, .. } => Answer::Caps { extension, over: None },
        Question::Box { voicemail_box } => Answer::Box { voicemail_box, contents: None },
    };
    let mut played = Played::default();
    for _ in 0..1_000 {
        let decision = decide(plan, &mut call, Timestamp::UNIX_EPOCH, &mut answer);
        played.reasons.extend(decision.trace.iter().map(|step| step.because.reason));
        played.stopped |= decision.events.contains(&Event::GuardTripped);
        let next = decision.actions.iter().find_map(|action| match action {
            Action::Gather(gather) if gather.silence_returns => {
                Some((gather.then.clone(), Input { keys: keys(), ..Input::default() }))
            }
            Action::Dial(dial) => {
                let result = Some(result(&dial.then.position));
                Some((dial.then.clone(), Input { dial: result, ..Input::default() }))
            }
            _ => None,
        });
        let Some((step, input)) = next else { return played };
        call.step = step;
        call.input = input;
        call.answers.clear();
    }
    panic!("a call without an end");
}

/// Whether a call that is led into a loop and meets phones that favour it is cut off at last.
pub(super) fn goes_round(sketch: &Sketch, finding: &Finding<'_>) -> bool {
    let places: Vec<(NodeKind, u64)> = finding
        .path
        .iter()
        .filter(|node| node.kind != NodeKind::Prompt)
        .map(|node| (node.kind, node.id.unwrap()))
        .collect();
    let (kind, id) = *places.last().unwrap();
    let first = places.iter().position(|place| *place == (kind, id)).unwrap();
    let around = &places[first..];
    assert!(around.len() > 1, "a loop ends where it begins");

    // A way in that nothing else is on.
    let mut sketch = sketch.clone();
    let entry: E164 = "+12125559999".parse().unwrap();
    let destination: Destination = match kind {
        NodeKind::PhoneNumber => {
            let number = sketch.plan().phone_number(PhoneNumberId::new(id)).unwrap().number;
            Destination::Forward { to: crate::destination::ForwardTarget::Number(number) }
        }
        NodeKind::Extension => super::extension(id),
        NodeKind::RingGroup => super::group(id),
        NodeKind::IvrMenu => super::menu(id),
        NodeKind::BusinessHours => super::hours(id),
        NodeKind::AiAssistant => super::assistant(id),
        other => panic!("{other:?} leads nowhere"),
    };
    sketch.0.phone_numbers.push(PhoneNumber::new(PhoneNumberId::new(9_999), entry, destination));
    let plan = sketch.plan();
    let graph = Graph::new(&plan);
    let result = |position: &Position| {
        let Position::Extension { extension } = position else { return DialResult::NoAnswer };
        let Some(at) = around.iter().position(|place| *place == (NodeKind::Extension, extension.get())) else {
            return DialResult::NoAnswer;
        };
        let next = around.get(at + 1).and_then(|(kind, id)| graph.place(*kind, *id)).unwrap();
        let place = graph.place(NodeKind::Extension, extension.get()).unwrap();
        let leads_on = |end: &End<'_>| matches!(end, End::Place(place) if *place == next);
        let edge = graph.edges(place).iter().find(|edge| edge.taken == Taken::Now && leads_on(&edge.end)).unwrap();
        match edge.way {
            Way::ForwardBusy => DialResult::Busy,
            Way::ForwardNoAnswer => DialResult::NoAnswer,
            _ => DialResult::Failed,
        }
    };
    played(&plan, call_to(entry), result, || None).was_cut_off()
}
