//! Words that stand for one of several values, as the description shows them. The core has the values and no description.

use opbx_core::business_hours::OverrideMode;
use opbx_core::extension::OutboundPermission;
use opbx_core::organization::{OrganizationStatus, Recording, Status};
use opbx_core::ring_group::Strategy;
use opbx_core::voicemail_box::EmailMode;
use opbx_store::KeptAudio;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident of $value:ident { $($word:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name {
            $(#[doc = concat!("`", stringify!($word), "`.")] $word),*
        }

        impl From<$value> for $name {
            fn from(value: $value) -> Self {
                match value {
                    $($value::$word => Self::$word),*
                }
            }
        }
    )*};
}

words! {
    /// Whether an object takes part in routing.
    StatusWord of Status { Active, Inactive }
    /// Whether an organization is served.
    OrganizationStatusWord of OrganizationStatus { Active, Suspended }
    /// What is recorded of a call.
    RecordingWord of Recording { Off, FromAnswer, FromRinging }
    /// What a person set by hand about a schedule.
    OverrideModeWord of OverrideMode { Auto, Open, Closed }
    /// In which order the members of a ring group ring.
    StrategyWord of Strategy { Simultaneous, RoundRobin, Sequential }
    /// What the mail about a new message holds.
    EmailModeWord of EmailMode { None, Link, Attach }
    /// Whom an extension may dial outside.
    OutboundPermissionWord of OutboundPermission { None, Internal, National, International }
}

/// Whether the sound of a recording is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AudioState)]
pub(crate) enum AudioStateWord {
    /// It is being fetched from the platform.
    Receiving,
    /// It is here.
    Stored,
    /// It could not be had.
    Failed,
}

impl AudioStateWord {
    /// How a recording stands.
    pub(crate) const fn of(audio: &KeptAudio) -> Self {
        match audio {
            KeptAudio::Receiving => Self::Receiving,
            KeptAudio::Stored(_) => Self::Stored,
            KeptAudio::Failed { .. } => Self::Failed,
        }
    }
}
