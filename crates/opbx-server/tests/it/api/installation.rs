//! The organizations of an installation, as their provider handles them; and the first one, as it is set up.

use super::company::{Answer, Company};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use opbx_server::admin::create_installation_token;
use serde_json::{Value, json};

async fn token(company: &Company) -> String {
    create_installation_token(&company.store, &"Reseller".parse().unwrap(), company.now()).await.unwrap()
}

async fn ask(company: &Company, token: &str, method: Method, path: &str, body: Option<&Value>) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    company.send(request.body(body).unwrap()).await
}

fn acme() -> Value {
    json!({
        "name": "Third, Inc.", "timezone": "Europe/Berlin", "country": "DE", "owner_email": "Olive@third.example",
        "owner_name": "Olive Ray", "domain": "third.example", "webhook_key": "the-webhook-key-of-third",
    })
}

#[tokio::test]
async fn a_provider_makes_lists_and_changes_organizations() {
    let company = Company::new().await;
    let token = token(&company).await;
    let made = ask(&company, &token, Method::POST, "/organizations", Some(&acme())).await;
    assert_eq!((made.status, made.header("location")), (StatusCode::CREATED, "/api/v1/organizations/3"));
    assert_eq!((&made.data()["slug"], &made.data()["organization_id"]), (&json!("third-inc"), &json!(3)));
    assert_eq!(made.data()["webhook_key"], "the-webhook-key-of-third");
    assert!(made.data()["webhook_urls"]["cdr"].as_str().unwrap().starts_with("/api/webhooks/cloudonix/cdr/"));
    // The password that was made up is one.
    let password = made.data()["owner_password"].clone();
    let sign_in = json!({ "email": "olive@third.example", "password": password });
    assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&sign_in)).await.status, StatusCode::OK);

    let listed = ask(&company, &token, Method::GET, "/organizations?search=THIRD&status=active", None).await;
    assert_eq!(listed.body["meta"]["total"], 1);
    insta::assert_json_snapshot!(listed.data()[0]);
    assert_eq!(
        ask(&company, &token, Method::GET, "/organizations?per_page=2", None).await.body["meta"]["last_page"],
        2
    );
    let one = ask(&company, &token, Method::GET, "/organizations/3", None).await;
    assert_eq!(one.data(), &listed.data()[0]);

    let body = json!({ "name": "Third Ltd", "limits": { "extensions": 5 } });
    let changed = ask(&company, &token, Method::PATCH, "/organizations/3", Some(&body)).await;
    assert_eq!(changed.data()["name"], "Third Ltd");
    assert_eq!(changed.data()["limits"], json!({ "extensions": 5, "storage_mb": null, "api_per_minute": null }));
    assert_ne!(changed.header("etag"), one.header("etag"));
    assert_eq!(ask(&company, &token, Method::GET, "/organizations/4", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_or_taken_is_told_by_field() {
    let company = Company::new().await;
    let token = token(&company).await;
    let wrong = json!({
        "name": "", "timezone": "Berlin", "country": "de", "owner_email": "x", "owner_password": "password12", "x": 1,
        "domain_uuid": "2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f",
    });
    let refused = ask(&company, &token, Method::POST, "/organizations", Some(&wrong)).await;
    insta::assert_json_snapshot!(refused.errors());
    for (field, taken) in [
        ("slug", json!("acme")),
        ("domain", json!("acme.cloudonix.example")),
        ("webhook_key", json!("the-webhook-key-of-acme")),
        ("timezone", json!("Mars/Olympus")),
    ] {
        let mut body = acme();
        body[field] = taken;
        let refused = ask(&company, &token, Method::POST, "/organizations", Some(&body)).await;
        assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), [field]);
    }
    for body in [
        json!({ "status": "gone" }),
        json!({ "limits": { "x": 1 } }),
        json!({ "slug": "new" }),
        json!({ "name": null }),
    ] {
        let refused = ask(&company, &token, Method::PATCH, "/organizations/1", Some(&body)).await;
        assert_eq!(refused.errors().as_object().unwrap().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_suspended_organization_loses_its_sessions_at_once() {
    let company = Company::new().await;
    let token = token(&company).await;
    assert_eq!(company.get("/extensions").await.status, StatusCode::OK);
    let body = json!({ "status": "suspended" });
    assert_eq!(
        ask(&company, &token, Method::PATCH, "/organizations/1", Some(&body)).await.data()["status"],
        "suspended"
    );
    assert_eq!(company.get("/extensions").await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "status": "active" });
    ask(&company, &token, Method::PATCH, "/organizations/1", Some(&body)).await.data();
    assert_eq!(company.get("/extensions").await.status, StatusCode::UNAUTHORIZED, "they have to sign in again");
    assert_eq!(company.ask("stranger", Method::GET, "/extensions", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn to_everyone_else_there_are_no_organizations() {
    let company = Company::new().await;
    for who in ["owner", "admin", "agent", "reporter", "stranger"] {
        for (method, path) in [
            (Method::GET, "/organizations"),
            (Method::POST, "/organizations"),
            (Method::GET, "/organizations/1"),
            (Method::PATCH, "/organizations/1"),
        ] {
            let body = json!({});
            let body = (method != Method::GET).then_some(&body);
            let answer = company.ask(who, method.clone(), path, body).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who} {method} {path}");
        }
    }
    assert_eq!(company.ask("nobody", Method::GET, "/organizations", None).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_of_the_installation_acts_for_an_organization_that_it_names() {
    let company = Company::new().await;
    let token = token(&company).await;
    assert_eq!(ask(&company, &token, Method::GET, "/extensions", None).await.status, StatusCode::FORBIDDEN);
    let send = |organization: &'static str, method: Method| {
        let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
        let request = Request::builder().method(method).uri("/api/v1/extensions");
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json").header("x-organization", organization);
        company.send(request.body(Body::from(body.to_string())).unwrap())
    };
    assert_eq!(send("1", Method::POST).await.status, StatusCode::CREATED);
    assert_eq!(send("9", Method::POST).await.status, StatusCode::NOT_FOUND);
    let entry = company.get("/audit-log?object_type=extension").await.data()[0].clone();
    assert_eq!(entry["actor"]["type"], "installation", "{entry}");
    // The header of anyone else has no effect.
    let request = Request::get("/api/v1/extensions").header("authorization", company.bearer("owner"));
    let request = request.header("x-organization", "2").body(Body::empty()).unwrap();
    assert_eq!(company.send(request).await.body["meta"]["total"], 1);
}

#[tokio::test]
async fn the_first_organization_is_set_up_once() {
    let (company, token) = Company::empty().await;
    let body = |token: &str| {
        json!({
            "token": token,
            "organization": { "name": "Acme Dental", "timezone": "America/New_York", "country": "US" },
            "owner": { "name": "Olive Ray", "email": "olive@acme.example", "password": "a brick in a pond" },
        })
    };
    let set_up = async |body: &Value| company.ask("nobody", Method::POST, "/setup", Some(body)).await;
    assert_eq!(set_up(&body("x")).await.status, StatusCode::NOT_FOUND);
    // What is wrong is told, and the token is not used up by it.
    let mut wrong = body(&token);
    wrong["owner"]["password"] = json!("short");
    wrong["organization"]["country"] = json!("Utopia");
    let refused = set_up(&wrong).await;
    let fields: Vec<_> = refused.errors().as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["organization.country", "owner.password"]);
    let (first, second) = (body(&token), body(&token));
    let (first, second) = tokio::join!(set_up(&first), set_up(&second));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 404]);
    assert_eq!(set_up(&body(&token)).await.status, StatusCode::NOT_FOUND);
    let sign_in = json!({ "email": "olive@acme.example", "password": "a brick in a pond" });
    assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&sign_in)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn with_an_organization_there_is_no_setup() {
    let company = Company::new().await;
    let answer = company.ask("nobody", Method::POST, "/setup", Some(&json!({ "token": "" }))).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
