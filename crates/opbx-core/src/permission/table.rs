//! The policy.

use super::{Action, Grant, Resource, Role};

/// What people may change of themselves; their role and status are for others to decide.
const OWN_PROFILE: &[&str] = &["name", "email", "phone"];

/// What agents may change of their extension: how it is reached, never what it may dial or cost.
const OWN_EXTENSION: &[&str] = &[
    "forward_always",
    "forward_busy",
    "forward_no_answer",
    "forward_unreachable",
    "do_not_disturb",
    "ring_timeout",
    "voicemail_enabled",
    "missed_call_email",
];

/// What agents may change of the voicemail box of their extension; its size is the organization's storage.
const OWN_VOICEMAIL_BOX: &[&str] = &["greeting_prompt_id", "email", "email_mode"];

/// Whether a person of this role may do this to that, and how far the right goes.
///
/// This match *is* the table of the HTTP contract (section 3), row by row. Each row ends without a wildcard for
/// roles, so that a new role or resource has to be thought about before the crate compiles.
#[must_use]
pub const fn allows(role: Role, action: Action, resource: Resource) -> Grant {
    use Action::{Create, Delete, Read, Update};
    use Grant::{All, Lesser, No, Own, OwnFields};
    use Resource as R;
    use Role::{Admin, Agent, Owner, Reporter};

    match (resource, role, action) {
        (R::Organization, Owner, _) | (R::Organization, Admin | Agent | Reporter, Read) => All,
        (R::Organization, Admin | Agent | Reporter, Create | Update | Delete) => No,

        (R::PlatformSettings, Owner, _) => All,
        (R::PlatformSettings, Admin | Agent | Reporter, _) => No,

        // A token is cut to its creator's rights, so everyone may have some.
        (R::ApiTokens, Owner, _) => All,
        (R::ApiTokens, Admin | Agent | Reporter, _) => Own,

        (R::Users, Owner, _) | (R::Users, Admin, Read) => All,
        (R::Users, Admin, Create | Update | Delete) => Lesser,
        (R::Users, Agent | Reporter, Read) => Own,
        (R::Users, Agent | Reporter, Update) => OwnFields(OWN_PROFILE),
        (R::Users, Agent | Reporter, Create | Delete) => No,

        (R::Extensions, Agent, Update) => OwnFields(OWN_EXTENSION),
        (R::VoicemailBoxes, Agent, Update) => OwnFields(OWN_VOICEMAIL_BOX),
        (
            R::Extensions
            | R::PhoneNumbers
            | R::RingGroups
            | R::IvrMenus
            | R::BusinessHours
            | R::HolidayLists
            | R::ConferenceRooms
            | R::Prompts
            | R::OutboundRules
            | R::VoicemailBoxes
            | R::AiAssistants
            | R::BlockedCallers,
            role,
            action,
        ) => match (role, action) {
            (Owner | Admin, _) | (Agent | Reporter, Read) => All,
            (Agent | Reporter, Create | Update | Delete) => No,
        },

        // Secrets are read and rotated; they come and go with the thing they belong to.
        (R::SipCredentials | R::ConferencePins | R::VoicemailPins, _, Create | Delete) => No,
        (R::SipCredentials | R::ConferencePins | R::VoicemailPins, Owner | Admin, Read | Update) => All,
        (R::SipCredentials | R::VoicemailPins, Agent, Read | Update) => Own,
        // A room is nobody's own.
        (R::ConferencePins, Agent, Read | Update) => No,
        (R::SipCredentials | R::ConferencePins | R::VoicemailPins, Reporter, Read | Update) => No,

        // Records are made by the platform. To mark a missed call as returned is part of running the phones.
        (R::CallLogs, Owner | Admin | Agent, Update) => All,
        (R::CallLogs | R::Statistics, Owner | Admin | Agent | Reporter, Read) => All,
        (R::CallLogs, Reporter, Update) | (R::CallLogs, _, Create | Delete) | (R::Statistics, _, _) => No,

        (R::LiveCalls, Owner | Admin | Agent | Reporter, Read) | (R::LiveCalls, Owner | Admin, Update) => All,
        (R::LiveCalls, Agent | Reporter, Update) | (R::LiveCalls, _, Create | Delete) => No,

        (R::Retention | R::Erasure | R::Limits, Owner, _) | (R::Retention | R::Erasure | R::Limits, Admin, Read) => All,
        (R::Retention | R::Erasure | R::Limits, Admin, Create | Update | Delete) => No,
        (R::Retention | R::Erasure | R::Limits, Agent | Reporter, _) => No,

        (R::Recordings | R::VoicemailMessages, _, Create) => No,
        (R::Recordings | R::VoicemailMessages, Owner | Admin, Read | Update | Delete) => All,
        (R::Recordings | R::VoicemailMessages, Agent, Read | Update | Delete) => Own,
        (R::Recordings | R::VoicemailMessages, Reporter, Read | Update | Delete) => No,

        (R::Routing, Owner | Admin | Agent, Read) => All,
        (R::Routing, Reporter, Read) | (R::Routing, _, Create | Update | Delete) => No,

        (R::AuditLog, Owner | Admin, Read) => All,
        (R::AuditLog, Agent | Reporter, Read) | (R::AuditLog, _, Create | Update | Delete) => No,
    }
}

/// Whether a person of role `actor` may create, change or delete a user of role `target`, and so also whether they
/// may give that role. Owners manage everybody; an admin cannot touch an owner or another admin. A change of role
/// has to pass for the old role and for the new one, and nobody raises their own.
#[must_use]
pub const fn may_manage(actor: Role, target: Role) -> bool {
    match allows(actor, Action::Update, Resource::Users) {
        Grant::All => true,
        // As numbers, since `PartialOrd` is not `const`; the order is that of the enum.
        Grant::Lesser => (target as u8) < (actor as u8),
        Grant::No | Grant::Own | Grant::OwnFields(_) => false,
    }
}
