//! Signing in and out.

use super::company::Company;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery";

fn login(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

/// A request with the token of an answer.
fn with_token(method: Method, path: &str, token: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_person_signs_in_looks_and_signs_out() {
    let company = Company::new().await;
    company.set_password("admin", PASSWORD).await;
    let signed_in = company.ask("nobody", Method::POST, "/auth/login", Some(&login("Admin@1.Example", PASSWORD))).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{signed_in:?}");
    let token = signed_in.body["token"].as_str().unwrap();
    assert_eq!(signed_in.body["token_type"], "Bearer");
    assert_eq!(signed_in.body["expires_at"], "2026-03-10T14:00:00.000Z");
    assert_eq!(signed_in.body["user"]["role"], "admin");

    let me = company.send(with_token(Method::GET, "/auth/me", token)).await;
    insta::assert_json_snapshot!(me.data());
    assert_eq!(company.send(with_token(Method::POST, "/auth/logout", token)).await.status, StatusCode::NO_CONTENT);
    assert_eq!(company.send(with_token(Method::GET, "/auth/me", token)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refreshed_token_is_dead_and_a_session_ends_after_a_day() {
    let company = Company::new().await;
    company.set_password("admin", PASSWORD).await;
    let signed_in = company.ask("nobody", Method::POST, "/auth/login", Some(&login("admin@1.example", PASSWORD))).await;
    let old = signed_in.body["token"].as_str().unwrap();
    company.wait(SignedDuration::from_hours(1));
    let refreshed = company.send(with_token(Method::POST, "/auth/refresh", old)).await;
    assert_eq!(refreshed.status, StatusCode::OK, "{refreshed:?}");
    let new = refreshed.body["token"].as_str().unwrap();
    assert_eq!(company.send(with_token(Method::GET, "/auth/me", old)).await.status, StatusCode::UNAUTHORIZED);
    company.wait(SignedDuration::from_mins(24 * 60 - 1));
    assert_eq!(company.send(with_token(Method::GET, "/auth/me", new)).await.status, StatusCode::OK);
    company.wait(SignedDuration::from_mins(1));
    assert_eq!(company.send(with_token(Method::GET, "/auth/me", new)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let company = Company::new().await;
    company.set_password("admin", PASSWORD).await;
    let wrong =
        company.ask("nobody", Method::POST, "/auth/login", Some(&login("admin@1.example", "another one"))).await;
    let unknown =
        company.ask("nobody", Method::POST, "/auth/login", Some(&login("who@1.example", "another one"))).await;
    let without =
        company.ask("nobody", Method::POST, "/auth/login", Some(&login("agent@1.example", "another one"))).await;
    for answer in [&wrong, &unknown, &without] {
        assert_eq!((answer.status, &answer.body["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_credentials")));
        assert_eq!(answer.body["detail"], wrong.body["detail"]);
    }
    let empty = company.ask("nobody", Method::POST, "/auth/login", Some(&json!({}))).await;
    assert_eq!(empty.errors().as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_not_asked_for_is_refused() {
    let company = Company::new().await;
    for (path, mut body) in [
        ("/auth/login", login("admin@1.example", PASSWORD)),
        ("/auth/login/second-factor", json!({ "challenge": "1|o-x", "code": "000000" })),
    ] {
        body["remember"] = json!(true);
        let refused = company.ask("nobody", Method::POST, path, Some(&body)).await;
        assert_eq!(refused.errors().as_object().unwrap().keys().collect::<Vec<_>>(), ["remember"]);
    }
}

#[tokio::test]
async fn who_is_wrong_too_often_waits() {
    let company = Company::new().await;
    company.set_password("admin", PASSWORD).await;
    let wrong = login("admin@1.example", "another one");
    for _ in 0..5 {
        assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&wrong)).await.status, 401);
    }
    let right = login("admin@1.example", PASSWORD);
    let limited = company.ask("nobody", Method::POST, "/auth/login", Some(&right)).await;
    assert_eq!((limited.status, &limited.body["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("rate_limited")));
    assert_eq!((limited.header("retry-after"), limited.header("x-ratelimit-limit")), ("61", "5"));
    company.wait(SignedDuration::from_secs(61));
    assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&right)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn with_the_cookie_only_our_own_pages_may_change_anything() {
    let company = Company::new().await;
    company.set_password("owner", PASSWORD).await;
    let request = |site: &str| {
        Request::post("/api/v1/auth/login")
            .header("content-type", "application/json")
            .header("x-session-mode", "cookie")
            .header("sec-fetch-site", site)
            .body(Body::from(login("owner@1.example", PASSWORD).to_string()))
            .unwrap()
    };
    assert_eq!(company.send(request("cross-site")).await.body["code"], "csrf");
    let signed_in = company.send(request("same-origin")).await;
    assert_eq!((signed_in.status, &signed_in.body["token"]), (StatusCode::OK, &Value::Null));
    let cookie = signed_in.header("set-cookie");
    for part in ["opbx_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let ask = |method: Method, headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri("/api/v1/extensions").header("cookie", &cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
        request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
    };
    assert_eq!(company.send(ask(Method::GET, &[])).await.status, StatusCode::OK);
    for refused in [
        &[][..],
        &[("x-csrf", "1")],
        &[("sec-fetch-site", "same-origin")],
        &[("x-csrf", "1"), ("sec-fetch-site", "same-site")],
        &[("x-csrf", "1"), ("origin", "https://evil.example"), ("host", "pbx.example")],
    ] {
        assert_eq!(company.send(ask(Method::POST, refused)).await.body["code"], "csrf", "{refused:?}");
    }
    let ours = [("x-csrf", "1"), ("origin", "https://pbx.example"), ("host", "pbx.example")];
    assert_eq!(company.send(ask(Method::POST, &ours)).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_as_a_problem() {
    let company = Company::new().await;
    let ask = async |method: Method, path: &str, kind: &str, body: &'static str| {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        let request = request.header("authorization", company.bearer("owner")).header("content-type", kind);
        company.send(request.body(Body::from(body)).unwrap()).await
    };
    let json = "application/json";
    for (method, path, kind, body, status, code) in [
        (Method::GET, "/nothing", json, "", 404, "not_found"),
        (Method::GET, "/extensions/x", json, "", 404, "not_found"),
        (Method::GET, "/extensions/99999999999999999999", json, "", 404, "not_found"),
        (Method::PUT, "/extensions", json, "{}", 405, "method_not_allowed"),
        (Method::POST, "/extensions", "text/plain", "{}", 415, "unsupported_media_type"),
        (Method::POST, "/extensions", json, "{", 400, "bad_request"),
        (Method::POST, "/extensions", json, "[]", 400, "bad_request"),
        (Method::POST, "/extensions", json, "", 400, "bad_request"),
    ] {
        let answer = ask(method, path, kind, body).await;
        assert_eq!((answer.status.as_u16(), &answer.body["code"]), (status, &json!(code)), "{path} {answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["request_id"].as_str(), Some(answer.header("x-request-id")));
    }
    let refused = ask(Method::PUT, "/extensions", json, "{}").await;
    assert_eq!(refused.header("allow"), "GET, HEAD, PATCH, POST");
    assert_eq!(refused.header("x-content-type-options"), "nosniff");
    let large = Request::post("/api/v1/extensions").header("authorization", company.bearer("owner"));
    let large = large.header("content-type", json).body(Body::from(vec![b' '; 1024 * 1024 + 1])).unwrap();
    assert_eq!(company.send(large).await.body["code"], "body_too_large");
}
