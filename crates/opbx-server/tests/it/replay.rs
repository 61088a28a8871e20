//! The platform sends a request again when it is in doubt. It is answered again, and nothing happens twice.

use crate::failures::Never;
use crate::office::{ACME_KEY, Answer, OTHER, OTHER_KEY, Office, posted, said, said_in};
use axum::body::Body;
use axum::http::Request;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Each decision about a call to 3000 advances the turn, so that it begins with another member.
const PLAN: &str = "\
organization Acme US America/New_York
extension 1001 Alice
extension 1002 Bob
extension 1003 Carol
extension 3000 Support -> group Support
group Support round-robin 15s
  1001 1002 1003
";
const START: &str = "/api/voice/route";
const REQUEST_ID: &str = "0190a6c8-4a4b-7a41-9a3e-6b3f6f2f5b11";

fn to_the_group(session: &str) -> Value {
    said_in(session, "1009", "3000", "subscriber")
}

async fn rings(office: &Office, session: &str) -> Vec<String> {
    office.post(START, &to_the_group(session)).await.rings()
}

fn equal(one: &Answer, other: &Answer) -> bool {
    let header = |answer: &Answer| answer.headers["content-type"].clone();
    (one.status, &one.body, header(one)) == (other.status, &other.body, header(other))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_at_once_are_decided_once() {
    let office = Arc::new(Office::new(PLAN));
    for (call, member) in ["1001", "1002", "1003", "1001"].into_iter().enumerate() {
        let mut deliveries = JoinSet::new();
        for _ in 0..20 {
            let (office, body) = (Arc::clone(&office), to_the_group(&call.to_string()));
            deliveries.spawn(async move { office.post(START, &body).await });
        }
        let answers = deliveries.join_all().await;
        assert_eq!(answers.len(), 20);
        assert_eq!(answers[0].rings(), [member]);
        assert!(answers.iter().all(|answer| equal(answer, &answers[0])), "{answers:?}");
    }
}

#[tokio::test]
async fn the_aliases_are_one_route() {
    let office = Office::new(PLAN);
    let first = office.post(START, &to_the_group("a")).await;
    for path in ["/api/v1/voice/route", "/api/webhooks/cloudonix/call-initiated", "/api/voice/route?x=y"] {
        assert!(equal(&office.post(path, &to_the_group("a")).await, &first), "{path}");
    }
    // So are those of a step; a step is another route than the start.
    let step = first.action();
    let next = office.post(&step, &to_the_group("a")).await;
    assert_ne!(next.body, first.body);
    assert!(equal(&office.post(&step.replace("/api/", "/api/v1/"), &to_the_group("a")).await, &next));
}

#[tokio::test]
async fn what_else_the_request_says_makes_no_difference() {
    let office = Office::new(PLAN);
    let first = office.post(START, &to_the_group("a")).await;
    let mut other = to_the_group("a");
    other["CallerName"] = json!("Ann");
    other["CallSid"] = json!("another");
    assert!(equal(&office.post(START, &other).await, &first));
    // The same in another form.
    let form = Request::post(START).header("Authorization", format!("Bearer {ACME_KEY}"));
    let body = "Session=a&From=1009&To=3000&CallStatus=in-progress&Domain=acme.cloudonix.net";
    assert!(equal(&office.send(form.body(Body::from(body)).unwrap()).await, &first));
}

#[tokio::test]
async fn whatever_decides_makes_another_delivery() {
    let office = Office::new(PLAN);
    let mut member = ["1001", "1002", "1003"].into_iter().cycle();
    assert_eq!(rings(&office, "a").await, [member.next().unwrap()]);
    for (field, value) in [
        ("Session", "b"),
        ("From", "1008"),
        ("CallStatus", "ringing"),
        ("DialCallStatus", "busy"),
        ("Digits", "1"),
        ("SpeechResult", "Bob"),
        ("RecordingUrl", "https://example.com/1.mp3"),
    ] {
        let mut body = to_the_group("a");
        body[field] = json!(value);
        let first = office.post(START, &body).await;
        assert_eq!(first.rings(), [member.next().unwrap()], "{field}");
        assert!(equal(&office.post(START, &body).await, &first), "{field}");
    }
}

#[tokio::test]
async fn a_request_of_no_call_is_nobodys_twin() {
    let office = Office::new(PLAN);
    let mut body = to_the_group("");
    for member in ["1001", "1002", "1003"] {
        assert_eq!(office.post(START, &body).await.rings(), [member]);
    }
    // The name of the leg is enough.
    body["CallSid"] = json!("leg");
    for _ in 0..2 {
        assert_eq!(office.post(START, &body).await.rings(), ["1001"]);
    }
}

#[tokio::test]
async fn another_organization_has_its_own_deliveries() {
    let office = Office::new(PLAN);
    assert_eq!(rings(&office, "a").await, ["1001"]);
    assert_eq!(rings(&office, "b").await, ["1002"]);
    let mut body = to_the_group("b");
    body["Domain"] = json!(OTHER);
    for _ in 0..2 {
        assert_eq!(office.send(posted(START, OTHER_KEY, &body)).await.rings(), ["1001"]);
    }
    assert_eq!(rings(&office, "b").await, ["1002"]);
}

#[tokio::test]
async fn an_answer_is_remembered_for_ten_minutes() {
    let office = Office::new(PLAN);
    assert_eq!(rings(&office, "a").await, ["1001"]);
    office.wait(SignedDuration::from_secs(599));
    assert_eq!(rings(&office, "a").await, ["1001"]);
    office.wait(SignedDuration::from_secs(1));
    assert_eq!(rings(&office, "a").await, ["1002"]);
}

#[tokio::test]
async fn beyond_the_memory_the_oldest_are_forgotten() {
    // A document of more than 4 KiB, which takes more than 8 KiB of the 16 MiB.
    let office = Office::new(&format!(
        "{PLAN}extension 4000 Story -> menu Story\nmenu Story\n  say \"{}\"\n  1 -> hangup\n",
        "Once upon a time. ".repeat(222).trim()
    ));
    let story = async |session: String| office.post(START, &said_in(&session, "1009", "4000", "subscriber")).await;
    assert!(story("long".to_owned()).await.body.len() > 4 * 1024);
    assert_eq!(rings(&office, "old").await, ["1001"]);
    for call in 0..1_500 {
        story(call.to_string()).await;
    }
    assert_eq!(rings(&office, "old").await, ["1001"], "there is room for this many");
    assert_eq!(rings(&office, "young").await, ["1002"]);
    for call in 1_500..2_100 {
        story(call.to_string()).await;
    }
    assert_eq!(rings(&office, "young").await, ["1002"], "the younger one is known");
    assert_eq!(rings(&office, "old").await, ["1003"], "the older one is decided again");
}

#[tokio::test]
async fn an_effect_happens_once() {
    let office = Office::new(PLAN);
    let (on, off) = (said_in("a", "1001", "*78", "subscriber"), said_in("b", "1001", "*79", "subscriber"));
    let first = office.post(START, &on).await;
    assert!(office.post(START, &off).await.document().contains("Do not disturb is off."));
    // A late twin says what the first one said, and does nothing.
    assert!(equal(&office.post(START, &on).await, &first));
    assert_eq!(rings(&office, "c").await, ["1001"]);
}

#[tokio::test]
async fn a_panic_is_not_remembered() {
    let office = Office::new(PLAN);
    let request = || {
        let mut request = posted(START, ACME_KEY, &to_the_group("a"));
        // Nothing else may ask the broken clock for a name.
        request.headers_mut().insert("X-Request-Id", REQUEST_ID.parse().unwrap());
        request
    };
    office.break_clock();
    assert!(office.send(request()).await.document().contains("We are sorry"));
    office.set_clock("2026-03-09T14:00:00Z");
    assert_eq!(office.send(request()).await.rings(), ["1001"]);
}

#[tokio::test(start_paused = true)]
async fn what_came_too_late_is_not_remembered() {
    let office = Office::new(PLAN);
    let path = format!("{START}?Session=a&From=1009&To=3000&CallStatus=in-progress&Direction=subscriber");
    let request = |body: Body| {
        let request = Request::post(&path).header("Authorization", format!("Bearer {ACME_KEY}"));
        request.header("X-Cx-Domain", "acme.cloudonix.net").body(body).unwrap()
    };
    let never = Body::new(Never);
    assert!(office.send(request(never)).await.document().contains("We are sorry"));
    assert_eq!(office.send(request(Body::empty())).await.rings(), ["1001"]);
    // Nor is what could not be read.
    assert!(office.send(request(Body::from("{"))).await.document().contains("We are sorry"));
    assert_eq!(office.send(request(Body::empty())).await.rings(), ["1001"]);
}

#[tokio::test]
async fn a_refused_step_is_answered_the_same_again() {
    let office = Office::new(PLAN);
    let first = office.post("/api/voice/continue/nonsense", &said("1009", "3000", "subscriber")).await;
    assert!(first.document().contains("This call cannot be continued."));
    assert!(equal(&office.post("/api/voice/continue/nonsense", &said("1009", "3000", "subscriber")).await, &first));
}
