//! Who is told by mail of calls that nobody took.

use super::definition::{Definition, OnDelete};

const KEY: &[&str] = &["organization_id", "id"];

pub(super) fn tables() -> Vec<Definition> {
    vec![extensions(), ring_groups()]
}

/// No row: nobody.
fn extensions() -> Definition {
    const OWNER: &[&str] = &["organization_id", "extension_id"];
    Definition::part("extension_missed_mail", "extension_id").text("email", 254).primary(OWNER).link(
        "fk_extension_missed_mail_extension",
        OWNER,
        "extensions",
        KEY,
        OnDelete::Follow,
    )
}

fn ring_groups() -> Definition {
    const OWNER: &[&str] = &["organization_id", "ring_group_id"];
    Definition::part("ring_group_missed_mail", "ring_group_id").text("email", 254).primary(OWNER).link(
        "fk_ring_group_missed_mail_ring_group",
        OWNER,
        "ring_groups",
        KEY,
        OnDelete::Follow,
    )
}
