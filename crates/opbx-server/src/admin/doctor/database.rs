//! The database: whether it answers, how its schema stands, whether it is whole, whether the key is its own.

use super::Finding;
use crate::admin::{Place, chain};
use opbx_store::{OpenError, Store};

const CHECK: &str = "database";

impl Place {
    /// A handle to the database, if there are a key and a file to make one with.
    pub(super) fn reached(&self) -> Option<Store> {
        if self.location().file().is_some_and(|file| !file.exists()) {
            return None;
        }
        let key = self.key().ok().flatten()?;
        Some(Store::lazy(self.location(), self.keyring(&key).ok()?, opbx_store::Settings::default()))
    }
}

pub(super) async fn findings(place: &Place, store: Option<&Store>) -> Vec<Finding> {
    let location = place.location();
    let Some(store) = store else {
        let missing = location.file().is_some_and(|file| !file.exists());
        return vec![if missing && place.has_snapshots().unwrap_or(false) {
            let text = format!("The database {location} is missing, and there are snapshots of what was in it.");
            let remedy = "Bring the file back, or a backup with `opbx restore`; `opbx serve` routes calls meanwhile.";
            Finding::fault(CHECK, text, remedy)
        } else if missing {
            let text = format!("There is no database {location} yet.");
            Finding::warning(CHECK, text, "`opbx org create` makes it.")
        } else {
            let text = format!("The database {location} was not looked at.");
            Finding::fault(
                CHECK,
                text,
                "Bring the secret key back first; without it nothing of its secrets can be read.",
            )
        }];
    };
    match store.examine().await {
        Err(fault) => vec![refused(&fault)],
        Ok(_) if store.is_empty().await.unwrap_or(false) => {
            let text = format!("The database {location} is empty.");
            vec![Finding::warning(CHECK, text, "`opbx org create` or `opbx serve` makes its tables.")]
        }
        Ok(pending) => looked_at(store, pending).await,
    }
}

fn refused(fault: &OpenError) -> Finding {
    let remedy = match fault {
        OpenError::Foreign { .. } => "Name a database of its own with OPBX_DATABASE_URL.",
        OpenError::Newer { .. } => "Run the version of OPBX that changed it, or restore a backup made before.",
        OpenError::NotMade { .. } | OpenError::Broken { .. } => {
            "See that the database runs and that OPBX_DATABASE_URL names it; a broken file comes back with `opbx restore`."
        }
    };
    let mut text = chain(fault);
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Finding::fault(CHECK, format!("{text}."), remedy)
}

async fn looked_at(store: &Store, pending: usize) -> Vec<Finding> {
    let location = store.location();
    let mut findings = Vec::new();
    if pending > 0 {
        let text = format!("The database {location} was written by an older OPBX: {pending} steps are missing.");
        findings.push(Finding::warning(CHECK, text, "`opbx serve` brings it up to date."));
    }
    match store.broken().await {
        Ok(broken) if broken.is_empty() => {}
        Ok(broken) => {
            let text = format!("The database {location} is damaged: {}.", broken.join("; "));
            findings.push(Finding::fault(CHECK, text, "Restore a backup with `opbx restore`."));
        }
        Err(fault) => {
            let text = format!("The database {location} cannot be read: {}.", chain(&fault));
            findings.push(Finding::fault(CHECK, text, "Restore a backup with `opbx restore`."));
        }
    }
    if pending == 0 && store.opens_its_secrets().await.is_ok_and(|opens| opens == Some(false)) {
        findings.push(Finding::fault(
            CHECK,
            "The secret key is not the one that the secrets in the database were sealed with.",
            "Set OPBX_SECRET_KEY to that one, or bring `secret.key` back from a backup.",
        ));
    }
    if findings.is_empty() {
        let engine = store.engine().await.unwrap_or_else(|_| "it".to_owned());
        findings.push(Finding::ok(CHECK, format!("{location} answers ({engine}), is up to date and whole.")));
    }
    findings
}
