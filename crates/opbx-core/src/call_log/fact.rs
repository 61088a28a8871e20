//! What is said of a call, freed of its wire form.

use jiff::Timestamp;

use super::legs::{DialEnd, DialKey, DialStart};
use crate::call_state::{CallDirection, CallRecord, StatusEvent};
use crate::id::{ExtensionId, PhoneNumberId};

/// One thing that is said of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The platform reports where a call is.
    Report(StateReport),
    /// The platform accounts for a call that is over.
    Record(FinalRecord),
    /// One of our own decisions, and what it answered to.
    Step(RoutedStep),
}

impl Fact {
    /// What the call is known by here.
    pub const fn keys(&self) -> &CallKeys {
        match self {
            Self::Report(report) => &report.keys,
            Self::Record(record) => &record.keys,
            Self::Step(step) => &step.keys,
        }
    }

    /// When it was received.
    pub const fn received_at(&self) -> Timestamp {
        match self {
            Self::Report(report) => report.received_at,
            Self::Record(record) => record.received_at,
            Self::Step(step) => step.at,
        }
    }
}

/// All that one message knows a call by.
///
/// The session's token is the call: two tokens are two calls, whatever else they share. The rest only leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallKeys {
    /// The platform's token of the session.
    pub session: Option<Box<str>>,
    /// The platform's number of the session.
    pub session_number: Option<u64>,
    /// The `Call-ID`s of SIP.
    pub sip_ids: Vec<Box<str>>,
}

impl CallKeys {
    /// The keys of a session that is known by its token.
    pub fn of_session(token: &str) -> Self {
        Self { session: Some(token.into()), ..Self::default() }
    }

    /// The keys of a call that is known by a `Call-ID` of SIP only.
    pub fn of_sip(id: &str) -> Self {
        Self { sip_ids: vec![id.into()], ..Self::default() }
    }

    /// The token of the session, if it is one.
    pub fn token(&self) -> Option<&str> {
        self.session.as_deref().filter(|token| !token.is_empty())
    }

    /// All keys, the surest first.
    pub fn iter(&self) -> impl Iterator<Item = CallKey<'_>> {
        let sip = self.sip_ids.iter().filter(|id| !id.is_empty()).map(|id| CallKey::Sip(id));
        let session = self.token().map(CallKey::Session);
        session.into_iter().chain(self.session_number.map(CallKey::SessionNumber)).chain(sip)
    }

    /// Whether there is nothing to know a call by.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// One of the things a call is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKey<'a> {
    /// The session's token.
    Session(&'a str),
    /// The session's number.
    SessionNumber(u64),
    /// A `Call-ID` of SIP.
    Sip(&'a str),
}

/// Who called whom. Numbers are texts to be shown: E.164 with `+` where the reader knows them to be numbers, else as
/// they were said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Parties {
    /// Who called.
    pub from: Option<Box<str>>,
    /// Whom they dialled.
    pub to: Option<Box<str>>,
    /// The name that the caller showed.
    pub caller_name: Option<Box<str>>,
    /// Which way the call went.
    pub direction: Option<CallDirection>,
}

/// The platform reports where a call is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateReport {
    /// What the call is known by.
    pub keys: CallKeys,
    /// When the report was received.
    pub received_at: Timestamp,
    /// Where the call is, and its times.
    pub status: StatusEvent,
    /// Who called whom.
    pub parties: Parties,
}

/// The platform accounts for a call that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalRecord {
    /// What the call is known by.
    pub keys: CallKeys,
    /// When the record was received.
    pub received_at: Timestamp,
    /// How the call ended, and its times.
    pub record: CallRecord,
    /// Who called whom.
    pub parties: Parties,
    /// What the call cost, in millionths of the currency.
    pub cost: Option<i64>,
    /// Where the platform keeps a recording of it.
    pub recording_url: Option<Box<str>>,
    /// The record as it was received, word by word.
    pub payload: Box<str>,
}

/// Something an organization has, and what it was called at the time of the call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named<Id> {
    /// Its identifier.
    pub id: Id,
    /// Its number or its name.
    pub text: Box<str>,
}

/// One of our own decisions about a call, and what it answered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutedStep {
    /// What the call is known by.
    pub keys: CallKeys,
    /// When the platform asked.
    pub at: Timestamp,
    /// Who called whom.
    pub parties: Parties,
    /// The organization's number that was called.
    pub phone_number: Option<Named<PhoneNumberId>>,
    /// The extension that called.
    pub caller: Option<Named<ExtensionId>>,
    /// The dial that this request brought the result of.
    pub ended: Option<(DialKey, DialEnd)>,
    /// The dial that was decided.
    pub started: Option<(DialKey, DialStart)>,
}
