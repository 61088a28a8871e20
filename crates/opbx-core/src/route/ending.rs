//! How calls end: hanging up, refusing, and sentences that say why.

use super::{Go, Router, Target};
use crate::call::DialResult;
use crate::decision::{Action, OutcomeCode, Speech};
use crate::id::IvrMenuId;
use crate::notice::{Notice, Reason};
use crate::organization::OrganizationStatus;
use crate::route::Position;
use crate::trace::{Node, Params};

impl<'p> Router<'p, '_> {
    /// Says why the call ends, and ends it.
    pub(super) fn notice(&mut self, node: Node<'p>, reason: Reason, params: Params<'p>, notice: Notice) -> Go<'p> {
        self.because(node, reason, params);
        self.say_and_hang_up(notice, Vec::new(), OutcomeCode::Notice(notice))
    }

    /// Says a last sentence and ends the call.
    pub(super) fn say_and_hang_up(&mut self, notice: Notice, params: Params<'p>, code: OutcomeCode) -> Go<'p> {
        self.speak(Speech::Notice { notice, params });
        self.actions.push(Action::Hangup);
        self.comes_out(code, None);
        Go::Done
    }

    /// Ends the call.
    pub(super) fn hang_up(&mut self, node: Node<'p>, reason: Reason, params: Params<'p>) -> Go<'p> {
        self.because(node, reason, params);
        self.actions.push(Action::Hangup);
        self.comes_out(OutcomeCode::Hangup, Some(Target::Hangup));
        Go::Done
    }

    /// The busy signal; a call that we answered can only be ended.
    pub(super) fn busy(&mut self) -> Go<'p> {
        let (reason, action) = if self.passed.answered {
            (Reason::BusyAfterAnswer, Action::Hangup)
        } else {
            (Reason::SignalsBusy, Action::Busy)
        };
        self.because(Node::call(), reason, vec![]);
        self.actions.push(action);
        self.comes_out(OutcomeCode::Busy, Some(Target::Busy));
        Go::Done
    }

    /// What a place is that vanished or cannot serve: the failover of the menu that led here, else a sentence.
    pub(super) fn cannot_serve(&mut self, node: Node<'p>, reason: Reason) -> Go<'p> {
        match self.passed.parent.take().and_then(|menu| self.failover_of(menu)) {
            Some((failover, menu)) => {
                self.because(node, reason, vec![]);
                self.because(menu, Reason::ParentFailover, vec![]);
                Go::Enter(failover, None)
            }
            None => self.notice(node, reason, vec![], Notice::NotAvailable),
        }
    }

    fn failover_of(&self, menu: IvrMenuId) -> Option<(Target<'p>, Node<'p>)> {
        let menu = self.plan.menu(menu)?;
        Some(((&menu.row.failover).into(), Node::menu(&menu.row)))
    }

    /// How the dial of this step ended; what the platform did not say counts as failed.
    pub(super) fn dial_result(&self) -> DialResult {
        self.call.input.dial.unwrap_or(DialResult::Failed)
    }

    /// Hangs up when the dial ended the call.
    pub(super) fn over_after_dial(&mut self, node: Node<'p>) -> Option<Go<'p>> {
        let result = self.dial_result();
        if !result.ends_the_call() {
            return None;
        }
        let reason = if result == DialResult::Answered { Reason::ConversationOver } else { Reason::CallerGaveUp };
        Some(self.hang_up(node, reason, vec![]))
    }

    /// A suspended organization's callers hear so. Emergency numbers pass, and so does the end of a call to one.
    pub(super) fn refuse_if_suspended(&mut self) -> Option<Go<'p>> {
        let organization = self.plan.organization();
        if organization.status == OrganizationStatus::Active {
            return None;
        }
        let passes = match self.call.step.position {
            Position::Start => self.is_emergency_call(),
            Position::Emergency => true,
            _ => self.call.input.dial.is_some_and(DialResult::ends_the_call),
        };
        if passes {
            return None;
        }
        Some(self.notice(Node::organization(organization), Reason::Suspended, vec![], Notice::ServiceUnavailable))
    }
}
