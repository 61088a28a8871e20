//! Erasing a person's number, over the API.

use super::call_statistics::{apply, call};
use super::company::Company;
use axum::http::{Method, StatusCode};
use opbx_core::call_state::Disposition;
use serde_json::json;

const NUMBER: &str = "+12125550123";

#[tokio::test]
async fn a_number_is_erased_and_totals_stay() {
    let company = Company::new().await;
    let at = "2026-03-09T13:00:00Z".parse().unwrap();
    apply(
        &company,
        vec![call("one", NUMBER, at, Disposition::Answered), call("two", "+442079460000", at, Disposition::Busy)],
    )
    .await;
    company.post("/blocked-callers", &json!({ "pattern": NUMBER })).await.data();
    let before = company.get("/call-logs/statistics").await.data().clone();
    let erased = company.post("/privacy/erase", &json!({ "number": NUMBER })).await;
    let report =
        json!({ "calls": 1, "messages": 0, "recordings": 1, "payloads": 1, "decisions": 0, "audit_entries": 1 });
    assert_eq!((erased.status, erased.data()), (StatusCode::OK, &report));
    let after = company.get("/call-logs/statistics").await.data().clone();
    assert_eq!((&after["totals"], &after["series"]), (&before["totals"], &before["series"]));
    assert_eq!(after["top_numbers"], json!([{ "id": null, "name": "+442079460000", "calls": 1 }]));
    assert!(company.tenant().verify_audit_log().await.unwrap().fault.is_none());
    let log = company.get("/audit-log").await.body;
    assert_eq!((&log["data"][0]["action"], &log["data"][0]["after"]["calls"]), (&json!("erased"), &json!(1)));
    assert!(!log.to_string().contains("12125550123"), "{log}");
    // Once more there is nothing.
    let again = company.post("/privacy/erase", &json!({ "number": NUMBER })).await;
    assert_eq!((&again.data()["calls"], &again.data()["audit_entries"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn only_the_owner_erases_and_only_numbers() {
    let company = Company::new().await;
    let body = json!({ "number": NUMBER });
    for who in ["admin", "agent", "reporter"] {
        let answer = company.ask(who, Method::POST, "/privacy/erase", Some(&body)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
    }
    for body in [json!({}), json!({ "number": "2125550123" }), json!({ "number": NUMBER, "name": "Alice" })] {
        assert!(company.post("/privacy/erase", &body).await.errors().is_object(), "{body}");
    }
}
