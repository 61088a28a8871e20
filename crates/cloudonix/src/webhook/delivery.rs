//! By what a call is known, and by what a delivery is known to have come before.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// By what a report names its call. Reports of one call may name it differently; what they share shows that it is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallKey {
    /// The token of its session: the best name.
    Token(String),
    /// The SIP Call-ID, where the report has no token.
    CallId(String),
    /// The number of its session, where it has neither.
    SessionId(u64),
}

impl CallKey {
    /// The best of what there is.
    pub(super) fn of(token: Option<&String>, call_id: Option<&String>, id: Option<u64>) -> Option<Self> {
        let token = token.map(|token| Self::Token(token.clone()));
        let call_id = || call_id.map(|call_id| Self::CallId(call_id.clone()));
        token.or_else(call_id).or_else(|| id.map(Self::SessionId))
    }

    /// The name alone; at most [`LONGEST_TEXT`](super::LONGEST_TEXT) characters.
    #[must_use]
    pub fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Token(name) | Self::CallId(name) => name.into(),
            Self::SessionId(number) => number.to_string().into(),
        }
    }
}

impl fmt::Display for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.as_str())
    }
}

/// By what a report is known when it is delivered again. Two reports to one receiver have the same key only if they are one.
///
/// The order of what makes one: the `X-Idempotency-Key` of the request, the report's `eventId`, the call with its status and
/// time. A request may carry several reports, so each one's place in the list is part of it; a single object is like a list of one.
/// Receivers keep keys apart by organization and by kind of report themselves. A key is as long as what it is made of: where length
/// matters, keep a digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryKey(String);

impl DeliveryKey {
    /// The key that sender or report tell. Blank ones tell nothing.
    pub(super) fn told(idempotency_key: Option<&str>, event_id: Option<&str>, index: usize) -> Option<Self> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let sent = given(idempotency_key).map(|key| Self::made_of("sent", &[&key], index));
        sent.or_else(|| given(event_id).map(|id| Self::made_of("event", &[&id], index)))
    }

    /// A key made of facts. The kind keeps those apart that only look alike.
    pub(super) fn made_of(kind: &str, facts: &[&str], index: usize) -> Self {
        // As JSON, so that no fact can look like the border between two.
        let mut parts = vec![Value::from(kind)];
        parts.extend(facts.iter().copied().map(Value::from));
        if index > 0 {
            parts.push(Value::from(index));
        }
        Self(Value::Array(parts).to_string())
    }

    /// The key as a text, without control characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
