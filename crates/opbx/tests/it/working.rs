//! `opbx jobs`: what waits, what was given up, and mail that nobody takes.

use crate::installation::serve;
use crate::organizations::ACME;
use crate::program::{Place, Ran, Serving, until};
use serde_json::Value;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::time::{Duration, Instant};

/// A mail server that wants nothing to do with anyone.
fn unwilling() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().write_all(b"554 not here\r\n");
        }
    });
    address
}

/// A mail server that takes a connection and says nothing.
fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let held: Vec<_> = listener.incoming().collect();
        drop(held);
    });
    address
}

/// With a mail server set.
fn mailing(place: &Place, words: &str, server: SocketAddr) -> Command {
    let mut command = place.opbx(words);
    command.env("OPBX_SMTP_URL", format!("smtp://{server}")).env("OPBX_MAIL_FROM", "OPBX <pbx@example.com>");
    command
}

fn jobs(place: &Place, words: &str) -> Vec<Value> {
    let Ran { code, output, errors } = place.run(&format!("jobs list {words}"));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_mail_that_nobody_takes_is_seen_tried_again_and_thrown_away() {
    let (place, server) = (Place::new("jobs-mail"), unwilling());
    assert_eq!(place.run_words(&ACME).code, Some(0));
    let words = "user create --invite --org acme-dental --name Carol --email carol@acme.example";
    let made = Ran::of(&mut mailing(&place, words, server));
    let answer: Value = serde_json::from_str(&made.output).unwrap();
    assert_eq!((&answer["sent"], &answer["link"]), (&Value::Bool(true), &Value::Null), "{made:?}");
    let waiting = jobs(&place, "");
    let [letter] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((letter["kind"].as_str(), letter["state"].as_str()), (Some("letter"), Some("queued")));
    assert!(!letter.to_string().contains("/invite/"), "the link is not shown: {letter}");
    let id = letter["id"].to_string();
    let refused = place.run(&format!("jobs retry {id} 99"));
    assert_eq!((refused.code, refused.errors), (Some(1), format!("Not given up, or not there: {id}, 99.\n")));

    let serving = Serving::start_until(&mut mailing(&place, "serve --listen 127.0.0.1:0", server), "webhook URL");
    let dead = |attempts: &str| {
        until("the letter is given up", Duration::from_secs(20), || {
            jobs(&place, "--state dead --kind letter")
                .pop()
                .filter(|job| job["attempts"] == 1 && job["finished_at"].as_str() != Some(attempts))
        })
    };
    let first = dead("");
    assert!(first["last_error"].as_str().unwrap().contains("not here"), "{first}");
    assert_eq!(place.run(&format!("jobs retry {id}")).code, Some(0));
    dead(first["finished_at"].as_str().unwrap());
    assert_eq!(place.run(&format!("jobs discard {id}")).code, Some(0));
    assert!(jobs(&place, "--kind letter").is_empty());
    let gone = place.run(&format!("jobs discard {id}"));
    assert_eq!((gone.code, gone.errors), (Some(1), format!("Being done, or not there: {id}.\n")));
    assert_eq!(place.run("jobs list --state lost").code, Some(2));
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));
}

#[test]
fn a_server_that_is_told_to_stop_gives_back_what_it_cannot_finish_and_one_that_is_killed_loses_nothing() {
    let (place, server) = (Place::new("jobs-stop"), silent());
    assert_eq!(place.run_words(&ACME).code, Some(0));
    let words = "user create --invite --org acme-dental --name Carol --email carol@acme.example";
    assert_eq!(Ran::of(&mut mailing(&place, words, server)).code, Some(0));
    let serve = || Serving::start_until(&mut mailing(&place, "serve --listen 127.0.0.1:0", server), "webhook URL");
    let stands = |state: &str| {
        until("the letter stands so", Duration::from_secs(20), || {
            jobs(&place, "--kind letter").pop().filter(|job| job["state"] == state)
        })
    };
    let serving = serve();
    assert_eq!(stands("running")["attempts"], 1);
    let told = Instant::now();
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
    let back = stands("queued");
    assert_eq!((&back["attempts"], &back["last_error"]), (&Value::from(0), &Value::Null));

    let serving = serve();
    stands("running");
    serving.signal("-KILL");
    assert_eq!(serving.wait().code, None);
    // It is still claimed by the one that is gone, until the claim runs out.
    assert_eq!(stands("running")["attempts"], 1);
}

#[test]
fn a_server_does_by_itself_what_the_hour_brings() {
    let place = Place::new("jobs-hour");
    assert_eq!(place.run_words(&ACME).code, Some(0));
    let serving = serve(&place, "");
    for kind in ["sweep", "audit_retention", "call_retention"] {
        until("it is done", Duration::from_secs(20), || jobs(&place, &format!("--state done --kind {kind}")).pop());
    }
    let report = serving.get("/health");
    assert!(report.contains("Jobs are done as they come."), "{report}");
}

#[test]
fn a_mail_server_without_a_sender_is_a_mistake_and_the_doctor_looks_at_it() {
    let (place, server) = (Place::new("jobs-settings"), unwilling());
    let ran = Ran::of(place.opbx("org list").env("OPBX_SMTP_URL", format!("smtp://{server}")));
    let errors = "OPBX_SMTP_URL is set and OPBX_MAIL_FROM is not: say from whom mail is.\n";
    assert_eq!((ran.code, ran.errors.as_str()), (Some(2), errors));
    let ran = Ran::of(place.opbx("org list").env("OPBX_SMTP_URL", "smtp://user:hush@mail.example.com"));
    assert_eq!(ran.code, Some(2));
    assert!(ran.errors.starts_with("OPBX_SMTP_URL cannot be used;") && !ran.errors.contains("hush"), "{}", ran.errors);

    let told = Ran::of(&mut mailing(&place, "doctor --json", server));
    let told: Value = serde_json::from_str(&told.output).unwrap();
    let mail = told["findings"].as_array().unwrap().iter().find(|finding| finding["check"] == "mail").unwrap();
    assert_eq!(mail["verdict"], "warning", "{mail}");
    assert!(mail["text"].as_str().unwrap().starts_with("127.0.0.1 takes no mail:"), "{mail}");
    let told = place.run("doctor --json");
    assert!(told.output.contains("No mail server is set"), "{}", told.output);
}
