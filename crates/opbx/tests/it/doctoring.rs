//! `opbx doctor`.

use crate::installation::serve;
use crate::organizations::ACME;
use crate::program::{Place, Ran};
use serde_json::Value;
use std::fs::{File, Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

/// What is told of one thing: verdict, sentence, remedy.
fn finding(place: &Place, words: &str, check: &str) -> (Option<i32>, String, String, String) {
    let Ran { code, output, errors } = place.run(&format!("doctor --json {words}"));
    assert_eq!(errors, "");
    let told: Value = serde_json::from_str(&output).unwrap();
    let findings = told["findings"].as_array().unwrap();
    let worst = findings.iter().any(|finding| finding["verdict"] == "fault");
    assert_eq!(code, Some(i32::from(worst)), "{output}");
    for finding in findings {
        assert_eq!(finding["remedy"].is_null(), finding["verdict"] == "ok", "{finding}");
    }
    let found =
        findings.iter().find(|finding| finding["check"] == check).unwrap_or_else(|| panic!("{check}: {output}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    (code, text("verdict"), text("text"), text("remedy"))
}

#[test]
fn an_installation_that_is_well_says_so_beside_its_server() {
    let place = Place::new("doctor-well");
    assert_eq!(place.run_words(&ACME).code, Some(0));
    let serving = serve(&place, "");
    let address = serving.address;
    let Ran { code, output, errors } = place.run(&format!("doctor --public-url http://{address}"));
    // How full the disk of this machine is, is not ours to say.
    let lines: Vec<&str> = output.lines().filter(|line| !line.starts_with(' ')).collect();
    let (ailing, well): (Vec<&str>, _) = lines.iter().partition(|line| !line.starts_with("ok "));
    assert!(ailing.iter().all(|line| line.starts_with("fault    disk")), "{output}");
    assert_eq!((code, errors.as_str(), well.len() >= 5), (Some(i32::from(!ailing.is_empty())), "", true), "{output}");
    let pid = serving.pid();
    let of =
        |check: &str| *lines.iter().find(|line| line.contains(check)).unwrap_or_else(|| panic!("{check}: {output}"));
    assert!(of("data directory").ends_with(&format!("is its owner's alone; the process {pid} serves from it.")));
    assert!(of("database").contains("sqlite:data/opbx.db answers (SQLite 3."));
    assert!(of("secret key").ends_with("data/secret.key holds it, for its owner only."));
    assert!(of("public url").ends_with(&format!("http://{address} is answered by OPBX.")));
    for check in ["disk", "clock"] {
        of(check);
    }
}

#[test]
fn an_empty_place_is_no_fault() {
    let place = Place::new("doctor-empty");
    let (code, verdict, text, remedy) = finding(&place, "", "data_directory");
    assert_eq!((verdict.as_str(), text.as_str()), ("warning", "data does not exist yet."));
    assert!(code.is_some());
    assert!(remedy.contains("`opbx org create`"), "{remedy}");
    let (_, verdict, text, _) = finding(&place, "", "public_url");
    assert!(verdict == "warning" && text.starts_with("The public address is not set"), "{text}");
    assert!(!place.path("data").exists(), "it changes nothing");
}

#[test]
fn each_fault_has_its_remedy() {
    let place = Place::new("doctor-faults");
    assert_eq!(place.run_words(&ACME).code, Some(0));
    let rights = |name: &str, mode| set_permissions(place.path(name), Permissions::from_mode(mode)).unwrap();
    rights("data", 0o755);
    rights("data/secret.key", 0o644);
    let (_, verdict, text, remedy) = finding(&place, "", "data_directory");
    assert_eq!((verdict.as_str(), remedy.as_str()), ("warning", "Run `chmod 700 data`."), "{text}");
    let (code, verdict, _, remedy) = finding(&place, "", "secret_key");
    assert_eq!((code, verdict.as_str(), remedy.as_str()), (Some(1), "fault", "Run `chmod 600 data/secret.key`."));

    let (_, verdict, text, _) = finding(&place, "--secret-key another-secret-of-thirty-two-characters", "database");
    assert_eq!(verdict, "fault");
    assert_eq!(text, "The secret key is not the one that the secrets in the database were sealed with.");

    let nothing_there = "--public-url http://127.0.0.1:1";
    let (_, verdict, text, _) = finding(&place, nothing_there, "public_url");
    assert!(verdict == "warning" && text.starts_with("http://127.0.0.1:1 does not answer from here: "), "{text}");
    let (_, verdict, text, _) = finding(&place, "--public-url https://pbx.invalid", "public_url");
    assert!(verdict == "fault" && text.starts_with("The name pbx.invalid cannot be found: "), "{text}");

    std::fs::rename(place.path("data/secret.key"), place.path("kept.key")).unwrap();
    let (_, verdict, text, _) = finding(&place, "", "secret_key");
    assert_eq!(
        (verdict.as_str(), text.as_str()),
        ("fault", "OPBX_SECRET_KEY is not set, and data/secret.key is missing.")
    );
    std::fs::rename(place.path("kept.key"), place.path("data/secret.key")).unwrap();

    let database = File::options().write(true).open(place.path("data/opbx.db")).unwrap();
    let written = database.metadata().unwrap().modified().unwrap();
    database.set_modified(written + Duration::from_secs(24 * 60 * 60)).unwrap();
    let (_, verdict, text, remedy) = finding(&place, "", "clock");
    assert!(verdict == "warning" && text.ends_with(": it was set back.") && remedy.contains("NTP"), "{text} {remedy}");

    // The middle of a page of the file.
    let database = place.path("data/opbx.db");
    let mut bytes = std::fs::read(&database).unwrap();
    for byte in bytes.iter_mut().skip(4096 * 3).take(4096 * 40) {
        *byte = 0x5a;
    }
    std::fs::write(&database, bytes).unwrap();
    let (_, verdict, text, remedy) = finding(&place, "", "database");
    assert!(verdict == "fault" && !text.is_empty() && remedy.contains("opbx restore"), "{text} {remedy}");
    std::fs::write(&database, "this is no database, however long it is read").unwrap();
    let (_, verdict, text, remedy) = finding(&place, "", "database");
    assert!(verdict == "fault" && text.starts_with("The database sqlite:data/opbx.db "), "{text}");
    assert!(remedy.contains("opbx restore"), "{remedy}");
}
