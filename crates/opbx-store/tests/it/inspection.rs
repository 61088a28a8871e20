//! What an operator learns of a database, and a copy of it.

use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use jiff::Timestamp;
use opbx_store::{Error, Keyring, Location, SecretKey, Settings, Store};

use crate::bench::{Bench, keys, on_both};

on_both! {
    everything_is_counted;
    the_engine_names_itself_and_its_time;
    a_key_is_known_to_be_of_another_database;
}

async fn everything_is_counted(bench: &Bench) {
    let before = bench.store.inventory().await.unwrap();
    assert!(before.steps.is_sorted() && before.steps[0] == "m0001_organizations", "{:?}", before.steps);
    assert_eq!(before.unknown_steps(), [""; 0]);
    assert_eq!((before.rows["organizations"], before.rows["schema_steps"]), (0, before.steps.len() as u64));
    bench.organization('a').await;
    bench.organization('b').await;
    let after = bench.store.inventory().await.unwrap();
    assert_eq!((after.rows["organizations"], after.rows["users"], after.rows["extensions"]), (2, 2, 0));
    assert_eq!(after.rows.len(), before.rows.len());
    assert_eq!(bench.store.broken().await.unwrap(), [""; 0]);
}

async fn the_engine_names_itself_and_its_time(bench: &Bench) {
    let engine = bench.store.engine().await.unwrap();
    let is_file = bench.store.location().file().is_some();
    let name = if is_file { "SQLite 3." } else { "MariaDB 1" };
    assert!(engine.starts_with(name), "{engine}");
    let theirs = bench.store.its_time().await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "the server of the test has the clock of this machine")]
    let ours = Timestamp::try_from(SystemTime::now()).unwrap();
    match theirs {
        None => assert!(is_file),
        Some(theirs) => assert!(!is_file && theirs.duration_since(ours).abs().as_secs() < 60, "{theirs} {ours}"),
    }
}

async fn a_key_is_known_to_be_of_another_database(bench: &Bench) {
    assert_eq!(bench.store.opens_its_secrets().await.unwrap(), None);
    bench.organization('a').await;
    assert_eq!(bench.store.opens_its_secrets().await.unwrap(), Some(true));
    let other = Keyring::new(&SecretKey::new("another secret of the tests, as long as the first").unwrap());
    let stranger = Store::lazy(bench.store.location().clone(), other, Settings::default());
    assert_eq!(stranger.opens_its_secrets().await.unwrap(), Some(false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_private_whole_and_overwrites_nothing() {
    let bench = Bench::sqlite().await;
    bench.organization('a').await;
    let file = bench.folder.path().join("copy.db");
    bench.store.copy_to(&file).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let copy = Store::open(Location::File(file.clone()), keys(), Settings::default()).await.unwrap();
    assert_eq!(copy.inventory().await.unwrap(), bench.store.inventory().await.unwrap());
    assert_eq!(copy.opens_its_secrets().await.unwrap(), Some(true));
    copy.close().await;
    assert!(!bench.folder.path().join("copy.db-wal").exists(), "a copy that was closed is one file");
    let whole = std::fs::read(&file).unwrap();
    assert!(bench.store.copy_to(&file).await.is_err());
    assert_eq!(std::fs::read(&file).unwrap(), whole);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_of_a_server_is_not_copied() {
    let bench = Bench::mariadb("not_copied").await;
    let file = bench.folder.path().join("copy.db");
    assert!(matches!(bench.store.copy_to(&file).await, Err(Error::Unavailable(_))));
    assert!(!file.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_is_found() {
    let bench = Bench::sqlite().await;
    for letter in 'a'..='z' {
        bench.organization(letter).await;
    }
    bench.store.close().await;
    let mut bytes = std::fs::read(bench.file()).unwrap();
    let pages = bytes.len() / 4096;
    for page in (10..pages).step_by(3) {
        bytes[page * 4096..page * 4096 + 64].fill(0x5a);
    }
    std::fs::write(bench.file(), bytes).unwrap();
    let store = Store::lazy(Location::File(bench.file()), keys(), Settings::default());
    assert!(store.broken().await.is_err() || !store.broken().await.unwrap().is_empty());
}
