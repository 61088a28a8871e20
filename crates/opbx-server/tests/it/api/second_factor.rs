//! The second factor: set up, asked for, turned off.

use super::company::Company;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

const PASSWORD: &str = "correct horse battery";

/// The code that an authenticator shows at an instant.
pub(super) fn code(secret: &str, at: jiff::Timestamp) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_secret(secret).with_account_name("x").with_issuer(Some("OPBX")).build().unwrap();
    totp.generate(at.as_second().unsigned_abs()).to_string()
}

/// Turns the second factor of the admin on, and answers the secret and the recovery codes.
async fn enrolled(company: &Company) -> (String, Vec<String>) {
    company.set_password("admin", PASSWORD).await;
    let begun = company.ask("admin", Method::POST, "/profile/totp", None).await;
    let secret = begun.data()["secret"].as_str().unwrap().to_owned();
    let uri = begun.data()["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/OPBX:admin%401.example?"), "{uri}");
    let wrong = company.ask("admin", Method::POST, "/profile/totp/verify", Some(&json!({ "code": "000000" }))).await;
    assert_eq!(wrong.errors()["code"].as_array().unwrap().len(), 1);
    let right = json!({ "code": code(&secret, company.now()) });
    let on = company.ask("admin", Method::POST, "/profile/totp/verify", Some(&right)).await;
    let codes: Vec<String> = serde_json::from_value(on.data()["recovery_codes"].clone()).unwrap();
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

async fn challenge(company: &Company) -> String {
    let login = json!({ "email": "admin@1.example", "password": PASSWORD });
    let answer = company.ask("nobody", Method::POST, "/auth/login", Some(&login)).await;
    assert_eq!((answer.status, &answer.body["code"]), (StatusCode::UNAUTHORIZED, &json!("second_factor_required")));
    assert_eq!(answer.body["methods"], json!(["totp", "recovery_code"]));
    answer.body["challenge"].as_str().unwrap().to_owned()
}

async fn answer(company: &Company, challenge: &str, code: &str) -> (StatusCode, Value) {
    let body = json!({ "challenge": challenge, "code": code });
    let answer = company.ask("nobody", Method::POST, "/auth/login/second-factor", Some(&body)).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn a_code_works_once_and_so_does_a_challenge() {
    let company = Company::new().await;
    let (secret, _) = enrolled(&company).await;
    let first = challenge(&company).await;
    // The code that turned it on is used up.
    assert_eq!(answer(&company, &first, &code(&secret, company.now())).await.0, StatusCode::UNAUTHORIZED);
    company.wait(SignedDuration::from_secs(30));
    let now = code(&secret, company.now());
    let (status, body) = answer(&company, &first, &now).await;
    assert_eq!((status, &body["user"]["role"]), (StatusCode::OK, &json!("admin")));
    assert_eq!(answer(&company, &first, &now).await.0, StatusCode::UNAUTHORIZED, "a challenge works once");
    let second = challenge(&company).await;
    assert_eq!(answer(&company, &second, &now).await.0, StatusCode::UNAUTHORIZED, "a code works once");
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let company = Company::new().await;
    let (_, codes) = enrolled(&company).await;
    let first = challenge(&company).await;
    assert_eq!(answer(&company, &first, &codes[0].to_uppercase()).await.0, StatusCode::OK);
    let second = challenge(&company).await;
    assert_eq!(answer(&company, &second, &codes[0]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(answer(&company, &second, &codes[1]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_challenge_lasts_five_minutes_and_five_tries() {
    let company = Company::new().await;
    let (secret, codes) = enrolled(&company).await;
    let tried = challenge(&company).await;
    for _ in 0..5 {
        assert_eq!(answer(&company, &tried, "000000").await.0, StatusCode::UNAUTHORIZED);
    }
    company.wait(SignedDuration::from_secs(61));
    assert_eq!(answer(&company, &tried, &codes[0]).await.0, StatusCode::UNAUTHORIZED, "five tries");
    let late = challenge(&company).await;
    company.wait(SignedDuration::from_mins(5));
    assert_eq!(answer(&company, &late, &code(&secret, company.now())).await.0, StatusCode::UNAUTHORIZED, "too late");
}

#[tokio::test]
async fn wrong_codes_count_for_the_person_whichever_challenge_they_are_for() {
    let company = Company::new().await;
    let (_, codes) = enrolled(&company).await;
    for minute in 0..4 {
        let first = challenge(&company).await;
        for _ in 0..5 {
            assert_eq!(answer(&company, &first, "000000").await.0, StatusCode::UNAUTHORIZED, "{minute}");
        }
        let second = challenge(&company).await;
        let (status, body) = answer(&company, &second, &codes[0]).await;
        assert_eq!((status, &body["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("rate_limited")));
        assert_eq!(body["params"]["limit"], if minute < 3 { 5 } else { 20 });
        company.wait(SignedDuration::from_secs(61));
    }
    let within_the_hour = challenge(&company).await;
    assert_eq!(answer(&company, &within_the_hour, &codes[0]).await.0, StatusCode::TOO_MANY_REQUESTS);
    company.wait(SignedDuration::from_mins(60));
    let after_it = challenge(&company).await;
    assert_eq!(answer(&company, &after_it, &codes[0]).await.0, StatusCode::OK, "the code was not used up");
}

#[tokio::test]
async fn it_is_turned_off_with_the_password() {
    let company = Company::new().await;
    enrolled(&company).await;
    let log = company.get("/audit-log?per_page=100").await;
    let actions: Vec<_> = log.data().as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    for action in ["second_factor_begun", "second_factor_enabled"] {
        assert!(actions.contains(&json!(action)), "{actions:?}");
    }
    let again = company.ask("admin", Method::POST, "/profile/totp", None).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let off = async |password: &str| {
        company.ask("admin", Method::DELETE, "/profile/totp", Some(&json!({ "current_password": password }))).await
    };
    assert_eq!(off("not this one").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(off(PASSWORD).await.status, StatusCode::NO_CONTENT);
    let login = json!({ "email": "admin@1.example", "password": PASSWORD });
    assert_eq!(company.ask("nobody", Method::POST, "/auth/login", Some(&login)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_it_is_required_nothing_else_is_reached_before_it_is_there() {
    let company = Company::new().await;
    company.patch("/organization", &json!({ "require_second_factor": true })).await;
    let status = async |who: &str, method: Method, path: &str| {
        let body = json!({ "name": "Some Name" });
        let body = (method == Method::PATCH).then_some(&body);
        company.ask(who, method, path, body).await.status.as_u16()
    };
    for (path, admin, agent) in [
        ("/extensions", 403, 200),
        ("/organization", 403, 200),
        ("/profile", 403, 200),
        ("/auth/me", 200, 200),
        ("/profile/sessions", 200, 200),
    ] {
        assert_eq!(
            (status("admin", Method::GET, path).await, status("agent", Method::GET, path).await),
            (admin, agent),
            "{path}"
        );
    }
    assert_eq!(status("admin", Method::PATCH, "/profile").await, 403);
    assert_eq!(status("admin", Method::POST, "/auth/refresh").await, 403);
    assert_eq!(status("agent", Method::POST, "/auth/refresh").await, 200);
    let refused = company.ask("admin", Method::GET, "/extensions", None).await;
    assert_eq!(refused.body["code"], "second_factor_required");
    enrolled(&company).await;
    assert_eq!(status("admin", Method::GET, "/extensions").await, 200);
    assert_eq!(status("owner", Method::GET, "/extensions").await, 403, "owners too");
}
