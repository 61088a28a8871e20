//! What the platform reports to a server that has started without its database: taken, kept over a kill, and in the log when the
//! database is back.

use crate::feeding::{Line, Reader, Told, token};
use crate::installation::{DOMAIN, serve};
use crate::outage::{SOON, kept, stop};
use crate::program::{Place, Serving, until};
use serde_json::{Value, json};
use std::fs;

/// Asks where a call to the group goes, and hears of it as it was; answers what the sender of its record is told.
fn routed_and_over(serving: &Serving, told: Told) -> String {
    let mut line = Line::open(serving.address).unwrap();
    let session = told.session();
    let said = json!({ "Session": session, "CallSid": session, "From": "+14155550123", "To": "+12125550100",
        "Direction": "inbound", "CallStatus": "in-progress", "Domain": DOMAIN });
    let document = line.report("/api/voice/route", &said).unwrap();
    assert!(document.status == 200 && document.body.contains("<Number>1001</Number>"), "{document:?}");
    reported(serving, told)
}

/// Tells of a call; answers what the sender of its record is told.
fn reported(serving: &Serving, told: Told) -> String {
    let mut line = Line::open(serving.address).unwrap();
    let answers: Vec<_> = (0..Told::REPORTS)
        .map(|which| {
            let (path, body) = told.report(which);
            line.report(path, &body).unwrap()
        })
        .collect();
    assert_eq!(answers.iter().map(|said| said.status).collect::<Vec<_>>(), [204, 204, 200], "{answers:?}");
    answers[2].body.clone()
}

fn health(serving: &Serving) -> String {
    let answer = serving.get("/health");
    let health: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    health["status"].as_str().unwrap().to_owned()
}

/// Whether a text stands in the journal.
fn is_journalled(place: &Place, text: &str) -> bool {
    let files = fs::read_dir(place.path("data/journal")).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    files.into_iter().any(|file| String::from_utf8_lossy(&file).contains(text))
}

#[test]
fn what_is_reported_without_the_database_is_in_the_log_when_it_is_back() {
    let place = kept("reported-without");
    let token = token(&place);
    let (here, elsewhere) = (place.path("data/opbx.db"), place.path("elsewhere.db"));
    fs::rename(&here, &elsewhere).unwrap();
    let (first, second) = (Told { number: 1 }, Told { number: 2 });

    let serving = serve(&place, "--api-rate-limit 0");
    let answer = routed_and_over(&serving, first);
    assert_eq!(serde_json::from_str::<Value>(&answer).unwrap(), json!({ "status": "ok", "call_id": first.session() }));
    assert_eq!(health(&serving), "degraded");
    let refused = Reader::new(&serving, &token).ask("GET /call-logs", "");
    assert!(refused.status == 503 && refused.head.contains("retry-after: "), "{refused:?}");
    // What was decided goes there a moment after it was answered: a call does not wait for the disk.
    until("what was decided is in the journal", SOON, || is_journalled(&place, r#""what":"step""#).then_some(()));
    serving.signal("-KILL");
    drop(serving);

    let serving = serve(&place, "--api-rate-limit 0");
    routed_and_over(&serving, second);
    assert_eq!(health(&serving), "degraded");
    // The answer to a delivery that the former server had is the same.
    assert_eq!(reported(&serving, first), answer);
    assert!(!here.exists());

    fs::rename(&elsewhere, &here).unwrap();
    until("it is well again", SOON, || (health(&serving) == "ok").then_some(()));
    let mut reader = Reader::new(&serving, &token);
    until("both are in the log", SOON, || (reader.over() >= 2).then_some(()));
    // Who was rung is joined a little later, also in the call that the killed server routed.
    until("it is known who was rung", SOON, || {
        reader.log().iter().all(|call| !call["legs"][0].is_null()).then_some(())
    });
    assert_eq!(reported(&serving, first), answer);
    let mut log = reader.log();
    log.sort_by_key(|call| call["call_id"].to_string());
    let told: Vec<_> = log.iter().map(|call| (&call["call_id"], &call["disposition"], &call["duration"])).collect();
    let expected = [first, second].map(|told| (json!(told.session()), json!("ANSWERED"), json!(told.seconds())));
    assert_eq!(told, expected.iter().map(|(id, word, seconds)| (id, word, seconds)).collect::<Vec<_>>());
    for call in &log {
        assert_eq!((&call["legs"][0]["number"], &call["direction"]), (&json!("1001"), &json!("inbound")), "{call}");
    }
    stop(serving);
}
