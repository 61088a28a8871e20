//! What an organization decides about its people and its data: nothing that decides a call.

use super::definition::Definition;

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
    ]
}
