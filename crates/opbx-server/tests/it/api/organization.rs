//! The organization's settings, limits and retention; its tokens and its log.

use super::company::Company;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn settings_are_shown_and_merged() {
    let company = Company::new().await;
    let shown = company.get("/organization").await;
    insta::assert_json_snapshot!(shown.data());
    let same = company.ask("owner", Method::PUT, "/organization", Some(shown.data())).await;
    assert_eq!((same.data(), same.header("etag")), (shown.data(), shown.header("etag")));
    let body = json!({
        "no_answer_timeout": 45, "failsafe": { "type": "forward", "to": "+12125550199" },
        "branding": { "accent": "#1a73e8" },
    });
    let changed = company.patch("/organization", &body).await;
    assert_eq!(changed.data()["branding"], json!({ "product_name": null, "logo": null, "accent": "#1a73e8" }));
    assert_eq!(changed.data()["failsafe"], body["failsafe"]);
    assert_eq!(company.get("/organization").await.data(), changed.data());
    let wrong = json!({
        "timezone": "Mars/Olympus", "country": "usa", "no_answer_timeout": 1, "emergency_caller_id": "+12125550100",
        "failsafe": { "type": "extension", "id": 1 }, "branding": { "accent": "red", "x": 1 }, "status": "suspended",
        "recording_notice_prompt_id": 9,
    });
    let refused = company.patch("/organization", &wrong).await;
    assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["status"]);
    let mut wrong = wrong;
    wrong.as_object_mut().unwrap().remove("status");
    insta::assert_json_snapshot!(company.patch("/organization", &wrong).await.errors());
    let foreign = company.patch("/organization", &json!({ "emergency_caller_id": "+12125550100" })).await;
    assert_eq!(foreign.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["emergency_caller_id"]);
}

#[tokio::test]
async fn limits_of_calls_are_the_owners_and_the_rest_the_installations() {
    let company = Company::new().await;
    insta::assert_json_snapshot!(company.get("/organization/limits").await.data());
    let body = json!({ "outbound": { "concurrent": 3, "per_minute": null, "per_day": 50, "cost_per_day": "12.5" } });
    let changed = company.patch("/organization/limits", &body).await;
    assert_eq!(changed.data()["outbound"], body["outbound"]);
    assert_eq!(company.patch("/organization/limits", &json!({ "extensions": 5 })).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.patch("/organization/limits", &json!({ "extensions": null })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn retention_is_in_days() {
    let company = Company::new().await;
    let changed = company.patch("/organization/retention", &json!({ "records": 0, "audit": 30 })).await;
    insta::assert_json_snapshot!(changed.data());
    let wrong = company.patch("/organization/retention", &json!({ "traces": -1, "voicemail": 40000 })).await;
    assert_eq!(wrong.errors().as_object().unwrap().len(), 2);
    assert_eq!(company.ask("admin", Method::PATCH, "/organization/retention", Some(&json!({}))).await.status, 403);
}

#[tokio::test]
async fn a_token_does_what_it_says_and_its_person_may() {
    let company = Company::new().await;
    let body = json!({ "name": "Wallboard", "abilities": ["extensions:read", "users:write"], "expires_at": "2026-03-10T00:00:00Z" });
    let made = company.ask("admin", Method::POST, "/api-tokens", Some(&body)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let token = made.data()["token"].as_str().unwrap().to_owned();
    let ask = async |method: Method, path: &str| company.as_bearer(&token, method, path).await.status;
    assert_eq!(ask(Method::GET, "/extensions").await, StatusCode::OK);
    assert_eq!(ask(Method::DELETE, "/extensions/1").await, StatusCode::FORBIDDEN);
    assert_eq!(ask(Method::GET, "/users").await, StatusCode::FORBIDDEN);
    // It acts with its person's rights: an admin does not remove an owner.
    let owner = format!("/users/{}", company.user("owner"));
    assert_eq!(ask(Method::DELETE, &owner).await, StatusCode::FORBIDDEN);
    let listed = company.ask("admin", Method::GET, "/api-tokens", None).await;
    assert_eq!(listed.data()[0]["abilities"], body["abilities"]);
    assert!(listed.data()[0].get("token").is_none());
    assert_eq!(company.ask("agent", Method::GET, "/api-tokens", None).await.data(), &json!([]));
    let path = format!("/api-tokens/{}", made.data()["id"]);
    assert_eq!(company.ask("agent", Method::DELETE, &path, None).await.status, StatusCode::NOT_FOUND);
    company.wait(SignedDuration::from_hours(10));
    assert_eq!(ask(Method::GET, "/extensions").await, StatusCode::UNAUTHORIZED, "it has expired");
    assert_eq!(company.delete(&path).await.status, StatusCode::NO_CONTENT);
    let wrong = json!({ "name": "", "abilities": ["extensions:fly"], "expires_at": "2020-01-01T00:00:00Z" });
    assert_eq!(company.post("/api-tokens", &wrong).await.errors().as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn what_happened_is_in_the_log_and_the_log_is_whole() {
    let company = Company::new().await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let id = company.post("/extensions", &body).await.data()["id"].clone();
    company.wait(SignedDuration::from_hours(20));
    let path = format!("/extensions/{id}");
    company.ask("owner", Method::PATCH, &path, Some(&json!({ "name": "Alice Ray" }))).await;
    company.ask("owner", Method::PATCH, &path, Some(&json!({ "name": "Alice Ray" }))).await;
    company.ask("owner", Method::DELETE, &path, None).await;
    let log = company.get("/audit-log?object_type=extension").await;
    let told: Vec<_> = log.body["data"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(told, ["deleted", "updated", "created"]);
    let updated = &log.body["data"][1];
    assert_eq!((&updated["before"], &updated["after"]), (&json!({ "name": "Alice" }), &json!({ "name": "Alice Ray" })));
    assert_eq!(updated["actor"]["name"], "The owner");
    assert_eq!(company.get("/audit-log?from=2026-03-10&object_type=extension").await.body["meta"]["total"], 2);
    assert_eq!(company.get("/audit-log?to=2026-03-09&object_type=extension").await.body["meta"]["total"], 1);
    assert_eq!(company.get("/audit-log?from=yesterday").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(company.ask("agent", Method::GET, "/audit-log", None).await.status, StatusCode::FORBIDDEN);
    let verified = company.tenant().verify_audit_log().await.unwrap();
    assert_eq!(verified.fault, None);
    assert!(verified.entries >= 3);
}

#[tokio::test]
async fn a_zone_and_a_country_are_ones_that_there_are() {
    let company = Company::new().await;
    let day = json!({ "enabled": true, "ranges": [{ "start": "09:00", "end": "17:00" }] });
    let hours = json!({ "name": "Office", "schedule": { "monday": day }, "open": { "type": "busy" },
        "closed": { "type": "hangup" }, "timezone": "Europe/Berlin" });
    let hours = company.post("/business-hours", &hours).await.data()["id"].clone();
    for zone in ["Mars/Olympus", "europe/berlin", "EST5EDT4", "Local", "+01:00", ""] {
        let change = json!({ "timezone": zone });
        for path in ["/organization".to_owned(), format!("/business-hours/{hours}")] {
            let answer = company.patch(&path, &change).await;
            assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["timezone"], "{path} {zone}");
        }
    }
    for zone in ["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"] {
        let change = json!({ "timezone": zone });
        for path in ["/organization".to_owned(), format!("/business-hours/{hours}")] {
            assert_eq!(company.patch(&path, &change).await.data()["timezone"], zone);
        }
    }
    for country in ["ZZ", "UK", "USA", "", "U1"] {
        let answer = company.patch("/organization", &json!({ "country": country })).await;
        assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["country"], "{country}");
        let rule = json!({ "name": "World", "countries": ["US", country] });
        let answer = company.post("/outbound-rules", &rule).await;
        assert_eq!(answer.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["countries.1"], "{country}");
    }
    assert_eq!(company.patch("/organization", &json!({ "country": "gb" })).await.data()["country"], "GB");
}
