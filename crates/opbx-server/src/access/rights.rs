//! What can be permitted, as types: one for each resource of the policy.

use opbx_core::permission::Resource;

/// Something that the policy protects.
pub(crate) trait Protected: Send + Sync + 'static {
    /// Its row in the table of the policy.
    const RESOURCE: Resource;
}

macro_rules! protected {
    ($($name:ident),* $(,)?) => {$(
        #[doc = concat!("`Resource::", stringify!($name), "` of the policy.")]
        #[derive(Debug)]
        pub(crate) struct $name;

        impl Protected for $name {
            const RESOURCE: Resource = Resource::$name;
        }
    )*};
}

protected! {
    ApiTokens, Organization, PlatformSettings, Users, Extensions, PhoneNumbers, RingGroups, IvrMenus, BusinessHours, HolidayLists,
    ConferenceRooms, Prompts, OutboundRules, VoicemailBoxes, AiAssistants, BlockedCallers, SipCredentials,
    ConferencePins, VoicemailPins, CallLogs, LiveCalls, Retention, Limits, Recordings, VoicemailMessages, Routing, AuditLog,
    Statistics, Erasure,
}
