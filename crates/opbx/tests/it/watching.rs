//! What an operator sees of a server that runs: its figures, its health, its log.

use crate::program::{KEY, Place, Ran, Serving};
use std::io::{Read, Write};
use std::net::TcpStream;

const CAPTURED: &str = include_str!("../../../../examples/voice-request.json");
const TOKEN: &str = "the-token-of-whoever-watches";

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_figures_have_an_address_of_their_own() {
    let place = Place::new("figures-own");
    let serving = Serving::start(&place, &format!("--webhook-key {KEY} --metrics-listen 127.0.0.1:0"));
    let (_, own) = serving.said.split_once("metrics on http://").unwrap();
    let own = own.lines().next().unwrap().strip_suffix("/metrics").unwrap();
    serving.post("/api/voice/route", KEY, CAPTURED);
    let page = get(own, "/metrics");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(page.contains("opbx_voice_requests_total{outcome=\"ring_group\"} 1\n"), "{page}");
    assert!(get(own, "/api/voice/route").starts_with("HTTP/1.1 404 "), "no calls are answered there");
    assert!(serving.get("/metrics").starts_with("HTTP/1.1 404 "), "nor figures where calls are");
    serving.signal("-TERM");
    assert_eq!(serving.wait().code, Some(0));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let Ran { code, errors, .. } =
        place.run(&format!("serve --plan plan.opbx --listen 127.0.0.1:0 --metrics-listen {address}"));
    assert_eq!(code, Some(1));
    assert!(errors.contains(&format!("he server cannot listen on {address}: ")), "{errors}");
}

#[test]
fn a_server_that_is_stopping_says_that_it_is_down() {
    let place = Place::new("health-stopping");
    let serving = Serving::start(&place, &format!("--webhook-key {KEY} --drain-seconds 5"));
    assert!(serving.get("/health").starts_with("HTTP/1.1 200 "));
    serving.signal("-TERM");
    while !serving.get("/readyz").starts_with("HTTP/1.1 503 ") {}
    let health = serving.get("/health");
    assert!(health.starts_with("HTTP/1.1 503 ") && health.contains("\"status\":\"down\""), "{health}");
}

/// Every way a secret can come in, at the most talkative level.
#[test]
fn no_secret_reaches_the_log() {
    let place = Place::new("log-secrets");
    let secret = "the-secret-of-more-than-thirty-two-characters";
    let mut command = place.opbx("serve --plan plan.opbx --listen 127.0.0.1:0");
    command.args(["--webhook-key", KEY]);
    let serving = Serving::start_with(
        command.env("OPBX_SECRET_KEY", secret).env("OPBX_METRICS_TOKEN", TOKEN).env("OPBX_LOG_LEVEL", "trace"),
    );
    let call = serving.post("/api/voice/route", KEY, CAPTURED);
    let token = call.split_once("/api/voice/continue/").unwrap().1.split('"').next().unwrap().to_owned();
    serving.post(&format!("/api/voice/continue/{token}"), KEY, &CAPTURED.replacen('{', "{\"Digits\": \"907431\", ", 1));
    let altered = format!("{}xxxx", &token[..token.len() - 4]);
    serving.post(&format!("/api/voice/continue/{altered}"), KEY, CAPTURED);
    serving.post("/api/voice/route", KEY, "{\"Digits\": \"907431\", \"ApiKey\": \"XI0123456789ABCDEF\", ");
    serving.post("/api/webhooks/cloudonix/cdr/the-secret-of-the-address", KEY, "{}");
    serving.exchange("GET /api/voice/route?apiKey=XI0123456789ABCDEF&Digits=907431 HTTP/1.1", "");
    let head = |bearer: &str| format!("GET /metrics HTTP/1.1\r\nAuthorization: Bearer {bearer}");
    assert!(serving.exchange(&head(TOKEN), "").starts_with("HTTP/1.1 200 "));
    assert!(serving.exchange(&head("a-token-that-is-wrong"), "").starts_with("HTTP/1.1 401 "));
    serving.signal("-TERM");
    let log = serving.wait().errors;
    assert!(log.contains("voice request answered") && log.contains("a step of a call was refused"), "{log}");
    let token = token.as_str();
    for hidden in
        [KEY, secret, TOKEN, "a-token-that-is-wrong", "Bearer", "907431", "XI01234", "the-secret-of-the-address", token]
    {
        assert!(!log.contains(hidden), "{hidden}: {log}");
    }
}

#[test]
fn numbers_in_the_log_are_masked_where_that_is_set() {
    let place = Place::new("log-numbers");
    let (from, to) = ("+14155550123", "+12125550100");
    let logged = |how: Option<&str>| {
        let mut command = place.opbx("serve --plan plan.opbx --listen 127.0.0.1:0");
        command.args(["--webhook-key", KEY]).envs(how.map(|how| ("OPBX_LOG_NUMBERS", how)));
        let serving = Serving::start_with(&mut command);
        let call =
            format!("{{\"Session\": \"s\", \"From\": \"{from}\", \"To\": \"{to}\", \"Direction\": \"inbound\"}}");
        serving.post("/api/voice/route", KEY, &call);
        serving.signal("-TERM");
        let log = serving.wait().errors;
        let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let line = lines.iter().find(|line| line["message"] == "voice request answered").unwrap().clone();
        (line["from"].as_str().unwrap().to_owned(), line["to"].as_str().unwrap().to_owned(), log)
    };
    let full = logged(None);
    assert_eq!((full.0.as_str(), full.1.as_str()), (from, to));
    let masked = logged(Some("masked"));
    for (number, shown) in [(from, &masked.0), (to, &masked.1)] {
        assert_eq!(*shown, format!("{}***", &number[..number.len() - 3]));
        assert!(!masked.2.contains(number), "{}", masked.2);
    }
    let Ran { code, errors, .. } = place.run("serve --plan plan.opbx --log-numbers some");
    assert_eq!((code, errors.as_str()), (Some(2), "--log-numbers is `some`; it should be full or masked.\n"));
}
