//! The first look at a call: what kind it is, and where that kind goes.

use super::{Go, Router, Target};
use crate::call::{Direction, Party};
use crate::extension::{Extension, OutboundPermission};
use crate::notice::{Notice, Reason};
use crate::phone_number::PhoneNumber;
use crate::trace::{Node, Param};

impl<'p> Router<'p, '_> {
    pub(super) fn classify(&mut self) -> Go<'p> {
        let call = self.call;
        if self.is_emergency_call() {
            return self.emergency();
        }
        if call.direction.is_from_outside() {
            return self.classify_inbound();
        }
        if call.to.is_absent() {
            return self.notice(Node::call(), Reason::NothingDialled, vec![], Notice::MissingParameters);
        }
        match (self.caller(), call.direction) {
            (Some(caller), Direction::Outbound) => {
                let node = Node::extension(caller);
                self.because(node.clone(), Reason::OutboundCall, self.said());
                match self.dialled_extension() {
                    Some(own) => {
                        let params = vec![("number", own.number.into())];
                        self.notice(node, Reason::OwnNumberStays, params, Notice::NotAllowed)
                    }
                    None => self.outbound(caller),
                }
            }
            (None, Direction::Outbound) => {
                let params = self.said();
                self.notice(Node::call(), Reason::OutboundByStranger, params, Notice::NotPermitted)
            }
            (Some(caller), _) => self.classify_extension(caller),
            (None, _) => {
                self.because(Node::call(), Reason::FromUnknownSubscriber, self.said());
                self.inside_only()
            }
        }
    }

    /// An inbound call: screening, then own numbers only; from an own number also extensions.
    fn classify_inbound(&mut self) -> Go<'p> {
        if let Some(go) = self.screen() {
            return go;
        }
        if self.call.to.is_absent() {
            return self.notice(Node::call(), Reason::NothingDialled, vec![], Notice::MissingParameters);
        }
        if self.comes_from_own_number() {
            self.because(Node::call(), Reason::FromOwnNumber, self.said());
            return self.inside_only();
        }
        let reason =
            if self.call.direction == Direction::Inbound { Reason::InboundCall } else { Reason::UnknownDirection };
        self.because(Node::call(), reason, self.said());
        match self.dialled_number() {
            Some(number) if number.status.is_active() => self.enter_number(number),
            Some(number) => {
                self.notice(Node::phone_number(number), Reason::NumberInactive, vec![], Notice::NumberNotInService)
            }
            None => self.notice(Node::call(), Reason::NotOurNumber, vec![], Notice::NumberNotInService),
        }
    }

    /// A call of an own extension: feature codes, colleagues, own numbers, the outside.
    fn classify_extension(&mut self, caller: &'p Extension) -> Go<'p> {
        self.because(Node::extension(caller), Reason::FromExtension, self.said());
        if self.call.to.text.starts_with('*') {
            return self.feature(caller);
        }
        if caller.outbound_permission == OutboundPermission::None {
            return self.notice(Node::extension(caller), Reason::MayDialNothing, vec![], Notice::NotPermitted);
        }
        if let Some(dialled) = self.dialled_extension() {
            if dialled.id == caller.id {
                return self.own_box(caller, Reason::DialledItself);
            }
            return Go::Enter(Target::Extension(dialled.id), None);
        }
        match self.dialled_number() {
            Some(number) if number.status.is_active() => self.enter_number(number),
            // Own numbers never leave, not even inactive ones.
            Some(number) => {
                self.notice(Node::phone_number(number), Reason::NumberInactive, vec![], Notice::NoSuchExtension)
            }
            None if self.call.to.dialled().is_some_and(|facts| facts.valid) => self.outbound(caller),
            None => self.notice(Node::call(), Reason::NothingMatches, vec![], Notice::NoSuchExtension),
        }
    }

    /// Callers that may reach the inside and never the outside.
    fn inside_only(&mut self) -> Go<'p> {
        if let Some(dialled) = self.dialled_extension() {
            return Go::Enter(Target::Extension(dialled.id), None);
        }
        match self.dialled_number() {
            Some(number) if number.status.is_active() => self.enter_number(number),
            Some(number) => {
                self.notice(Node::phone_number(number), Reason::NumberInactive, vec![], Notice::NoSuchExtension)
            }
            None => self.notice(Node::call(), Reason::NothingInside, vec![], Notice::NoSuchExtension),
        }
    }

    fn enter_number(&mut self, number: &'p PhoneNumber) -> Go<'p> {
        self.passed.number = Some(number.id);
        self.because(Node::phone_number(number), Reason::NumberLeads, vec![]);
        Go::Enter((&number.destination).into(), None)
    }

    /// The extension with the dialled number; an inactive one too, which then says so.
    pub(super) fn dialled_extension(&self) -> Option<&'p Extension> {
        self.plan.extension_by_number(self.call.to.extension()?)
    }

    /// The own number that was dialled, in either reading.
    pub(super) fn dialled_number(&self) -> Option<&'p PhoneNumber> {
        self.own_number(&self.call.to)
    }

    /// The own number that `party` is, in either reading; active or not.
    pub(super) fn own_number(&self, party: &Party) -> Option<&'p PhoneNumber> {
        party.readings().find_map(|facts| self.plan.own_number(facts.e164))
    }

    fn comes_from_own_number(&self) -> bool {
        self.own_number(&self.call.from).is_some_and(|number| number.status.is_active())
    }

    /// Who called whom, as the platform said it.
    pub(super) fn said(&self) -> Vec<(&'static str, Param<'p>)> {
        let from = &self.call.from;
        vec![
            ("from", if from.is_absent() { Param::Text("anonymous") } else { Param::Owned(from.text.clone()) }),
            ("to", Param::Owned(self.call.to.text.clone())),
            ("direction", Param::Text(self.call.direction.word())),
        ]
    }
}
