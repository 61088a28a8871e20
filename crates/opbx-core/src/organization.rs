//! An organization's own settings, as far as they decide calls.

use crate::bounded::{MaxCallSeconds, RingTimeout};
use crate::caps::CallCaps;
use crate::destination::Failsafe;
use crate::id::{OrganizationId, PromptId};
use crate::number::E164;
use crate::region::{CountryCode, LanguageTag};
use crate::text::{Name, Voice, ZoneName};
use serde::{Deserialize, Serialize};

/// Whether an object takes part in routing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It does.
    #[default]
    Active,
    /// It is kept, and routing passes it by.
    Inactive,
}

impl Status {
    /// Whether it takes part.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// Whether an organization is served at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationStatus {
    /// Its calls are routed.
    #[default]
    Active,
    /// Its callers hear that the service is unavailable; emergency numbers still work.
    Suspended,
}

/// What is recorded of a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// Nothing.
    #[default]
    Off,
    /// From the moment the called side answers.
    FromAnswer,
    /// From the moment it rings.
    FromRinging,
}

/// An organization: its place, its language, its defaults and its limits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Organization {
    /// Its identifier.
    pub id: OrganizationId,
    /// What people call it.
    pub name: Name,
    /// Whether it is served.
    pub status: OrganizationStatus,
    /// The country whose numbering plan and emergency numbers apply.
    pub country: CountryCode,
    /// The zone of its days, and of schedules that name none.
    pub timezone: ZoneName,
    /// The language that callers hear.
    pub language: LanguageTag,
    /// The voice that callers hear; `None`: the platform's.
    pub voice: Option<Voice>,
    /// How long an extension rings that sets no time of its own.
    pub no_answer_timeout: RingTimeout,
    /// The longest a connected call may last.
    pub max_call_seconds: MaxCallSeconds,
    /// What is recorded where nothing nearer to the call says otherwise.
    pub recording: Recording,
    /// Played before the first recorded dial of a call.
    pub recording_notice: Option<PromptId>,
    /// Refuse inbound callers that withhold their number.
    pub reject_anonymous: bool,
    /// Hide the last digits of numbers from reporters.
    pub mask_numbers: bool,
    /// The number presented on emergency calls.
    pub emergency_caller_id: Option<E164>,
    /// Where calls go when the plan cannot be loaded; `None`: an apology.
    pub failsafe: Option<Failsafe>,
    /// Limits of outbound calls, all together.
    pub outbound_caps: CallCaps,
    /// Limits of each extension's outbound calls, where it sets none of its own.
    pub per_extension_caps: CallCaps,
}

impl Organization {
    /// An organization with the defaults of the API for everything else.
    pub fn new(id: OrganizationId, name: Name, country: CountryCode, timezone: ZoneName) -> Self {
        Self {
            id,
            name,
            status: OrganizationStatus::Active,
            country,
            timezone,
            language: LanguageTag::default(),
            voice: None,
            no_answer_timeout: RingTimeout::literal::<30>(),
            max_call_seconds: MaxCallSeconds::literal::<14_400>(),
            recording: Recording::Off,
            recording_notice: None,
            reject_anonymous: false,
            mask_numbers: false,
            emergency_caller_id: None,
            failsafe: None,
            outbound_caps: CallCaps::organization_default(),
            per_extension_caps: CallCaps::per_extension_default(),
        }
    }
}
