//! Calls: a row for each, what it is made of, and what it is known by.

use super::definition::{Definition, OnDelete};

const CALL: &[&str] = &["organization_id", "of_call"];
const CALL_KEY: &[&str] = &["organization_id", "id"];

pub(super) fn tables() -> Vec<Definition> {
    vec![calls(), evidence(), keys(), legs(), deliveries(), texts()]
}

/// What people see and ask for, read off the evidence. What a call led to is named as it was called then, and has no link:
/// a call that was may tell of what is no longer, and what is told of it must never be refused.
fn calls() -> Definition {
    Definition::table("calls")
        .id()
        .number("organization_id")
        .text("call_id", 255)
        .text("direction", 8)
        .text("status", 10)
        .maybe_text("disposition", 9)
        .flag("live")
        .text("from_number", 255)
        .text("to_number", 255)
        .maybe_text("caller_name", 255)
        .maybe_number("phone_number_id")
        .maybe_text("phone_number", 255)
        .maybe_number("extension_id")
        .maybe_text("extension_number", 255)
        .maybe_number("ring_group_id")
        .maybe_text("ring_group_name", 255)
        .number("initiated_at")
        .maybe_number("answered_at")
        .maybe_number("ended_at")
        .maybe_number("duration")
        .maybe_number("billsec")
        .maybe_text("answered_by", 255)
        // Millionths of the currency.
        .maybe_number("cost")
        .maybe_text("recording_url", 2_000)
        // The digits of the number outside, where there is one that could be called.
        .maybe_text("outside", 32)
        .flag("missed")
        .flag("conversation")
        // When somebody said that a missed call is settled.
        .maybe_number("returned_at")
        .number("last_received_at")
        .unique("uq_calls_key", CALL_KEY)
        // An index ends with the identifier by itself on either engine, so each of these holds the order of the log.
        .index("ix_calls_order", &["organization_id", "initiated_at"])
        .index("ix_calls_live", &["organization_id", "live", "last_received_at"])
        .index("ix_calls_from", &["organization_id", "from_number", "initiated_at"])
        .index("ix_calls_to", &["organization_id", "to_number", "initiated_at"])
        .index("ix_calls_extension", &["organization_id", "extension_id", "initiated_at"])
        .index("ix_calls_ring_group", &["organization_id", "ring_group_id", "initiated_at"])
        .index("ix_calls_phone_number", &["organization_id", "phone_number_id", "initiated_at"])
        .index("ix_calls_outside", &["organization_id", "outside", "initiated_at"])
        .index("ix_calls_missed", &["organization_id", "missed", "initiated_at"])
        .goes_with_organization("fk_calls_organization")
}

/// What a row was read off, to be joined with what comes later. Apart from the row, so that lists read little.
fn evidence() -> Definition {
    part("call_evidence")
        .longest_text("evidence")
        // The record that counts, word by word.
        .maybe_longest_text("payload")
        .primary(CALL)
        .link("fk_call_evidence_call", CALL, "calls", CALL_KEY, OnDelete::Follow)
}

/// What calls are known by. The key is what keeps one call from having two rows.
fn keys() -> Definition {
    Definition::table("call_keys")
        .number("organization_id")
        .bytes("key_digest", 32)
        .number("of_call")
        .primary(&["organization_id", "key_digest"])
        .index("ix_call_keys_call", CALL)
        .link("fk_call_keys_call", CALL, "calls", CALL_KEY, OnDelete::Follow)
}

fn legs() -> Definition {
    part("call_legs")
        .small("place")
        .text("kind", 12)
        .maybe_number("extension_id")
        .text("number", 255)
        .maybe_text("name", 255)
        .text("via_kind", 12)
        .maybe_number("ring_group_id")
        .maybe_text("via_name", 255)
        .number("started_at")
        .maybe_number("answered_at")
        .maybe_number("ended_at")
        .maybe_text("result", 20)
        .primary(&["organization_id", "of_call", "place"])
        .link("fk_call_legs_call", CALL, "calls", CALL_KEY, OnDelete::Follow)
}

/// Deliveries that were applied: what comes again within a day has no effect.
fn deliveries() -> Definition {
    Definition::table("call_deliveries")
        .number("organization_id")
        .bytes("key_digest", 32)
        .number("expires_at")
        .primary(&["organization_id", "key_digest"])
        .index("ix_call_deliveries_expiry", &["expires_at"])
        .goes_with_organization("fk_call_deliveries_organization")
}

/// Every number and name that calls of an organization ever showed, once: what is contained in one is looked for here, among
/// thousands, and not among millions of calls.
fn texts() -> Definition {
    Definition::table("call_texts")
        .number("organization_id")
        .text("text", 255)
        .primary(&["organization_id", "text"])
        .goes_with_organization("fk_call_texts_organization")
}

fn part(name: &'static str) -> Definition {
    Definition::part(name, "of_call")
}
