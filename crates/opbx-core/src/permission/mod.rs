//! Who may do what: the one table.
//!
//! [`allows`] is the policy. The checks of the API, the permissions shown to a signed-in person, the abilities of API
//! tokens and the printed matrix are all read off it; there is no second list of rights anywhere.

mod table;
mod words;

#[cfg(test)]
mod tests;

pub use self::table::{allows, may_manage};
pub use self::words::{Permission, Reach, Verb, permissions};

/// What a person is in an organization, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads; listens to nothing.
    Reporter,
    /// Has an extension and runs it.
    Agent,
    /// Runs the phone system.
    Admin,
    /// Answers for the organization.
    Owner,
}

impl Role {
    /// All roles, from most to least.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Agent, Self::Reporter];

    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Agent => "agent",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// List, look at, listen to, ask.
    Read,
    /// Make a new one.
    Create,
    /// Change, rotate, hang up.
    Update,
    /// Remove, erase.
    Delete,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Update, Self::Delete];
}

/// What it is done to. The order is that of the printed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The organization and its settings.
    Organization,
    /// The connection to the platform, its keys included.
    PlatformSettings,
    /// API tokens: one's own, or those of others.
    ApiTokens,
    /// People who sign in.
    Users,
    /// Extensions.
    Extensions,
    /// Phone numbers.
    PhoneNumbers,
    /// Ring groups.
    RingGroups,
    /// IVR menus.
    IvrMenus,
    /// Business hours.
    BusinessHours,
    /// Holiday lists.
    HolidayLists,
    /// Conference rooms, without their PINs.
    ConferenceRooms,
    /// Prompts.
    Prompts,
    /// Outbound rules.
    OutboundRules,
    /// Voicemail boxes, without their PINs and messages.
    VoicemailBoxes,
    /// AI assistants.
    AiAssistants,
    /// The block list.
    BlockedCallers,
    /// What a telephone signs in with.
    SipCredentials,
    /// PINs of conference rooms.
    ConferencePins,
    /// PINs of voicemail boxes.
    VoicemailPins,
    /// Records of calls, of the whole organization, and their export.
    CallLogs,
    /// Calls that go on; to change one is to hang it up.
    LiveCalls,
    /// Call statistics.
    Statistics,
    /// How long what is kept.
    Retention,
    /// Erasing what is known of a number.
    Erasure,
    /// Caps on calls, storage and use.
    Limits,
    /// Recordings of calls.
    Recordings,
    /// What callers left in a voicemail box.
    VoicemailMessages,
    /// Explaining a call and checking the plan.
    Routing,
    /// The audit log.
    AuditLog,
}

impl Resource {
    /// All resources, in the order of the printed table.
    pub const ALL: [Self; 29] = [
        Self::Organization,
        Self::PlatformSettings,
        Self::ApiTokens,
        Self::Users,
        Self::Extensions,
        Self::PhoneNumbers,
        Self::RingGroups,
        Self::IvrMenus,
        Self::BusinessHours,
        Self::HolidayLists,
        Self::ConferenceRooms,
        Self::Prompts,
        Self::OutboundRules,
        Self::VoicemailBoxes,
        Self::AiAssistants,
        Self::BlockedCallers,
        Self::SipCredentials,
        Self::ConferencePins,
        Self::VoicemailPins,
        Self::CallLogs,
        Self::LiveCalls,
        Self::Statistics,
        Self::Retention,
        Self::Erasure,
        Self::Limits,
        Self::Recordings,
        Self::VoicemailMessages,
        Self::Routing,
        Self::AuditLog,
    ];

    /// The word of the API: the name of its address where it has one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::PlatformSettings => "platform-settings",
            Self::ApiTokens => "api-tokens",
            Self::Users => "users",
            Self::Extensions => "extensions",
            Self::PhoneNumbers => "phone-numbers",
            Self::RingGroups => "ring-groups",
            Self::IvrMenus => "ivr-menus",
            Self::BusinessHours => "business-hours",
            Self::HolidayLists => "holiday-lists",
            Self::ConferenceRooms => "conference-rooms",
            Self::Prompts => "prompts",
            Self::OutboundRules => "outbound-rules",
            Self::VoicemailBoxes => "voicemail-boxes",
            Self::AiAssistants => "ai-assistants",
            Self::BlockedCallers => "blocked-callers",
            Self::SipCredentials => "sip-credentials",
            Self::ConferencePins => "conference-pins",
            Self::VoicemailPins => "voicemail-pins",
            Self::CallLogs => "call-logs",
            Self::LiveCalls => "live-calls",
            Self::Statistics => "statistics",
            Self::Retention => "retention",
            Self::Erasure => "erasure",
            Self::Limits => "limits",
            Self::Recordings => "recordings",
            Self::VoicemailMessages => "voicemail-messages",
            Self::Routing => "routing",
            Self::AuditLog => "audit-log",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.as_str() == word)
    }
}

/// How far a right goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grant {
    /// Not at all.
    No,
    /// What is one's own: oneself, one's extension, and what belongs to that.
    Own,
    /// Of what is one's own, these fields and no other.
    OwnFields(&'static [&'static str]),
    /// Users of a lesser role than one's own: see [`may_manage`].
    Lesser,
    /// Everything of the organization.
    All,
}

impl Grant {
    /// Whether there is any right at all.
    #[must_use]
    pub const fn is_some(self) -> bool {
        !matches!(self, Self::No)
    }

    /// Whether the right reaches a thing that is (or is not) one's own. For [`Grant::Lesser`] ask [`may_manage`].
    #[must_use]
    pub const fn reaches(self, own: bool) -> bool {
        match self {
            Self::No | Self::Lesser => false,
            Self::Own | Self::OwnFields(_) => own,
            Self::All => true,
        }
    }

    /// Whether a field of a thing that is reached may be written.
    #[must_use]
    pub fn covers_field(self, field: &str) -> bool {
        match self {
            Self::No => false,
            Self::OwnFields(fields) => fields.contains(&field),
            Self::Own | Self::Lesser | Self::All => true,
        }
    }
}
