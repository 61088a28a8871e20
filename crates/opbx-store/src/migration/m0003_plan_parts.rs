//! The parts of the objects of a plan, and where calls go.
//!
//! A part goes with its object. What a part leads to is kept from being deleted, with one exception: an extension that is
//! deleted disappears from the lists of what may not be dialled directly.

use super::definition::{Definition, OnDelete};

const KEY: &[&str] = &["organization_id", "id"];

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::part("ring_group_members", "ring_group_id")
            .number("extension_id")
            .small("position")
            .small("priority")
            .primary(&["organization_id", "ring_group_id", "extension_id"])
            .index("ix_ring_group_members_extension", &["organization_id", "extension_id"])
            .link(
                "fk_ring_group_members_group",
                &["organization_id", "ring_group_id"],
                "ring_groups",
                KEY,
                OnDelete::Follow,
            )
            .link(
                "fk_ring_group_members_extension",
                &["organization_id", "extension_id"],
                "extensions",
                KEY,
                OnDelete::Refuse,
            ),
        Definition::part("business_hours_days", "business_hours_id")
            // Monday is 1.
            .small("weekday")
            .flag("enabled")
            .primary(&["organization_id", "business_hours_id", "weekday"])
            .link(
                "fk_business_hours_days_owner",
                &["organization_id", "business_hours_id"],
                "business_hours",
                KEY,
                OnDelete::Follow,
            ),
        Definition::part("business_hours_ranges", "business_hours_id")
            .small("weekday")
            // Minutes since midnight.
            .small("starts_at")
            .small("ends_at")
            .primary(&["organization_id", "business_hours_id", "weekday", "starts_at"])
            .link(
                "fk_business_hours_ranges_day",
                &["organization_id", "business_hours_id", "weekday"],
                "business_hours_days",
                &["organization_id", "business_hours_id", "weekday"],
                OnDelete::Follow,
            ),
        Definition::part("business_hours_exceptions", "business_hours_id")
            // A local date as `2026-12-25`: no engine's date type is the same in the other.
            .text("date", 10)
            .small("position")
            .long_text("name")
            .text("kind", 16)
            .primary(&["organization_id", "business_hours_id", "date"])
            .link(
                "fk_business_hours_exceptions_owner",
                &["organization_id", "business_hours_id"],
                "business_hours",
                KEY,
                OnDelete::Follow,
            ),
        Definition::part("business_hours_exception_ranges", "business_hours_id")
            .text("date", 10)
            .small("starts_at")
            .small("ends_at")
            .primary(&["organization_id", "business_hours_id", "date", "starts_at"])
            .link(
                "fk_business_hours_exception_ranges_day",
                &["organization_id", "business_hours_id", "date"],
                "business_hours_exceptions",
                &["organization_id", "business_hours_id", "date"],
                OnDelete::Follow,
            ),
        Definition::part("business_hours_holiday_lists", "business_hours_id")
            .small("position")
            .number("holiday_list_id")
            .primary(&["organization_id", "business_hours_id", "position"])
            .index("ix_business_hours_holiday_lists_list", &["organization_id", "holiday_list_id"])
            .link(
                "fk_business_hours_holiday_lists_owner",
                &["organization_id", "business_hours_id"],
                "business_hours",
                KEY,
                OnDelete::Follow,
            )
            .link(
                "fk_business_hours_holiday_lists_list",
                &["organization_id", "holiday_list_id"],
                "holiday_lists",
                KEY,
                OnDelete::Refuse,
            ),
        Definition::part("holiday_list_days", "holiday_list_id")
            .text("date", 10)
            .small("position")
            .long_text("name")
            .text("kind", 16)
            .primary(&["organization_id", "holiday_list_id", "date"])
            .link(
                "fk_holiday_list_days_owner",
                &["organization_id", "holiday_list_id"],
                "holiday_lists",
                KEY,
                OnDelete::Follow,
            ),
        Definition::part("holiday_list_ranges", "holiday_list_id")
            .text("date", 10)
            .small("starts_at")
            .small("ends_at")
            .primary(&["organization_id", "holiday_list_id", "date", "starts_at"])
            .link(
                "fk_holiday_list_ranges_day",
                &["organization_id", "holiday_list_id", "date"],
                "holiday_list_days",
                &["organization_id", "holiday_list_id", "date"],
                OnDelete::Follow,
            ),
        Definition::part("ivr_menu_options", "ivr_menu_id")
            .text("digits", 4)
            .small("position")
            .maybe_text("label", 255)
            .primary(&["organization_id", "ivr_menu_id", "digits"])
            .link("fk_ivr_menu_options_menu", &["organization_id", "ivr_menu_id"], "ivr_menus", KEY, OnDelete::Follow),
        Definition::part("ivr_menu_exclusions", "ivr_menu_id")
            .small("position")
            .number("extension_id")
            .primary(&["organization_id", "ivr_menu_id", "position"])
            .index("ix_ivr_menu_exclusions_extension", &["organization_id", "extension_id"])
            .link(
                "fk_ivr_menu_exclusions_menu",
                &["organization_id", "ivr_menu_id"],
                "ivr_menus",
                KEY,
                OnDelete::Follow,
            )
            .link(
                "fk_ivr_menu_exclusions_extension",
                &["organization_id", "extension_id"],
                "extensions",
                KEY,
                OnDelete::Follow,
            ),
        destinations(),
    ]
}

/// Every place from which a call can go somewhere, one row for each step (a destination behind an announcement is a second
/// step). The eight kinds that name an object have a column each, so that the database itself checks that the object exists
/// in this organization, and "what leads to X" is one look-up in one index. Rejected: the destination as JSON at its
/// owner (nothing checks it, nothing finds it), and a second table of uses beside that JSON (two truths).
///
/// The owner has no link for the same reason that it would need eight more columns; its rows are removed with it by the one
/// function that removes an object.
fn destinations() -> Definition {
    let mut table = Definition::table("destinations")
        .number("organization_id")
        .text("owner_kind", 20)
        .number("owner_id")
        // Which of the owner's places: `forward_busy`, `option:1`, `exception:2026-12-25`.
        .text("slot", 24)
        .small("step")
        .text("kind", 20)
        .maybe_text("forward_to", 300)
        .primary(&["organization_id", "owner_kind", "owner_id", "slot", "step"])
        .index("ix_destinations_forward_to", &["organization_id", "forward_to"])
        .of_organization("fk_destinations_organization");
    let ends: [(&'static [&'static str], &'static str, &'static str, &'static str); 8] = [
        (&["organization_id", "extension_id"], "extensions", "ix_destinations_extension", "fk_destinations_extension"),
        (
            &["organization_id", "ring_group_id"],
            "ring_groups",
            "ix_destinations_ring_group",
            "fk_destinations_ring_group",
        ),
        (&["organization_id", "ivr_menu_id"], "ivr_menus", "ix_destinations_ivr_menu", "fk_destinations_ivr_menu"),
        (
            &["organization_id", "business_hours_id"],
            "business_hours",
            "ix_destinations_business_hours",
            "fk_destinations_business_hours",
        ),
        (
            &["organization_id", "conference_room_id"],
            "conference_rooms",
            "ix_destinations_conference_room",
            "fk_destinations_conference_room",
        ),
        (
            &["organization_id", "voicemail_box_id"],
            "voicemail_boxes",
            "ix_destinations_voicemail_box",
            "fk_destinations_voicemail_box",
        ),
        (
            &["organization_id", "ai_assistant_id"],
            "ai_assistants",
            "ix_destinations_ai_assistant",
            "fk_destinations_ai_assistant",
        ),
        (&["organization_id", "prompt_id"], "prompts", "ix_destinations_prompt", "fk_destinations_prompt"),
    ];
    for (columns, end, index, link) in ends {
        if let [_, column] = columns {
            table = table.maybe_number(column);
        }
        table = table.index(index, columns).link(link, columns, end, KEY, OnDelete::Refuse);
    }
    table
}
