//! Snapshots on disk: none is waiting for a decision, and each is asked for by a test.
//!
//! insta writes the path of every snapshot that a test compares into the file that `INSTA_SNAPSHOT_REFERENCES_FILE` names;
//! what lies on disk and is not in it belongs to no test any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::machine;
use crate::stage::{Count, Found};

/// The file into which one run of the tests writes the snapshots that it used.
pub(super) struct References {
    file: PathBuf,
}

impl References {
    /// An empty file: what a former run used does not count.
    pub(super) fn new() -> Result<Self, String> {
        let folder = machine::target_dir();
        let file = folder.join("snapshot-references.txt");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, ""))
            .map_err(|fault| format!("{}: {fault}", file.display()))?;
        Ok(References { file })
    }

    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// One count for each snapshot on disk, one for the whole when there is none.
    pub(super) fn check(&self) -> Found {
        let text = fs::read_to_string(&self.file).map_err(|fault| format!("{}: {fault}", self.file.display()))?;
        let used: BTreeSet<PathBuf> = text.lines().map(|line| real(Path::new(line))).collect();
        let mut on_disk = Vec::new();
        for folder in ["crates", "xtask"] {
            find(&machine::root().join(folder), &mut on_disk)?;
        }
        let breaches = breaches(&on_disk, &used);
        if breaches.is_empty() { Ok(Count::ONE) } else { Err(breaches.join("\n")) }
    }
}

fn breaches(on_disk: &[PathBuf], used: &BTreeSet<PathBuf>) -> Vec<String> {
    let mut breaches = Vec::new();
    for file in on_disk {
        let shown = file.strip_prefix(machine::root()).unwrap_or(file).display();
        if has_ending(file, ".snap") {
            if !used.contains(&real(file)) {
                breaches.push(format!("{shown}: no test asks for this snapshot; remove it."));
            }
        } else {
            breaches.push(format!("{shown}: a snapshot waits for your decision (cargo insta review)."));
        }
    }
    breaches
}

/// Two spellings of one place are one place; insta writes `src/../tests`.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.to_string_lossy().ends_with(ending)
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            if !path.ends_with("target") && !path.ends_with("node_modules") {
                find(&path, found)?;
            }
        } else if [".snap", ".snap.new", ".pending-snap"].iter().any(|ending| has_ending(&path, ending)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(on_disk: &[&str], used: &[&str]) -> Vec<String> {
        let paths = |list: &[&str]| list.iter().map(PathBuf::from).collect::<Vec<_>>();
        breaches(&paths(on_disk), &paths(used).into_iter().collect())
    }

    #[test]
    fn a_used_snapshot_is_fine() {
        assert_eq!(check(&["a/x.snap"], &["a/x.snap", "a/y.snap"]), [""; 0]);
    }

    #[test]
    fn a_snapshot_without_a_test() {
        assert_eq!(check(&["a/x.snap"], &[]), ["a/x.snap: no test asks for this snapshot; remove it."]);
    }

    #[test]
    fn a_pending_snapshot() {
        assert_eq!(check(&["a/x.snap.new"], &["a/x.snap.new"]).len(), 1);
        assert_eq!(check(&["a/.lib.rs.pending-snap"], &[]).len(), 1);
    }
}
