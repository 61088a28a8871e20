//! An extension as it is shown.

use super::super::destination::DestinationView;
use super::super::words::{OutboundPermissionWord, RecordingWord, StatusWord};
use opbx_core::bounded::RingTimeout;
use opbx_core::caps::CallCaps;
use opbx_core::extension::{Extension, ExtensionKind};
use opbx_core::id::{PhoneNumberId, UserId};
use opbx_store::Stored;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// An extension: a short number, and what answers it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Extension)]
pub(crate) struct ExtensionView {
    /// Its identifier.
    id: u64,
    /// What is dialled to reach it.
    #[schema(pattern = "^[0-9]{3,5}$", example = "1001")]
    extension_number: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255, example = "Alice Ray")]
    name: String,
    /// What answers it.
    r#type: TypeWord,
    /// What that kind of extension needs to know.
    #[schema(value_type = Object, example = json!({ "sip_uri": null }))]
    configuration: Map<String, Value>,
    /// The person whose extension it is; only of type `user`.
    user_id: Option<u64>,
    /// Whether it takes part in routing.
    status: StatusWord,
    /// Whether unanswered calls may be left in its box.
    voicemail_enabled: bool,
    /// How long it rings, in seconds; null: the organization's time.
    #[schema(minimum = 5, maximum = 300)]
    ring_timeout: Option<u32>,
    /// Busy without ringing.
    do_not_disturb: bool,
    /// Where its calls go at once.
    forward_always: Option<DestinationView>,
    /// Where its calls go when it is busy.
    forward_busy: Option<DestinationView>,
    /// Where its calls go when nobody answers.
    forward_no_answer: Option<DestinationView>,
    /// Where its calls go when its phone cannot be reached.
    forward_unreachable: Option<DestinationView>,
    /// Whom it may dial outside.
    outbound_permission: OutboundPermissionWord,
    /// The number it presents outside; null: the organization's first.
    caller_id_phone_number_id: Option<u64>,
    /// What is recorded of its calls; null: the organization's setting.
    recording: Option<RecordingWord>,
    /// Who is told of calls that rang here and that nobody took; null: nobody.
    #[schema(format = Email, max_length = 254, example = json!(null))]
    missed_call_email: Option<String>,
    /// Limits of its outbound calls; null in a field: the organization's.
    limits: LimitsView,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Limits of outbound calls.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallLimits)]
pub(crate) struct LimitsView {
    /// At the same time.
    concurrent: Option<u32>,
    /// In a minute.
    per_minute: Option<u32>,
    /// In a day.
    per_day: Option<u32>,
    /// What they may cost in a day.
    #[schema(example = "25.00")]
    cost_per_day: Option<String>,
}

/// What answers an extension.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ExtensionType)]
enum TypeWord {
    /// A person's phone.
    User,
    /// Another number.
    Forward,
    /// A ring group.
    RingGroup,
    /// An IVR menu.
    Ivr,
    /// A conference room.
    Conference,
    /// A schedule.
    BusinessHours,
    /// A voicemail box.
    Voicemail,
    /// An AI assistant.
    AiAssistant,
    /// A prompt.
    Announcement,
}

impl ExtensionView {
    pub(super) fn of(stored: &Stored<Extension>) -> Self {
        let extension = &stored.object;
        let (r#type, configuration) = kind(&extension.kind);
        let place = |place: &Option<_>| place.as_ref().map(DestinationView::from);
        Self {
            id: extension.id.get(),
            extension_number: extension.number.to_string(),
            name: extension.name.to_string(),
            r#type,
            configuration,
            user_id: extension.user.map(UserId::get),
            status: extension.status.into(),
            voicemail_enabled: extension.voicemail_enabled,
            ring_timeout: extension.ring_timeout.map(RingTimeout::get),
            do_not_disturb: extension.do_not_disturb,
            forward_always: place(&extension.forward_always),
            forward_busy: place(&extension.forward_busy),
            forward_no_answer: place(&extension.forward_no_answer),
            forward_unreachable: place(&extension.forward_unreachable),
            outbound_permission: extension.outbound_permission.into(),
            caller_id_phone_number_id: extension.caller_id.map(PhoneNumberId::get),
            recording: extension.recording.map(Into::into),
            missed_call_email: extension.missed_call_email.as_ref().map(ToString::to_string),
            limits: LimitsView::of(&extension.caps),
            created_at: super::super::answer::instant(stored.created_at),
            updated_at: super::super::answer::instant(stored.updated_at),
        }
    }
}

impl LimitsView {
    pub(in crate::api) fn of(caps: &CallCaps) -> Self {
        Self {
            concurrent: caps.concurrent,
            per_minute: caps.per_minute,
            per_day: caps.per_day,
            cost_per_day: caps.cost_per_day.map(|cost| cost.to_string()),
        }
    }
}

/// Limits of which none is set.
pub(super) fn no_limits() -> Value {
    json!({ "concurrent": null, "per_minute": null, "per_day": null, "cost_per_day": null })
}

fn kind(kind: &ExtensionKind) -> (TypeWord, Map<String, Value>) {
    let (word, configuration) = match kind {
        ExtensionKind::User { sip_uri } => {
            (TypeWord::User, json!({ "sip_uri": sip_uri.as_ref().map(ToString::to_string) }))
        }
        ExtensionKind::Forward { forward_to } => (TypeWord::Forward, json!({ "forward_to": forward_to.to_string() })),
        ExtensionKind::RingGroup { ring_group_id: id } => (TypeWord::RingGroup, json!({ "ring_group_id": id.get() })),
        ExtensionKind::Ivr { ivr_menu_id: id } => (TypeWord::Ivr, json!({ "ivr_menu_id": id.get() })),
        ExtensionKind::Conference { conference_room_id: id } => {
            (TypeWord::Conference, json!({ "conference_room_id": id.get() }))
        }
        ExtensionKind::BusinessHours { business_hours_id: id } => {
            (TypeWord::BusinessHours, json!({ "business_hours_id": id.get() }))
        }
        ExtensionKind::Voicemail { voicemail_box_id: id } => {
            (TypeWord::Voicemail, json!({ "voicemail_box_id": id.get() }))
        }
        ExtensionKind::AiAssistant { ai_assistant_id: id } => {
            (TypeWord::AiAssistant, json!({ "ai_assistant_id": id.get() }))
        }
        ExtensionKind::Announcement { prompt_id: id } => (TypeWord::Announcement, json!({ "prompt_id": id.get() })),
    };
    (word, if let Value::Object(configuration) = configuration { configuration } else { Map::new() })
}
