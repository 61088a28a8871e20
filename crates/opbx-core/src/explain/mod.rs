//! What would happen: a call played from its start by the same [`route`] that serves real calls, with people whose
//! behaviour is written down.

mod story;

pub use self::story::{decision_story, outcome_line};

use crate::call::{Answer, Call, DialResult, Input, Question};
use crate::decision::{Action, Decision, Routed};
use crate::keys::Keys;
use crate::plan::RoutingPlan;
use crate::route::{Step, route};
use jiff::Timestamp;
use std::collections::VecDeque;

/// What the people of a call do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Script {
    /// What the caller presses, one entry for each time keys are asked for; empty is silence.
    pub keys: VecDeque<Keys>,
    /// How each dial ends.
    pub results: VecDeque<DialResult>,
}

/// A call as it would go.
#[derive(Clone, PartialEq, Debug)]
pub struct Explanation<'p> {
    /// Each decision in order; at least one.
    pub decisions: Vec<Decision<'p>>,
    /// How the explanation ends.
    pub ending: Ending,
}

/// How an explanation ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ending {
    /// The call is over.
    Over,
    /// A phone rings, and the script does not say what comes of it.
    Ringing,
    /// Keys are asked for, and the script has no more.
    AwaitingKeys,
    /// The caller is being recorded.
    Recording,
}

/// Decisions after which an explanation stops; no call that the guards let through has so many without the script
/// being used up.
const MOST_DECISIONS: usize = 1_000;

/// Plays a call. `answer` answers the questions of routing: it looks and changes nothing, so that explaining never
/// advances a turn.
pub fn explain<'p>(
    plan: &'p RoutingPlan,
    mut call: Call,
    now: Timestamp,
    mut script: Script,
    answer: &mut dyn FnMut(Question) -> Answer,
) -> Explanation<'p> {
    let mut decisions = Vec::new();
    loop {
        let decision = decide(plan, &mut call, now, answer);
        let follows = play(&decision, &mut script);
        decisions.push(decision);
        match follows {
            Ok((step, input)) if decisions.len() < MOST_DECISIONS => {
                call.step = step;
                call.input = input;
                call.answers.clear();
            }
            Ok(_) => return Explanation { decisions, ending: Ending::Over },
            Err(ending) => return Explanation { decisions, ending },
        }
    }
}

/// One decision, with every question it raises answered. Each answer is kept with the call, so it is asked once.
pub fn decide<'p>(
    plan: &'p RoutingPlan,
    call: &mut Call,
    now: Timestamp,
    answer: &mut dyn FnMut(Question) -> Answer,
) -> Decision<'p> {
    loop {
        match route(plan, call, now) {
            Routed::Decided(decision) => return decision,
            Routed::Asks(question) => call.answers.push(answer(question)),
        }
    }
}

/// What the platform would bring back after playing a decision, or how the call ends.
fn play(decision: &Decision<'_>, script: &mut Script) -> Result<(Step, Input), Ending> {
    for action in &decision.actions {
        match action {
            Action::Speak(_) | Action::Stream(_) => {}
            Action::Gather(gather) => {
                let keys = match script.keys.pop_front() {
                    Some(keys) => keys,
                    None if gather.silence_returns => return Err(Ending::AwaitingKeys),
                    None => continue,
                };
                if gather.silence_returns || !keys.as_str().is_empty() {
                    let input = Input { keys: Some(keys.as_str().into()), ..Input::default() };
                    return Ok((gather.then.clone(), input));
                }
            }
            Action::Dial(dial) => {
                let result = script.results.pop_front().ok_or(Ending::Ringing)?;
                return Ok((dial.then.clone(), Input { dial: Some(result), ..Input::default() }));
            }
            Action::Record(_) => return Err(Ending::Recording),
            Action::Continue(step) => return Ok((step.clone(), Input::default())),
            Action::Hangup | Action::Busy | Action::Reject => return Err(Ending::Over),
        }
    }
    Err(Ending::Over)
}
