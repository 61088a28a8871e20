//! AI assistants: a service, a SIP address or a media stream.

use super::{Go, Position, Router, Target};
use crate::ai_assistant::{AiAssistant, Connection};
use crate::decision::{Action, Dial, DialTarget, OutcomeCode};
use crate::id::AiAssistantId;
use crate::notice::Reason;
use crate::trace::{Node, NodeKind};

impl<'p> Router<'p, '_> {
    pub(super) fn enter_assistant(&mut self, id: AiAssistantId) -> Go<'p> {
        let Some(assistant) = self.plan.assistant(id) else {
            return self.cannot_serve(Node::missing(NodeKind::AiAssistant, id.get()), Reason::Missing);
        };
        let node = Node::assistant(assistant);
        if !assistant.status.is_active() {
            return self.cannot_serve(node, Reason::Inactive);
        }
        self.comes_out(OutcomeCode::Assistant, Some(Target::AiAssistant(id)));
        if matches!(assistant.connection, Connection::Stream { .. }) {
            self.because(node, Reason::AssistantStreams, vec![]);
            self.passed.answered = true;
            self.actions.push(Action::Stream(assistant));
            self.actions.push(Action::Hangup);
            return Go::Done;
        }
        let recording = self.recording(None);
        self.announce_recording(recording);
        self.because(node, Reason::AssistantDialled, vec![]);
        let dial = Dial {
            target: DialTarget::Assistant(assistant),
            caller_id: self.callers_own_id(),
            caller_name: self.prefixed_caller_name(),
            timeout: Some(self.plan.organization().no_answer_timeout),
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: None,
            then: self.step(Position::Assistant { assistant: id }),
        };
        self.actions.push(Action::Dial(dial));
        Go::Done
    }

    pub(super) fn after_assistant(&mut self, id: AiAssistantId) -> Go<'p> {
        let assistant: Option<&AiAssistant> = self.plan.assistant(id);
        let node = assistant.map_or_else(|| Node::missing(NodeKind::AiAssistant, id.get()), Node::assistant);
        if let Some(go) = self.over_after_dial(node.clone()) {
            return go;
        }
        let Some(assistant) = assistant else {
            return self.cannot_serve(node, Reason::Vanished);
        };
        self.because(node, Reason::AssistantNotReached, vec![("result", self.dial_result().word().into())]);
        self.passed.parent = None;
        Go::Enter((&assistant.fallback).into(), None)
    }
}
