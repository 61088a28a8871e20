//! Work for later: what a change leaves to be done, and what the hour of the day brings.

use super::definition::{Definition, OnDelete};

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("jobs")
            .id()
            // None: work of the installation.
            .maybe_number("organization_id")
            .text("kind", 40)
            .long_text("payload")
            // What of it nobody may read in the database: a link that signs someone in.
            .maybe_bytes("secret_sealed", 4_000)
            .maybe_text("unique_key", 190)
            // The smaller, the sooner.
            .small("priority")
            .text("state", 8)
            .number("run_at")
            .small("attempts")
            .small("max_attempts")
            .maybe_text("lease_owner", 64)
            .maybe_number("lease_until")
            .maybe_text("last_error", 1_000)
            .number("created_at")
            .maybe_number("finished_at")
            .unique("uq_jobs_key", &["unique_key"])
            .index("ix_jobs_due", &["state", "run_at"])
            .index("ix_jobs_leases", &["state", "lease_until"])
            .index("ix_jobs_finished", &["state", "finished_at"])
            .index("ix_jobs_organization", &["organization_id"])
            .link("fk_jobs_organization", &["organization_id"], "organizations", &["id"], OnDelete::Follow),
    ]
}
