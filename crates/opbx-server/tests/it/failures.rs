//! Whatever fails, a caller hears a sentence.

use crate::office::{ACME, ACME_KEY, OTHER, Office, said};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, StatusCode};
use http_body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

const PLAN: &str = "organization Acme US America/New_York\nextension 1001 Alice\nextension 1002 Bob\n";

fn raw(body: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/api/voice/route").header("Authorization", format!("Bearer {ACME_KEY}"));
    request.header("Content-Type", "application/json").header("X-Cx-Domain", ACME).body(body.into()).unwrap()
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_apologized_for() {
    let office = Office::new(PLAN);
    for body in ["nonsense", "{", "[1, 2]", "{\"From\": \"1001\", \"To\":", "\u{0}", "<xml/>", "\"text\""] {
        let answer = office.send(raw(body)).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.document(), @r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <Response>
              <Say>We are sorry, your call cannot be completed right now. Please try again in a few minutes.</Say>
              <Hangup/>
            </Response>
            "#);
        }
    }
    let answer = office.send(raw(vec![0xff, 0xfe, 0x00])).await;
    assert!(answer.document().contains("We are sorry"));
}

#[tokio::test]
async fn an_apology_is_for_the_platform_only() {
    let office = Office::new(PLAN);
    let mut request = raw("nonsense");
    request.headers_mut().insert("X-Cx-Domain", OTHER.parse().unwrap());
    assert_eq!(office.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_panic_is_apologized_for() {
    let office = Office::new(PLAN);
    let mut request = raw(said("1001", "1002", "subscriber").to_string());
    // Nothing else may ask the broken clock for a name.
    request.headers_mut().insert("X-Request-Id", "0190a6c8-4a4b-7a41-9a3e-6b3f6f2f5b11".parse().unwrap());
    office.break_clock();
    assert!(office.send(request).await.document().contains("We are sorry"));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let office = Office::new(PLAN);
    let never = Body::new(Never);
    let before = tokio::time::Instant::now();
    let answer = office.send(raw(never)).await;
    assert!(answer.document().contains("We are sorry"));
    assert_eq!(before.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn the_sentence_is_in_the_organizations_language() {
    let office = Office::new(&PLAN.replacen('\n', "\n  language es\n", 1));
    let document = office.send(raw("nonsense")).await.document();
    assert!(document.contains(r#"<Say language="es-ES">Lo sentimos"#), "{document}");
}

/// A body of which nothing ever comes.
pub(crate) struct Never;

impl HttpBody for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
