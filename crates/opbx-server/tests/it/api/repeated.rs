//! Requests that are sent again with their key.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

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
