//! Organizations, who may sign in, and what the platform knows an organization by.

use super::definition::Definition;

pub(super) fn tables() -> Vec<Definition> {
    vec![
        // What is asked for before anything else of an organization is. What its plan needs beyond that stands in
        // `organization_settings`, which may refer to the plan's objects and therefore comes after them.
        Definition::table("organizations")
            .id()
            .text("name", 255)
            .text("slug", 63)
            .text("status", 16)
            .text("country", 2)
            .text("timezone", 100)
            // Raised by every change of what decides calls.
            .number("plan_revision")
            .number("revision")
            .number("created_at")
            .number("updated_at")
            .unique("uq_organizations_slug", &["slug"]),
        Definition::object("users", "uq_users_key")
            .text("name", 255)
            // Lower case, so that it is unique whatever the spelling.
            .text("email", 254)
            .text("role", 16)
            .text("status", 16)
            .maybe_text("phone", 32)
            .maybe_text("password_hash", 255)
            .unique("uq_users_email", &["email"])
            .of_organization("fk_users_organization"),
        Definition::table("organization_limits")
            .number("organization_id")
            .maybe_number("outbound_concurrent")
            .maybe_number("outbound_per_minute")
            .maybe_number("outbound_per_day")
            .maybe_number("outbound_cost_per_day")
            .maybe_number("extension_concurrent")
            .maybe_number("extension_per_minute")
            .maybe_number("extension_per_day")
            .maybe_number("extension_cost_per_day")
            .maybe_number("extensions")
            .maybe_number("storage_mb")
            .maybe_number("api_per_minute")
            .number("updated_at")
            .primary(&["organization_id"])
            .of_organization("fk_organization_limits_organization"),
        Definition::table("platform_settings")
            .number("organization_id")
            .maybe_text("domain", 253)
            .maybe_text("domain_uuid", 64)
            .maybe_bytes("api_key_sealed", 1_100)
            .maybe_bytes("webhook_key_digest", 32)
            .maybe_bytes("webhook_key_sealed", 600)
            // The key before the present one, and until when it still counts.
            .maybe_bytes("former_webhook_key_digest", 32)
            .maybe_number("former_webhook_key_until")
            .maybe_bytes("cdr_secret_digest", 32)
            .maybe_bytes("cdr_secret_sealed", 600)
            .maybe_text("public_url", 2_000)
            .maybe_text("recording_format", 8)
            .number("revision")
            .number("updated_at")
            .primary(&["organization_id"])
            .unique("uq_platform_settings_domain", &["domain"])
            .unique("uq_platform_settings_domain_uuid", &["domain_uuid"])
            .unique("uq_platform_settings_webhook_key", &["webhook_key_digest"])
            .unique("uq_platform_settings_cdr_secret", &["cdr_secret_digest"])
            .index("ix_platform_settings_former_key", &["former_webhook_key_digest"])
            .of_organization("fk_platform_settings_organization"),
    ]
}
