//! From what an engine says about a violated key to the rule of ours that was violated.
//!
//! MySQL names the key, SQLite its columns; both stand in one table here.

use crate::error::{Constraint, ObjectKind};

/// A unique key: its name, its columns as SQLite tells them, and what it means.
struct Rule(&'static str, &'static str, Constraint);

const RULES: &[Rule] = &[
    Rule("uq_extensions_number", "extensions.organization_id, extensions.number", Constraint::ExtensionNumber),
    Rule("uq_phone_numbers_number", "phone_numbers.number", Constraint::PhoneNumber),
    Rule("uq_organizations_slug", "organizations.slug", Constraint::Slug),
    Rule("uq_users_email", "users.email", Constraint::Email),
    Rule("uq_platform_settings_domain", "platform_settings.domain", Constraint::Domain),
    Rule("uq_platform_settings_domain_uuid", "platform_settings.domain_uuid", Constraint::DomainUuid),
    Rule("uq_platform_settings_webhook_key", "platform_settings.webhook_key_digest", Constraint::WebhookKey),
    Rule("uq_platform_settings_cdr_secret", "platform_settings.cdr_secret_digest", Constraint::WebhookKey),
    Rule(
        "uq_blocked_callers_pattern",
        "blocked_callers.organization_id, blocked_callers.pattern",
        Constraint::BlockedPattern,
    ),
    named("uq_ring_groups_name", "ring_groups.organization_id, ring_groups.name", ObjectKind::RingGroup),
    named("uq_business_hours_name", "business_hours.organization_id, business_hours.name", ObjectKind::BusinessHours),
    named("uq_holiday_lists_name", "holiday_lists.organization_id, holiday_lists.name", ObjectKind::HolidayList),
    named("uq_ivr_menus_name", "ivr_menus.organization_id, ivr_menus.name", ObjectKind::IvrMenu),
    named(
        "uq_conference_rooms_name",
        "conference_rooms.organization_id, conference_rooms.name",
        ObjectKind::ConferenceRoom,
    ),
    named("uq_voicemail_boxes_name", "voicemail_boxes.organization_id, voicemail_boxes.name", ObjectKind::VoicemailBox),
    named("uq_prompts_name", "prompts.organization_id, prompts.name", ObjectKind::Prompt),
    named("uq_ai_assistants_name", "ai_assistants.organization_id, ai_assistants.name", ObjectKind::AiAssistant),
    named("uq_outbound_rules_name", "outbound_rules.organization_id, outbound_rules.name", ObjectKind::OutboundRule),
];

const fn named(key: &'static str, columns: &'static str, kind: ObjectKind) -> Rule {
    Rule(key, columns, Constraint::Name(kind))
}

/// The rule that an engine's message is about. What has no name of ours is the key of a part: something is there twice.
pub(crate) fn constraint_named(said: &str) -> Constraint {
    // SQLite ends with the columns; MySQL quotes the key, with its table before it from version 8 on.
    let columns = said.rsplit_once("failed: ").map(|(_, columns)| columns.trim());
    let key = said.trim_end().trim_end_matches('\'').rsplit(['\'', '.']).next();
    RULES
        .iter()
        .find(|Rule(name, told, _)| columns == Some(*told) || key == Some(*name))
        .map_or(Constraint::Twice, |Rule(_, _, constraint)| *constraint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_engines_say_the_same() {
        for said in [
            "UNIQUE constraint failed: extensions.organization_id, extensions.number",
            "Duplicate entry '1-1001' for key 'uq_extensions_number'",
            "Duplicate entry '1-1001' for key 'extensions.uq_extensions_number'",
        ] {
            assert_eq!(constraint_named(said), Constraint::ExtensionNumber, "{said}");
        }
    }

    #[test]
    fn a_value_cannot_pretend_to_be_a_key() {
        let said = "Duplicate entry '1-uq_users_email'' for key 'uq_ring_groups_name'";
        assert_eq!(constraint_named(said), Constraint::Name(ObjectKind::RingGroup));
        assert_eq!(constraint_named("Duplicate entry '1-2' for key 'PRIMARY'"), Constraint::Twice);
    }
}
