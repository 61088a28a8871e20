//! What is counted over calls, kept in the transaction of the calls themselves; and what of them is gone.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![cuts(), hours(), shares(), payload_marks()]
}

/// In which zone an organization's counts are cut, and how far another cut has come that will take its place.
fn cuts() -> Definition {
    Definition::table("statistics_cuts")
        .number("organization_id")
        .number("generation")
        .text("timezone", 64)
        // The first day of which no call was let go with time: what is older can only be kept as it is.
        .maybe_small("whole_from")
        .maybe_number("next_generation")
        .maybe_text("next_timezone", 64)
        // The last call that the next cut counts.
        .maybe_number("next_after")
        .primary(&["organization_id"])
        .goes_with_organization("fk_statistics_cuts_organization")
}

/// Of each hour, direction and disposition. Days are counted from 1970; no disposition is an empty text, since a part of a
/// key is never absent.
fn hours() -> Definition {
    Definition::table("statistics_hours")
        .number("organization_id")
        .number("generation")
        .small("day")
        .number("start")
        .text("direction", 8)
        .text("disposition", 9)
        .small("hour")
        .number("calls")
        .number("missed")
        .number("duration")
        .number("talk")
        .number("waited")
        // Milliseconds, and millionths.
        .number("wait")
        .number("cost")
        .clustered(&["organization_id", "generation", "day", "start", "direction", "disposition"])
        .goes_with_organization("fk_statistics_hours_organization")
}

/// Of each day, and again of each month, for whatever calls are counted: a year is eleven months and some days, not 365
/// days.
fn shares() -> Definition {
    Definition::table("statistics_shares")
        .number("organization_id")
        .number("generation")
        .text("kind", 10)
        .text("span", 5)
        .small("day")
        // 0: it has none and is told by its name.
        .number("thing_id")
        .text("name", 255)
        .number("calls")
        .clustered(&["organization_id", "generation", "kind", "span", "day", "thing_id", "name"])
        .goes_with_organization("fk_statistics_shares_organization")
}

/// Of which calls no payload is kept any more: of those that began before an instant. Without it every night would look at
/// all calls again whose payload went in another night.
fn payload_marks() -> Definition {
    Definition::table("payload_marks")
        .number("organization_id")
        .number("gone_before")
        .primary(&["organization_id"])
        .goes_with_organization("fk_payload_marks_organization")
}
