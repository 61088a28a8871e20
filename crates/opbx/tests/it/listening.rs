//! The real program, the platform's reports of a call, and pusher-js from npm that hears of it as it goes.

use crate::feeding::Line;
use crate::installation::{DOMAIN, furnished, serve};
use crate::program::{Place, Serving};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use test_servers::live_clients::LiveClients;

const PLAN: &str =
    "organization Acme US America/New_York\n\nextension 1001 Alice\n\nnumber +12125550100 -> extension 1001\n";
/// How long it may be from what the platform reports to whoever listens. Measured under load by the bench; here in the middle of
/// some, since other tests have the machine too.
const SOON: Duration = Duration::from_millis(250);

const UPDATES: &str = "/api/webhooks/cloudonix/session-update";
const RECORDS: &str = "/api/webhooks/cloudonix/cdr";

/// A token with which a program of the owner's listens.
fn token(place: &Place, organization: &str, email: &str) -> String {
    let words = ["token", "create", "--name", "Wallboard", "--org", organization, "--email", email];
    let made = place.run_words(&[&words[..], &["--abilities", "live-calls:read"]].concat());
    assert_eq!(made.code, Some(0), "{made:?}");
    let made: Value = serde_json::from_str(&made.output).unwrap();
    made["token"].as_str().unwrap().to_owned()
}

fn connect(clients: &mut LiveClients, serving: &Serving, name: &str, token: &str, channel: &str) {
    let (port, authorization) = (serving.address.port(), format!("Bearer {token}"));
    clients.ask(&json!({ "do": "connect", "name": name, "port": port, "authorization": authorization }));
    clients.ask(&json!({ "do": "subscribe", "name": name, "channel": channel }));
}

#[test]
fn pusher_js_hears_of_a_call_from_its_beginning_to_its_record() {
    let place = furnished("listening", PLAN);
    let other = place.run(
        "org create --name Beta --slug beta --timezone UTC --country US --owner-name Bea --owner-email bea@beta.example",
    );
    assert_eq!(other.code, Some(0), "{other:?}");
    let (ours, theirs) = (token(&place, "acme", "alice@acme.example"), token(&place, "beta", "bea@beta.example"));
    let serving = serve(&place, "");
    let Some(mut clients) = LiveClients::start() else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let hears = |clients: &mut LiveClients, wanted: Value| runtime.block_on(clients.hears(&wanted));

    let channel = "presence-org.1";
    connect(&mut clients, &serving, "ours", &ours, channel);
    hears(&mut clients, json!({ "name": "ours", "event": "pusher:subscription_succeeded" }));
    // Somebody of another organization is refused.
    connect(&mut clients, &serving, "theirs", &theirs, channel);
    let refused = hears(&mut clients, json!({ "name": "theirs", "channel": channel }));
    assert_eq!((&refused["event"], &refused["data"]["status"]), (&json!("pusher:subscription_error"), &json!(403)));

    let mut line = Line::open(serving.address).unwrap();
    let session = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";
    let update = |status: &str, second: u64| {
        let answered = (status == "connected" || status == "answer").then_some(1_773_057_606_980_u64);
        json!({ "id": 30_112_233, "token": session, "domain": DOMAIN, "callerId": "14155550123", "destination": "12125550100",
            "direction": "incoming", "status": status, "modifiedAt": 1_773_057_600_000_u64 + second * 1_000,
            "callStartTime": 1_773_057_600_123_u64, "callAnswerTime": answered })
    };
    let record = json!({ "timestamp": 1_773_057_667, "domain": DOMAIN, "from": "14155550123", "to": "12125550100",
        "disposition": "ANSWER", "duration": 67, "billsec": 60, "session": { "token": session, "direction": "incoming",
            "callStartTime": 1_773_057_600_123_u64, "callAnswerTime": 1_773_057_606_980_u64,
            "callEndTime": 1_773_057_667_010_u64 } });
    let course = [
        (UPDATES, update("new", 0), 204, "call.initiated", "initiated"),
        (UPDATES, update("ringing", 1), 204, "call.ringing", "ringing"),
        (UPDATES, update("connected", 7), 204, "call.answered", "answered"),
        (UPDATES, update("answer", 67), 204, "call.ended", "completed"),
        (RECORDS, record, 200, "cdr.created", "completed"),
    ];
    let (mut took, mut last) = (Vec::new(), None);
    for (path, said, status, event, seen) in course {
        let begun = Instant::now();
        let taken = line.report(path, &said).unwrap();
        assert_eq!(taken.status, status, "{taken:?}");
        let told = hears(&mut clients, json!({ "name": "ours", "channel": channel, "event": event }));
        took.push(begun.elapsed());
        let call = &told["data"]["call"];
        assert_eq!(
            (&call["call_id"], &call["from_number"], &call["to_number"], &call["status"], &call["direction"]),
            (&json!(session), &json!("+14155550123"), &json!("+12125550100"), &json!(seen), &json!("inbound")),
            "{told}"
        );
        // In order, and of one epoch: a client knows that it has missed nothing.
        let sequence = &told["data"]["sequence"];
        let place = (sequence["epoch"].as_str().unwrap().to_owned(), sequence["seq"].as_u64().unwrap());
        if let Some((epoch, number)) = last.replace(place.clone()) {
            assert!(epoch == place.0 && number < place.1, "{told}");
        }
    }
    took.sort_unstable();
    assert!(took[took.len() / 2] < SOON, "{took:?}");
}
