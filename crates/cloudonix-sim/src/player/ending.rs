//! The end of a call: what is still to be told, and how it came out.

use cxml::RejectReason;

use super::{Over, Player};
use crate::dial_status::DialStatus;
use crate::switches::{RejectCodes, Unanswered};
use crate::transcript::{End, Event, SessionStatus, Transcript};

impl Player<'_> {
    pub(super) async fn finish(mut self, over: Over) -> Transcript {
        for (why, method, url, extras) in std::mem::take(&mut self.deferred) {
            self.notify_at(why, method, url, &extras).await;
        }
        let (status, sip) = self.outcome(&over);
        let last_error = match over {
            Over::Failed(error) => Some(error),
            _ => None,
        };
        let end = End {
            status,
            sip,
            disposition: status.disposition(),
            duration: self.now.since_start(),
            billed: self.answered.map_or(0, |answered| (self.now - answered).begun_seconds()),
            answered: self.answered.is_some(),
            last_error,
        };
        self.log(Event::Ends(end.clone()));
        Transcript { call: self.call, session: self.session.token, lines: self.lines, requests: self.requests, end }
    }

    /// The status of the session, and the SIP code towards the caller.
    fn outcome(&self, over: &Over) -> (SessionStatus, u16) {
        let answered = self.answered.is_some();
        match over {
            // The project's decision about failures (reference §1): the session fails even when the call had been answered.
            Over::Failed(_) if answered => (SessionStatus::Error, 200),
            Over::Failed(_) => (SessionStatus::Error, self.switches().failure_sip),
            _ if answered => (SessionStatus::Answer, 200),
            Over::CallerHungUp => (SessionStatus::Cancel, 487),
            Over::Rejected(reject) => self.rejection(reject.reason.unwrap_or(RejectReason::Rejected)),
            Over::Hangup => self.unanswered(self.switches().unanswered_hangup),
            Over::DocumentEnded => self.unanswered(self.switches().unanswered_end),
        }
    }

    /// Source: vendor pages Verb/reject and make.com/Modules/voiceApplicationReject, which disagree; the status of the session is not
    /// documented.
    fn rejection(&self, reason: RejectReason) -> (SessionStatus, u16) {
        let status = match reason {
            RejectReason::Rejected | RejectReason::Busy => SessionStatus::Busy,
            RejectReason::Congestion => SessionStatus::Congestion,
            RejectReason::Failed => SessionStatus::Failed,
        };
        let sip = match (self.switches().reject_codes, reason) {
            (_, RejectReason::Busy) | (RejectCodes::VerbPage, RejectReason::Rejected) => 486,
            (_, RejectReason::Failed) => 603,
            (RejectCodes::VerbPage, RejectReason::Congestion) => 500,
            (RejectCodes::MakePage, RejectReason::Rejected) => 403,
            (RejectCodes::MakePage, RejectReason::Congestion) => 503,
        };
        (status, sip)
    }

    fn unanswered(&self, rule: Unanswered) -> (SessionStatus, u16) {
        match (rule, self.last_dial) {
            (Unanswered::Success, _) => (SessionStatus::Answer, 200),
            (Unanswered::AsDialled, Some(DialStatus::Busy)) => (SessionStatus::Busy, 486),
            (Unanswered::AsDialled, Some(DialStatus::Failed)) => (SessionStatus::Failed, 500),
            (Unanswered::AsDialled, _) => (SessionStatus::NoAnswer, 480),
        }
    }
}
