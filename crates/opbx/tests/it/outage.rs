//! A server that starts without its database: calls are routed from snapshots, and it heals when the database is back.

use crate::installation::{exchange, furnished, furnished_with, placed, serve};
use crate::program::{KEY, PLAN as FRONT_DESK, Place, Serving, until};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

const PLAN: &str = r#"organization "Acme" US America/New_York

extension 1001 "Alice"
extension 1002 "Bob"

group Sales all at once
  1001 1002

number +12125550100 "Sales" -> group Sales
"#;

/// What is done at once, on a machine with much else to do.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// Where a snapshot of the only organization is.
fn snapshot(place: &Place) -> PathBuf {
    place.path("data/snapshots/organization-1.snapshot")
}

/// A place that was served until it had snapshots.
pub(crate) fn kept(name: &str) -> Place {
    let place = furnished(name, PLAN);
    let serving = serve(&place, "");
    until("there are snapshots", SOON, || {
        (snapshot(&place).exists() && place.path("data/snapshots/directory.snapshot").exists()).then_some(())
    });
    stop(serving);
    place
}

pub(crate) fn stop(serving: Serving) {
    serving.signal("-TERM");
    let ended = serving.wait();
    assert_eq!(ended.code, Some(0), "{}", ended.errors);
}

/// Which phones ring for a call to the group.
fn rung(serving: &Serving, seed: u64) -> String {
    let transcript =
        placed(&exchange(serving, seed), "+14155550123", "+12125550100", "everyone else answers after 1, talks 2");
    assert_eq!(transcript.end.last_error, None, "{transcript}");
    transcript.rang().flatten().cloned().collect::<Vec<_>>().join(" ")
}

fn health(serving: &Serving) -> (String, String) {
    let answer = serving.get("/health");
    let health: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&health["status"]), text(&health["checks"]["database"]["detail"]))
}

fn said(serving: &Serving, message: &str) -> Vec<Value> {
    serving.log().into_iter().filter(|line| line["message"] == message).collect()
}

/// Calls go as ever, and everything else is refused in order.
fn serves_from_snapshots(serving: &Serving, seed: u64) {
    assert_eq!(rung(serving, seed), "1001 1002");
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200 "));
    let (status, detail) = health(serving);
    assert!(status == "degraded" && detail.contains("from snapshots"), "{status}: {detail}");
    assert_eq!(said(serving, "the store is away; calls are routed from snapshots").len(), 1, "{:?}", serving.log());
    // Whoever is in no snapshot may be in the database.
    let stranger = r#"{"Session":"s","From":"+14155550123","To":"+12125550100","Domain":"other.cloudonix.net"}"#;
    let unknown = serving.post("/api/voice/route", "a-key-of-somebody-new", stranger);
    assert!(unknown.starts_with("HTTP/1.1 503 "), "{unknown}");
    let signing_in = r#"{"email":"alice@acme.example","password":"whatever it may be"}"#;
    let refused = serving.exchange("POST /api/auth/login HTTP/1.1\r\nContent-Type: application/json", signing_in);
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    // What callers set by their keys is kept in the journal, and holds from the next call on.
    let hears = |seed, code| placed(&exchange(serving, seed), "1002", code, "").heard().collect::<String>();
    assert_eq!(hears(seed + 1, "*78"), "Do not disturb is on.");
    assert_eq!(rung(serving, seed + 2), "1001");
    assert_eq!(hears(seed + 3, "*79"), "Do not disturb is off.");
    assert_eq!(rung(serving, seed + 4), "1001 1002");
}

/// Everything is as it was before the outage.
fn heals(serving: &Serving, seed: u64) {
    until("it is well again", SOON, || (health(serving).0 == "ok").then_some(()));
    assert_eq!(rung(serving, seed), "1001 1002");
    // It answers a moment before what was read from it is in place.
    let back = until("it is read again", SOON, || {
        let lines = said(serving, "the store is back, and everything is read from it again");
        (!lines.is_empty()).then_some(lines)
    });
    assert_eq!((back.len(), back[0]["organizations"].as_u64()), (1, Some(1)));
    assert_eq!(
        placed(&exchange(serving, seed + 1), "1002", "*78", "").heard().collect::<String>(),
        "Do not disturb is on."
    );
    assert_eq!(rung(serving, seed + 2), "1001");
    assert_eq!(
        placed(&exchange(serving, seed + 3), "1002", "*79", "").heard().collect::<String>(),
        "Do not disturb is off."
    );
}

#[test]
fn without_its_database_it_routes_and_heals_when_that_is_back() {
    let place = kept("outage-missing");
    let (here, elsewhere) = (place.path("data/opbx.db"), place.path("elsewhere.db"));
    fs::rename(&here, &elsewhere).unwrap();
    let serving = serve(&place, "");
    serves_from_snapshots(&serving, 1);
    // Nobody makes another one in its place: neither the server nor a command.
    assert!(!here.exists());
    for command in [
        "org list",
        "org create --name B --slug b --timezone UTC --country US --owner-name B --owner-email b@b.example",
    ] {
        let ran = place.run(command);
        assert!(ran.code == Some(1) && ran.errors.contains("is missing, and there are snapshots"), "{ran:?}");
    }
    // Nor is what somebody else puts there taken for it.
    fs::write(&here, "").unwrap();
    until("it says why", SOON, || {
        let told = said(&serving, "the store is still away");
        told.iter().any(|line| line["why"].as_str().unwrap().contains("is empty")).then_some(())
    });
    assert_eq!(fs::metadata(&here).unwrap().len(), 0);
    assert_eq!(rung(&serving, 9), "1001 1002");
    fs::remove_file(&here).unwrap();

    fs::rename(&elsewhere, &here).unwrap();
    heals(&serving, 11);
    stop(serving);
}

#[test]
fn a_copy_of_the_database_is_taken_by_a_running_server() {
    let place = kept("outage-restored");
    let serving = serve(&place, "");
    assert_eq!(rung(&serving, 1), "1001 1002");
    let (here, elsewhere) = (place.path("data/opbx.db"), place.path("elsewhere.db"));
    stop(serving);
    fs::copy(&here, &elsewhere).unwrap();
    let serving = serve(&place, "");
    fs::remove_file(&here).unwrap();
    // Its plan was never loaded by this server.
    until("it notices", SOON, || (health(&serving).0 == "degraded").then_some(()));
    assert_eq!(rung(&serving, 2), "1001 1002");
    fs::rename(&elsewhere, &here).unwrap();
    heals(&serving, 3);
}

#[test]
fn a_database_that_is_locked_or_broken_is_routed_without() {
    let place = kept("outage-broken");
    let here = place.path("data/opbx.db");
    let whole = fs::read(&here).unwrap();
    fs::write(&here, "this is no database ".repeat(1_000)).unwrap();
    let serving = serve(&place, "");
    serves_from_snapshots(&serving, 1);
    fs::write(&here, whole).unwrap();
    heals(&serving, 11);
    stop(serving);

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stranger = runtime.block_on(async {
        let address = format!("sqlite:{}", here.display());
        let stranger = Database::connect(ConnectOptions::new(address).max_connections(1).to_owned()).await.unwrap();
        // Nobody else may even read.
        stranger.execute_unprepared("PRAGMA locking_mode=EXCLUSIVE").await.unwrap();
        stranger.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        stranger
    });
    let serving = serve(&place, "");
    serves_from_snapshots(&serving, 21);
    runtime.block_on(async {
        stranger.execute_unprepared("ROLLBACK").await.unwrap();
        stranger.close().await.unwrap();
    });
    heals(&serving, 31);
}

#[test]
fn a_database_that_others_may_not_change_is_told() {
    let place = kept("outage-unwritable");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stranger = runtime.block_on(async {
        let address = format!("sqlite:{}", place.path("data/opbx.db").display());
        let stranger = Database::connect(ConnectOptions::new(address).max_connections(1).to_owned()).await.unwrap();
        stranger.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        stranger
    });
    let serving = serve(&place, "");
    assert_eq!(rung(&serving, 1), "1001 1002");
    let (status, detail) = health(&serving);
    assert!(status == "degraded" && detail.contains("not be changed"), "{status}: {detail}");
    runtime.block_on(async {
        stranger.execute_unprepared("ROLLBACK").await.unwrap();
        stranger.close().await.unwrap();
    });
    until("it is well again", SOON, || (health(&serving).0 == "ok").then_some(()));
}

#[test]
fn a_snapshot_that_is_corrupt_is_named_and_takes_no_other_along() {
    let place = furnished("outage-corrupt", PLAN);
    let created = place.run(&format!(
        "org create --name Beta --slug beta --timezone UTC --country US --owner-name Bea --owner-email b@b.example \
         --domain beta.cloudonix.net --webhook-key {KEY}-of-beta"
    ));
    assert_eq!(created.code, Some(0), "{created:?}");
    let (one, two) = (snapshot(&place), place.path("data/snapshots/organization-2.snapshot"));
    let serving = serve(&place, "");
    until("there are snapshots", SOON, || (one.exists() && two.exists()).then_some(()));
    until("there is a directory", SOON, || place.path("data/snapshots/directory.snapshot").exists().then_some(()));
    stop(serving);
    let mut changed = fs::read(&two).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(&two, changed).unwrap();
    fs::rename(place.path("data/opbx.db"), place.path("elsewhere.db")).unwrap();

    let serving = serve(&place, "");
    let named = until("it is named", SOON, || said(&serving, "a snapshot cannot be used").pop());
    assert!(named["file"].as_str().unwrap().ends_with("organization-2.snapshot"), "{named}");
    assert_eq!(named["reason"], "it was changed, or belongs elsewhere");
    serves_from_snapshots(&serving, 1);
    assert!(health(&serving).1.contains("One snapshot cannot be used."), "{:?}", health(&serving));
    // Known, but without a plan: the caller hears what was written beforehand.
    let body = r#"{"Session":"s","From":"+14155550123","To":"+12125550100","Domain":"beta.cloudonix.net","Direction":"inbound"}"#;
    let answer = serving.post("/api/voice/route", &format!("{KEY}-of-beta"), body);
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("We are sorry"), "{answer}");
    assert_eq!(said(&serving, "a snapshot cannot be used").len(), 1, "once");
    stop(serving);
}

#[test]
fn what_is_foreign_or_newer_is_refused_all_the_same() {
    let place = kept("outage-foreign");
    let here = place.path("data/opbx.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let change = |sql: &str| {
        runtime.block_on(async {
            let address = format!("sqlite:{}?mode=rwc", here.display());
            let db = Database::connect(ConnectOptions::new(address).max_connections(1).to_owned()).await.unwrap();
            db.execute_unprepared(sql).await.unwrap();
            db.close().await.unwrap();
        });
    };
    change("INSERT INTO schema_steps (name, taken_at, product) VALUES ('m9999_later', 0, '9')");
    let ran = place.run("serve --listen 127.0.0.1:0");
    assert!(ran.code == Some(1) && ran.errors.contains("m9999_later"), "{ran:?}");
    fs::remove_file(&here).unwrap();
    change("CREATE TABLE something_else (id INTEGER)");
    let ran = place.run("serve --listen 127.0.0.1:0");
    assert!(ran.code == Some(1) && ran.errors.contains("something_else"), "{ran:?}");
}

#[test]
fn a_new_beginning_moves_everything_aside() {
    let place = kept("outage-init");
    fs::remove_file(place.path("data/opbx.db")).unwrap();
    fs::create_dir_all(place.path("data/journal")).unwrap();
    place.write("data/journal/000.journal", "something");
    let key = place.read("data/secret.key");
    let serving = serve(&place, "--init");
    assert!(serving.said.contains("setup token "), "{}", serving.said);
    let stranger = serving.post("/api/voice/route", KEY, r#"{"Session":"s","Domain":"acme.cloudonix.net"}"#);
    assert!(stranger.starts_with("HTTP/1.1 401 "), "{stranger}");
    stop(serving);
    let entries =
        fs::read_dir(place.path("data")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let retired: Vec<String> = entries.filter(|name| name.starts_with("retired-")).collect();
    let [retired] = &retired[..] else { panic!("{retired:?}") };
    assert!(place.path(&format!("data/{retired}/snapshots/organization-1.snapshot")).exists());
    assert_eq!(place.read(&format!("data/{retired}/journal/000.journal")), "something");
    assert_eq!(place.read(&format!("data/{retired}/secret.key")), key);
    assert_ne!(place.read("data/secret.key"), key);
    assert!(!place.path("data/snapshots/organization-1.snapshot").exists());
    // A plan that is served needs nothing of it.
    place.write("plan.opbx", FRONT_DESK);
    assert_eq!(place.run("serve --plan plan.opbx --init").code, Some(2));
}

#[test]
fn a_mariadb_that_is_down_at_the_start_is_taken_over_when_it_comes() {
    let server = test_servers::mariadb::Server::start();
    let url = server.new_database("outage");
    let place = furnished_with("outage-mariadb", PLAN, &["--database-url", &url]);
    let settings = format!("--database-url {url}");
    let serving = serve(&place, &settings);
    until("there are snapshots", SOON, || {
        (snapshot(&place).exists() && place.path("data/snapshots/directory.snapshot").exists()).then_some(())
    });
    stop(serving);
    server.stop();
    let serving = serve(&place, &settings);
    serves_from_snapshots(&serving, 1);
    server.start_again();
    heals(&serving, 11);
}
