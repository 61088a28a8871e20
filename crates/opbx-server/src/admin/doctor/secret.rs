//! The installation's secret.

use super::Finding;
use crate::admin::{Place, chain, generated_key};
use std::os::unix::fs::PermissionsExt;

const CHECK: &str = "secret_key";

/// Whether there is one, and whether it is kept to its owner. Whether it fits the database is the database's check.
pub(super) fn finding(place: &Place) -> Finding {
    if place.secret_key.is_some() {
        return Finding::ok(CHECK, "The secret key is set.");
    }
    let file = generated_key::file(&place.data_dir);
    let name = file.display();
    match place.key() {
        Err(fault) => Finding::fault(
            CHECK,
            format!("{}.", chain(&fault)),
            "Bring the file back from a backup, or set OPBX_SECRET_KEY to the secret that it held.",
        ),
        Ok(None) if place.location().file().is_some_and(|file| !file.exists()) => Finding::warning(
            CHECK,
            "There is no secret key yet.",
            "It is made together with the database; or set OPBX_SECRET_KEY to a text of at least 32 characters.",
        ),
        Ok(None) => Finding::fault(
            CHECK,
            format!("OPBX_SECRET_KEY is not set, and {name} is missing."),
            "Bring the file back from a backup, or set OPBX_SECRET_KEY to the secret that it held.",
        ),
        Ok(Some(_)) => match std::fs::metadata(&file).map(|found| found.permissions().mode() & 0o777) {
            Ok(rights) if rights & 0o077 != 0 => Finding::fault(
                CHECK,
                format!("Others than its owner may read {name} (its rights are {rights:o})."),
                format!("Run `chmod 600 {name}`."),
            ),
            _ => Finding::ok(CHECK, format!("{name} holds it, for its owner only.")),
        },
    }
}
