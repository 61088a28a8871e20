//! Requests that are sent again with their key.

use super::company::{Answer, Company};
use super::impatient::{Endless, polled};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

async fn post(company: &Company, who: &str, key: &str, body: &Value) -> Answer {
    let request = Request::post("/api/v1/extensions")
        .header("authorization", company.bearer(who))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(Body::from(body.to_string()))
        .unwrap();
    company.send(request).await
}

fn extension(number: &str) -> Value {
    json!({ "extension_number": number, "name": "Alice", "type": "user" })
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer_and_is_done_once() {
    let company = Company::new().await;
    let first = post(&company, "owner", "one", &extension("1001")).await;
    let again = post(&company, "owner", "one", &extension("1001")).await;
    assert_eq!((again.status, &again.body), (StatusCode::CREATED, &first.body));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(company.get("/extensions").await.body["meta"]["total"], 1);
    let other = post(&company, "owner", "one", &extension("1002")).await;
    assert_eq!(other.errors()["idempotency_key"].as_array().unwrap().len(), 1);
    // Someone else's key is another key, and after a day it is forgotten.
    assert_eq!(post(&company, "admin", "one", &extension("1003")).await.status, StatusCode::CREATED);
    company.wait(SignedDuration::from_mins(24 * 60 - 1));
    assert_eq!(post(&company, "owner", "one", &extension("1001")).await.body, first.body);
}

#[tokio::test]
async fn what_was_refused_may_be_mended_and_sent_again() {
    let company = Company::new().await;
    assert_eq!(post(&company, "owner", "k", &extension("1")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&company, "owner", "k", &extension("1001")).await.status, StatusCode::CREATED);
    assert_eq!(post(&company, "owner", "", &extension("1002")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(&company, "reporter", "k", &extension("1002")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_at_once_make_one() {
    let company = std::sync::Arc::new(Company::new().await);
    let requests = (0..12).map(|_| {
        let company = company.clone();
        tokio::spawn(async move { post(&company, "owner", "same", &extension("1001")).await.status })
    });
    let mut statuses = Vec::new();
    for request in requests.collect::<Vec<_>>() {
        statuses.push(request.await.unwrap());
    }
    assert!(statuses.contains(&StatusCode::CREATED));
    assert!(statuses.iter().all(|status| matches!(status.as_u16(), 201 | 409)), "{statuses:?}");
    assert_eq!(company.get("/extensions").await.body["meta"]["total"], 1);
}

#[tokio::test]
async fn someone_who_signs_in_again_or_asks_by_the_other_base_is_the_same() {
    let company = Company::new().await;
    let first = post(&company, "owner", "one", &extension("1001")).await;
    let send = async |bearer: String, base: &str| {
        let request = Request::post(format!("{base}/extensions"))
            .header("authorization", bearer)
            .header("content-type", "application/json")
            .header("idempotency-key", "one")
            .body(Body::from(extension("1001").to_string()))
            .unwrap();
        company.send(request).await
    };
    assert_eq!(send(company.bearer("owner"), "/api").await.body, first.body);
    assert_eq!(send(company.bearer_anew("owner").await, "/api/v1").await.body, first.body);
}

#[tokio::test]
async fn a_request_whose_sender_goes_away_is_done_and_its_answer_kept() {
    let company = Company::new().await;
    for polls in 1.. {
        let (key, body) = (format!("key {polls}"), extension(&(1_000 + polls).to_string()));
        let first = polled(post(&company, "owner", &key, &body), polls).await;
        // It may still be at work; without a clock that goes it would be for ever, if it had been let go.
        let again = async {
            loop {
                let again = post(&company, "owner", &key, &body).await;
                if again.status != StatusCode::CONFLICT {
                    break again;
                }
            }
        };
        let again =
            tokio::time::timeout(std::time::Duration::from_secs(20), again).await.expect("it is at work for ever");
        assert_eq!(again.status, StatusCode::CREATED, "{again:?}");
        assert_eq!(company.get("/extensions").await.body["meta"]["total"], polls);
        if first.is_some() {
            break;
        }
    }
}

#[tokio::test]
async fn a_body_that_is_refused_anyhow_is_not_read_for_a_key() {
    let company = Company::new().await;
    let may_not = ("reporter", "application/json", StatusCode::FORBIDDEN);
    let other = ("owner", "text/csv", StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for (path, (who, kind, status)) in [("extensions", may_not), ("extensions", other), ("extensions/import", may_not)]
    {
        let (body, asked) = Endless::beginning("{");
        let request = Request::post(format!("/api/v1/{path}"))
            .header("authorization", company.bearer(who))
            .header("content-type", kind)
            .header("idempotency-key", "one")
            .body(body)
            .unwrap();
        assert_eq!(company.send(request).await.status, status);
        assert!(!asked.load(Ordering::Relaxed), "{path} {kind}");
    }
    // One that is read is read as far as any other.
    let request = Request::post("/api/v1/business-hours/1/duplicate")
        .header("authorization", company.bearer("owner"))
        .header("content-type", "application/octet-stream")
        .header("idempotency-key", "one")
        .body(Body::from(vec![b' '; 1024 * 1024 + 1]))
        .unwrap();
    assert_eq!(company.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
