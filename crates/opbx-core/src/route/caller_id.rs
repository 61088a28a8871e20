//! What a called phone shows, and what is recorded.

use super::Router;
use crate::decision::{CallerId, Speech};
use crate::extension::Extension;
use crate::id::PhoneNumberId;
use crate::notice::Reason;
use crate::number::E164;
use crate::organization::Recording;
use crate::outbound_rule::CallerIdPolicy;
use crate::trace::Node;

impl<'p> Router<'p, '_> {
    /// The caller's number as received; nothing when it is withheld.
    pub(super) fn callers_own_id(&self) -> CallerId {
        if self.call.from.is_withheld() { CallerId::Unset } else { CallerId::AsReceived(self.call.from.text.clone()) }
    }

    /// The number an extension presents outside: its own, else the organization's first.
    pub(super) fn caller_id_of(&self, extension: Option<&Extension>) -> CallerId {
        let own = extension.and_then(|extension| extension.caller_id).and_then(|id| self.presentable(id));
        own.or(self.plan.first_number()).map_or(CallerId::Unset, CallerId::Own)
    }

    /// An own number, if it is active: nobody could call back an inactive one.
    fn presentable(&self, id: PhoneNumberId) -> Option<E164> {
        self.plan.phone_number(id).filter(|row| row.status.is_active()).map(|row| row.number)
    }

    /// The number presented by an outbound rule's policy.
    pub(super) fn caller_id_by(&self, policy: CallerIdPolicy, extension: Option<&Extension>) -> CallerId {
        match policy {
            CallerIdPolicy::Extension => self.caller_id_of(extension),
            CallerIdPolicy::Number { phone_number_id } => {
                self.presentable(phone_number_id).map_or_else(|| self.caller_id_of(extension), CallerId::Own)
            }
            CallerIdPolicy::Anonymous => CallerId::Anonymous,
        }
    }

    /// The caller's name, else number, behind the prefix of the group or number it came through.
    pub(super) fn prefixed_caller_name(&self) -> Option<String> {
        let of_group = self
            .passed
            .group
            .and_then(|id| self.plan.group(id))
            .and_then(|group| group.row.caller_name_prefix.as_ref());
        let of_number = || {
            self.passed.number.and_then(|id| self.plan.phone_number(id)).and_then(|row| row.caller_name_prefix.as_ref())
        };
        let prefix = of_group.or_else(of_number)?;
        let name = match &self.call.caller_name {
            Some(name) => name,
            None if self.call.from.is_withheld() => "",
            None => &self.call.from.text,
        };
        Some(format!("{prefix}{name}").trim_end().to_owned())
    }

    /// What is recorded: number, then ring group, then extension, then organization; the first that says so.
    pub(super) fn recording(&self, extension: Option<&Extension>) -> Recording {
        let of_number = self.passed.number.and_then(|id| self.plan.phone_number(id)).and_then(|row| row.recording);
        let of_group = || self.passed.group.and_then(|id| self.plan.group(id)).and_then(|group| group.row.recording);
        let of_extension = || extension.and_then(|extension| extension.recording);
        of_number.or_else(of_group).or_else(of_extension).unwrap_or(self.plan.organization().recording)
    }

    /// Plays the recording notice before the first recorded dial of a call.
    pub(super) fn announce_recording(&mut self, recording: Recording) {
        if recording == Recording::Off || self.passed.notice_played {
            return;
        }
        let Some(prompt) = self.plan.organization().recording_notice.and_then(|id| self.playable(id)) else {
            return;
        };
        self.passed.notice_played = true;
        self.because(Node::prompt(prompt), Reason::RecordingAnnounced, vec![]);
        self.speak(Speech::Prompt(prompt));
    }
}
