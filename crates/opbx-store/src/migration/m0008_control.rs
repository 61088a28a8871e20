//! What an organization decides about its people and its data, and the sound of its prompts: nothing that decides a call.

use super::definition::{Definition, OnDelete};

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("organization_control")
            .number("organization_id")
            .flag("require_second_factor")
            .maybe_text("product_name", 100)
            .maybe_text("logo", 2_000)
            .maybe_text("accent", 7)
            .primary(&["organization_id"])
            .of_organization("fk_organization_control_organization"),
        // Days; zero is for ever.
        Definition::table("organization_retention")
            .number("organization_id")
            .small("records")
            .small("recordings")
            .small("traces")
            .small("raw_payloads")
            .small("voicemail")
            .small("audit")
            .primary(&["organization_id"])
            .of_organization("fk_organization_retention_organization"),
        Definition::table("prompt_audio")
            .number("organization_id")
            .number("prompt_id")
            // `ready`, or `receiving`, `unreachable`, `failed` for one that is fetched from elsewhere.
            .text("state", 16)
            .maybe_text("blob", 100)
            .maybe_text("media_type", 40)
            .maybe_number("bytes")
            .maybe_number("milliseconds")
            .maybe_text("error", 255)
            .number("updated_at")
            .primary(&["organization_id", "prompt_id"])
            .link(
                "fk_prompt_audio_prompt",
                &["organization_id", "prompt_id"],
                "prompts",
                &["organization_id", "id"],
                OnDelete::Follow,
            ),
    ]
}
