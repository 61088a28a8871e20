//! What was decided for calls.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        // Written once and never changed: no revision, one instant. Every index costs each call a little, so there are
        // the three that are asked: a call (with or without its organization), an organization from somewhere on, and
        // what is old. An index ends with the identifier by itself on either engine, so only the key of an organization's
        // rows names it.
        Definition::table("decisions")
            .id()
            .number("organization_id")
            // The platform's token of the call; empty where it gave none.
            .text("call_id", 255)
            .number("at")
            // Where in the call: its start, or what it waited for.
            .text("place", 32)
            .text("from_party", 255)
            .text("to_party", 255)
            .text("outcome", 64)
            .number("micros")
            .longest_text("document")
            .longest_text("trace")
            .unique("uq_decisions_key", &["organization_id", "id"])
            .index("ix_decisions_call", &["call_id", "organization_id"])
            .index("ix_decisions_at", &["at"])
            .goes_with_organization("fk_decisions_organization"),
    ]
}
