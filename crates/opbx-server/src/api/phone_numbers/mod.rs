//! Phone numbers: where inbound calls lead.

use super::answer::instant;
use super::destination::DestinationView;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use super::words::{RecordingWord, StatusWord};
use crate::access::PhoneNumbers;
use opbx_core::id::PhoneNumberId;
use opbx_core::organization::Status;
use opbx_core::phone_number::PhoneNumber;
use opbx_store::Stored;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// The kinds of destination, as the filter spells them.
const DESTINATIONS: &[&str] = &[
    "extension",
    "ring_group",
    "ivr_menu",
    "business_hours",
    "conference_room",
    "voicemail",
    "ai_assistant",
    "forward",
    "announcement",
    "hangup",
    "busy",
];

/// An inbound number, and where it leads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PhoneNumber)]
pub(crate) struct PhoneNumberView {
    /// Its identifier.
    id: u64,
    /// The number itself.
    #[schema(pattern = "^\\+[0-9]{7,15}$", example = "+12125550100")]
    phone_number: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    friendly_name: Option<String>,
    /// Where its calls go.
    destination: DestinationView,
    /// Whether it is answered.
    status: StatusWord,
    /// What is recorded of its calls; null: what the group, the extension or the organization says.
    recording: Option<RecordingWord>,
    /// Refuse callers that withhold their number; null: the organization's setting.
    reject_anonymous: Option<bool>,
    /// Put before the caller's name.
    #[schema(min_length = 1, max_length = 20)]
    caller_name_prefix: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Resource for PhoneNumber {
    const PATH: &'static str = "phone-numbers";
    const NAME: &'static str = "phone_number";
    const FILTERS: &'static [FilterField] = &[
        FilterField { name: "status", values: Values::Words(&["active", "inactive"]) },
        FilterField { name: "destination_type", values: Values::Words(DESTINATIONS) },
    ];
    const MANY: bool = true;
    type Right = PhoneNumbers;
    type View = PhoneNumberView;

    fn rules() -> Rules {
        Rules {
            required: &["phone_number", "destination"],
            immutable: &["phone_number"],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({
                "friendly_name": null, "status": "active", "recording": null, "reject_anonymous": null,
                "caller_name_prefix": null,
            })),
        }
    }

    fn view(stored: &Stored<Self>) -> PhoneNumberView {
        let number = &stored.object;
        PhoneNumberView {
            id: number.id.get(),
            phone_number: number.number.to_string(),
            friendly_name: number.name.as_ref().map(ToString::to_string),
            destination: (&number.destination).into(),
            status: number.status.into(),
            recording: number.recording.map(Into::into),
            reject_anonymous: number.reject_anonymous,
            caller_name_prefix: number.caller_name_prefix.as_ref().map(ToString::to_string),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        // Every field is read before the first one that is missing ends it, so that all mistakes are told.
        let (number, name) = (fields.spelled("phone_number"), fields.maybe_spelled("friendly_name"));
        let (status, destination) = (fields.word("status"), fields.destination("destination"));
        let (recording, reject_anonymous) = (fields.maybe_word("recording"), fields.maybe_flag("reject_anonymous"));
        let caller_name_prefix = fields.maybe_spelled("caller_name_prefix");
        Some(Self {
            id: before.map_or(PhoneNumberId::new(0), |before| before.id),
            number: number?,
            name: name?,
            status: status?,
            destination: destination?,
            recording: recording?,
            reject_anonymous: reject_anonymous?,
            caller_name_prefix: caller_name_prefix?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }
}
