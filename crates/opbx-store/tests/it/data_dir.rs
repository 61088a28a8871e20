//! The data directory, its lock, and who may read what is in it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use opbx_store::{DataDir, DataDirError, Holder};

use crate::bench::Bench;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_second_claim_names_the_first_process() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    let first = DataDir::claim(&path).unwrap();
    let refused = DataDir::claim(&path).unwrap_err();
    let DataDirError::InUse { pid, .. } = &refused else { panic!("{refused:?}") };
    assert_eq!(*pid, Some(std::process::id()));
    assert!(refused.to_string().ends_with(&format!("is in use by the process {}", std::process::id())), "{refused}");
    drop(first);
    DataDir::claim(&path).unwrap();
}

#[test]
fn who_looks_learns_who_has_it_and_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    assert_eq!(DataDir::holder(&path).unwrap(), Holder::Nobody);
    assert!(!path.exists());
    let claim = DataDir::claim(&path).unwrap();
    assert_eq!(DataDir::holder(&path).unwrap(), Holder::Process(Some(std::process::id())));
    drop(claim);
    assert_eq!(DataDir::holder(&path).unwrap(), Holder::Nobody);
    DataDir::claim(&path).unwrap();
}

#[test]
fn a_directory_that_cannot_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let refused = DataDir::claim(&folder.path().join("file/data")).unwrap_err();
    assert!(matches!(refused, DataDirError::Unusable { .. }), "{refused:?}");
}

#[tokio::test]
async fn only_the_owner_may_read() {
    let bench = Bench::sqlite().await;
    bench.organization('a').await;
    assert_eq!(mode(bench.data_dir.path()), 0o700);
    for file in ["opbx.lock", "opbx.db", "opbx.db-wal", "opbx.db-shm"] {
        assert_eq!(mode(&bench.data_dir.path().join(file)), 0o600, "{file}");
    }
}
