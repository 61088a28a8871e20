//! A call followed to its end, with people and a platform that do whatever they please.

use super::dice::Dice;
use super::wild;
use jiff::Timestamp;
use opbx_core::call::{Answer, BoxContents, BoxMessage, Call, DialResult, Input, OverCap, Question};
use opbx_core::caps::Cap;
use opbx_core::decision::{Action, Decision};
use opbx_core::explain::decide;
use opbx_core::plan::RoutingPlan;
use opbx_core::route::{Position, Step};

/// How the people of a call behave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Manners {
    /// Anything: they answer, give up, press keys.
    Any,
    /// Keys are pressed, and no phone is ever answered.
    NobodyAnswers,
    /// Nothing is ever pressed, and no phone is ever answered.
    Silent,
    /// Only keys that mean nothing are pressed, and no phone is ever answered.
    Wrong,
}

/// Keys that no option has and that dial no extension.
pub(crate) const WRONG_KEYS: &str = "*0*0*0";
/// How often somebody presses keys before falling silent.
const MOST_KEYS: usize = 12;
/// More decisions than any call may need: sixty destinations with nine rounds of six members each, and the keys.
const MOST_DECISIONS: usize = 60 * 9 * 6 + 100;

/// One request of a call, and what was decided.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Played<'p> {
    /// The call as it was decided, its questions answered.
    pub(crate) call: Call,
    /// The decision.
    pub(crate) decision: Decision<'p>,
}

/// Every decision of a call; at least one. Each step goes through its bytes, as it would in an address.
pub(crate) fn follow<'p>(
    plan: &'p RoutingPlan,
    mut call: Call,
    now: Timestamp,
    dice: &mut Dice,
    manners: Manners,
) -> Vec<Played<'p>> {
    let mut played = Vec::new();
    let mut keys_left = MOST_KEYS;
    loop {
        let decision = decide(plan, &mut call, now, &mut |question| answer(question, dice));
        let follows = next(&decision, dice, manners, &mut keys_left);
        played.push(Played { call: call.clone(), decision });
        let Some((step, input)) = follows else { return played };
        assert!(played.len() < MOST_DECISIONS, "the call does not end: {:?}", &played[played.len() - 20..]);
        call.step = Step::decode(&step.encode()).unwrap();
        call.input = input;
        call.answers.clear();
    }
}

/// An answer to a question; any that the shell could give.
pub(crate) fn answer(question: Question, dice: &mut Dice) -> Answer {
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: dice.pick(&[0, 1, 2, 7, u64::MAX - 1, u64::MAX]) },
        Question::Caps { extension, .. } => {
            let caps = [Cap::Concurrent, Cap::PerMinute, Cap::PerDay, Cap::CostPerDay];
            let over = (dice.roll(5) == 1).then(|| OverCap { cap: dice.pick(&caps), of_extension: dice.chance() });
            Answer::Caps { extension, over }
        }
        Question::Box { voicemail_box } => {
            let count = dice.pick(&[0, 1, 2, 4, 1_000]);
            let messages = (1..=count).map(|id| BoxMessage { id: opbx_core::id::MessageId::new(id), new: id % 2 == 1 });
            let contents = BoxContents { messages: messages.collect(), locked: dice.roll(6) == 1 };
            Answer::Box { voicemail_box, contents: (dice.roll(6) != 1).then_some(contents) }
        }
    }
}

/// What the platform brings next, as the people behave; `None`: the call is over.
fn next(decision: &Decision<'_>, dice: &mut Dice, manners: Manners, keys_left: &mut usize) -> Option<(Step, Input)> {
    for action in &decision.actions {
        match action {
            Action::Speak(_) | Action::Stream(_) => {}
            Action::Gather(gather) => {
                let keys = pressed(&gather.then.position, dice, manners, keys_left);
                // Silence comes back with no keys or empty ones, or the platform passes the input by.
                let returns = !keys.is_empty() || gather.silence_returns && dice.chance();
                if returns {
                    let keys = if keys.is_empty() && dice.chance() { None } else { Some(keys) };
                    return Some((gather.then.clone(), Input { keys, ..Input::default() }));
                }
            }
            Action::Dial(dial) => {
                let dial_result = result(dice, manners);
                return Some((dial.then.clone(), Input { dial: dial_result, ..Input::default() }));
            }
            Action::Record(record) if dice.chance() => {
                let recording = (dice.roll(4) != 1).then(|| wild::audio(dice));
                return Some((record.then.clone(), Input { recording, ..Input::default() }));
            }
            Action::Record(_) => {}
            Action::Continue(step) => return Some((step.clone(), Input::default())),
            Action::Hangup | Action::Busy | Action::Reject => return None,
        }
    }
    None
}

fn pressed(place: &Position, dice: &mut Dice, manners: Manners, keys_left: &mut usize) -> Box<str> {
    match manners {
        Manners::Silent => "".into(),
        Manners::Wrong => WRONG_KEYS.into(),
        Manners::Any | Manners::NobodyAnswers if *keys_left > 0 => {
            *keys_left -= 1;
            // Half of the time what is asked for: else few would ever see the inside of a box.
            match place {
                Position::BoxPin { .. } | Position::RoomPin { .. } if dice.chance() => dice.pick(wild::PINS).into(),
                Position::BoxNumber { .. } if dice.roll(4) != 1 => dice.pick(wild::EXTENSIONS).into(),
                Position::Owner(_) if dice.chance() => dice.pick(&["1", "2", "3", "#", "*"]).into(),
                _ => wild::keys(dice),
            }
        }
        Manners::Any | Manners::NobodyAnswers => "".into(),
    }
}

fn result(dice: &mut Dice, manners: Manners) -> Option<DialResult> {
    const ALL: &[Option<DialResult>] = &[
        Some(DialResult::NoAnswer),
        Some(DialResult::Busy),
        Some(DialResult::Failed),
        None,
        Some(DialResult::Answered),
        Some(DialResult::Canceled),
    ];
    dice.pick(if manners == Manners::Any { ALL } else { &ALL[..4] })
}
