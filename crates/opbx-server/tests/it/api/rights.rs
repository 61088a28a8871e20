//! Who may do what: every operation of the description, as everyone who could ask.
//!
//! The description says of each operation which right it needs; the policy says who has it. Here every operation is asked
//! without credentials, as each role, with a token that has no ability for it, and as the owner of another organization.
//! What is not in the description does not exist, and what is in it is asked.

use super::company::Company;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use opbx_core::permission::{Action, Grant, Resource, Role, allows};
use serde_json::{Value, json};

struct Asked {
    id: String,
    method: Method,
    path: String,
    right: String,
}

async fn operations(company: &Company) -> Vec<Asked> {
    let document = company.ask("nobody", Method::GET, "/openapi.json", None).await;
    let mut operations = Vec::new();
    for (path, methods) in document.body["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push(Asked {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                right: operation["x-opbx-right"].as_str().unwrap().to_owned(),
            });
        }
    }
    operations
}

/// What a right is about; `None` for what needs none, or only a sign-in.
fn needed(right: &str) -> Option<(Action, Resource)> {
    let (resource, action) = right.split_once(':')?;
    let action = match action {
        "read" => Action::Read,
        "create" => Action::Create,
        "update" => Action::Update,
        "delete" => Action::Delete,
        other => panic!("{other} is no action"),
    };
    Some((action, Resource::parse(resource).unwrap_or_else(|| panic!("{resource} is no resource"))))
}

/// An identifier of the organization, for each kind of address.
fn addressed(path: &str, company: &Company, object: &Value) -> String {
    let id = if path.starts_with("/users/") { company.user("agent").to_string() } else { object.to_string() };
    path.replace("{id}", &id).replace("{message_id}", "1")
}

async fn status(company: &Company, who: &str, asked: &Asked, object: &Value) -> StatusCode {
    let body = json!({});
    let path = addressed(&asked.path, company, object);
    let body = matches!(asked.method, Method::POST | Method::PUT | Method::PATCH).then_some(&body);
    company.ask(who, asked.method.clone(), &path, body).await.status
}

#[tokio::test]
async fn every_operation_refuses_whoever_may_not() {
    let company = Company::new().await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let object = company.post("/extensions", &body).await.data()["id"].clone();
    let operations = operations(&company).await;
    assert!(operations.len() > 30, "{}", operations.len());
    let mut told = Vec::new();
    for asked in &operations {
        let nobody = status(&company, "nobody", asked, &object).await;
        let is_public = asked.right == "public";
        assert_eq!(nobody == StatusCode::UNAUTHORIZED, !is_public, "{} without credentials: {nobody}", asked.id);
        let Some((action, resource)) = needed(&asked.right) else { continue };
        for role in Role::ALL {
            let grant = allows(role, action, resource);
            // What is allowed goes on to what it is asked about; deleting is not tried out here.
            if grant != Grant::No && asked.method == Method::DELETE {
                continue;
            }
            let status = status(&company, role.as_str(), asked, &object).await;
            let refused = status == StatusCode::FORBIDDEN;
            match grant {
                Grant::No => assert!(refused, "{} as {}: {status}", asked.id, role.as_str()),
                Grant::All => assert!(!refused, "{} as {}: {status}", asked.id, role.as_str()),
                // Whether it is one's own depends on the object.
                Grant::Own | Grant::OwnFields(_) | Grant::Lesser => {}
            }
            assert!(!status.is_server_error(), "{} as {}: {status}", asked.id, role.as_str());
        }
        told.push(format!("{} {} {}", asked.right, asked.method, asked.path));
    }
    told.sort();
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_token_without_the_ability_is_refused_everywhere() {
    let company = Company::new().await;
    let body = json!({ "name": "Narrow", "abilities": ["holiday-lists:read"] });
    let token = company.post("/api-tokens", &body).await.data()["token"].as_str().unwrap().to_owned();
    for asked in operations(&company).await {
        let Some((action, resource)) = needed(&asked.right) else { continue };
        if resource == Resource::HolidayLists && action == Action::Read {
            continue;
        }
        let path = addressed(&asked.path, &company, &json!(1));
        let request = Request::builder()
            .method(asked.method.clone())
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from("{}"))
            .unwrap();
        let answer = company.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}: {answer:?}", asked.id);
    }
}

#[tokio::test]
async fn an_object_of_another_organization_does_not_exist() {
    let company = Company::new().await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let object = company.post("/extensions", &body).await.data()["id"].clone();
    for asked in operations(&company).await.iter().filter(|asked| asked.path.contains("{id}")) {
        let path = addressed(&asked.path, &company, &object);
        let body = json!({});
        let body = matches!(asked.method, Method::POST | Method::PUT | Method::PATCH).then_some(&body);
        let answer = company.ask("stranger", asked.method.clone(), &path, body).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}: {answer:?}", asked.id);
    }
}
