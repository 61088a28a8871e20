//! What people see of a call, read off the evidence.

use jiff::{SignedDuration, Timestamp};

use super::evidence::CallLog;
use super::fact::Named;
use super::legs::{LegResult, ViaKind};
use crate::call_state::{CallDirection, CallStatus, Disposition};
use crate::extension_number::ExtensionNumber;
use crate::id::{ExtensionId, PhoneNumberId, RingGroupId};

impl CallLog {
    /// What the call is called: the token of its session, else its SIP `Call-ID`, else the number of its session. Empty
    /// while nothing is known.
    #[must_use]
    pub fn call_id(&self) -> Box<str> {
        let named = self.session.clone().or_else(|| self.sip_id.clone());
        named.or_else(|| self.session_number.map(|number| number.to_string().into())).unwrap_or_default()
    }

    /// Where the call is. It only moves forward.
    #[must_use]
    pub fn status(&self) -> CallStatus {
        self.state.status()
    }

    /// How the call ended; `None` while it is live.
    #[must_use]
    pub fn disposition(&self) -> Option<Disposition> {
        self.state.disposition()
    }

    /// Whether the call goes on, as far as anybody said.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self.status(), CallStatus::Live(_))
    }

    /// Whether its end never came: it is live by what was said, and nothing was received for so long.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp, silence: SignedDuration) -> bool {
        self.is_live() && self.state.last_received_at.is_some_and(|last| now.duration_since(last) >= silence)
    }

    /// Who called; empty where nobody said.
    #[must_use]
    pub fn from_number(&self) -> &str {
        let recorded = self.record.as_ref().and_then(|record| filled(record.parties.from.as_deref()));
        recorded.or_else(|| self.told.from.as_ref().map(|(_, text)| &**text)).unwrap_or_default()
    }

    /// Whom they dialled; empty where nobody said.
    #[must_use]
    pub fn to_number(&self) -> &str {
        let recorded = self.record.as_ref().and_then(|record| filled(record.parties.to.as_deref()));
        recorded.or_else(|| self.told.to.as_ref().map(|(_, text)| &**text)).unwrap_or_default()
    }

    /// The name that the caller showed.
    #[must_use]
    pub fn caller_name(&self) -> Option<&str> {
        let recorded = self.record.as_ref().and_then(|record| filled(record.parties.caller_name.as_deref()));
        recorded.or_else(|| self.told.caller_name.as_ref().map(|(_, text)| &**text))
    }

    /// Which way the call went; by the looks of its numbers where nobody said.
    #[must_use]
    pub fn direction(&self) -> CallDirection {
        let recorded = self.record.as_ref().and_then(|record| record.parties.direction);
        recorded.or_else(|| self.told.direction.as_ref().map(|(_, direction)| *direction)).unwrap_or_else(|| {
            let is_ours = |text: &str| text.parse::<ExtensionNumber>().is_ok();
            match (is_ours(self.from_number()), is_ours(self.to_number())) {
                (true, true) => CallDirection::Internal,
                (true, false) => CallDirection::Outbound,
                (false, _) => CallDirection::Inbound,
            }
        })
    }

    /// The organization's number that was called.
    #[must_use]
    pub fn phone_number(&self) -> Option<&Named<PhoneNumberId>> {
        self.told.phone_number.as_ref().map(|(_, number)| number)
    }

    /// Whose call it was: of the extension that called; of a call from outside the extension that took it, else the one
    /// that was rung first.
    #[must_use]
    pub fn extension(&self) -> Option<Named<ExtensionId>> {
        if let Some((_, caller)) = &self.told.caller {
            return Some(caller.clone());
        }
        let legs = self.legs();
        let taken = legs.iter().filter(|leg| leg.result == Some(LegResult::Answered));
        taken.chain(&legs).find_map(|leg| Some(Named { id: leg.phone.extension?, text: leg.phone.number.clone() }))
    }

    /// The first ring group that rang.
    #[must_use]
    pub fn ring_group(&self) -> Option<Named<RingGroupId>> {
        let mut groups = self.legs().into_iter().filter(|leg| leg.via.kind == ViaKind::RingGroup);
        groups.find_map(|leg| Some(Named { id: leg.via.ring_group?, text: leg.via.name.unwrap_or_default() }))
    }

    /// The number of the phone that took the call, where that is known. The last one, if it went from one to the next.
    #[must_use]
    pub fn answered_by(&self) -> Option<Box<str>> {
        let mut legs = self.legs().into_iter().rev();
        legs.find(|leg| leg.result == Some(LegResult::Answered)).map(|leg| leg.phone.number)
    }

    /// When the call began. Never `None` once anything was said of it.
    #[must_use]
    pub fn initiated_at(&self) -> Option<Timestamp> {
        self.state.initiated_at()
    }

    /// When the call was answered.
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        self.state.answered_at()
    }

    /// When the call ended.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.state.ended_at()
    }

    /// Seconds from beginning to end.
    #[must_use]
    pub fn duration(&self) -> Option<u32> {
        self.state.duration()
    }

    /// Answered seconds.
    #[must_use]
    pub fn billsec(&self) -> Option<u32> {
        self.state.billsec()
    }

    /// What the call cost, in millionths of the currency.
    #[must_use]
    pub fn cost(&self) -> Option<i64> {
        self.record.as_ref().and_then(|record| record.cost)
    }

    /// Where the platform keeps a recording of the call.
    #[must_use]
    pub fn recording_url(&self) -> Option<&str> {
        self.record.as_ref().and_then(|record| filled(record.recording_url.as_deref()))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
