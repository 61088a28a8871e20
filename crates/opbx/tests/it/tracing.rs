//! `opbx trace`: beside a server, and after it.

use crate::installation::furnished;
use crate::program::{KEY, PLAN, Place, Ran, Serving};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CAPTURED: &str = include_str!("../../../../examples/voice-request.json");
const SESSION: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";
const SERVE: &str = "serve --listen 127.0.0.1:0";

fn lines(place: &Place, words: &str) -> Vec<Value> {
    let Ran { code, output, errors } = place.run(&format!("trace --json {words}"));
    assert_eq!((code, errors.as_str()), (Some(0), ""));
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_call_is_told_after_the_server_has_stopped() {
    let place = furnished("trace-after", PLAN);
    let serving = Serving::start_until(&mut place.opbx(SERVE), "webhook URL");
    let answer = serving.post("/api/voice/route", KEY, CAPTURED);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // It is not yet written, and is before the end.
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));

    let told = lines(&place, "--org acme");
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((told["call_id"].as_str(), told["place"].as_str()), (Some(SESSION), Some("start")));
    assert_eq!(told["outcome"], "ring_group");
    assert!(told["micros"].as_u64().is_some_and(|micros| micros > 0));
    assert!(told["document"].as_str().is_some_and(|document| document.contains("<Number>1001</Number>")));
    assert!(told["trace"][0]["because"]["text"].is_string());
    assert_eq!(lines(&place, &format!("--call {SESSION}")).len(), 1);
    assert_eq!(lines(&place, "--call another").len(), 0);

    let Ran { code, output, .. } = place.run("trace");
    assert_eq!(code, Some(0));
    assert!(output.contains(&format!("  organization 1  call {SESSION}  start  ")), "{output}");
    assert!(output.ends_with("</Response>\noutcome: ring_group\n\n"), "{output}");

    let Ran { code, output, errors } = place.run("trace --org nobody");
    assert_eq!((code, output.as_str(), errors.as_str()), (Some(1), "", "There is no organization `nobody`.\n"));
}

#[test]
fn whoever_follows_sees_a_call_as_it_comes() {
    let place = furnished("trace-follow", PLAN);
    let serving = Serving::start_until(&mut place.opbx(SERVE), "webhook URL");
    let mut following = place.opbx("trace --json --follow").stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(following.stdout.take().unwrap()).lines();
    for call in 0..3 {
        let session = format!("call-{call}");
        serving.post("/api/voice/route", KEY, &CAPTURED.replace(SESSION, &session));
        let begun = Instant::now();
        let told: Value = serde_json::from_str(&output.next().unwrap().unwrap()).unwrap();
        assert_eq!(told["call_id"], session.as_str());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
    let interrupted = Command::new("kill").args(["-INT", &following.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(following.wait().unwrap().code(), Some(0));
    assert!(output.next().is_none());
}

#[test]
fn whoever_stops_reading_ends_it() {
    let place = furnished("trace-closed", PLAN);
    let serving = Serving::start_until(&mut place.opbx(SERVE), "webhook URL");
    let mut following = place.opbx("trace --follow").stdout(Stdio::piped()).spawn().unwrap();
    drop(following.stdout.take());
    let begun = Instant::now();
    let mut call = 0;
    let code = loop {
        serving.post("/api/voice/route", KEY, &CAPTURED.replace(SESSION, &format!("call-{call}")));
        call += 1;
        if let Some(ended) = following.try_wait().unwrap() {
            break ended.code();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "it goes on without a reader");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert_eq!(code, Some(0));
}

#[test]
fn a_server_keeps_what_it_is_told_to() {
    let place = furnished("trace-off", PLAN);
    for (setting, kept) in [("off", 0), ("trimmed", 1)] {
        let serving = Serving::start_until(place.opbx(SERVE).env("OPBX_TRACE", setting), "webhook URL");
        serving.post("/api/voice/route", KEY, CAPTURED);
        serving.signal("-TERM");
        assert_eq!(serving.wait().code, Some(0));
        let told = lines(&place, "");
        assert_eq!(told.len(), kept, "{setting}");
        assert!(told.iter().all(|told| told["trace"][0]["inputs"].as_object().is_some_and(serde_json::Map::is_empty)));
    }
    let Ran { code, errors, .. } = place.run("serve --trace some");
    assert_eq!((code, errors.as_str()), (Some(2), "--trace is `some`; it should be all, trimmed or off.\n"));
}
