//! The request that was captured from the platform, in every form that it may come in.

use crate::office::{ACME, ACME_KEY, Office};
use axum::body::Body;
use axum::http::Request;

const CAPTURED: &str = include_str!("captured/voice_request.json");
const PLAN: &str = include_str!("../../../../examples/front-desk.opbx");

fn captured(path: &str) -> Request<Body> {
    // As captured, headers and all.
    Request::post(path)
        .header("Host", "pbx.example.org")
        .header("User-Agent", "Cloudonix APP.Core/5.3.673")
        .header("Authorization", format!("Bearer {ACME_KEY}"))
        .header("Content-Type", "application/json")
        .header("X-Cx-Apikey", "XI0123456789ABCDEF0123456789ABCDEF")
        .header("X-Cx-Domain", ACME)
        .header("X-Cx-From", "1004")
        .header("X-Cx-Session", "5b1f0c7e9a2d4f36b8e1c0d9a7f64312")
        .header("X-Cx-Source", "SUBSCRIBER")
        .header("X-Cx-Stageid", "9c1e44a0b72f5d18")
        .header("X-Cx-To", "3000")
        .body(Body::from(CAPTURED))
        .unwrap()
}

#[tokio::test]
async fn it_rings_the_front_desk() {
    let answer = Office::new(PLAN).send(captured("/api/voice/route")).await;
    insta::assert_snapshot!(answer.document(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <Response>
      <Dial action="/api/voice/continue/…" callerId="1004" timeout="20" timeLimit="14400">
        <Number>1001</Number>
        <Number>1002</Number>
      </Dial>
    </Response>
    "#);
}

#[tokio::test]
async fn every_address_of_it_answers_the_same() {
    let office = Office::new(PLAN);
    let first = office.send(captured("/api/voice/route")).await;
    for path in [
        "/api/v1/voice/route",
        "/api/webhooks/cloudonix/call-initiated",
        "/api/v1/webhooks/cloudonix/call-initiated",
        "/api/voice/route?anything=else",
    ] {
        assert_eq!(office.send(captured(path)).await.body, first.body, "{path}");
    }
}

#[tokio::test]
async fn addresses_in_a_document_begin_with_the_public_one() {
    let organizations: &[(&str, &[&str], &str)] = &[(PLAN, &[ACME], ACME_KEY)];
    let office = Office::with(organizations, Some("https://pbx.example.com/"));
    let answer = office.send(captured("/api/v1/voice/route")).await;
    assert!(answer.action().starts_with("https://pbx.example.com/api/voice/continue/"), "{}", answer.body);
}
