//! What the application is sent.

use cloudonix_sim::{Application, Call, Exchange, People, Settings, Switches};
use cxml::Method;
use serde_json::json;

use crate::server::Server;
use crate::stage::{inbound, placed, serving, settings};

fn header<'a>(seen: &'a crate::server::Seen, name: &str) -> Option<&'a str> {
    seen.headers.get(name).map(|value| value.to_str().unwrap())
}

async fn placed_with_bearer(server: &Server, call: Call) {
    let settings = Settings { bearer: Some("s3cr3t".to_owned()), ..settings(server, Switches::default()) };
    Exchange::new(settings).unwrap().place(call, People::new().presses("42")).await;
}

#[tokio::test]
async fn the_first_request_of_a_subscriber() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    let call = Call::subscriber("1004", "3000").in_session("5b1f0c7e9a2d4f36b8e1c0d9a7f64312");
    placed_with_bearer(&server, call).await;
    let seen = &server.seen()[0];
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/voice"));
    for (name, value) in [
        ("user-agent", Some("Cloudonix APP.Core/5.3.673")),
        ("authorization", Some("Bearer s3cr3t")),
        ("content-type", Some("application/json")),
        ("x-cx-domain", Some("acme.example")),
        ("x-cx-from", Some("1004")),
        ("x-cx-to", Some("3000")),
        ("x-cx-session", Some("5b1f0c7e9a2d4f36b8e1c0d9a7f64312")),
        ("x-cx-source", Some("SUBSCRIBER")),
    ] {
        assert_eq!(header(seen, name), value, "{name}");
    }
    assert_eq!(header(seen, "x-cx-apikey").unwrap().len(), 34);
    assert_eq!(header(seen, "x-cx-stageid").unwrap().len(), 16);
    assert_eq!(
        seen.json(),
        json!({
            "ApplicationSid": "7d0f5e0a-3b56-4a8e-9b11-2f6f0a0d9c55",
            "ApiVersion": "1",
            "CallStatus": "in-progress",
            "From": "1004",
            "To": "3000",
            "CallSid": "5b1f0c7e9a2d4f36b8e1c0d9a7f64312",
            "Session": "5b1f0c7e9a2d4f36b8e1c0d9a7f64312",
            "Domain": "acme.example",
            "AccountSid": "acme.example",
            "Direction": "subscriber",
            "SessionData": {
                "id": 30112233, "domainId": 4321, "outgoingSubscriberId": 250001,
                "destination": "3000", "callerId": "1004",
                "token": "5b1f0c7e9a2d4f36b8e1c0d9a7f64312",
                "profile": {
                    "subscriber-sip-headers": {"Cloudonix-Origin": "subscriber", "Cloudonix-Domain": "acme.example"},
                    "callId": ["5b1f0c7e9a2d4f"],
                },
                "callStartTime": 1_767_225_600_000_u64, "status": "NEW",
                "vappServer": "172.20.1.15", "callIds": ["5b1f0c7e9a2d4f"],
                "ringing": false, "domainNameOrId": "acme.example",
            },
            "Application": {
                "id": 9001, "domainId": 4321, "name": "voice-application",
                "uuid": "7d0f5e0a-3b56-4a8e-9b11-2f6f0a0d9c55", "profile": {}, "type": "cxml",
                "url": format!("{}/voice", server.origin), "method": "POST", "llm-tools": [],
            },
        })
    );
}

#[tokio::test]
async fn a_call_from_a_trunk() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    let call = inbound().named("Zoë").diverted_from("1001@acme.example").asserted_as("+14155550123");
    placed(&server, Switches::default(), call.with_sip_header("Carrier", "acme"), People::new()).await;
    let seen = &server.seen()[0];
    assert_eq!((header(seen, "authorization"), header(seen, "x-cx-source")), (None, None));
    let body = seen.json();
    assert_eq!(body["CallerName"], "Zoë");
    assert_eq!(body["Diverted"], "1001@acme.example");
    assert_eq!(body["AssertedIdentity"], "+14155550123");
    assert_eq!(body["Direction"], "inbound");
    assert_eq!(body["SessionData"]["profile"]["trunk-sip-headers"], json!({"Carrier": "acme"}));
    assert_eq!(body["SessionData"].get("outgoingSubscriberId"), None);
}

#[tokio::test]
async fn what_is_not_known_is_absent() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    placed(&server, Switches::default(), inbound(), People::new()).await;
    let body = server.seen()[0].json();
    for name in ["CallerName", "Diverted", "AssertedIdentity", "Digits", "DialCallStatus", "RecordingUrl"] {
        assert_eq!(body.get(name), None, "{name}");
    }
}

#[tokio::test]
async fn the_next_request_is_the_standard_one_and_more() {
    let documents = [("/voice", "<Gather action='/menu?turn=1&amp;signed=a%2Fb'/>"), ("/menu", "<Hangup/>")];
    let server = serving(&documents).await;
    placed_with_bearer(&server, inbound()).await;
    let seen = server.seen();
    assert_eq!(seen[1].target, "/menu?turn=1&signed=a%2Fb", "the query string is kept as it is");
    let (first, second) = (seen[0].json(), seen[1].json());
    assert_eq!((&second["Digits"], &second["CallStatus"]), (&json!("42"), &json!("in-progress")));
    assert_eq!(second["SessionData"]["status"], "processing");
    for name in ["Session", "CallSid", "From", "To", "Direction", "Domain", "Application", "ApplicationSid"] {
        assert_eq!(first[name], second[name], "{name}");
    }
    assert_eq!(header(&seen[1], "authorization"), Some("Bearer s3cr3t"));
    assert_eq!(header(&seen[0], "x-cx-session"), header(&seen[1], "x-cx-session"));
    assert_ne!(header(&seen[0], "x-cx-stageid"), header(&seen[1], "x-cx-stageid"), "new for each request");
}

#[tokio::test]
async fn with_get_the_texts_are_in_the_query() {
    let server = serving(&[("/voice", "<Redirect method='GET'>/next?a=1</Redirect>"), ("/next", "<Hangup/>")]).await;
    let application = Application { method: Method::Get, ..Application::default() };
    let settings = Settings { application, ..settings(&server, Switches::default()) };
    Exchange::new(settings).unwrap().place(inbound().named("A & B"), People::new()).await;
    let seen = server.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_str()), ("GET", ""));
    assert_eq!(header(&seen[0], "content-type"), None);
    for pair in ["/voice?", "CallerName=A+%26+B", "From=%2B14155550123", "Direction=inbound", "CallStatus=in-progress"]
    {
        assert!(seen[0].target.contains(pair), "{pair} in {}", seen[0].target);
    }
    assert!(!seen[0].target.contains("SessionData"), "how an object is written in a query is not known");
    assert!(seen[1].target.starts_with("/next?a=1&"), "{}", seen[1].target);
}

#[tokio::test]
async fn each_call_has_a_session_of_its_own() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    let exchange = Exchange::new(settings(&server, Switches::default())).unwrap();
    let first = exchange.place(inbound(), People::new()).await;
    let second = exchange.place(inbound(), People::new()).await;
    assert_ne!(first.session, second.session);
    for token in [first.session, second.session] {
        assert!(token.len() == 32 && token.bytes().all(|byte| b"0123456789abcdef".contains(&byte)), "{token}");
    }
}

#[tokio::test]
async fn a_seed_is_who_the_calls_are() {
    let server = serving(&[("/voice", "<Hangup/>")]).await;
    let session = async |seed| {
        let settings = Settings { seed, ..settings(&server, Switches::default()) };
        Exchange::new(settings).unwrap().place(inbound(), People::new()).await.session
    };
    let (first, again, other) = (session(1).await, session(1).await, session(2).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    let ids: Vec<_> = server.seen().iter().map(|seen| seen.json()["SessionData"]["id"].clone()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    for address in ["", "voice", "ftp://127.0.0.1/voice", "cx://hosted/app"] {
        assert!(Exchange::new(Settings::new(address, "acme.example", 0)).is_err(), "{address}");
    }
    let bearer = Some("two\nlines".to_owned());
    let settings = Settings { bearer, ..Settings::new("http://127.0.0.1/voice", "acme.example", 0) };
    assert_eq!(
        Exchange::new(settings).unwrap_err().to_string(),
        "the bearer token has characters that no header can carry"
    );
    let origins = vec!["nowhere".to_owned()];
    assert!(Exchange::new(Settings { origins, ..Settings::new("http://127.0.0.1/voice", "acme.example", 0) }).is_err());
}
