//! How an organization and the platform know each other: settings, keys, and calls that follow from them.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const PATH: &str = "/settings/platform";

/// A voice request of the platform for the organization.
async fn call(company: &Company, domain: &str, key: &str) -> Answer {
    let body =
        json!({ "Domain": domain, "Session": "a session", "From": "1001", "To": "1002", "Direction": "internal" });
    let request = Request::post("/api/voice/route")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    company.send(request).await
}

async fn audit(company: &Company) -> Vec<Value> {
    company.get("/audit-log?per_page=100&object_type=platform_settings").await.data().as_array().unwrap().clone()
}

#[tokio::test]
async fn settings_are_shown_with_the_ends_of_their_secrets() {
    let company = Company::new().await;
    let shown = company.get(PATH).await;
    insta::assert_json_snapshot!(shown.data());
    // What was read can be sent back, and changes nothing.
    let same = company.ask("owner", Method::PUT, PATH, Some(shown.data())).await;
    assert_eq!((same.data(), same.header("etag")), (shown.data(), shown.header("etag")));
    let body = json!({
        "domain": "New.Acme.Example", "domain_uuid": "2B1D7C3E-0000-4000-8000-9A0B1C2D3E4F", "api_key": "XI-0123456789",
        "public_url": "https://pbx.acme.example/", "recording_format": "mp3",
    });
    let changed = company.patch(PATH, &body).await;
    insta::assert_json_snapshot!(changed.data());
    assert_eq!(company.get(PATH).await.data(), changed.data());
    let stored = company.tenant().platform_settings().await.unwrap().settings;
    assert_eq!(stored.api_key.unwrap().reveal(), "XI-0123456789");
    // The mask keeps the key, null takes it away.
    let kept = company.patch(PATH, &json!({ "api_key": "****6789", "recording_format": null })).await;
    assert_eq!((&kept.data()["api_key"], &kept.data()["recording_format"]), (&json!("****6789"), &Value::Null));
    assert_eq!(company.patch(PATH, &json!({ "api_key": null })).await.data()["api_key"], Value::Null);
    let log = audit(&company).await;
    assert_eq!(log.len(), 3, "{log:?}");
    assert!(!format!("{log:?}").contains("0123456789"), "{log:?}");
}

#[tokio::test]
async fn what_is_wrong_is_told_by_field() {
    let company = Company::new().await;
    let wrong = json!({
        "domain": "https://acme.example", "domain_uuid": "x", "api_key": "short", "webhook_key": "short",
        "public_url": "pbx", "recording_format": "ogg",
    });
    insta::assert_json_snapshot!(company.patch(PATH, &wrong).await.errors());
    let refused = company.patch(PATH, &json!({ "webhook_key": null, "webhook_urls": {}, "x": 1 })).await;
    assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["webhook_key", "webhook_urls", "x"]);
    for (field, taken) in [("domain", "OTHER.cloudonix.example"), ("webhook_key", "the-webhook-key-of-other")] {
        let refused = company.patch(PATH, &json!({ (field): taken })).await;
        assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), [field]);
    }
    assert_eq!(
        company.patch(PATH, &json!({ "domain": null, "domain_uuid": null })).await.data()["domain"],
        Value::Null
    );
    let uuid = json!({ "domain_uuid": "2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f" });
    assert_eq!(
        company.patch(PATH, &uuid).await.errors().as_object().unwrap().keys().collect::<Vec<_>>(),
        ["domain_uuid"]
    );
}

#[tokio::test]
async fn a_new_domain_counts_on_the_next_call() {
    let company = Company::new().await;
    let key = "the-webhook-key-of-acme";
    assert_eq!(call(&company, "acme.cloudonix.example", key).await.status, StatusCode::OK);
    assert_eq!(call(&company, "new.example", key).await.status, StatusCode::UNAUTHORIZED);
    company.patch(PATH, &json!({ "domain": "newer.example" })).await.data();
    assert_eq!(call(&company, "newer.example", key).await.status, StatusCode::OK);
    assert_eq!(call(&company, "acme.cloudonix.example", key).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn both_keys_count_for_ten_minutes_and_the_reading_of_one_is_told() {
    let company = Company::new().await;
    let (domain, old) = ("acme.cloudonix.example", "the-webhook-key-of-acme");
    let shown = company.get("/settings/platform/webhook-key").await;
    assert_eq!(shown.data(), &json!({ "webhook_key": old }));
    let rotated = company.post("/settings/platform/rotate-key", &json!({})).await;
    assert_eq!(rotated.data()["previous_valid_until"], "2026-03-09T14:10:00.000Z");
    let new = rotated.data()["webhook_key"].as_str().unwrap().to_owned();
    assert_eq!(company.get("/settings/platform/webhook-key").await.data()["webhook_key"], new.as_str());
    for key in [old, &new] {
        assert_eq!(call(&company, domain, key).await.status, StatusCode::OK, "{key}");
    }
    company.wait(SignedDuration::from_mins(10));
    assert_eq!(call(&company, domain, &new).await.status, StatusCode::OK);
    assert_eq!(call(&company, domain, old).await.status, StatusCode::UNAUTHORIZED);
    let told: Vec<_> = audit(&company).await.iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(told, ["secret_read", "updated", "secret_read"]);
    // A key that is set, not drawn, leaves the one before it alive as well.
    company.patch(PATH, &json!({ "webhook_key": "a-key-that-someone-chose" })).await.data();
    for key in ["a-key-that-someone-chose", &new] {
        assert_eq!(call(&company, domain, key).await.status, StatusCode::OK, "{key}");
    }
}
