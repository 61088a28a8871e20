//! Bringing a database up to date, and refusing one that is not ours to touch.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use opbx_store::{Keyring, Location, OpenError, SecretKey, Settings, Store};
use test_servers::mariadb;

use crate::bench::{Bench, at, keys, on_both};
use crate::furnished::furnish;

on_both! {
    a_migrated_database_is_left_alone;
    a_step_that_was_not_written_down_is_taken_again;
    a_newer_database_is_refused;
    a_foreign_database_is_refused;
}

/// Says something to the database past everything of ours.
pub(crate) async fn sql(bench: &Bench, text: &str) {
    match bench.store.location().file() {
        Some(file) => {
            use sea_orm::sqlx::{ConnectOptions, Executor, sqlite::SqliteConnectOptions};
            let mut db = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
            db.execute(sea_orm::sqlx::AssertSqlSafe(text.to_owned())).await.unwrap();
        }
        None => {
            let shown = bench.store.location().to_string();
            mariadb::server().sql(shown.rsplit('/').next().unwrap(), text);
        }
    }
}

/// Asks the database for a number past everything of ours.
pub(crate) async fn number(bench: &Bench, text: &str) -> i64 {
    match bench.store.location().file() {
        Some(file) => {
            use sea_orm::sqlx::{ConnectOptions, Row, query, sqlite::SqliteConnectOptions};
            let mut db = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
            let row = query(sea_orm::sqlx::AssertSqlSafe(text.to_owned())).fetch_one(&mut db).await.unwrap();
            row.get(0)
        }
        None => {
            let shown = bench.store.location().to_string();
            mariadb::server().sql(shown.rsplit('/').next().unwrap(), text).parse().unwrap()
        }
    }
}

async fn a_migrated_database_is_left_alone(bench: &Bench) {
    assert_eq!(bench.store.examine().await.unwrap(), 0);
    let again = bench.store.migrate(&bench.data_dir, at(5)).await.unwrap();
    assert_eq!((again.steps.len(), again.backup), (0, None));
}

async fn a_step_that_was_not_written_down_is_taken_again(bench: &Bench) {
    // Stopped between the last change of a step and the line that says so.
    sql(bench, "DELETE FROM schema_steps WHERE name = 'm0015_call_names'").await;
    let taken = bench.store.migrate(&bench.data_dir, at(5)).await.unwrap().steps;
    assert_eq!(taken, ["m0015_call_names"]);
    // And stopped before it.
    let dropped = match bench.store.location() {
        Location::File(_) => "DROP INDEX ix_calls_caller_name",
        _ => "DROP INDEX ix_calls_caller_name ON calls",
    };
    sql(bench, dropped).await;
    sql(bench, "DELETE FROM schema_steps WHERE name = 'm0015_call_names'").await;
    bench.store.migrate(&bench.data_dir, at(5)).await.unwrap();
    // It is there: it could not be dropped otherwise.
    sql(bench, dropped).await;
}

async fn a_newer_database_is_refused(bench: &Bench) {
    sql(bench, "INSERT INTO schema_steps (name, taken_at, product) VALUES ('m9000_tomorrow', 1, '9.0.0')").await;
    let refused = bench.store.examine().await.unwrap_err();
    let OpenError::Newer { steps, .. } = &refused else { panic!("{refused:?}") };
    assert_eq!(steps, &["m9000_tomorrow"]);
    assert!(matches!(bench.store.migrate(&bench.data_dir, at(5)).await, Err(OpenError::Newer { .. })));
}

async fn a_foreign_database_is_refused(bench: &Bench) {
    sql(bench, "CREATE TABLE wp_posts (id INT)").await;
    let refused = bench.store.examine().await.unwrap_err();
    let OpenError::Foreign { tables, .. } = &refused else { panic!("{refused:?}") };
    assert_eq!(tables, &["wp_posts"]);
    assert!(refused.to_string().ends_with("holds tables of something else: wp_posts"), "{refused}");
}

#[tokio::test]
async fn a_database_is_copied_before_it_is_changed_and_three_copies_are_kept() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let wanted = tenant.load_plan().await.unwrap();
    let backups = bench.data_dir.path().join("backups");
    assert!(!backups.exists(), "a new database needs none");
    std::fs::create_dir(&backups).unwrap();
    for (age, name) in ["before-0.0.4.db", "before-0.0.3.db", "before-0.0.2.db", "before-0.0.1.db"].iter().enumerate() {
        let file = std::fs::File::create(backups.join(name)).unwrap();
        let day = std::time::Duration::from_secs(86_400 * (1 + age as u64));
        file.set_modified(std::fs::metadata(&backups).unwrap().modified().unwrap() - day).unwrap();
    }
    // As if the last step were still to be taken: its tables are there, and taking it again changes nothing.
    sql(&bench, "DELETE FROM schema_steps WHERE name = 'm0004_decisions'").await;
    assert_eq!(bench.store.examine().await.unwrap(), 1);
    let migrated = bench.store.migrate(&bench.data_dir, at(5)).await.unwrap();
    assert_eq!(migrated.steps, ["m0004_decisions"]);
    assert_eq!(tenant.load_plan().await.unwrap(), wanted);

    let backup = migrated.backup.unwrap();
    let mut kept: Vec<_> =
        std::fs::read_dir(&backups).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    kept.sort();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(kept, ["before-0.0.3.db", "before-0.0.4.db", &format!("before-{version}.db")]);
    assert_eq!(std::fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);

    // The copy is whole: it is opened in the place of the original and has everything.
    let copy = bench.folder.path().join("copy.db");
    std::fs::copy(&backup, &copy).unwrap();
    let store = Store::open(Location::File(copy), keys(), Settings::default()).await.unwrap();
    let tenant = store.tenant(&opbx_store::Tenant::inside(wanted.1.organization.id, opbx_store::Reason::Command));
    assert_eq!(tenant.load_plan().await.unwrap(), wanted);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_a_missing_one_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.db");
    let refused = Store::open(Location::File(missing.clone()), keys(), Settings::default()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Broken { fault: opbx_store::Error::Unavailable(_), .. }), "{refused:?}");
    assert!(!missing.exists());

    let noise = folder.path().join("noise.db");
    std::fs::write(&noise, "this is no database, and long enough to be seen as none".repeat(40)).unwrap();
    let refused = Store::open(Location::File(noise.clone()), keys(), Settings::default()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Broken { fault: opbx_store::Error::Corrupt(_), .. }), "{refused:?}");
    assert!(std::fs::read_to_string(&noise).unwrap().starts_with("this is no database"));
}

#[tokio::test]
async fn another_secret_opens_nothing_and_finds_nothing() {
    let bench = Bench::sqlite().await;
    let tenant = bench.organization('a').await;
    furnish(&tenant, 'a').await;
    let id = tenant.load_plan().await.unwrap().1.organization.id;
    let other = Keyring::new(&SecretKey::new(&"another".repeat(8)).unwrap());
    let store = Store::open(bench.store.location().clone(), other, Settings::default()).await.unwrap();
    let tenant = store.tenant(&opbx_store::Tenant::inside(id, opbx_store::Reason::Command));
    assert!(matches!(tenant.load_plan().await, Err(opbx_store::Error::Corrupt(_))));
    assert_eq!(store.platform().by_webhook_key("webhook-key-of-a", at(1)).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_migrate_one_after_the_other() {
    let address = mariadb::server().new_database("two_instances");
    let folder = tempfile::tempdir().unwrap();
    let mut instances = tokio::task::JoinSet::new();
    for name in ["one", "two", "three"] {
        let data_dir = opbx_store::DataDir::claim(&folder.path().join(name)).unwrap();
        let location: Location = address.parse().unwrap();
        instances.spawn(async move {
            let store = Store::create(location, keys(), Settings::default()).await.unwrap();
            store.migrate(&data_dir, at(0)).await.unwrap().steps.len()
        });
    }
    let mut taken = instances.join_all().await;
    taken.sort_unstable();
    assert_eq!(taken[..2], [0, 0], "one of them does all the work");
    assert!(taken[2] > 0);
}

#[test]
fn the_lock_of_a_killed_process_is_free() {
    // The lock belongs to the open file, so it goes with the process: a lock file alone claims nothing.
    let folder = tempfile::tempdir().unwrap();
    let lock = folder.path().join("opbx.lock");
    assert!(Command::new("sh").arg("-c").arg(format!("echo 1 > {}", lock.display())).status().unwrap().success());
    opbx_store::DataDir::claim(folder.path()).unwrap();
    assert_eq!(std::fs::read_to_string(lock).unwrap(), format!("{}\n", std::process::id()));
}
