//! Promises of the contract that cross resources.

use super::company::{Answer, Company};
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode};
use http_body::Frame;
use opbx_server::admin::create_installation_token;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

fn alice() -> Value {
    json!({ "extension_number": "1001", "name": "Alice", "type": "user" })
}

fn fields(refused: &Answer) -> Vec<String> {
    refused.errors().as_object().unwrap().keys().cloned().collect()
}

async fn with_token(company: &Company, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    company.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn a_token_makes_no_token_and_is_told_what_it_may() {
    let company = Company::new().await;
    let body = json!({ "name": "Narrow", "abilities": ["api-tokens:write", "extensions:write:own", "users:read"] });
    let token = company.post("/api-tokens", &body).await.data()["token"].as_str().unwrap().to_owned();
    let wide = json!({ "name": "Wide", "abilities": ["users:write"] });
    assert_eq!(with_token(&company, &token, Method::POST, "/api-tokens", &wide).await.status, StatusCode::FORBIDDEN);
    let me = company.as_bearer(&token, Method::GET, "/auth/me").await;
    assert_eq!(me.data()["permissions"], json!(["api-tokens:write", "users:read", "extensions:write:own"]));
}

#[tokio::test]
async fn short_lists_have_pages_too() {
    let company = Company::new().await;
    for name in ["Board", "Door", "Bot"] {
        company.post("/api-tokens", &json!({ "name": name, "abilities": ["users:read"] })).await.data();
    }
    let page = company.get("/api-tokens?per_page=2&page=2").await;
    assert_eq!((page.data().as_array().unwrap().len(), &page.body["meta"]["total"]), (1, &json!(3)));
    assert_eq!(company.get("/api-tokens?search=BO").await.body["meta"]["total"], 2);
    assert_eq!(company.get("/profile/sessions").await.body["meta"]["total"], 1);
}

#[tokio::test]
async fn whoever_sets_a_pin_is_shown_it_and_that_is_told() {
    let company = Company::new().await;
    company.post("/conference-rooms", &json!({ "name": "Board", "pin": "4711", "host_pin": "9301" })).await.data();
    let shown = company.ask("owner", Method::PUT, "/conference-rooms/1/pins", Some(&json!({}))).await;
    assert_eq!(shown.data(), &json!({ "pin": "4711", "host_pin": "9301" }));
    company.post("/voicemail-boxes", &json!({ "name": "Front", "pin": "4711" })).await.data();
    company.ask("owner", Method::PUT, "/voicemail-boxes/1/pin", Some(&json!({}))).await.data();
    for kind in ["conference_room", "voicemail_box"] {
        let log = company.get(&format!("/audit-log?object_type={kind}")).await;
        assert_eq!(log.data()[0]["action"], "secret_read", "{kind}");
    }
}

#[tokio::test]
async fn several_people_are_deactivated_each_on_their_own() {
    let company = Company::new().await;
    let ids = ["owner", "agent", "reporter"].map(|who| company.user(who));
    let body = json!({ "ids": [ids[0], ids[1], 999, ids[2]], "status": "inactive" });
    let done = company.patch("/users", &body).await;
    let statuses: Vec<_> = done.data().as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [409, 200, 404, 200], "the last owner stays");
    assert_eq!(company.ask("agent", Method::GET, "/auth/me", None).await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "ids": [ids[0], ids[1]], "status": "active" });
    let done = company.ask("admin", Method::PATCH, "/users", Some(&body)).await;
    let statuses: Vec<_> = done.data().as_array().unwrap().iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, [403, 200], "an admin touches no owner");
}

#[tokio::test]
async fn an_agent_s_list_is_a_list() {
    let company = Company::new().await;
    let of = async |query: &str| company.ask("agent", Method::GET, &format!("/users{query}"), None).await.body;
    assert_eq!(of("").await["meta"]["total"], 1);
    assert_eq!(of("?page=2").await["data"], json!([]));
    assert_eq!(of("?role=owner").await["meta"]["total"], 0);
}

#[tokio::test]
async fn what_was_read_can_be_sent_back() {
    let company = Company::new().await;
    let me = company.get("/profile").await;
    let same = company.patch("/profile", me.data()).await;
    assert_eq!((same.data(), same.header("etag")), (me.data(), me.header("etag")));
    assert_eq!(fields(&company.patch("/profile", &json!({ "role": "agent", "x": 1 })).await), ["role", "x"]);
    let stale = Request::patch("/api/v1/profile").header("authorization", company.bearer("owner"));
    let stale = stale.header("content-type", "application/json").header("if-match", "\"1-99\"");
    let stale = company.send(stale.body(Body::from("{}")).unwrap()).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);

    let token = create_installation_token(&company.store, &"Reseller".parse().unwrap(), company.now()).await.unwrap();
    let ask = async |body: &Value| with_token(&company, &token, Method::PATCH, "/organizations/1", body).await;
    let shown = company.as_bearer(&token, Method::GET, "/organizations/1").await;
    assert_eq!(ask(shown.data()).await.data(), shown.data());
    // An object inside another one is replaced whole, and null clears it.
    ask(&json!({ "limits": { "extensions": 5, "storage_mb": 7 } })).await.data();
    let replaced = ask(&json!({ "limits": { "extensions": 6 } })).await;
    assert_eq!(replaced.data()["limits"], json!({ "extensions": 6, "storage_mb": null, "api_per_minute": null }));
    assert_eq!(ask(&json!({ "limits": null })).await.data()["limits"]["extensions"], Value::Null);
}

#[tokio::test]
async fn a_version_follows_what_it_shows() {
    let company = Company::new().await;
    let read = company.get("/organization").await;
    company.post("/extensions", &alice()).await.data();
    let again = company.get("/organization").await;
    assert_eq!((again.data(), again.header("etag")), (read.data(), read.header("etag")));
    let token = create_installation_token(&company.store, &"Reseller".parse().unwrap(), company.now()).await.unwrap();
    let before = company.as_bearer(&token, Method::GET, "/organizations/1").await;
    let suspended = json!({ "status": "suspended" });
    let after = with_token(&company, &token, Method::PATCH, "/organizations/1", &suspended).await;
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[tokio::test]
async fn nothing_stands_beside_several() {
    let company = Company::new().await;
    let body = json!({ "items": [alice()], "name": "x", "foo": 1 });
    assert_eq!(fields(&company.post("/extensions", &body).await), ["foo", "name"]);
    assert_eq!(fields(&company.post("/users", &json!({ "items": [{}, 7], "foo": 1 })).await), ["foo"]);
    assert_eq!(fields(&company.post("/users", &json!({ "items": [7] })).await), ["items.0"]);
}

#[tokio::test]
async fn a_member_of_a_group_stays_a_person_s() {
    let company = Company::new().await;
    company.post("/extensions", &alice()).await.data();
    let group = json!({ "name": "Sales", "strategy": "simultaneous", "members": [{ "extension_id": 1 }] });
    company.post("/ring-groups", &group).await.data();
    let other = json!({ "type": "forward", "configuration": { "forward_to": "+14155550123" } });
    let refused = company.patch("/extensions/1", &other).await;
    assert_eq!(fields(&refused), ["type"]);
    assert!(refused.errors()["type"][0].as_str().unwrap().contains("Sales"), "{refused:?}");
    company.delete("/ring-groups/1").await;
    assert_eq!(company.patch("/extensions/1", &other).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_prompt_becomes_one_of_another_kind() {
    let company = Company::new().await;
    company.post("/prompts", &json!({ "name": "Hello", "kind": "text", "text": "Hello" })).await.data();
    let url = json!({ "kind": "remote", "url": "https://192.0.2.1/x.wav" });
    assert_eq!(fields(&company.patch("/prompts/1", &url).await), ["url"], "that address is nobody's");
    let refused = company.patch("/prompts/1", &json!({ "kind": "upload" })).await;
    assert_eq!(fields(&refused), ["file"]);
    let back = company.patch("/prompts/1", &json!({ "kind": "text", "text": "Bye" })).await;
    assert_eq!((&back.data()["kind"], &back.data()["text"]), (&json!("text"), &json!("Bye")));
}

#[tokio::test]
async fn what_is_refused_of_a_new_organization_is_named_as_it_was_said() {
    let company = Company::new().await;
    let token = create_installation_token(&company.store, &"Reseller".parse().unwrap(), company.now()).await.unwrap();
    let body = |email: &str, name: &str| {
        json!({
            "name": "Third", "timezone": "Europe/Berlin", "country": "DE", "owner_email": email, "owner_name": name,
        })
    };
    let ask = async |body: &Value| with_token(&company, &token, Method::POST, "/organizations", body).await;
    assert_eq!(fields(&ask(&body("owner@1.example", "Olive")).await), ["owner_email"]);
    // Nobody is made whom the API would refuse to change.
    assert_eq!(fields(&ask(&body("root@localhost", "O")).await), ["owner_email", "owner_name"]);
}

/// A body that says when it is asked for, and comes when it is told to.
struct Late {
    asked: Option<oneshot::Sender<()>>,
    go: oneshot::Receiver<()>,
    text: Option<String>,
}

impl http_body::Body for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(asked) = self.asked.take() {
            asked.send(()).unwrap();
        }
        if self.text.is_none() {
            return Poll::Ready(None);
        }
        match Pin::new(&mut self.go).poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(_) => Poll::Ready(self.text.take().map(|text| Ok(Frame::data(text.into())))),
        }
    }
}

/// Rights are those of the moment of the change, not of the moment at which a request began.
#[tokio::test]
async fn whoever_lost_their_place_while_their_body_came_changes_nothing() {
    for (change, refused) in
        [(json!({ "role": "agent" }), StatusCode::FORBIDDEN), (json!({ "status": "inactive" }), StatusCode::FORBIDDEN)]
    {
        let company = Company::new().await;
        let (asked, is_asked) = oneshot::channel();
        let (go, told) = oneshot::channel();
        let late = Late { asked: Some(asked), go: told, text: Some(json!({ "name": "Board" }).to_string()) };
        let request = Request::post("/api/v1/conference-rooms").header("authorization", company.bearer("admin"));
        let request = request.header("content-type", "application/json").body(Body::new(late)).unwrap();
        let path = format!("/users/{}", company.user("admin"));
        let meanwhile = async {
            is_asked.await.unwrap();
            company.patch(&path, &change).await.data();
            go.send(()).unwrap();
        };
        let (answer, ()) = tokio::join!(company.send(request), meanwhile);
        assert_eq!(answer.status, refused, "{answer:?}");
        assert_eq!(company.get("/conference-rooms").await.body["meta"]["total"], 0);
    }
}
