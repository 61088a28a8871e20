//! An extension from the fields of a body.

use super::super::form::Fields;
use super::TYPES;
use crate::field_errors::FieldError;
use opbx_core::caps::{CallCaps, Money};
use opbx_core::extension::{Extension, ExtensionKind};
use opbx_core::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PhoneNumberId, PromptId, RingGroupId,
    UserId, VoicemailBoxId,
};
use opbx_store::ObjectKind;

pub(super) fn extension(fields: &Fields<'_>, before: Option<&Extension>) -> Option<Extension> {
    // Every field is read before the first one that is missing ends it, so that all mistakes are told.
    let (number, name, status) = (fields.spelled("extension_number"), fields.spelled("name"), fields.word("status"));
    let (kind, caps, user) = (kind(fields), limits(fields, "limits"), user(fields));
    let (voicemail_enabled, do_not_disturb) = (fields.flag("voicemail_enabled"), fields.flag("do_not_disturb"));
    let (ring_timeout, recording) = (fields.maybe_number("ring_timeout"), fields.maybe_word("recording"));
    let (forward_always, forward_busy) =
        (fields.maybe_destination("forward_always"), fields.maybe_destination("forward_busy"));
    let (forward_no_answer, forward_unreachable) =
        (fields.maybe_destination("forward_no_answer"), fields.maybe_destination("forward_unreachable"));
    let missed_call_email = fields.maybe_spelled("missed_call_email");
    let outbound_permission = fields.word("outbound_permission");
    let caller_id = fields.maybe_reference("caller_id_phone_number_id", ObjectKind::PhoneNumber, PhoneNumberId::new);
    Some(Extension {
        id: before.map_or(ExtensionId::new(0), |before| before.id),
        number: number?,
        name: name?,
        status: status?,
        kind: kind?,
        voicemail_enabled: voicemail_enabled?,
        ring_timeout: ring_timeout?,
        do_not_disturb: do_not_disturb?,
        forward_always: forward_always?,
        forward_busy: forward_busy?,
        forward_no_answer: forward_no_answer?,
        forward_unreachable: forward_unreachable?,
        outbound_permission: outbound_permission?,
        caller_id: caller_id?,
        recording: recording?,
        caps: caps?,
        missed_call_email: missed_call_email?,
        user: user?,
    })
}

/// What answers it: its type, and what that type needs.
fn kind(fields: &Fields<'_>) -> Option<ExtensionKind> {
    let word = fields.text("type")?;
    if !TYPES.contains(&word) {
        return fields.wrong("type", FieldError::invalid(&format!("one of {}", TYPES.join(", "))));
    }
    let of = fields.nested("configuration")?;
    let (kind, field) = match word {
        "user" => (of.maybe_spelled("sip_uri").map(|sip_uri| ExtensionKind::User { sip_uri }), "sip_uri"),
        "forward" => (of.spelled("forward_to").map(|forward_to| ExtensionKind::Forward { forward_to }), "forward_to"),
        "ring_group" => (
            of.reference("ring_group_id", ObjectKind::RingGroup, RingGroupId::new)
                .map(|ring_group_id| ExtensionKind::RingGroup { ring_group_id }),
            "ring_group_id",
        ),
        "ivr" => (
            of.reference("ivr_menu_id", ObjectKind::IvrMenu, IvrMenuId::new)
                .map(|ivr_menu_id| ExtensionKind::Ivr { ivr_menu_id }),
            "ivr_menu_id",
        ),
        "conference" => (
            of.reference("conference_room_id", ObjectKind::ConferenceRoom, ConferenceRoomId::new)
                .map(|conference_room_id| ExtensionKind::Conference { conference_room_id }),
            "conference_room_id",
        ),
        "business_hours" => (
            of.reference("business_hours_id", ObjectKind::BusinessHours, BusinessHoursId::new)
                .map(|business_hours_id| ExtensionKind::BusinessHours { business_hours_id }),
            "business_hours_id",
        ),
        "voicemail" => (
            of.reference("voicemail_box_id", ObjectKind::VoicemailBox, VoicemailBoxId::new)
                .map(|voicemail_box_id| ExtensionKind::Voicemail { voicemail_box_id }),
            "voicemail_box_id",
        ),
        "ai_assistant" => (
            of.reference("ai_assistant_id", ObjectKind::AiAssistant, AiAssistantId::new)
                .map(|ai_assistant_id| ExtensionKind::AiAssistant { ai_assistant_id }),
            "ai_assistant_id",
        ),
        _ => (
            of.reference("prompt_id", ObjectKind::Prompt, PromptId::new)
                .map(|prompt_id| ExtensionKind::Announcement { prompt_id }),
            "prompt_id",
        ),
    };
    of.only(&[field]);
    kind
}

/// Whose it is. Whether there is such a person, the store says.
fn user(fields: &Fields<'_>) -> Option<Option<UserId>> {
    let Some(value) = fields.value("user_id") else { return Some(None) };
    match value.as_u64().filter(|id| i64::try_from(*id).is_ok()) {
        Some(id) => Some(Some(UserId::new(id))),
        None => fields.wrong("user_id", FieldError::wrong_type("an identifier")),
    }
}

/// Limits of outbound calls.
pub(in crate::api) fn limits(fields: &Fields<'_>, name: &str) -> Option<CallCaps> {
    let limits = fields.nested(name)?;
    limits.only(&["concurrent", "per_minute", "per_day", "cost_per_day"]);
    let (concurrent, per_minute) = (limits.maybe_whole("concurrent"), limits.maybe_whole("per_minute"));
    let (per_day, cost_per_day) = (limits.maybe_whole("per_day"), limits.maybe_spelled::<Money>("cost_per_day"));
    Some(CallCaps { concurrent: concurrent?, per_minute: per_minute?, per_day: per_day?, cost_per_day: cost_per_day? })
}
