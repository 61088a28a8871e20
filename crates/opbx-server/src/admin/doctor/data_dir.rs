//! The data directory, and the disk below it.

use super::Finding;
use crate::admin::chain;
use crate::storage::{LEAST_FREE, free, writable};
use opbx_store::{DataDir, Holder};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const CHECK: &str = "data_directory";
const DISK: &str = "disk";

/// Whether it is there, who may enter it, whether it takes files, and who has it.
pub(super) fn findings(data_dir: &Path) -> Vec<Finding> {
    let name = data_dir.display();
    let rights = match std::fs::metadata(data_dir) {
        Ok(found) if found.is_dir() => found.permissions().mode() & 0o777,
        Ok(_) => {
            let text = format!("{name} is not a directory.");
            return vec![Finding::fault(CHECK, text, "Name a directory with OPBX_DATA_DIR.")];
        }
        Err(fault) if fault.kind() == ErrorKind::NotFound => {
            let remedy = "`opbx org create` or `opbx serve` makes it; or name another one with OPBX_DATA_DIR.";
            return vec![Finding::warning(CHECK, format!("{name} does not exist yet."), remedy)];
        }
        Err(fault) => {
            let text = format!("{name} cannot be looked at: {fault}.");
            return vec![Finding::fault(CHECK, text, "Run this as the user that the server runs as.")];
        }
    };
    let mut findings = Vec::new();
    if let Err(fault) = writable(data_dir) {
        let text = format!("Nothing can be written to {name}: {}.", chain(&fault));
        findings.push(Finding::fault(CHECK, text, "Give the user that the server runs as the right to write there."));
    }
    if rights & 0o077 != 0 {
        let text = format!("Others than its owner may enter {name} (its rights are {rights:o}).");
        findings.push(Finding::warning(CHECK, text, format!("Run `chmod 700 {name}`.")));
    }
    let held = match DataDir::holder(data_dir) {
        Ok(Holder::Nobody) => "no server runs on it".to_owned(),
        Ok(Holder::Process(Some(pid))) => format!("the process {pid} serves from it"),
        Ok(Holder::Process(None)) => "another process has it".to_owned(),
        Err(fault) => format!("who has it cannot be told ({fault})"),
    };
    if findings.is_empty() {
        findings.push(Finding::ok(CHECK, format!("{name} takes files and is its owner's alone; {held}.")));
    }
    findings
}

/// Whether the disk has room.
pub(super) fn disk(data_dir: &Path) -> Finding {
    // Where there is no directory yet, the disk that it will be made on counts.
    let there = data_dir.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    match free(there) {
        Ok(percent) if percent < LEAST_FREE => Finding::fault(
            DISK,
            format!("Only {percent} % of the disk are free."),
            "Make room, or move the data directory to a larger disk: a full one loses records.",
        ),
        Ok(percent) => Finding::ok(DISK, format!("{percent} % of the disk are free.")),
        Err(fault) => {
            Finding::warning(DISK, format!("How full the disk is cannot be told: {fault}."), "Look at it with `df`.")
        }
    }
}
