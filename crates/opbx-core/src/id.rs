//! Identifiers: one type per kind, so that the wrong one does not compile.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Writes one identifier type. Only what differs (the name and its sentence) is said at each use; the rest of the
/// file would otherwise be the same forty lines thirteen times.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// The identifier with this number.
            pub const fn new(id: u64) -> Self {
                Self(id)
            }

            /// The number itself.
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    )*};
}

ids! {
    /// An organization: the customer, who owns everything else.
    OrganizationId;
    /// A person who may sign in.
    UserId;
    /// An extension.
    ExtensionId;
    /// An inbound number of the organization.
    PhoneNumberId;
    /// A ring group.
    RingGroupId;
    /// An IVR menu.
    IvrMenuId;
    /// A business-hours schedule.
    BusinessHoursId;
    /// A holiday list.
    HolidayListId;
    /// A conference room.
    ConferenceRoomId;
    /// A voicemail box.
    VoicemailBoxId;
    /// A message in a voicemail box.
    MessageId;
    /// A prompt of the library.
    PromptId;
    /// An AI assistant.
    AiAssistantId;
    /// An outbound rule.
    OutboundRuleId;
    /// An entry of the block list.
    BlockedCallerId;
}
