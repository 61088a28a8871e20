//! The files of prompts: those that were uploaded, and our copies of those elsewhere.

use super::definition::{Definition, OnDelete};

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::part("prompt_files", "prompt_id")
            // `ready`, or `unreachable` with an error and nothing else. No row: nothing was fetched yet, or nothing has to be.
            .text("state", 16)
            .maybe_text("error", 255)
            .maybe_text("format", 8)
            .maybe_number("bytes")
            .maybe_number("milliseconds")
            .maybe_bytes("digest", 32)
            .maybe_text("blob_key", 100)
            .primary(&["organization_id", "prompt_id"])
            .link(
                "fk_prompt_files_prompt",
                &["organization_id", "prompt_id"],
                "prompts",
                &["organization_id", "id"],
                OnDelete::Follow,
            ),
    ]
}
