//! Queries, forms and objects of JSON.

use crate::office::{ACME, ACME_KEY, Office, SESSION, said};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

const PLAN: &str = "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n";
const QUERY: &str = "CallSid=s&From=1001&To=1002&Direction=subscriber&CallStatus=in-progress";

fn keyed(request: axum::http::request::Builder) -> axum::http::request::Builder {
    request.header("Authorization", format!("Bearer {ACME_KEY}"))
}

#[tokio::test]
async fn a_query_is_enough() {
    let office = Office::new(PLAN);
    let address = format!("/api/voice/route?{QUERY}&Session={SESSION}&Domain={ACME}");
    let answer = office.send(keyed(Request::get(address)).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.rings(), ["1002"]);
}

#[tokio::test]
async fn a_form_is_read() {
    let office = Office::new(PLAN);
    let request = keyed(Request::post("/api/voice/route")).header("Content-Type", "application/x-www-form-urlencoded");
    let answer = office.send(request.body(Body::from(format!("{QUERY}&Domain={ACME}"))).unwrap()).await;
    assert_eq!(answer.rings(), ["1002"]);
}

#[tokio::test]
async fn the_body_goes_before_the_query() {
    let office = Office::new(PLAN);
    let answer = office.post("/api/voice/route?To=1001&From=9", &said("1001", "1002", "subscriber")).await;
    assert_eq!(answer.rings(), ["1002"]);
    let body = json!({"Domain": ACME, "To": "1002", "Direction": "subscriber"});
    let answer = office.post("/api/voice/route?To=1001&From=1001", &body).await;
    assert_eq!(answer.rings(), ["1002"]);
}

#[tokio::test]
async fn values_may_be_numbers_and_unknown_fields_are_passed_over() {
    let office = Office::new(PLAN);
    let body = json!({"Domain": ACME, "From": 1001, "To": 1002, "Direction": "SUBSCRIBER", "Session": 7,
        "SessionData": {"To": "9999", "list": [1, {"From": "2"}]}, "New": null, "Deep": [[[[]]]]});
    assert_eq!(office.post("/api/voice/route", &body).await.rings(), ["1002"]);
}

#[tokio::test]
async fn a_follow_up_may_come_by_get_too() {
    let office = Office::new(
        "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n  unanswered -> extension 1003\nextension 1003 Carol\n",
    );
    let first = office.call("1001", "1002", "subscriber").await;
    let address = format!("{}?{QUERY}&Session={SESSION}&Domain={ACME}&DialCallStatus=no-answer", first.action());
    let answer = office.send(keyed(Request::get(address)).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.rings(), ["1003"]);
}

#[tokio::test]
async fn a_caller_without_numbers_hears_a_sentence() {
    let office = Office::new(PLAN);
    for body in [json!({}), json!({"Domain": ACME}), json!({"From": "1001", "To": "", "Direction": "subscriber"})] {
        let answer = office.post("/api/voice/route", &body).await;
        assert!(answer.document().contains("No number was dialed."), "{}", answer.body);
    }
}
