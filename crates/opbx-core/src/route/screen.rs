//! Screening: callers that are refused before anything else happens.

use super::{Go, Router};
use crate::decision::{Action, OutcomeCode};
use crate::notice::Reason;
use crate::trace::{Node, Param};

impl<'p> Router<'p, '_> {
    /// Refuses an inbound caller that is blocked or withholds a number where that is not accepted.
    pub(super) fn screen(&mut self) -> Option<Go<'p>> {
        let from = &self.call.from;
        if from.is_withheld() {
            let number = self.dialled_number();
            let of_number = number.and_then(|number| number.reject_anonymous);
            if !of_number.unwrap_or(self.plan.organization().reject_anonymous) {
                return None;
            }
            let node = match (of_number, number) {
                (Some(_), Some(number)) => Node::phone_number(number),
                _ => Node::organization(self.plan.organization()),
            };
            self.because(node, Reason::AnonymousRejected, vec![]);
            return Some(self.reject());
        }
        let entry = self.plan.blocked().blocking(from.calling()?.e164, self.now)?;
        let params = vec![
            ("from", Param::Owned(from.text.clone())),
            ("note", Param::Text(entry.reason.as_ref().map_or("", |reason| reason.as_str()))),
        ];
        self.because(Node::blocked_caller(entry), Reason::CallerBlocked, params);
        Some(match &entry.destination {
            Some(destination) => Go::Enter(destination.into(), None),
            None => self.reject(),
        })
    }

    fn reject(&mut self) -> Go<'p> {
        self.actions.push(Action::Reject);
        self.comes_out(OutcomeCode::Rejected, None);
        Go::Done
    }
}
