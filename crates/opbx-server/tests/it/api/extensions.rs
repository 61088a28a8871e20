//! Extensions over the API.

use super::company::Company;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

fn alice() -> Value {
    json!({ "extension_number": "1001", "name": "Alice Ray", "type": "user" })
}

#[tokio::test]
async fn an_extension_is_made_shown_changed_and_removed() {
    let company = Company::new().await;
    let made = company.post("/extensions", &alice()).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let id = made.data()["id"].as_u64().unwrap();
    assert_eq!(made.header("location"), format!("/api/v1/extensions/{id}"));
    insta::assert_json_snapshot!(made.data());

    let path = format!("/extensions/{id}");
    let shown = company.get(&path).await;
    assert_eq!(shown.data(), made.data());
    assert_eq!(shown.header("etag"), made.header("etag"));

    let changed = company.patch(&path, &json!({ "name": "Alice", "ring_timeout": 45 })).await;
    assert_eq!((&changed.data()["name"], &changed.data()["ring_timeout"]), (&json!("Alice"), &json!(45)));
    assert_ne!(changed.header("etag"), shown.header("etag"));
    let cleared = company.patch(&path, &json!({ "ring_timeout": null })).await;
    assert_eq!((&cleared.data()["name"], &cleared.data()["ring_timeout"]), (&json!("Alice"), &Value::Null));

    assert_eq!(company.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(company.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_read_can_be_sent_back() {
    let company = Company::new().await;
    let made = company.post("/extensions", &alice()).await;
    let path = format!("/extensions/{}", made.data()["id"]);
    let again = company.ask("owner", Method::PUT, &path, Some(made.data())).await;
    assert_eq!(again.data(), made.data());
    assert_eq!(again.header("etag"), made.header("etag"));
}

#[tokio::test]
async fn every_mistake_is_told_with_its_field() {
    let company = Company::new().await;
    let refused = company.post("/extensions", &json!({ "name": "", "typ": "user", "extension_number": "12" })).await;
    insta::assert_json_snapshot!(refused.errors(), @r#"
    {
      "typ": [
        "There is no such field. Leave it out."
      ],
      "type": [
        "This field is required."
      ]
    }
    "#);
    let body = json!({
        "name": "", "type": "ring_group", "extension_number": "12", "ring_timeout": 3, "status": "on",
        "configuration": { "ring_group_id": 99, "x": 1 }, "forward_busy": { "type": "extension", "id": 77 },
        "limits": { "concurrent": -1 }, "do_not_disturb": "yes",
    });
    insta::assert_json_snapshot!(company.post("/extensions", &body).await.errors());
    let twice = company.post("/extensions", &alice()).await;
    assert_eq!(twice.status, StatusCode::CREATED);
    let taken = company.post("/extensions", &alice()).await;
    insta::assert_json_snapshot!(taken.errors(), @r#"
    {
      "extension_number": [
        "This is taken already. Choose another one."
      ]
    }
    "#);
    let path = format!("/extensions/{}", twice.data()["id"]);
    let renumbered = company.patch(&path, &json!({ "extension_number": "1002" })).await;
    assert_eq!(renumbered.errors()["extension_number"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_is_paged_filtered_searched_and_sorted() {
    let company = Company::new().await;
    let items: Vec<Value> = (0..25)
        .map(|n| {
            let status = if n % 5 == 0 { "inactive" } else { "active" };
            json!({ "extension_number": format!("{}", 2000 + n), "name": format!("Phone {n}"), "type": "user", "status": status })
        })
        .collect();
    let made = company.post("/extensions", &json!({ "items": items })).await;
    assert_eq!((made.status, made.data().as_array().unwrap().len()), (StatusCode::CREATED, 25));

    let numbers = |list: &Value| -> Vec<String> {
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["extension_number"].as_str().unwrap().to_owned())
            .collect()
    };
    let second = company.get("/extensions?page=2&per_page=10&sort_by=extension_number&sort_order=desc").await;
    assert_eq!(numbers(&second.body), (2005..=2014).rev().map(|n| n.to_string()).collect::<Vec<_>>());
    insta::assert_json_snapshot!(second.body["meta"], @r#"
    {
      "current_page": 2,
      "from": 11,
      "last_page": 3,
      "per_page": 10,
      "to": 20,
      "total": 25
    }
    "#);
    assert_eq!(company.get("/extensions?status=inactive").await.body["meta"]["total"], 5);
    assert_eq!(numbers(&company.get("/extensions?search=pHONE%2024").await.body), ["2024"]);
    assert_eq!(company.get("/extensions?search=100%25").await.body["meta"]["total"], 0);
    assert_eq!(company.get("/extensions?status=maybe").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn several_are_made_all_or_none_and_changed_each_on_its_own() {
    let company = Company::new().await;
    let wrong = json!({ "items": [alice(), { "extension_number": "1", "name": "x", "type": "user" }, alice()] });
    let refused = company.post("/extensions", &wrong).await;
    let fields: Vec<&String> = refused.errors().as_object().unwrap().keys().collect();
    assert_eq!(fields, ["items.1.extension_number", "items.2.extension_number"]);
    assert_eq!(company.get("/extensions").await.body["meta"]["total"], 0);

    let id = company.post("/extensions", &alice()).await.data()["id"].clone();
    let changed = company.patch("/extensions", &json!({ "ids": [id, 4711], "status": "inactive" })).await;
    assert_eq!(changed.data()[0], json!({ "id": id, "status": 200 }));
    assert_eq!(changed.data()[1], json!({ "id": 4711, "status": 404 }));
    assert_eq!(company.get(&format!("/extensions/{id}")).await.data()["status"], "inactive");
}

#[tokio::test]
async fn a_change_of_what_has_changed_meanwhile_is_refused() {
    use axum::body::Body;
    use axum::http::Request;
    let company = Company::new().await;
    let made = company.post("/extensions", &alice()).await;
    let path = format!("/extensions/{}", made.data()["id"]);
    let read = made.header("etag").to_owned();
    company.patch(&path, &json!({ "name": "Someone else" })).await;
    let request = |version: &str| {
        Request::patch(format!("/api/extensions/{}", made.data()["id"]))
            .header("authorization", company.bearer("owner"))
            .header("content-type", "application/json")
            .header("if-match", version)
            .body(Body::from(json!({ "name": "Me" }).to_string()))
            .unwrap()
    };
    let stale = company.send(request(&read)).await;
    assert_eq!((stale.status, &stale.body["code"]), (StatusCode::PRECONDITION_FAILED, &json!("precondition_failed")));
    let now = company.get(&path).await.header("etag").to_owned();
    assert_eq!(company.send(request(&now)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_may_do_what() {
    let company = Company::new().await;
    let id = company.post("/extensions", &alice()).await.data()["id"].clone();
    let path = format!("/extensions/{id}");
    let patch = json!({ "name": "Bob" });
    for (who, read, write) in [
        ("nobody", 401, 401),
        ("owner", 200, 200),
        ("admin", 200, 200),
        ("agent", 200, 403),
        ("reporter", 200, 403),
        ("stranger", 404, 404),
    ] {
        assert_eq!(company.ask(who, Method::GET, &path, None).await.status, read, "{who}");
        assert_eq!(company.ask(who, Method::PATCH, &path, Some(&patch)).await.status, write, "{who}");
    }
}

#[tokio::test]
async fn a_phone_signs_in_with_a_password_of_its_own() {
    let company = Company::new().await;
    let id = company.post("/extensions", &alice()).await.data()["id"].clone();
    let path = format!("/extensions/{id}/sip-credentials");
    let first = company.get(&path).await;
    assert_eq!(
        (&first.data()["username"], &first.data()["domain"]),
        (&json!("1001"), &json!("acme.cloudonix.example"))
    );
    let password = first.data()["password"].as_str().unwrap();
    assert!(password.len() >= 24, "{password}");
    assert_eq!(company.get(&path).await.data(), first.data());
    let rotated = company.post(&format!("{path}/rotate"), &json!({})).await;
    assert_ne!(rotated.data()["password"], first.data()["password"]);
    assert_eq!(company.get(&path).await.data(), rotated.data());

    // Whoever it is for may see it; other agents may not, and nobody sees it elsewhere.
    assert_eq!(company.ask("agent", Method::GET, &path, None).await.status, StatusCode::FORBIDDEN);
    company.patch(&format!("/extensions/{id}"), &json!({ "user_id": company.user("agent") })).await;
    assert_eq!(company.ask("agent", Method::GET, &path, None).await.data(), rotated.data());
    let everywhere = company.get("/audit-log?per_page=100").await.body.to_string();
    assert!(everywhere.contains("secret_read") && everywhere.contains("secret_rotated"));
    for secret in [password, rotated.data()["password"].as_str().unwrap()] {
        assert!(!everywhere.contains(secret));
    }
}

#[tokio::test]
async fn no_more_extensions_are_made_than_the_installation_allows() {
    let company = Company::new().await;
    company.allow_extensions(1).await;
    assert_eq!(company.post("/extensions", &alice()).await.status, StatusCode::CREATED);
    let body = json!({ "extension_number": "1002", "name": "Bob", "type": "user" });
    let refused = company.post("/extensions", &body).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.body["code"], "limit_reached");
    assert_eq!(refused.body["params"], json!({ "limit": "extensions", "value": 1 }));
}
