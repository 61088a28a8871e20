//! Announcements: a prompt, and what follows it.

use super::{Go, Router, Target};
use crate::decision::{Action, OutcomeCode, Speech};
use crate::destination::Destination;
use crate::id::{ExtensionId, PromptId};
use crate::notice::Reason;
use crate::prompt::Prompt;
use crate::trace::{Node, NodeKind};

impl<'p> Router<'p, '_> {
    pub(super) fn enter_announcement(
        &mut self,
        prompt: PromptId,
        then: Option<&'p Destination>,
        forwarder: Option<ExtensionId>,
    ) -> Go<'p> {
        match (self.playable(prompt), then) {
            (Some(prompt), _) => {
                self.because(Node::prompt(prompt), Reason::PromptPlayed, vec![]);
                self.speak(Speech::Prompt(prompt));
            }
            // What was meant to follow is better than a sentence about what is missing.
            (None, Some(_)) => {
                let (node, _) = self.not_playable(prompt);
                self.because(node, Reason::PromptSkipped, vec![]);
            }
            (None, None) => {
                let (node, reason) = self.not_playable(prompt);
                return self.cannot_serve(node, reason);
            }
        }
        match then {
            Some(then) => Go::Enter(then.into(), forwarder),
            None => {
                self.actions.push(Action::Hangup);
                self.comes_out(OutcomeCode::Announcement, Some(Target::Announcement(prompt, None)));
                Go::Done
            }
        }
    }

    /// What a prompt is that cannot be played, and why.
    fn not_playable(&self, prompt: PromptId) -> (Node<'p>, Reason) {
        match self.plan.prompt(prompt) {
            Some(prompt) => (Node::prompt(prompt), Reason::Inactive),
            None => (Node::missing(NodeKind::Prompt, prompt.get()), Reason::Missing),
        }
    }

    /// The prompt, if it is there and active.
    pub(super) fn playable(&self, prompt: PromptId) -> Option<&'p Prompt> {
        self.plan.prompt(prompt).filter(|prompt| prompt.status.is_active())
    }
}
