//! An inbound number of the organization and where it leads.

use crate::destination::Destination;
use crate::id::PhoneNumberId;
use crate::number::E164;
use crate::organization::{Recording, Status};
use crate::text::{CallerNamePrefix, Name};
use serde::{Deserialize, Serialize};

/// An inbound number (DID).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PhoneNumber {
    /// Its identifier.
    pub id: PhoneNumberId,
    /// The number itself.
    pub number: E164,
    /// What people call it.
    pub name: Option<Name>,
    /// Whether it is answered; an inactive one is as unknown.
    pub status: Status,
    /// Where its calls go.
    pub destination: Destination,
    /// What is recorded of its calls; `None`: what the group, the extension or the organization says.
    pub recording: Option<Recording>,
    /// Refuse callers that withhold their number; `None`: the organization's setting.
    pub reject_anonymous: Option<bool>,
    /// Put before the caller's name.
    pub caller_name_prefix: Option<CallerNamePrefix>,
}

impl PhoneNumber {
    /// An active number with the defaults of the API for everything else.
    pub const fn new(id: PhoneNumberId, number: E164, destination: Destination) -> Self {
        Self {
            id,
            number,
            name: None,
            status: Status::Active,
            destination,
            recording: None,
            reject_anonymous: None,
            caller_name_prefix: None,
        }
    }
}
