//! What the server lets go of by itself, as time passes.

use super::call_statistics::{apply, call};
use super::company::Company;
use super::waiting::until;
use crate::smtp::{MailServer, Protected};
use jiff::SignedDuration;
use opbx_core::call_log::CallKey;
use opbx_core::call_state::Disposition;
use opbx_core::statistics::Interval;
use opbx_server::mail::MailSettings;
use opbx_store::{AuditQuery, JobQuery, JobState};
use serde_json::json;

/// Looks again until what is let go of in the night has gone.
async fn gone(so: impl AsyncFn() -> bool) {
    until("it goes", async || so().await.then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_entries_of_the_audit_log_go_in_the_night_and_sessions_when_they_expire() {
    let server = MailServer::start(Protected::AtOnce, "250 taken").await;
    let mail = MailSettings {
        smtp: format!("smtps://localhost:{}", server.address.port()).parse().unwrap(),
        from: "pbx@example.com".parse().unwrap(),
        roots: vec![server.certificate.clone()],
    };
    // With a mail server, since such a company is one that does its jobs.
    let company = Company::with_mail(Some(mail)).await;
    let retention = json!({ "audit": 30 });
    company.patch("/organization/retention", &retention).await.data();
    let entries = async || {
        let query = AuditQuery { limit: 100, ..AuditQuery::default() };
        let entries = company.tenant().audit_log(&query).await.unwrap().items;
        entries.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
    };
    let jobs = async |kind: &str| {
        let query = JobQuery { state: Some(JobState::Done), kind: Some(kind.to_owned()), most: 100 };
        company.store.platform().jobs(&query).await.unwrap().len()
    };
    // The last ticks before the start are made up for.
    gone(async || jobs("audit_retention").await == 1 && jobs("sweep").await == 1).await;
    let before = entries().await;
    assert!(before.len() >= 5 && !before.contains(&"trimmed".to_owned()), "{before:?}");
    let of_the_owner = async || {
        let owner = opbx_core::id::UserId::new(company.user("owner"));
        // As if it were still the first day: what has expired is listed too, as long as it is there.
        company.tenant().sessions(owner, company.now() - SignedDuration::from_hours(24 * 40)).await.unwrap().len()
    };
    assert_eq!(of_the_owner().await, 1);
    let caller = "+12125550123";
    apply(&company, vec![call("one", caller, company.now() - SignedDuration::from_hours(1), Disposition::Answered)])
        .await;
    let known = async || company.tenant().call_known_by(CallKey::Session("one")).await.unwrap();
    let payload = async || company.tenant().call(known().await.unwrap()).await.unwrap().payload;
    assert!(payload().await.is_some());

    company.wait(SignedDuration::from_hours(24 * 31));
    gone(async || entries().await == ["trimmed"]).await;
    assert_eq!(company.tenant().verify_audit_log().await.unwrap().fault, None);
    gone(async || of_the_owner().await == 0).await;
    // What was said word by word is kept for a month by default, calls for two years; what was counted stays.
    gone(async || payload().await.is_none()).await;
    company.wait(SignedDuration::from_hours(24 * 731));
    gone(async || known().await.is_none()).await;
    let day = "2026-03-09".parse().unwrap();
    assert_eq!(company.tenant().statistics(day, day, Interval::Day).await.unwrap().totals.calls, 1);
}
