//! Who is signed in, and with what: sessions, tokens, second factors, links that work once.

use super::definition::{Definition, OnDelete};

const USER: &[&str] = &["organization_id", "user_id"];
const KEY: &[&str] = &["organization_id", "id"];

pub(super) fn tables() -> Vec<Definition> {
    vec![
        Definition::table("sessions")
            .id()
            .number("organization_id")
            .number("user_id")
            // Only a digest: whoever reads the database cannot sign in with what stands there.
            .bytes("secret_digest", 32)
            .text("device", 255)
            .text("address", 64)
            .number("created_at")
            .number("last_seen_at")
            .number("expires_at")
            .index("ix_sessions_user", USER)
            .index("ix_sessions_expiry", &["expires_at"])
            .link("fk_sessions_user", USER, "users", KEY, OnDelete::Follow),
        Definition::table("api_tokens")
            .id()
            .number("organization_id")
            .number("user_id")
            .text("name", 255)
            .long_text("abilities")
            .bytes("secret_digest", 32)
            .number("created_at")
            .maybe_number("last_used_at")
            .maybe_number("expires_at")
            .index("ix_api_tokens_user", USER)
            .link("fk_api_tokens_user", USER, "users", KEY, OnDelete::Follow),
        // Of no organization: those of resellers and operators.
        Definition::table("installation_tokens")
            .id()
            .text("name", 255)
            .bytes("secret_digest", 32)
            .number("created_at")
            .maybe_number("last_used_at"),
        // A link in a mail, or the answer to the first half of a sign-in. Each works once.
        Definition::table("one_time_codes")
            .id()
            .number("organization_id")
            .number("user_id")
            .text("purpose", 24)
            .bytes("secret_digest", 32)
            .small("tries")
            .number("created_at")
            .number("expires_at")
            .index("ix_one_time_codes_user", USER)
            .index("ix_one_time_codes_expiry", &["expires_at"])
            .link("fk_one_time_codes_user", USER, "users", KEY, OnDelete::Follow),
        Definition::table("second_factors")
            .number("organization_id")
            .number("user_id")
            .bytes("secret_sealed", 200)
            .maybe_number("confirmed_at")
            // The step of the last code that was taken: a code works once.
            .maybe_number("last_step")
            .primary(USER)
            .link("fk_second_factors_user", USER, "users", KEY, OnDelete::Follow),
        Definition::table("recovery_codes")
            .number("organization_id")
            .number("user_id")
            .bytes("digest", 32)
            .primary(&["organization_id", "user_id", "digest"])
            .link("fk_recovery_codes_user", USER, "users", KEY, OnDelete::Follow),
    ]
}
