//! Extensions: ringing a person's phone, and what happens before and after.

use super::{Go, MOST_FORWARDS, Position, Router, Target};
use crate::call::DialResult;
use crate::decision::{Action, Dial, DialTarget, OutcomeCode, Phone};
use crate::extension::{Extension, ExtensionKind};
use crate::id::ExtensionId;
use crate::notice::{Notice, Reason};
use crate::trace::{Node, NodeKind};

impl<'p> Router<'p, '_> {
    pub(super) fn enter_extension(&mut self, id: ExtensionId) -> Go<'p> {
        let Some(extension) = self.plan.extension(id) else {
            return self.cannot_serve(Node::missing(NodeKind::Extension, id.get()), Reason::Missing);
        };
        let node = Node::extension(extension);
        if !extension.status.is_active() {
            return self.notice(node, Reason::Inactive, vec![], Notice::NotAvailable);
        }
        if let Some(target) = Target::of(&extension.kind) {
            self.because(node, Reason::ExtensionLeads, vec![("number", extension.number.into())]);
            return match target {
                Target::Forward(_) => self.forward(target, extension),
                // What else it leads to is an object of its own, judged by its own settings.
                _ => Go::Enter(target, None),
            };
        }
        if let Some(destination) = &extension.forward_always {
            self.because(node, Reason::ForwardsAlways, vec![]);
            return self.forward(destination.into(), extension);
        }
        if extension.do_not_disturb {
            self.because(node, Reason::DoNotDisturb, vec![]);
            return self.not_reached(extension, DialResult::Busy);
        }
        self.ring(extension)
    }

    fn ring(&mut self, extension: &'p Extension) -> Go<'p> {
        let timeout = extension.ring_timeout.unwrap_or(self.plan.organization().no_answer_timeout);
        let params = vec![("number", extension.number.into()), ("seconds", timeout.get().into())];
        let recording = self.recording(Some(extension));
        self.announce_recording(recording);
        self.because(Node::extension(extension), Reason::Rings, params);
        let dial = Dial {
            target: DialTarget::Phones(vec![phone_of(extension)]),
            caller_id: self.callers_own_id(),
            caller_name: self.prefixed_caller_name(),
            timeout: Some(timeout),
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: None,
            then: self.step(Position::Extension { extension: extension.id }),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::RingExtension, Some(Target::Extension(extension.id)));
        Go::Done
    }

    pub(super) fn after_extension(&mut self, id: ExtensionId) -> Go<'p> {
        let extension = self.plan.extension(id).filter(|extension| extension.status.is_active());
        let node = extension.map_or_else(|| Node::missing(NodeKind::Extension, id.get()), Node::extension);
        if let Some(go) = self.over_after_dial(node.clone()) {
            return go;
        }
        match extension {
            Some(extension) => self.not_reached(extension, self.dial_result()),
            None => self.cannot_serve(node, Reason::Vanished),
        }
    }

    /// The phone was busy, not answered, or out of reach: the forward for that, else voicemail, else a sentence.
    fn not_reached(&mut self, extension: &'p Extension, result: DialResult) -> Go<'p> {
        let node = Node::extension(extension);
        let (forward, reason) = match result {
            DialResult::Busy => (&extension.forward_busy, Reason::ForwardsWhenBusy),
            DialResult::NoAnswer => (&extension.forward_no_answer, Reason::ForwardsUnanswered),
            _ => (&extension.forward_unreachable, Reason::ForwardsUnreachable),
        };
        if let Some(destination) = forward {
            self.because(node, reason, vec![("result", result.word().into())]);
            return self.forward(destination.into(), extension);
        }
        if extension.voicemail_enabled
            && let Some(voicemail_box) = self.plan.box_of(extension.id)
        {
            self.because(node, Reason::TakesMessages, vec![("result", result.word().into())]);
            return Go::Enter(Target::Voicemail(voicemail_box.id), None);
        }
        self.notice(node, Reason::NotReached, vec![("result", result.word().into())], Notice::NotAvailable)
    }

    /// A forward of an extension; a fourth in one call is one too many.
    pub(super) fn forward(&mut self, target: Target<'p>, by: &'p Extension) -> Go<'p> {
        if let Some(go) = self.one_forward_too_many(Node::extension(by)) {
            return go;
        }
        Go::Enter(target, Some(by.id))
    }

    /// Counts a forward, and ends the call when there were too many.
    pub(super) fn one_forward_too_many(&mut self, node: Node<'p>) -> Option<Go<'p>> {
        if self.passed.forwards >= MOST_FORWARDS {
            let params = vec![("most", u32::from(MOST_FORWARDS).into())];
            return Some(self.notice(node, Reason::TooManyForwards, params, Notice::NotAvailable));
        }
        self.passed.forwards += 1;
        None
    }
}

/// The phone of a person's extension.
pub(super) const fn phone_of(extension: &Extension) -> Phone<'_> {
    match &extension.kind {
        ExtensionKind::User { sip_uri: Some(uri) } => Phone::Sip(uri),
        _ => Phone::Extension(extension.number),
    }
}
