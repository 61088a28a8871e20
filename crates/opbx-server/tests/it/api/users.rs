//! People over the API.

use super::company::Company;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};

fn bob() -> Value {
    json!({ "name": "Bob Hill", "email": "Bob@Acme.Example", "password": "correct horse battery", "role": "agent" })
}

#[tokio::test]
async fn a_user_is_made_shown_changed_and_removed() {
    let company = Company::new().await;
    let made = company.post("/users", &bob()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    insta::assert_json_snapshot!(made.data());
    let path = format!("/users/{}", made.data()["id"]);
    assert_eq!(company.get(&path).await.data(), made.data());
    let changed = company.patch(&path, &json!({ "role": "admin", "phone": "+1 212 555 0100" })).await;
    assert_eq!((&changed.data()["role"], &changed.data()["phone"]), (&json!("admin"), &json!("+1 212 555 0100")));
    let again = company.ask("owner", Method::PUT, &path, Some(changed.data())).await;
    assert_eq!(again.header("etag"), changed.header("etag"));
    assert_eq!(company.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(company.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_mistake_is_told_with_its_field() {
    let company = Company::new().await;
    let body = json!({ "name": "B", "email": "bob@acme", "password": "1234567890", "role": "boss", "status": "x" });
    insta::assert_json_snapshot!(company.post("/users", &body).await.errors());
    let taken = json!({ "name": "Bob", "email": "ADMIN@1.example", "role": "agent" });
    assert_eq!(company.post("/users", &taken).await.errors()["email"].as_array().unwrap().len(), 1);
    // Taken by someone of another organization: the same words.
    let elsewhere = json!({ "name": "Bob", "email": "owner@2.example", "role": "agent" });
    assert_eq!(company.post("/users", &elsewhere).await.errors(), company.post("/users", &taken).await.errors());
}

#[tokio::test]
async fn an_admin_manages_agents_and_reporters_only() {
    let company = Company::new().await;
    for (who, role, status) in [
        ("owner", "owner", 201),
        ("owner", "admin", 201),
        ("admin", "owner", 403),
        ("admin", "admin", 403),
        ("admin", "agent", 201),
        ("admin", "reporter", 201),
        ("agent", "reporter", 403),
        ("reporter", "reporter", 403),
    ] {
        let body = json!({ "name": "New", "email": format!("{who}-{role}@acme.example"), "role": role });
        let made = company.ask(who, Method::POST, "/users", Some(&body)).await;
        assert_eq!(made.status, status, "{who} {role}: {made:?}");
    }
    let (admin, agent, owner) = (company.user("admin"), company.user("agent"), company.user("owner"));
    for (who, id, body, status) in [
        ("admin", agent, json!({ "name": "Renamed" }), 200),
        ("admin", agent, json!({ "role": "reporter" }), 200),
        ("admin", agent, json!({ "role": "admin" }), 403),
        ("admin", owner, json!({ "name": "Renamed" }), 403),
        ("admin", admin, json!({ "name": "Renamed" }), 200),
        ("admin", admin, json!({ "role": "owner" }), 403),
        ("admin", admin, json!({ "role": "agent" }), 403),
        ("reporter", agent, json!({ "name": "Renamed" }), 403),
        ("agent", agent, json!({ "phone": "100" }), 200),
        ("agent", agent, json!({ "role": "owner" }), 403),
        ("stranger", agent, json!({ "name": "Renamed" }), 404),
    ] {
        let answer = company.ask(who, Method::PATCH, &format!("/users/{id}"), Some(&body)).await;
        assert_eq!(answer.status, status, "{who} {body}: {answer:?}");
    }
}

#[tokio::test]
async fn the_last_owner_stays_and_nobody_removes_themselves() {
    let company = Company::new().await;
    let path = format!("/users/{}", company.user("owner"));
    for body in [json!({ "role": "admin" }), json!({ "status": "inactive" })] {
        assert_eq!(company.patch(&path, &body).await.status, StatusCode::CONFLICT, "{body}");
    }
    assert_eq!(company.delete(&path).await.status, StatusCode::CONFLICT);
    let second = json!({ "name": "Second", "email": "second@acme.example", "role": "owner" });
    assert_eq!(company.post("/users", &second).await.status, StatusCode::CREATED);
    assert_eq!(company.patch(&path, &json!({ "role": "admin" })).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_is_deactivated_or_removed_is_out_at_once() {
    let company = Company::new().await;
    let me = async |who: &str| company.ask(who, Method::GET, "/auth/me", None).await.status;
    assert_eq!((me("agent").await, me("reporter").await), (StatusCode::OK, StatusCode::OK));
    let path = format!("/users/{}", company.user("agent"));
    assert_eq!(company.patch(&path, &json!({ "status": "inactive" })).await.status, StatusCode::OK);
    assert_eq!(company.delete(&format!("/users/{}", company.user("reporter"))).await.status, StatusCode::NO_CONTENT);
    assert_eq!((me("agent").await, me("reporter").await), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn those_who_see_nobody_else_see_themselves() {
    let company = Company::new().await;
    let list = company.ask("agent", Method::GET, "/users", None).await;
    assert_eq!(list.body["meta"]["total"], 1);
    assert_eq!(list.body["data"][0]["id"], company.user("agent"));
    assert_eq!(company.get("/users?role=admin").await.body["meta"]["total"], 1);
    assert_eq!(company.get("/users?search=REPORTER").await.body["meta"]["total"], 1);
}

#[tokio::test]
async fn a_person_changes_their_password_and_every_other_session_ends() {
    let company = Company::new().await;
    company.set_password("agent", "correct horse battery").await;
    let login = json!({ "email": "agent@1.example", "password": "correct horse battery" });
    let other = company.ask("nobody", Method::POST, "/auth/login", Some(&login)).await;
    let other = other.body["token"].as_str().unwrap().to_owned();
    let body = |current: &str, again: &str| json!({ "current_password": current, "password": "another horse stable", "password_confirmation": again });
    let put = async |body: &Value| company.ask("agent", Method::PUT, "/profile/password", Some(body)).await;
    let wrong = put(&body("not this one", "another horse stable")).await;
    assert_eq!(wrong.errors()["current_password"].as_array().unwrap().len(), 1);
    let differs = put(&body("correct horse battery", "another horse")).await;
    assert_eq!(differs.errors()["password_confirmation"].as_array().unwrap().len(), 1);
    let done = put(&body("correct horse battery", "another horse stable")).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{done:?}");
    assert_eq!(company.ask("agent", Method::GET, "/auth/me", None).await.status, StatusCode::OK);
    assert_eq!(company.as_bearer(&other, Method::GET, "/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&login)).await.status, 401);
}

#[tokio::test]
async fn a_person_sees_their_sessions_and_ends_one() {
    let company = Company::new().await;
    company.set_password("agent", "correct horse battery").await;
    let login = json!({ "email": "agent@1.example", "password": "correct horse battery" });
    let other = company.ask("nobody", Method::POST, "/auth/login", Some(&login)).await;
    let sessions = company.ask("agent", Method::GET, "/profile/sessions", None).await;
    let sessions = sessions.data().as_array().unwrap();
    assert_eq!(sessions.iter().map(|session| &session["current"]).collect::<Vec<_>>(), [false, true]);
    let path = format!("/profile/sessions/{}", sessions[0]["id"]);
    assert_eq!(company.ask("admin", Method::DELETE, &path, None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(company.ask("agent", Method::DELETE, &path, None).await.status, StatusCode::NO_CONTENT);
    let token = other.body["token"].as_str().unwrap();
    assert_eq!(company.as_bearer(token, Method::GET, "/auth/me").await.status, StatusCode::UNAUTHORIZED);
    let log = company.get("/audit-log").await;
    let ended = log.data().as_array().unwrap().iter().find(|entry| entry["action"] == "session_ended").unwrap();
    assert_eq!(
        (&ended["actor"]["id"], &ended["before"]["session"]),
        (&json!(company.user("agent")), &sessions[0]["id"])
    );
}

/// It could have a link to a new password sent to the new address.
#[tokio::test]
async fn a_token_does_not_move_the_address_of_its_own_person() {
    let company = Company::new().await;
    let body = json!({ "name": "Everything about users", "abilities": ["users:read", "users:write"] });
    let token = company.post("/api-tokens", &body).await.data()["token"].as_str().unwrap().to_owned();
    let change = async |method: Method, who: &str, body: &Value| {
        let request = Request::builder().method(method).uri(format!("/api/v1/users/{}", company.user(who)));
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap();
        company.send(request).await.status
    };
    let moved = json!({ "email": "moved@acme.example" });
    assert_eq!(change(Method::PATCH, "owner", &moved).await, StatusCode::FORBIDDEN);
    let mut whole = company.get(&format!("/users/{}", company.user("owner"))).await.data().clone();
    whole["name"] = json!("Renamed");
    assert_eq!(change(Method::PUT, "owner", &whole).await, StatusCode::OK, "the address is as it was");
    whole["email"] = moved["email"].clone();
    assert_eq!(change(Method::PUT, "owner", &whole).await, StatusCode::FORBIDDEN);
    assert_eq!(change(Method::PATCH, "agent", &moved).await, StatusCode::OK, "of others it manages the addresses");
    let own = company.patch(&format!("/users/{}", company.user("owner")), &json!({ "email": "me@acme.example" })).await;
    assert_eq!(own.data()["email"], "me@acme.example");
}
