//! Emergency numbers: before everything else, for every direction that can dial, and never counted or capped.

use super::{Go, Position, Router};
use crate::call::DialResult;
use crate::decision::{Action, CallerId, Dial, DialTarget, Event, OutcomeCode, Phone};
use crate::emergency::is_emergency;
use crate::notice::{Notice, Reason};
use crate::organization::Recording;
use crate::trace::{Node, Param};

impl<'p> Router<'p, '_> {
    /// Whether an emergency number was dialled by someone who can dial.
    pub(super) fn is_emergency_call(&self) -> bool {
        let country = self.plan.organization().country;
        !self.call.direction.is_from_outside() && is_emergency(country.as_str(), &self.call.to.text)
    }

    /// Dials an emergency number; alone in its document, without prompt, recording or limit of time.
    pub(super) fn emergency(&mut self) -> Go<'p> {
        let organization = self.plan.organization();
        let dialled = self.call.to.text.clone();
        let caller = self.call.from.extension().and_then(|number| self.plan.extension_by_number(number));
        let caller_id = match organization.emergency_caller_id {
            Some(number) => CallerId::Own(number),
            None => self.caller_id_of(caller),
        };
        let params =
            vec![("number", Param::Owned(dialled.clone())), ("country", Param::Text(organization.country.as_str()))];
        self.because(Node::organization(organization), Reason::EmergencyNumber, params);
        let rule = self.plan.rules().for_emergency(organization.country);
        if let Some(rule) = rule {
            self.because(Node::outbound_rule(rule), Reason::EmergencyTrunk, vec![]);
        }
        self.events.push(Event::EmergencyCall { extension: caller.map(|caller| caller.id) });
        let dial = Dial {
            target: DialTarget::Phones(vec![Phone::Trunk(dialled)]),
            caller_id,
            caller_name: None,
            timeout: None,
            time_limit: None,
            recording: Recording::Off,
            trunk: rule.and_then(|rule| rule.trunk.as_ref()),
            then: self.step(Position::Emergency),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::Emergency, None);
        Go::Done
    }

    pub(super) fn after_emergency(&mut self) -> Go<'p> {
        let node = Node::organization(self.plan.organization());
        if let Some(go) = self.over_after_dial(node.clone()) {
            return go;
        }
        let notice = if self.dial_result() == DialResult::Busy { Notice::LineBusy } else { Notice::CallFailed };
        self.notice(node, Reason::DialEnded, vec![("result", self.dial_result().word().into())], notice)
    }
}
