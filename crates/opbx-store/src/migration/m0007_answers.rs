//! Answers that are given again.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("idempotent_answers")
            .number("organization_id")
            // A digest of actor, route and key, so that a key of any length has one place.
            .bytes("request_key", 32)
            .bytes("body_digest", 32)
            // None while the first request is at work.
            .maybe_small("status")
            .maybe_text("location", 255)
            .maybe_longest_text("body")
            .number("created_at")
            .primary(&["organization_id", "request_key"])
            .index("ix_idempotent_answers_age", &["created_at"])
            .of_organization("fk_idempotent_answers_organization"),
    ]
}
