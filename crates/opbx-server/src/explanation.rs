//! Explaining a call: the same readings and the same routing as for a live one, with people from a script.

use crate::numbering::PhoneNumbers;
use jiff::Timestamp;
use opbx_core::call::{Answer, BoxContents, Call, Direction, Question};
use opbx_core::explain::{Explanation, Script, explain};
use opbx_core::plan::RoutingPlan;

/// A call to explain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked<'a> {
    /// Who calls, as a person or a carrier writes it.
    pub from: &'a str,
    /// Whom they dial.
    pub to: &'a str,
    /// Where the call comes from; `None`: from a subscriber if `from` is an active extension, else from a trunk.
    pub direction: Option<Direction>,
    /// When.
    pub at: Timestamp,
    /// What the people of the call do.
    pub script: Script,
}

/// Plays a call. `answer` says what only shared state can tell, and changes nothing by it.
pub fn explanation<'p>(
    plan: &'p RoutingPlan,
    asked: Asked<'_>,
    answer: &mut dyn FnMut(Question) -> Answer,
) -> Explanation<'p> {
    let direction = asked.direction.unwrap_or_else(|| likely_direction(plan, asked.from));
    let numbers = PhoneNumbers::of(plan.organization().country);
    let (from, to) = numbers.ends(plan, direction, asked.from, asked.to);
    explain(plan, Call::new(direction, from, to), asked.at, asked.script, answer)
}

/// What is answered where there is no shared state: the first turn, no limit reached, an empty box.
pub const fn nothing_known(question: Question) -> Answer {
    match question {
        Question::Turn { group } => Answer::Turn { group, turn: 0 },
        Question::Caps { extension, .. } => Answer::Caps { extension, over: None },
        Question::Box { voicemail_box } => {
            Answer::Box { voicemail_box, contents: Some(BoxContents { messages: Vec::new(), locked: false }) }
        }
    }
}

fn likely_direction(plan: &RoutingPlan, from: &str) -> Direction {
    let extension = crate::numbering::text_only(from).extension().and_then(|number| plan.extension_by_number(number));
    let active = extension.is_some_and(|extension| extension.status.is_active());
    if active { Direction::Subscriber } else { Direction::Inbound }
}
