//! The objects of a plan: one table for each kind.
//!
//! Links stand as composite keys with the organization in them, so that the database refuses one that leads into another
//! organization. Where a call can go is not a link of these tables; see `destinations` in the next step.

use super::definition::{Definition, OnDelete};

pub(super) fn tables() -> Vec<Definition> {
    vec![
        named("prompts", "uq_prompts_key", "uq_prompts_name", "fk_prompts_organization")
            .text("kind", 16)
            .maybe_long_text("spoken_text")
            .maybe_text("voice", 100)
            .maybe_text("url", 2_000),
        Definition::object("phone_numbers", "uq_phone_numbers_key")
            .text("number", 16)
            .maybe_text("name", 255)
            .text("status", 16)
            .maybe_text("recording", 16)
            .maybe_flag("reject_anonymous")
            .maybe_text("caller_name_prefix", 20)
            .unique("uq_phone_numbers_number", &["number"])
            .of_organization("fk_phone_numbers_organization"),
        Definition::table("organization_settings")
            .number("organization_id")
            .text("language", 35)
            .maybe_text("voice", 100)
            .small("no_answer_timeout")
            .small("max_call_seconds")
            .text("recording", 16)
            .maybe_number("recording_notice_prompt_id")
            .flag("reject_anonymous")
            .flag("mask_numbers")
            .maybe_text("emergency_caller_id", 16)
            .primary(&["organization_id"])
            .of_organization("fk_organization_settings_organization")
            .link(
                "fk_organization_settings_notice",
                &["organization_id", "recording_notice_prompt_id"],
                "prompts",
                &["organization_id", "id"],
                OnDelete::Refuse,
            ),
        Definition::object("extensions", "uq_extensions_key")
            .text("number", 5)
            .text("name", 255)
            .text("status", 16)
            .text("kind", 16)
            .maybe_number("user_id")
            .maybe_text("sip_uri", 255)
            .flag("voicemail_enabled")
            .maybe_small("ring_timeout")
            .flag("do_not_disturb")
            .text("outbound_permission", 16)
            .maybe_number("caller_id_phone_number_id")
            .maybe_text("recording", 16)
            .maybe_number("cap_concurrent")
            .maybe_number("cap_per_minute")
            .maybe_number("cap_per_day")
            .maybe_number("cap_cost_per_day")
            .maybe_bytes("sip_password_sealed", 600)
            .unique("uq_extensions_number", &["organization_id", "number"])
            .index("ix_extensions_user", &["organization_id", "user_id"])
            .index("ix_extensions_caller_id", &["organization_id", "caller_id_phone_number_id"])
            .of_organization("fk_extensions_organization")
            .link(
                "fk_extensions_user",
                &["organization_id", "user_id"],
                "users",
                &["organization_id", "id"],
                OnDelete::Refuse,
            )
            .link(
                "fk_extensions_caller_id",
                &["organization_id", "caller_id_phone_number_id"],
                "phone_numbers",
                &["organization_id", "id"],
                OnDelete::Refuse,
            ),
        named(
            "voicemail_boxes",
            "uq_voicemail_boxes_key",
            "uq_voicemail_boxes_name",
            "fk_voicemail_boxes_organization",
        )
        .maybe_number("extension_id")
        .maybe_bytes("pin_sealed", 100)
        .maybe_number("greeting_prompt_id")
        .small("max_length")
        .small("max_messages")
        .maybe_text("email", 254)
        .text("email_mode", 8)
        .index("ix_voicemail_boxes_extension", &["organization_id", "extension_id"])
        .index("ix_voicemail_boxes_greeting", &["organization_id", "greeting_prompt_id"])
        .link(
            "fk_voicemail_boxes_extension",
            &["organization_id", "extension_id"],
            "extensions",
            &["organization_id", "id"],
            OnDelete::Refuse,
        )
        .link(
            "fk_voicemail_boxes_greeting",
            &["organization_id", "greeting_prompt_id"],
            "prompts",
            &["organization_id", "id"],
            OnDelete::Refuse,
        ),
        named("ring_groups", "uq_ring_groups_key", "uq_ring_groups_name", "fk_ring_groups_organization")
            .maybe_text("description", 1_000)
            .text("strategy", 16)
            .small("timeout")
            .small("ring_turns")
            .flag("follow_forwards")
            .maybe_text("recording", 16)
            .maybe_text("caller_name_prefix", 20),
        named("business_hours", "uq_business_hours_key", "uq_business_hours_name", "fk_business_hours_organization")
            .maybe_text("timezone", 100)
            .text("override_mode", 8)
            .maybe_number("override_until")
            .maybe_long_text("override_reason"),
        named("holiday_lists", "uq_holiday_lists_key", "uq_holiday_lists_name", "fk_holiday_lists_organization"),
        menus(),
        named(
            "conference_rooms",
            "uq_conference_rooms_key",
            "uq_conference_rooms_name",
            "fk_conference_rooms_organization",
        )
        .maybe_text("description", 1_000)
        .small("max_participants")
        .maybe_bytes("pin_sealed", 100)
        .maybe_bytes("host_pin_sealed", 100)
        .flag("wait_for_host")
        .flag("mute_on_entry")
        .flag("announce_join_leave")
        .flag("music_on_hold")
        .flag("recording")
        .flag("end_on_host_exit"),
        named("ai_assistants", "uq_ai_assistants_key", "uq_ai_assistants_name", "fk_ai_assistants_organization")
            .text("connection", 8)
            .maybe_text("provider", 60)
            .maybe_text("service_number", 100)
            .maybe_text("sip_uri", 255)
            .maybe_text("url", 2_000)
            .maybe_text("username", 1_000)
            .maybe_bytes("password_sealed", 4_500)
            .long_text("parameters"),
        named("outbound_rules", "uq_outbound_rules_key", "uq_outbound_rules_name", "fk_outbound_rules_organization")
            .number("position")
            .long_text("countries")
            .long_text("prefixes")
            .maybe_small("min_length")
            .maybe_small("max_length")
            .small("strip")
            .text("prepend", 16)
            .maybe_text("trunk", 100)
            .text("caller_id_policy", 16)
            .maybe_number("caller_id_phone_number_id")
            .flag("national")
            .flag("international")
            .flag("allow_premium")
            .index("ix_outbound_rules_caller_id", &["organization_id", "caller_id_phone_number_id"])
            .link(
                "fk_outbound_rules_caller_id",
                &["organization_id", "caller_id_phone_number_id"],
                "phone_numbers",
                &["organization_id", "id"],
                OnDelete::Refuse,
            ),
        Definition::object("blocked_callers", "uq_blocked_callers_key")
            .text("pattern", 16)
            .maybe_text("reason", 1_000)
            .maybe_number("expires_at")
            .text("status", 16)
            .unique("uq_blocked_callers_pattern", &["organization_id", "pattern"])
            .of_organization("fk_blocked_callers_organization"),
    ]
}

/// An object with a name of its own and a status.
fn named(table: &'static str, key: &'static str, name: &'static str, link: &'static str) -> Definition {
    Definition::object(table, key)
        .text("name", 255)
        .text("status", 16)
        .unique(name, &["organization_id", "name"])
        .of_organization(link)
}

fn menus() -> Definition {
    const PROMPT: &[&str] = &["organization_id", "id"];
    named("ivr_menus", "uq_ivr_menus_key", "uq_ivr_menus_name", "fk_ivr_menus_organization")
        .maybe_number("prompt_id")
        .maybe_long_text("prompt_text")
        .maybe_text("prompt_voice", 100)
        .maybe_number("invalid_prompt_id")
        .maybe_long_text("invalid_prompt_text")
        .maybe_text("invalid_prompt_voice", 100)
        .maybe_number("silence_prompt_id")
        .maybe_long_text("silence_prompt_text")
        .maybe_text("silence_prompt_voice", 100)
        .small("max_timeout")
        .small("inter_digit_timeout")
        .small("max_turns")
        .flag("direct_dial")
        .index("ix_ivr_menus_prompt", &["organization_id", "prompt_id"])
        .index("ix_ivr_menus_invalid_prompt", &["organization_id", "invalid_prompt_id"])
        .index("ix_ivr_menus_silence_prompt", &["organization_id", "silence_prompt_id"])
        .link("fk_ivr_menus_prompt", &["organization_id", "prompt_id"], "prompts", PROMPT, OnDelete::Refuse)
        .link(
            "fk_ivr_menus_invalid_prompt",
            &["organization_id", "invalid_prompt_id"],
            "prompts",
            PROMPT,
            OnDelete::Refuse,
        )
        .link(
            "fk_ivr_menus_silence_prompt",
            &["organization_id", "silence_prompt_id"],
            "prompts",
            PROMPT,
            OnDelete::Refuse,
        )
}
