//! What a call would do, and what is wrong with the plan, over the API.

use super::company::Company;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Two phones, a group of them, and a number that leads to the group.
async fn office() -> Company {
    let company = Company::new().await;
    let mut phones = Vec::new();
    for number in ["1001", "1002"] {
        let body = json!({ "extension_number": number, "name": format!("Phone {number}"), "type": "user" });
        phones.push(company.post("/extensions", &body).await.data()["id"].clone());
    }
    let body = json!({
        "name": "Sales", "strategy": "simultaneous",
        "members": [{ "extension_id": phones[0] }, { "extension_id": phones[1] }],
    });
    let group = company.post("/ring-groups", &body).await.data()["id"].clone();
    let body = json!({ "phone_number": "+12125550100", "destination": { "type": "ring_group", "id": group } });
    assert_eq!(company.post("/phone-numbers", &body).await.status, StatusCode::CREATED);
    company
}

#[tokio::test]
async fn a_call_is_explained_as_it_would_be_routed() {
    let company = office().await;
    let body = json!({
        "from": "+14155550123", "to": "+12125550100", "at": "2026-03-09T10:00:00-04:00", "dial_results": ["no-answer"],
    });
    let told = company.post("/routing/explain", &body).await;
    insta::assert_json_snapshot!(told.data());
    // Asking changes nothing: the group has no turn taken, the plan no new revision.
    assert_eq!(company.post("/routing/explain", &body).await.data(), told.data());
}

#[tokio::test]
async fn a_question_that_cannot_be_understood_says_where() {
    let company = Company::new().await;
    let body = json!({
        "to": 7, "direction": "sideways", "at": "tomorrow", "digits": ["1", "x"], "dial_results": ["answered", "maybe"], "how": 1,
    });
    insta::assert_json_snapshot!(company.post("/routing/explain", &body).await.errors(), @r#"
    {
      "at": [
        "Must be an instant, such as 2027-01-01T00:00:00Z."
      ],
      "dial_results.1": [
        "Must be answered, completed, no-answer, busy, failed or canceled."
      ],
      "digits.1": [
        "Must be at most 64 keys of 0-9 * #."
      ],
      "direction": [
        "Must be inbound, outbound, subscriber, application or outbound-api."
      ],
      "from": [
        "This field is required."
      ],
      "how": [
        "There is no such field. Leave it out."
      ],
      "to": [
        "Must be a text."
      ]
    }
    "#);
}

#[tokio::test]
async fn the_plan_is_linted() {
    let company = office().await;
    let findings = company.get("/routing/lint").await;
    let codes = |findings: &Value| -> Vec<String> {
        findings.as_array().unwrap().iter().map(|finding| finding["code"].to_string()).collect()
    };
    let before = codes(findings.data());
    let phone = company.get("/extensions?search=1001").await.data()[0]["id"].clone();
    company
        .patch(&format!("/extensions/{phone}"), &json!({ "forward_always": { "type": "extension", "id": phone } }))
        .await;
    let after = codes(company.get("/routing/lint").await.data());
    assert!(after.len() > before.len(), "{before:?} {after:?}");
}
