//! Forwards: a SIP address, an extension by its number, or a number outside.

use super::{Go, Position, Router, Target};
use crate::decision::{Action, Dial, DialTarget, OutcomeCode, Phone};
use crate::destination::ForwardTarget;
use crate::id::ExtensionId;
use crate::notice::{Notice, Reason};
use crate::sip_uri::SipUri;
use crate::trace::Node;

impl<'p> Router<'p, '_> {
    /// Enters a forward. One of an extension was counted when the extension took it, and is judged by its rights.
    pub(super) fn enter_forward(&mut self, to: &'p ForwardTarget, forwarder: Option<ExtensionId>) -> Go<'p> {
        let node = Node::forward(to);
        if forwarder.is_none()
            && let Some(go) = self.one_forward_too_many(node.clone())
        {
            return go;
        }
        match to {
            ForwardTarget::Sip(uri) => self.forward_to_sip(to, uri, forwarder),
            ForwardTarget::Extension(number) => match self.plan.extension_by_number(*number) {
                Some(extension) if extension.status.is_active() => Go::Enter(Target::Extension(extension.id), None),
                Some(_) => self.cannot_serve(node, Reason::Inactive),
                None => self.cannot_serve(node, Reason::Missing),
            },
            ForwardTarget::Number(number) => match self.plan.own_number(*number) {
                Some(own) if own.status.is_active() => {
                    self.because(Node::phone_number(own), Reason::NumberLeads, vec![]);
                    Go::Enter((&own.destination).into(), None)
                }
                Some(_) => self.cannot_serve(node, Reason::Inactive),
                None => match self.plan.forward_facts(*number) {
                    Some(facts) => self.forward_outside(to, facts, forwarder),
                    None => self.cannot_serve(node, Reason::Missing),
                },
            },
        }
    }

    fn forward_to_sip(&mut self, to: &'p ForwardTarget, uri: &'p SipUri, forwarder: Option<ExtensionId>) -> Go<'p> {
        let by = forwarder.and_then(|id| self.plan.extension(id));
        let recording = self.recording(by);
        self.announce_recording(recording);
        self.because(Node::forward(to), Reason::DialsSip, vec![]);
        let dial = Dial {
            target: DialTarget::Phones(vec![Phone::Sip(uri)]),
            caller_id: self.callers_own_id(),
            caller_name: self.prefixed_caller_name(),
            timeout: Some(self.forward_timeout(forwarder)),
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: None,
            then: self.step(Position::Forward { by: forwarder }),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::Forward, Some(Target::Forward(to)));
        Go::Done
    }

    /// How long a forward rings: as long as the extension it belongs to.
    pub(super) fn forward_timeout(&self, forwarder: Option<ExtensionId>) -> crate::bounded::RingTimeout {
        let own = forwarder.and_then(|id| self.plan.extension(id)).and_then(|extension| extension.ring_timeout);
        own.unwrap_or(self.plan.organization().no_answer_timeout)
    }

    pub(super) fn after_forward(&mut self, by: Option<ExtensionId>) -> Go<'p> {
        let node = by.and_then(|id| self.plan.extension(id)).map_or_else(Node::call, Node::extension);
        if let Some(go) = self.over_after_dial(node.clone()) {
            return go;
        }
        let params = vec![("result", self.dial_result().word().into())];
        self.notice(node, Reason::ForwardNotReached, params, Notice::NotAvailable)
    }
}
