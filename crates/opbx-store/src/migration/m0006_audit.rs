//! What happened: the audit log, and where its chain begins and ends.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("audit_entries")
            .id()
            .number("organization_id")
            // Counted within the organization, without a gap.
            .number("sequence")
            .number("at")
            .text("actor_kind", 16)
            .maybe_number("actor_id")
            .text("actor_name", 255)
            .text("action", 40)
            .text("object_type", 24)
            .maybe_number("object_id")
            .text("object_name", 255)
            .maybe_longest_text("before_change")
            .maybe_longest_text("after_change")
            .maybe_text("request_id", 36)
            .maybe_text("address", 64)
            // Without it the digest of an erased content tells nothing.
            .maybe_bytes("salt", 16)
            .bytes("digest", 32)
            .bytes("chain", 32)
            .unique("uq_audit_entries_sequence", &["organization_id", "sequence"])
            .index("ix_audit_entries_object", &["organization_id", "object_type", "object_id"])
            .index("ix_audit_entries_at", &["organization_id", "at"])
            .of_organization("fk_audit_entries_organization"),
        Definition::table("audit_heads")
            .number("organization_id")
            // The entry before the oldest one that is kept.
            .number("base_sequence")
            .bytes("base_chain", 32)
            .number("sequence")
            .bytes("chain", 32)
            .primary(&["organization_id"])
            .of_organization("fk_audit_heads_organization"),
    ]
}
