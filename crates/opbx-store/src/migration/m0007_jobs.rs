//! Work for later, and answers that are given again.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("jobs")
            .id()
            // None for the installation's own.
            .maybe_number("organization_id")
            .text("kind", 40)
            .maybe_longest_text("payload")
            // At most one unfinished job has it; it is taken away when the job ends.
            .maybe_text("unique_key", 190)
            .small("priority")
            .text("state", 12)
            .small("attempts")
            .small("max_attempts")
            .number("run_at")
            .maybe_text("worker", 64)
            .maybe_number("lease_until")
            .maybe_long_text("last_error")
            .number("created_at")
            .maybe_number("finished_at")
            .unique("uq_jobs_unique_key", &["unique_key"])
            .index("ix_jobs_due", &["state", "run_at", "priority"])
            .index("ix_jobs_organization", &["organization_id", "state"])
            .of_organization("fk_jobs_organization"),
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
