//! Who rings, and who answers first. No time passes here: it is worked out beforehand.

use cxml::{Endpoint, Endpoints};

use crate::clock::Span;
use crate::people::{Callee, Outcome, People};

/// Someone who is called.
pub(super) struct Rung {
    /// The number or address, as it is dialled.
    pub(super) name: String,
    pub(super) callee: Callee,
}

/// How a phone stops ringing before the time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Answer,
    Busy,
    Decline,
    Unreachable,
}

/// What happens while it rings, in order: nothing behind the first answer, and nothing from the end of the ringing time on.
pub(super) fn course(rung: &[Rung], timeout: Span) -> Vec<(Span, usize, Stop)> {
    let stop = |(index, rung): (usize, &Rung)| match rung.callee.outcome() {
        Outcome::Answers(after) => Some((after, index, Stop::Answer)),
        Outcome::Busy(after) => Some((after, index, Stop::Busy)),
        Outcome::Declines(after) => Some((after, index, Stop::Decline)),
        Outcome::Unreachable => Some((Span::ZERO, index, Stop::Unreachable)),
        Outcome::NoAnswer => None,
    };
    let mut course: Vec<_> = rung.iter().enumerate().filter_map(stop).filter(|(after, ..)| *after < timeout).collect();
    // Stable: of two who answer at once the first in the document gets the call.
    course.sort_by_key(|&(after, ..)| after);
    if let Some(answer) = course.iter().position(|&(.., stop)| stop == Stop::Answer) {
        course.truncate(answer + 1);
    }
    course
}

/// The endpoints with the scripts of whoever is behind them.
///
/// Source: vendor page Verb/dial ("one or more nouns"); that several ring at once was seen in a running application.
pub(super) fn everyone(endpoints: &Endpoints, people: &mut People) -> Vec<Rung> {
    let rung = |endpoint: &Endpoint| match endpoint {
        Endpoint::Number(number) => {
            let name = number.msisdn.as_str();
            let bare = name.strip_prefix('+').unwrap_or(name);
            Rung { name: name.to_owned(), callee: people.answers_as([name, bare]) }
        }
        Endpoint::Sip(sip) => {
            let name = sip.address.as_str();
            let bare = match name.get(..4) {
                Some(scheme) if scheme.eq_ignore_ascii_case("sip:") => &name[4..],
                _ => name,
            };
            let with_scheme = format!("sip:{bare}");
            let callee = people.answers_as([name, with_scheme.as_str(), bare, sip.address.user()]);
            Rung { name: name.to_owned(), callee }
        }
    };
    endpoints.iter().map(rung).collect()
}
