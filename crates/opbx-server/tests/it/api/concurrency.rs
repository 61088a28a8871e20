//! Many who want the same at the same time.

use super::company::Company;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use std::sync::Arc;

async fn one_of_twelve_gets_it(company: Company, path: &'static str, field: &str, body: serde_json::Value) {
    let company = Arc::new(company);
    let tries = (0..12).map(|_| {
        let (company, body) = (Arc::clone(&company), body.clone());
        tokio::spawn(async move { company.post(path, &body).await })
    });
    let (mut made, mut refused) = (0, 0);
    for attempt in tries.collect::<Vec<_>>() {
        let answer = attempt.await.unwrap();
        match answer.status {
            StatusCode::CREATED => made += 1,
            StatusCode::UNPROCESSABLE_ENTITY => {
                assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), [field]);
                refused += 1;
            }
            _ => panic!("{answer:?}"),
        }
    }
    assert_eq!((made, refused), (1, 11));
    assert_eq!(company.get(path).await.body["meta"]["total"], 1);
}

fn number() -> serde_json::Value {
    json!({ "phone_number": "+12125550100", "destination": { "type": "hangup" } })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twelve_who_want_a_number_one_gets_it() {
    one_of_twelve_gets_it(Company::new().await, "/phone-numbers", "phone_number", number()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twelve_who_want_a_number_on_mariadb_one_gets_it() {
    let company = Company::on_mariadb("twelve_numbers").await;
    one_of_twelve_gets_it(company, "/phone-numbers", "phone_number", number()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twelve_who_want_a_name_on_mariadb_one_gets_it() {
    let company = Company::on_mariadb("twelve_names").await;
    let room = json!({ "name": "Board" });
    one_of_twelve_gets_it(company, "/conference-rooms", "name", room).await;
}

/// Everyone read the same version: one changes it, the others are told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twelve_who_change_what_they_read_one_does() {
    let company = Arc::new(Company::new().await);
    let made = company.post("/conference-rooms", &json!({ "name": "Board" })).await;
    let (id, version) = (made.data()["id"].clone(), made.header("etag").to_owned());
    let tries = (0..12).map(|place| {
        let request = Request::builder().method(Method::PATCH).uri(format!("/api/v1/conference-rooms/{id}"));
        let request = request.header("authorization", company.bearer("owner")).header("if-match", &version);
        let body = json!({ "name": format!("Board {place}") }).to_string();
        let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
        let company = Arc::clone(&company);
        tokio::spawn(async move { company.send(request).await.status })
    });
    let mut statuses = Vec::new();
    for attempt in tries.collect::<Vec<_>>() {
        statuses.push(attempt.await.unwrap());
    }
    let count = |status| statuses.iter().filter(|seen| **seen == status).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::PRECONDITION_FAILED)), (1, 11), "{statuses:?}");
}
