use serde::Serialize;
use serde_json::{Map, Value};

/// Who started a call, as the application is told in `Direction`.
///
/// Source: vendor page voiceApplication/Request for the first three (documented); the other two were only seen in applications
/// that accept them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// A call from a trunk.
    Inbound,
    /// A call from a subscriber of the domain.
    Subscriber,
    /// A call that an application started over the REST interface; it reaches the voice application when it is answered.
    OutboundApi,
    /// A call that an application started.
    Application,
    /// An outgoing call.
    Outbound,
}

impl Direction {
    /// The word of the platform.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Subscriber => "subscriber",
            Self::OutboundApi => "outbound-api",
            Self::Application => "application",
            Self::Outbound => "outbound",
        }
    }
}

/// A call to be placed: what the platform knows when it asks the application for the first time.
///
/// ```
/// use cloudonix_sim::Call;
///
/// let call = Call::inbound("+14155550123", "+12125550100").named("Alice Ray");
/// assert_eq!(call.caller_name.as_deref(), Some("Alice Ray"));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// Who started it.
    pub direction: Direction,
    /// The caller's number, or the number of the subscriber who calls.
    pub from: String,
    /// What was dialled.
    pub to: String,
    /// The caller's display name; `CallerName` is absent when there is none.
    pub caller_name: Option<String>,
    /// `msisdn@domain` of the SIP Diversion header; `Diverted` is absent when there is none.
    pub diverted: Option<String>,
    /// P-Asserted-Identity given by the trunk; `AssertedIdentity` is absent when there is none.
    pub asserted_identity: Option<String>,
    /// The session token, 32 hexadecimal digits. Without one the exchange takes the next of its own.
    pub session: Option<String>,
    /// When the call starts, in milliseconds since 1970: `SessionData.callStartTime`. Nothing here reads a clock, so an application
    /// that compares it with its own time needs the time from you.
    pub started_at: u64,
    /// Custom SIP headers, with the prefix `X-` removed as the platform does: `SessionData.profile`.
    pub sip_headers: Map<String, Value>,
    /// What else is in `SessionData.profile`.
    pub profile: Map<String, Value>,
}

impl Call {
    /// A call of this kind.
    pub fn new(direction: Direction, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            direction,
            from: from.into(),
            to: to.into(),
            caller_name: None,
            diverted: None,
            asserted_identity: None,
            session: None,
            started_at: 1_767_225_600_000, // 2026-01-01T00:00:00Z
            sip_headers: Map::new(),
            profile: Map::new(),
        }
    }

    /// A call from outside, over a trunk.
    pub fn inbound(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Direction::Inbound, from, to)
    }

    /// A call from a phone of the domain.
    pub fn subscriber(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Direction::Subscriber, from, to)
    }

    /// A call that was started over the REST interface and has been answered.
    pub fn outbound_api(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Direction::OutboundApi, from, to)
    }

    /// Gives the caller a display name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.caller_name = Some(name.into());
        self
    }

    /// Says which phone sent the call here.
    #[must_use]
    pub fn diverted_from(mut self, address: impl Into<String>) -> Self {
        self.diverted = Some(address.into());
        self
    }

    /// Says who the trunk asserts that the caller is.
    #[must_use]
    pub fn asserted_as(mut self, identity: impl Into<String>) -> Self {
        self.asserted_identity = Some(identity.into());
        self
    }

    /// Gives the call its session token.
    #[must_use]
    pub fn in_session(mut self, token: impl Into<String>) -> Self {
        self.session = Some(token.into());
        self
    }

    /// Says when the call starts, in milliseconds since 1970.
    #[must_use]
    pub fn starting_at(mut self, millis: u64) -> Self {
        self.started_at = millis;
        self
    }

    /// Adds a custom SIP header; its name is given without `X-`.
    #[must_use]
    pub fn with_sip_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.sip_headers.insert(name.into(), Value::String(value.into()));
        self
    }
}
