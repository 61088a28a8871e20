//! `opbx serve`.

use crate::installation::{furnished, serve};
use crate::program::{KEY, PLAN, Place, Ran, Serving, until};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

const CAPTURED: &str = include_str!("../../../../examples/voice-request.json");

#[test]
fn the_captured_request_rings_the_front_desk() {
    let place = Place::new("captured");
    let serving = Serving::start(&place, &format!("--domain acme.cloudonix.net --webhook-key {KEY}"));
    let address = serving.address;
    assert_eq!(
        serving.said,
        format!("listening on http://{address}\nwebhook URL http://{address}/api/voice/route\nwebhook key {KEY}\n")
    );
    let answer = serving.post("/api/voice/route", KEY, CAPTURED);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("content-type: application/xml"), "{answer}");
    assert!(answer.contains("<Number>1001</Number><Number>1002</Number>"), "{answer}");
    assert!(answer.contains("action=\"/api/voice/continue/"), "{answer}");
    let elsewhere = CAPTURED.replace("acme.cloudonix.net", "other.cloudonix.net");
    assert!(serving.post("/api/voice/route", KEY, &elsewhere).starts_with("HTTP/1.1 401 "));
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200 "));

    serving.signal("-TERM");
    let ended = serving.wait();
    assert_eq!((ended.code, ended.output.as_str()), (Some(0), "stopped\n"), "{}", ended.errors);
}

#[test]
fn a_key_is_made_up_and_any_domain_is_taken() {
    let place = Place::new("made-up");
    let serving = Serving::start(&place, "--public-url https://pbx.example.com");
    assert!(serving.said.contains("webhook URL https://pbx.example.com/api/voice/route\n"), "{}", serving.said);
    assert!(serving.key().len() >= 32);
    let answer = serving.post("/api/voice/route", &serving.key(), CAPTURED);
    assert!(answer.contains("action=\"https://pbx.example.com/api/voice/continue/"), "{answer}");
    serving.signal("-INT");
    assert_eq!(serving.wait().code, Some(0));
}

#[test]
fn the_log_is_json_and_holds_no_secret() {
    let place = Place::new("log");
    let secret = "a-secret-of-more-than-thirty-two-characters";
    let mut command = place.opbx(&format!("serve --plan plan.opbx --listen 127.0.0.1:0 --webhook-key {KEY}"));
    let serving = Serving::start_with(command.env("OPBX_SECRET_KEY", secret).env("OPBX_LOG_LEVEL", "trace"));
    let head = format!(
        "POST /api/voice/route HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\nX-Cx-Apikey: XI0123456789ABCDEF\r\n\
         X-Request-Id: 0190a6c8-4a4b-7a41-9a3e-6b3f6f2f5b11"
    );
    serving.exchange(&head, CAPTURED);
    serving.post("/api/voice/route", "a-wrong-key-that-somebody-sent", CAPTURED);
    serving.signal("-TERM");
    let log = serving.wait().errors;
    for hidden in [KEY, secret, "XI0123456789ABCDEF", "a-wrong-key", "Bearer"] {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = lines.iter().find(|line| line["message"] == "voice request answered").unwrap();
    assert_eq!(answered["request_id"], "0190a6c8-4a4b-7a41-9a3e-6b3f6f2f5b11");
    assert_eq!(answered["call_id"], "5b1f0c7e9a2d4f36b8e1c0d9a7f64312");
    assert_eq!(answered["outcome"], "ring_group");
    assert!(answered["micros"].is_u64());
}

#[test]
fn a_request_in_flight_is_answered_before_the_end() {
    let place = Place::new("in-flight");
    let serving = Serving::start(&place, &format!("--webhook-key {KEY} --drain-seconds 1"));
    let mut stream = TcpStream::connect(serving.address).unwrap();
    let length = CAPTURED.len();
    let (first, rest) = CAPTURED.split_at(100);
    write!(stream, "POST /api/voice/route HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {length}\r\n\r\n{first}")
        .unwrap();
    serving.signal("-TERM");
    // It says so while it still takes connections.
    let begun = Instant::now();
    while !serving.get("/readyz").starts_with("HTTP/1.1 503 ") {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not say that it is stopping");
    }
    write!(stream, "{rest}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("<Number>1001</Number>"), "{answer}");
    assert_eq!(serving.wait().code, Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn whoever_sends_too_much_is_told_so() {
    let place = Place::new("too-much");
    let serving = Serving::start(&place, &format!("--webhook-key {KEY}"));
    let answer = serving.post("/api/voice/route", KEY, &" ".repeat(4 * 1024 * 1024));
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"body_too_large\""), "{answer}");
}

#[test]
fn an_idle_connection_does_not_keep_it() {
    let place = Place::new("idle");
    let serving = Serving::start(&place, &format!("--webhook-key {KEY}"));
    let _idle = TcpStream::connect(serving.address).unwrap();
    let begun = Instant::now();
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn it_stops_within_ten_seconds_whatever_is_going_on() {
    let place = furnished("stopping", PLAN);
    let serving = serve(&place, "");
    // A connection that was used and waits for more, and a request of which the rest never comes.
    let mut idle = TcpStream::connect(serving.address).unwrap();
    write!(idle, "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut answer = vec![0; 1024];
    let length = idle.read(&mut answer).unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));
    let mut half = TcpStream::connect(serving.address).unwrap();
    let length = CAPTURED.len();
    let head =
        format!("POST /api/voice/route HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: {length}");
    write!(half, "{head}\r\nExpect: 100-continue\r\n\r\n").unwrap();
    // The server says that it waits for the body: the request is in flight.
    let length = half.read(&mut answer).unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 100 Continue\r\n"));

    let begun = Instant::now();
    serving.signal("-TERM");
    let mut rest = String::new();
    idle.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the idle connection is closed");
    half.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("HTTP/1.1 200 ") && rest.contains("We are sorry"), "{rest}");
    let ended = serving.wait();
    assert_eq!((ended.code, ended.output.as_str()), (Some(0), "stopped\n"), "{}", ended.errors);
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());
}

#[test]
fn an_address_that_is_taken_is_a_fault() {
    let place = Place::new("taken");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let Ran { code, errors, .. } = place.run(&format!("serve --plan plan.opbx --listen {address}"));
    assert_eq!(code, Some(1));
    assert!(errors.starts_with(&format!("The server cannot listen on {address}: ")), "{errors}");
}

#[test]
fn a_broken_plan_is_told_at_once_and_whole() {
    let place = Place::new("broken-plan");
    place.write("plan.opbx", "organization Acme US America/New_York\nextension 1001 Alice\n  busy -> group Slaes\ngroup Sales\n  1009\nextention 7\n");
    for command in ["serve --plan plan.opbx", "explain --plan plan.opbx --from 1 --to 2"] {
        let Ran { code, output, errors } = place.run(command);
        assert_eq!((code, output.as_str()), (Some(1), ""));
        insta::allow_duplicates! { insta::assert_snapshot!(errors); }
    }
    let Ran { code, errors, .. } = place.run("serve --plan nowhere.opbx");
    assert_eq!(code, Some(1));
    assert!(errors.starts_with("nowhere.opbx: "), "{errors}");
}

#[test]
fn the_database_is_served_and_belongs_to_one_server() {
    let place = Place::new("served-database");
    let serve = "serve --listen 127.0.0.1:0";
    let serving = Serving::start_until(&mut place.opbx(serve), "webhook URL");
    assert!(!serving.said.contains("webhook key"), "{}", serving.said);
    assert!(serving.get("/readyz").starts_with("HTTP/1.1 200 "));
    assert!(serving.get("/health").contains(r#""database":{"status":"ok""#));
    assert!(serving.post("/api/voice/route", KEY, CAPTURED).starts_with("HTTP/1.1 401 "));

    // Another organization is made beside the server, and counts within a second.
    let create = "org create --name Acme --timezone America/New_York --country US --owner-name Alice \
        --owner-email alice@acme.example --domain acme.cloudonix.net --webhook-key";
    let made = place.run(&format!("{create} {KEY}"));
    assert_eq!((made.code, made.errors.as_str()), (Some(0), ""));
    let since = Instant::now();
    let answer = loop {
        let answer = serving.post("/api/voice/route", KEY, CAPTURED);
        if answer.starts_with("HTTP/1.1 200 ") || since.elapsed() > Duration::from_secs(2) {
            break answer;
        }
        // Every refusal is a line of the log, which nobody reads before the end.
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("<Response>"), "{answer}");

    let Ran { code, errors, .. } = place.run(serve);
    let holder = format!("The data directory data is in use by the process {}.\n", serving.pid());
    assert!(code == Some(1) && errors.ends_with(&holder), "{errors}");
    serving.signal("-TERM");
    let ended = serving.wait();
    assert_eq!((ended.code, ended.output.as_str()), (Some(0), "stopped\n"), "{}", ended.errors);

    // What it knew is there again, and so is the key that signs steps.
    let again = Serving::start_until(&mut place.opbx(serve), "webhook URL");
    assert!(again.post("/api/voice/route", KEY, CAPTURED).starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_fresh_installation_answers_each_request_as_it_deserves() {
    let place = furnished("fresh", PLAN);
    let serving = serve(&place, "");
    let route = |key: &str, body: &str| serving.post("/api/voice/route", key, body);
    let answer = route(KEY, CAPTURED);
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.contains("<Number>1001</Number><Number>1002</Number>"),
        "{answer}"
    );
    let problem =
        |answer: String| answer.split_once("\r\n\r\n").unwrap().1.split("request_id").next().unwrap().to_owned();
    let unknown = route(KEY, &CAPTURED.replace("acme.cloudonix.net", "nobody.cloudonix.net"));
    let wrong = route("a-key-that-nobody-has", CAPTURED);
    for answer in [&unknown, &wrong] {
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert_eq!(problem(unknown), problem(wrong), "it does not tell whether the domain exists");
    let garbage = route(KEY, "\u{1}\u{2} no JSON, no form");
    assert!(garbage.starts_with("HTTP/1.1 200 ") && garbage.contains("<Say>We are sorry"), "{garbage}");

    assert_eq!(place.run("org suspend acme").code, Some(0));
    let mut calls = 0_u32..;
    let suspended = until("it is suspended", Duration::from_secs(5), || {
        // Another call each time: an answer is remembered.
        let session = format!("{:032x}", calls.next().unwrap());
        let answer = route(KEY, &CAPTURED.replace("5b1f0c7e9a2d4f36b8e1c0d9a7f64312", &session));
        (!answer.contains("<Dial")).then_some(answer)
    });
    assert!(suspended.starts_with("HTTP/1.1 200 ") && suspended.contains("currently unavailable"), "{suspended}");
}

#[test]
fn what_describes_a_plan_needs_one() {
    let place = Place::new("plan-needed");
    let Ran { code, errors, .. } = place.run("serve --domain acme.cloudonix.net");
    assert!(code == Some(2) && errors.contains("--plan"), "{errors}");
}
