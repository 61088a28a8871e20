//! A call that nobody takes becomes a message, a letter, and something to hear and to delete by telephone: the caller and the owner
//! are the stand-in of the platform.

use super::company::Company;
use super::prompts::wav;
use super::recording_host::{RecordingHost, There};
use super::waiting::until;
use crate::office::posted;
use crate::smtp::{MailServer, Protected};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use cloudonix_sim::{Call, Event, Exchange, People, Settings, Transcript};
use opbx_server::mail::MailSettings;
use serde_json::{Value, json};

const DOMAIN: &str = "acme.cloudonix.example";
const KEY: &str = "the-webhook-key-of-acme";
const CALLER: &str = "+14155550123";
const OURS: &str = "+12125550100";

/// The platform's end. Its recordings stand at this host.
fn exchange(company: &Company, host: &RecordingHost, seed: u64) -> Exchange {
    let url = format!("http://{}/api/voice/route", company.address.unwrap());
    Exchange::new(Settings {
        bearer: Some(KEY.into()),
        public_origin: Some("https://pbx.example.com".into()),
        recordings: host.url("/"),
        ..Settings::new(url, DOMAIN, seed)
    })
    .unwrap()
}

async fn placed(exchange: &Exchange, call: Call, script: &str) -> Transcript {
    let people: People = script.parse().unwrap_or_else(|fault| panic!("{fault}"));
    let transcript = exchange.place(call, people).await;
    assert_eq!(transcript.end.last_error, None, "{transcript}");
    transcript
}

/// A transcript without what differs from run to run: tokens, and the port of the host of recordings.
fn without_tokens(transcript: &Transcript, host: &RecordingHost) -> String {
    let text = transcript.to_string().replace(&host.url("/"), "http://recordings/").replace(&transcript.session, "…");
    let marks = ["/api/voice/continue/", "/api/webhooks/cloudonix/recording/", "/api/media/"];
    let mut told = String::new();
    for line in text.lines() {
        let found = marks.iter().find_map(|mark| Some((mark, line.split_once(mark)?)));
        match found {
            Some((mark, (before, after))) => {
                let rest = after.split_once(' ').map_or(String::new(), |(_, rest)| format!(" {rest}"));
                told.push_str(&format!("{before}{mark}…{rest}\n"));
            }
            None => told.push_str(&format!("{line}\n")),
        }
    }
    told
}

/// Alice with her box and her number. Answers the addresses of her extension and of her box's messages.
async fn alice(company: &Company) -> (String, String) {
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user", "voicemail_enabled": true });
    let extension = company.post("/extensions", &body).await.data()["id"].clone();
    let body = json!({ "extension_number": "1002", "name": "Bob", "type": "user" });
    company.post("/extensions", &body).await.data();
    let body = json!({ "phone_number": OURS, "destination": { "type": "extension", "id": extension } });
    company.post("/phone-numbers", &body).await.data();
    let boxes = company.get("/voicemail-boxes").await;
    let of = boxes.data()[0]["id"].clone();
    (format!("/extensions/{extension}"), format!("/voicemail-boxes/{of}"))
}

/// The only message of a box, when it is fetched.
async fn message(company: &Company, of: &str) -> Value {
    until("a message is stored", async || {
        let listed = company.get(&format!("{of}/messages")).await;
        let found = listed.data().as_array().unwrap().clone();
        assert!(found.len() < 2, "{found:?}");
        found.into_iter().find(|message| message["state"] == "stored")
    })
    .await
}

/// The sound that somebody heard in a call, from the address that was played.
fn played(transcript: &Transcript) -> Vec<String> {
    let heard = transcript.events().filter_map(|event| match event {
        Event::HearsAudio { url, .. } => Some(url.split_once("/api/media/").unwrap().1),
        _ => None,
    });
    heard.map(|token| format!("/api/media/{token}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_call_becomes_a_message_that_is_told_of_heard_and_deleted() {
    let host = RecordingHost::start().await;
    let mut letters = MailServer::start(Protected::AtOnce, "250 taken").await;
    let mail = MailSettings {
        smtp: format!("smtps://pbx:secret@localhost:{}", letters.address.port()).parse().unwrap(),
        from: "OPBX <pbx@example.com>".parse().unwrap(),
        roots: vec![letters.certificate.clone()],
    };
    let company = Company::with_platform(&host.url(""), "", Some(mail)).await;
    let (_, of) = alice(&company).await;
    company.patch(&of, &json!({ "email": "alice@acme.example", "email_mode": "attach" })).await.data();
    let exchange = exchange(&company, &host, 1);

    // The platform's recording is there when the call is over, as late as it may be.
    let left = placed(&exchange, Call::inbound(CALLER, OURS), "stays silent; speaks 8 and hangs up").await;
    assert_eq!(left.rang().flatten().collect::<Vec<_>>(), ["1001"], "{left}");
    let recorded = left.events().find_map(|event| match event {
        Event::IsRecorded { url, .. } => Some(url.clone()),
        _ => None,
    });
    let path = recorded.unwrap().strip_prefix(&host.url("")).unwrap().to_owned();
    let listed =
        until("the message is listed", async || company.get(&format!("{of}/messages")).await.data().get(0).cloned())
            .await;
    assert_eq!((&listed["state"], &listed["from_number"]), (&json!("receiving"), &json!(CALLER)));
    host.put(&path, There::File(wav(8, b'm')));
    company.wait(jiff::SignedDuration::from_mins(2));
    let shown = message(&company, &of).await;
    assert_eq!(
        (&shown["duration"], &shown["call_id"], &shown["seen"]),
        (&json!(8), &json!(left.session), &json!(false))
    );

    let letter = letters.mail().await;
    assert!(letter.envelope.iter().any(|line| line.contains("alice@acme.example")), "{letter:?}");
    for words in ["New message from +14155550123 for Alice", "Length: 0:08", "Content-Type: audio/wav"] {
        assert!(letter.text.contains(words), "{words}\n{:.2000}", letter.text);
    }

    // The platform answered the call, and still nobody of the organization did.
    let record = json!({ "timestamp": company.now().as_second(), "domain": DOMAIN, "from": CALLER, "to": OURS,
        "disposition": "ANSWER", "duration": 45, "billsec": 15,
        "session": { "token": left.session, "direction": "incoming" } });
    assert_eq!(company.send(posted("/api/webhooks/cloudonix/cdr", KEY, &record)).await.status, StatusCode::OK);
    let missed =
        until("the call is among those missed", async || company.get("/call-logs/missed").await.data().get(0).cloned())
            .await;
    assert_eq!((&missed["call_id"], &missed["from_number"]), (&json!(left.session), &json!(CALLER)));
    let legs = until("it is known how it rang", async || {
        let call = company.get(&format!("/call-logs/{}", missed["id"])).await.data()["legs"].clone();
        (!call[0]["result"].is_null()).then_some(call)
    })
    .await;
    assert_eq!((&legs[0]["number"], legs.as_array().unwrap().len()), (&json!("1001"), 1), "{legs}");

    // By telephone: heard, and kept.
    let own = Call::subscriber("1001", "*97");
    let heard = placed(&exchange, own.clone(), "presses 1; presses *; presses *").await;
    let addresses = played(&heard);
    assert_eq!(addresses.len(), 1, "{heard}");
    let sound = company.send(Request::get(addresses[0].as_str()).body(Body::empty()).unwrap()).await;
    assert_eq!((sound.status, sound.header("content-type")), (StatusCode::OK, "audio/wav"));
    assert_eq!(sound.body.as_str().unwrap().as_bytes(), wav(8, b'm'));
    until("it counts as heard", async || (message(&company, &of).await["seen"] == true).then_some(())).await;

    // And deleted: gone from the next call on, and soon from the box.
    let deleted = placed(&exchange, own.clone(), "presses 1; presses 3; presses *").await;
    let after = placed(&exchange, own, "presses *").await;
    let journey = [("left", &left), ("heard", &heard), ("deleted", &deleted), ("afterwards", &after)];
    let told: String =
        journey.iter().map(|(title, of)| format!("── {title}\n{}\n", without_tokens(of, &host))).collect();
    insta::assert_snapshot!("voicemail_journey", told);
    until("the box is empty", async || {
        company.get(&format!("{of}/messages")).await.data().as_array().unwrap().is_empty().then_some(())
    })
    .await;
    let address = format!("{of}/messages/{}", shown["id"]);
    for path in [address.clone(), format!("{address}/audio")] {
        assert_eq!(company.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    let gone = company.send(Request::get(addresses[0].as_str()).body(Body::empty()).unwrap()).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(letters.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feature_code_counts_on_the_very_next_call_and_once() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let (alice, _) = alice(&company).await;
    let exchange = exchange(&company, &host, 1);
    let rung = async || {
        let call = placed(&exchange, Call::subscriber("1002", "1001"), "1001 answers after 1, talks 2").await;
        call.rang().flatten().count()
    };
    for _ in 0..5 {
        assert_eq!(rung().await, 1);
        let on = placed(&exchange, Call::subscriber("1001", "*78"), "").await;
        assert_eq!(on.heard().collect::<String>(), "Do not disturb is on.");
        assert_eq!(rung().await, 0);
        let off = placed(&exchange, Call::subscriber("1001", "*79"), "").await;
        assert_eq!(off.heard().collect::<String>(), "Do not disturb is off.");
    }
    let changes = async || {
        let log = company.get("/audit-log?object_type=extension&per_page=100").await;
        let log = log.data().as_array().unwrap().clone();
        log.into_iter().filter(|entry| entry["action"] == "updated").collect::<Vec<_>>()
    };
    until("each is in the log", async || (changes().await.len() >= 10).then_some(())).await;

    // The same request again has the same answer and no effect, whatever has happened meanwhile.
    let said = json!({ "Session": "replayed", "CallSid": "replayed", "From": "1001", "To": "*78",
        "Direction": "subscriber", "CallStatus": "in-progress", "Domain": DOMAIN });
    let ask = async |body: &Value| company.send(posted("/api/voice/route", KEY, body)).await;
    let first = ask(&said).await;
    assert!(first.body.as_str().unwrap().contains("Do not disturb is on."), "{first:?}");
    assert_eq!(rung().await, 0);
    placed(&exchange, Call::subscriber("1001", "*79"), "").await;
    assert_eq!(ask(&said).await.body, first.body);
    assert_eq!(rung().await, 1);
    until("both are in the log", async || (changes().await.len() >= 12).then_some(())).await;
    assert_eq!(company.get(&alice).await.data()["do_not_disturb"], false);
    // What is applied in order is applied to its end: a later change is behind all of them.
    let effects = changes().await;
    assert_eq!(effects.len(), 12, "{effects:?}");
    assert!(effects.iter().all(|entry| entry["actor"]["type"] == "caller"), "{effects:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_pins_lock_the_menu_for_a_while() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let (_, of) = alice(&company).await;
    company.ask("owner", axum::http::Method::PUT, &format!("{of}/pin"), Some(&json!({ "pin": "2468" }))).await;
    let exchange = exchange(&company, &host, 1);
    let heard = async |script: &str| {
        let call = placed(&exchange, Call::subscriber("1001", "*97"), script).await;
        call.heard().collect::<Vec<_>>().join(" ")
    };
    let right = heard("presses 2468#; presses *").await;
    assert!(right.contains("New messages"), "{right}");
    heard("presses 1111#; presses 2222#; presses 3333#").await;
    // Two more, and the right one comes too late: in the same call, and in the next.
    let locked = heard("presses 4444#; presses 5555#; presses 2468#; presses *").await;
    assert!(!locked.contains("New messages") && locked.contains("locked"), "{locked}");
    let locked = heard("presses 2468#; presses *").await;
    assert!(!locked.contains("New messages") && locked.contains("locked"), "{locked}");
    company.wait(jiff::SignedDuration::from_mins(15));
    company.wait(jiff::SignedDuration::from_secs(1));
    let right = heard("presses 2468#; presses *").await;
    assert!(right.contains("New messages"), "{right}");
}
