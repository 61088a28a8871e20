//! A database file that is no longer where it was counts as away, and nothing is written to it.

use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_store::{Error, Location, OpenError, PlanObject, Settings, Store};

use crate::bench::{Bench, at, keys};
use crate::changing::Changing;

fn extension(number: &str) -> PlanObject {
    PlanObject::Extension(Extension::new(ExtensionId::new(0), number.parse().unwrap(), "Someone".parse().unwrap()))
}

#[tokio::test]
async fn a_moved_file_is_away_until_it_is_back() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    tenant.create(extension("1001"), at(1)).await.unwrap();
    let wanted = tenant.load_plan().await.unwrap();
    let elsewhere = bench.folder.path().join("elsewhere.db");

    std::fs::rename(bench.file(), &elsewhere).unwrap();
    assert!(matches!(tenant.create(extension("1002"), at(2)).await, Err(Error::Unavailable(_))));
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    assert!(!bench.file().exists(), "none is made in its place");

    std::fs::rename(&elsewhere, bench.file()).unwrap();
    assert_eq!(tenant.load_plan().await.unwrap(), wanted, "nothing was written meanwhile");
    tenant.create(extension("1002"), at(3)).await.unwrap();
}

#[tokio::test]
async fn a_closed_store_leaves_one_file_and_refuses_work() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    bench.store.close().await;
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    assert!(bench.file().exists() && !bench.file().with_extension("db-wal").exists());
}

#[tokio::test]
async fn another_file_in_its_place_is_not_taken_for_it() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    tenant.create(extension("1001"), at(1)).await.unwrap();
    let wanted = tenant.load_plan().await.unwrap();
    let elsewhere = bench.folder.path().join("elsewhere.db");
    std::fs::rename(bench.file(), &elsewhere).unwrap();
    std::fs::copy(&elsewhere, bench.file()).unwrap();
    let copy = std::fs::read(bench.file()).unwrap();

    assert!(matches!(tenant.create(extension("1002"), at(2)).await, Err(Error::Unavailable(_))));
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))));
    assert_eq!(std::fs::read(bench.file()).unwrap(), copy, "the other file is untouched");

    std::fs::rename(&elsewhere, bench.file()).unwrap();
    assert_eq!(tenant.load_plan().await.unwrap(), wanted);
}

#[tokio::test]
async fn a_handle_that_was_made_without_a_database_works_when_there_is_one() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    tenant.create(extension("1001"), at(1)).await.unwrap();
    let elsewhere = bench.folder.path().join("elsewhere.db");
    bench.store.close().await;
    std::fs::rename(bench.file(), &elsewhere).unwrap();
    let store = Store::lazy(Location::File(bench.file()), keys(), Settings::default());
    assert!(matches!(store.platform().standing().await, Err(Error::Unavailable(_))));
    std::fs::rename(&elsewhere, bench.file()).unwrap();
    store.platform().standing().await.unwrap();
}

#[tokio::test]
async fn what_is_withheld_is_given_when_it_was_looked_at() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    tenant.create(extension("1001"), at(1)).await.unwrap();
    let wanted = tenant.load_plan().await.unwrap();
    let elsewhere = bench.folder.path().join("elsewhere.db");
    bench.store.copy_to(&elsewhere).await.unwrap();
    std::fs::remove_file(bench.file()).unwrap();

    bench.store.withhold();
    let refused = async || bench.store.take_over(&bench.data_dir, at(2)).await.unwrap_err();
    assert!(matches!(refused().await, OpenError::Broken { fault: Error::Unavailable(_), .. }), "it is not there");
    std::fs::write(bench.file(), "").unwrap();
    assert!(matches!(refused().await, OpenError::Broken { fault: Error::Unavailable(_), .. }), "it is empty");
    assert_eq!(std::fs::metadata(bench.file()).unwrap().len(), 0);
    std::fs::write(bench.file(), "this is no database ".repeat(1_000)).unwrap();
    assert!(matches!(refused().await, OpenError::Broken { fault: Error::Corrupt(_), .. }), "it is broken");
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))), "nobody gets to it");

    std::fs::rename(&elsewhere, bench.file()).unwrap();
    assert!(matches!(tenant.load_plan().await, Err(Error::Unavailable(_))), "nobody looked at it yet");
    bench.store.take_over(&bench.data_dir, at(3)).await.unwrap();
    assert_eq!(tenant.load_plan().await.unwrap(), wanted);
    tenant.create(extension("1002"), at(4)).await.unwrap();
}
