//! Who is checked while what they are checked against is changed: what counts is what is so in the end.

use super::company::{Answer, Company};
use super::second_factor::code;
use crate::bench::author;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use opbx_core::id::UserId;
use opbx_core::organization::Status;
use opbx_store::{Edit, SecretDigest, Stored, User};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

const OLD: &str = "correct horse battery";
/// With how many statements it is found out who signs in.
const FOUND_OUT: u64 = 3;

/// Lets others go on until so many more statements were sent.
async fn statements(company: &Company, number: u64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while company.store.statements() < number {
        assert!(Instant::now() < deadline, "{} of {number}", company.store.statements());
        tokio::task::yield_now().await;
    }
}

fn asked(
    company: &Arc<Company>,
    who: &'static str,
    path: &'static str,
    body: Value,
) -> tokio::task::JoinHandle<Answer> {
    let company = Arc::clone(company);
    tokio::spawn(async move { company.ask(who, Method::POST, path, Some(&body)).await })
}

/// Signs an agent in while a change is under way that was begun before and is made afterwards.
async fn signed_in_during(company: &Arc<Company>, change: impl AsyncFnOnce(&mut Edit, Stored<User>)) -> Answer {
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let agent = edit.user(UserId::new(company.user("agent"))).await.unwrap();
    let before = company.store.statements();
    let body = json!({ "email": "agent@1.example", "password": OLD });
    let signing_in = asked(company, "nobody", "/auth/login", body);
    statements(company, before + FOUND_OUT).await;
    change(&mut edit, agent).await;
    edit.commit().await.unwrap();
    signing_in.await.unwrap()
}

async fn hash(company: &Company) -> String {
    company.store.platform().candidate("agent@1.example").await.unwrap().unwrap().password_hash.unwrap()
}

async fn a_former_password_lets_nobody_in(company: Company) {
    let company = Arc::new(company);
    company.set_password("agent", OLD).await;
    let refused = signed_in_during(&company, async |edit, agent| {
        edit.set_password(&agent.object, "another".to_owned()).await.unwrap();
        edit.end_other_sessions(agent.object.id, None).await.unwrap();
    })
    .await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::UNAUTHORIZED, &json!("invalid_credentials")));

    // A hash that is to be replaced by a better one of the same password does not replace that of another password.
    let old = bcrypt::hash(OLD, 4).unwrap().replacen("$2b$", "$2y$", 1);
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let agent = edit.user(UserId::new(company.user("agent"))).await.unwrap();
    edit.set_password(&agent.object, old.clone()).await.unwrap();
    edit.commit().await.unwrap();
    let refused = signed_in_during(&company, async |edit, agent| {
        edit.set_password(&agent.object, "another".to_owned()).await.unwrap();
    })
    .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(hash(&company).await, "another");
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let late = edit.upgrade_password(agent.object.id, (&old, "better".to_owned())).await;
    assert!(matches!(late, Err(opbx_store::Error::NotFound)), "{late:?}");
    edit.upgrade_password(agent.object.id, ("another", "better".to_owned())).await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(hash(&company).await, "better");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_with_a_password_that_is_just_replaced_does_not_come_in() {
    a_former_password_lets_nobody_in(Company::new().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_with_a_password_that_is_just_replaced_does_not_come_in_on_mariadb() {
    a_former_password_lets_nobody_in(Company::on_mariadb("in_flight").await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_while_they_are_deactivated_or_get_a_second_factor_does_not_come_in() {
    let company = Arc::new(Company::new().await);
    company.set_password("agent", OLD).await;
    let refused = signed_in_during(&company, async |edit, agent| {
        edit.begin_second_factor(agent.object.id, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").await.unwrap();
        edit.confirm_second_factor(agent.object.id, "Agent", &[SecretDigest([7; 32])]).await.unwrap();
    })
    .await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::UNAUTHORIZED, &json!("second_factor_required")));
    let refused = signed_in_during(&company, async |edit, agent| {
        let inactive = User { status: Status::Inactive, ..agent.object.clone() };
        edit.update_user(&agent, &inactive).await.unwrap();
    })
    .await;
    assert_eq!(refused.body["code"], "account_inactive");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_confirmed_once_and_with_a_code_of_its_own() {
    let company = Arc::new(Company::new().await);
    let begun = company.ask("admin", Method::POST, "/profile/totp", None).await;
    let secret = begun.data()["secret"].as_str().unwrap().to_owned();
    let at = |seconds| json!({ "code": code(&secret, company.now() + SignedDuration::from_secs(seconds)) });
    let admin = UserId::new(company.user("admin"));

    // Another one is begun while the code is looked at.
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let before = company.store.statements();
    let verifying = asked(&company, "admin", "/profile/totp/verify", at(0));
    statements(&company, before + 1).await;
    others_go_on(&company).await;
    edit.begin_second_factor(admin, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(verifying.await.unwrap().errors()["code"].as_array().unwrap().len(), 1);

    // Two codes that count, at the same time: the codes for the loss of the authenticator are given out once.
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    edit.begin_second_factor(admin, &secret).await.unwrap();
    edit.commit().await.unwrap();
    let edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let before = company.store.statements();
    let both = [at(0), at(30)].map(|code| asked(&company, "admin", "/profile/totp/verify", code));
    statements(&company, before + 2).await;
    others_go_on(&company).await;
    edit.commit().await.unwrap();
    let mut statuses = Vec::new();
    for verifying in both {
        statuses.push(verifying.await.unwrap().status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

/// Whatever waits for nobody has its turn.
async fn others_go_on(company: &Company) {
    for _ in 0..20 {
        assert_eq!(company.get("/auth/me").await.status, StatusCode::OK);
    }
}
