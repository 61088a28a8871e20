//! What else changes when an object comes, changes or goes; and that the log tells it.

use super::company::Company;
use axum::http::StatusCode;
use serde_json::{Value, json};

fn alice() -> Value {
    json!({ "extension_number": "1001", "name": "Alice", "type": "user" })
}

async fn made(company: &Company, path: &str, body: &Value) -> u64 {
    company.post(path, body).await.data()["id"].as_u64().unwrap()
}

/// What the log tells of the latest request, oldest first: action, object, name.
async fn told(company: &Company) -> Vec<(String, String, String)> {
    let log = company.get("/audit-log?per_page=100").await;
    let log = log.data().as_array().unwrap().clone();
    let request = log[0]["request_id"].clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_request = log.iter().take_while(|entry| entry["request_id"] == request);
    let mut told: Vec<_> = of_request
        .map(|entry| (text(&entry["action"]), text(&entry["object"]["type"]), text(&entry["object"]["name"])))
        .collect();
    told.reverse();
    told
}

fn entry(action: &str, kind: &str, name: &str) -> (String, String, String) {
    (action.to_owned(), kind.to_owned(), name.to_owned())
}

#[tokio::test]
async fn an_extension_that_takes_messages_gets_a_box() {
    let company = Company::new().await;
    made(&company, "/voicemail-boxes", &json!({ "name": "Alice" })).await;
    let id = made(&company, "/extensions", &alice()).await;
    let path = format!("/extensions/{id}");
    company.patch(&path, &json!({ "voicemail_enabled": true })).await.data();
    assert_eq!(
        told(&company).await,
        [entry("updated", "extension", "1001"), entry("created", "voicemail_box", "Alice 1001")]
    );
    let boxes = company.get("/voicemail-boxes?search=1001").await;
    assert_eq!((&boxes.data()[0]["extension_id"], &boxes.body["meta"]["total"]), (&json!(id), &json!(1)));
    // A second time nothing is made, and what is there stays when messages are no longer taken.
    for on in [false, true] {
        company.patch(&path, &json!({ "voicemail_enabled": on })).await.data();
    }
    assert_eq!(company.get("/voicemail-boxes").await.body["meta"]["total"], 2);
    let bob = json!({ "extension_number": "1002", "name": "Bob", "type": "user", "voicemail_enabled": true });
    made(&company, "/extensions", &bob).await;
    assert_eq!(company.get("/voicemail-boxes?search=Bob").await.data()[0]["name"], "Bob");
}

#[tokio::test]
async fn a_removed_extension_takes_its_box_along_and_leaves_menus() {
    let company = Company::new().await;
    let mut body = alice();
    body["voicemail_enabled"] = json!(true);
    let id = made(&company, "/extensions", &body).await;
    let mailbox = company.get("/voicemail-boxes").await.data()[0]["id"].clone();
    let own = json!({ "forward_no_answer": { "type": "voicemail", "id": mailbox } });
    company.patch(&format!("/extensions/{id}"), &own).await.data();
    let menu = json!({
        "name": "Main", "prompt": { "text": "Hello" }, "options": [{ "digits": "1", "label": "x", "destination": { "type": "hangup" } }],
        "direct_dial": true, "direct_dial_exclude": [id],
    });
    let menu = made(&company, "/ivr-menus", &menu).await;
    assert_eq!(company.delete(&format!("/extensions/{id}")).await.status, StatusCode::NO_CONTENT);
    assert_eq!(
        told(&company).await,
        [
            entry("deleted", "voicemail_box", "Alice"),
            entry("updated", "ivr_menu", "Main"),
            entry("deleted", "extension", "1001")
        ]
    );
    assert_eq!(company.get("/voicemail-boxes").await.body["meta"]["total"], 0);
    assert_eq!(company.get(&format!("/ivr-menus/{menu}")).await.data()["direct_dial_exclude"], json!([]));
}

#[tokio::test]
async fn everything_that_leads_to_an_extension_is_named() {
    let company = Company::new().await;
    let mut body = alice();
    body["voicemail_enabled"] = json!(true);
    let id = made(&company, "/extensions", &body).await;
    let path = format!("/extensions/{id}");
    let group = json!({ "name": "Sales", "strategy": "simultaneous", "members": [{ "extension_id": id }] });
    let group = made(&company, "/ring-groups", &group).await;
    let forward = json!({
        "extension_number": "1900", "name": "Away", "type": "forward", "configuration": { "forward_to": "1001" },
    });
    let forward = made(&company, "/extensions", &forward).await;
    let refused = company.delete(&path).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::CONFLICT, &json!("in_use")));
    assert_eq!(
        refused.body["references"],
        json!([
            { "type": "extension", "id": forward, "name": "1900", "path": "configuration" },
            { "type": "ring_group", "id": group, "name": "Sales", "path": "members" },
        ])
    );
    // Nothing of what would have gone with it has gone.
    assert_eq!(company.get("/voicemail-boxes").await.body["meta"]["total"], 1);
    // Also what leads to its box, at once.
    let mailbox = company.get("/voicemail-boxes").await.data()[0]["id"].clone();
    let number = json!({ "phone_number": "+12125550100", "destination": { "type": "voicemail", "id": mailbox } });
    let number = made(&company, "/phone-numbers", &number).await;
    let refused = company.delete(&path).await;
    let names: Vec<_> = refused.body["references"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["1900", "Sales", "+12125550100"]);
    company.delete(&format!("/extensions/{forward}")).await;
    company.delete(&format!("/ring-groups/{group}")).await;
    company.delete(&format!("/phone-numbers/{number}")).await;
    assert_eq!(company.delete(&path).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_number_presented_in_emergencies_stays() {
    let company = Company::new().await;
    let number = json!({ "phone_number": "+12125550100", "destination": { "type": "hangup" } });
    let number = made(&company, "/phone-numbers", &number).await;
    company.patch("/organization", &json!({ "emergency_caller_id": "+12125550100" })).await.data();
    let refused = company.delete(&format!("/phone-numbers/{number}")).await;
    let reference = json!({ "type": "organization", "id": 1, "name": "acme", "path": "emergency_caller_id" });
    assert_eq!(refused.body["references"], json!([reference]));
}

#[tokio::test]
async fn a_removed_person_leaves_the_extension() {
    let company = Company::new().await;
    let mut body = alice();
    body["user_id"] = json!(company.user("agent"));
    let id = made(&company, "/extensions", &body).await;
    assert_eq!(company.delete(&format!("/users/{}", company.user("agent"))).await.status, StatusCode::NO_CONTENT);
    assert_eq!(told(&company).await, [entry("updated", "extension", "1001"), entry("deleted", "user", "The agent")]);
    assert_eq!(company.get(&format!("/extensions/{id}")).await.data()["user_id"], Value::Null);
}

#[tokio::test]
async fn a_new_secret_is_told_and_not_shown() {
    let company = Company::new().await;
    let id = made(&company, "/voicemail-boxes", &json!({ "name": "Front", "pin": "1234" })).await;
    company.patch(&format!("/voicemail-boxes/{id}"), &json!({ "pin": "98765" })).await.data();
    let entry = company.get("/audit-log?object_type=voicemail_box").await.data()[0].clone();
    assert_eq!(entry["after"], json!({ "pin": "changed" }), "{entry}");
    let sip = json!({ "type": "sip", "sip_uri": "sip:ada@ai.example", "username": "u", "password": "hush-hush" });
    let id = made(&company, "/ai-assistants", &json!({ "name": "Ada", "connection": sip })).await;
    let path = format!("/ai-assistants/{id}");
    // A password goes only where it was meant to go.
    let moved = json!({ "connection": { "type": "sip", "sip_uri": "sip:eve@evil.example", "username": "u" } });
    let refused = company.patch(&path, &moved).await;
    assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["connection.password"]);
    let same = json!({ "connection": { "type": "sip", "sip_uri": "sip:ada@ai.example", "username": "u" } });
    assert_eq!(company.patch(&path, &same).await.status, StatusCode::OK);
    let mut without = moved;
    without["connection"]["password"] = Value::Null;
    assert_eq!(company.patch(&path, &without).await.status, StatusCode::OK);
    let log = format!("{:?}", company.get("/audit-log?per_page=100").await.body);
    assert!(!log.contains("hush-hush") && !log.contains("98765") && !log.contains("1234"), "{log}");
}

#[tokio::test]
async fn a_list_takes_four_queries_with_the_sign_in() {
    let company = Company::new().await;
    for number in 1001..1006 {
        let body = json!({ "extension_number": number.to_string(), "name": "Someone", "type": "user" });
        made(&company, "/extensions", &body).await;
    }
    let mut least = u64::MAX;
    // The watch over the store asks now and then as well.
    for _ in 0..5 {
        let before = company.store.statements();
        assert_eq!(company.get("/extensions?per_page=3&sort_by=name").await.body["meta"]["total"], 5);
        least = least.min(company.store.statements() - before);
    }
    assert!(least <= 4, "{least}");
    let behind = company.get("/extensions?per_page=3&page=9").await;
    assert_eq!((&behind.body["meta"]["total"], behind.data()), (&json!(5), &json!([])));
}
