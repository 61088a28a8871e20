//! Recordings of calls: fetched, listened to by whoever may, let go with time.

use super::company::Company;
use super::prompts::wav;
use super::recording_host::{RecordingHost, There};
use super::waiting::until;
use crate::bench::author;
use crate::live::Socket;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use opbx_core::call_log::{
    CallKeys, DialKey, DialStart, Fact, Parties, PhoneKind, RoutedStep, RungPhone, Via, ViaKind,
};
use opbx_core::call_state::CallDirection;
use opbx_core::decision::Recorded;
use opbx_core::id::ExtensionId;
use opbx_store::{CallContext, Delivery, RecordingOutcome, RecordingReport};
use serde_json::json;

/// A call that rang an extension, and a recording of it. Answers the call's identifier.
async fn recorded(company: &Company, session: &str, extension: u64, url: &str) -> u64 {
    let phone = RungPhone {
        kind: PhoneKind::Extension,
        extension: Some(ExtensionId::new(extension)),
        number: "1001".into(),
        name: None,
    };
    let via = Via { kind: ViaKind::Direct, ring_group: None, name: None };
    let start = DialStart { at: company.now(), via, phones: vec![phone] };
    let from = Some("+12125550123".into());
    let parties = Parties { from, to: Some("1001".into()), caller_name: None, direction: Some(CallDirection::Inbound) };
    let step = RoutedStep {
        keys: CallKeys::of_session(session),
        at: company.now(),
        parties,
        phone_number: None,
        caller: None,
        ended: None,
        started: Some((DialKey("1".into()), start)),
    };
    let delivery = Delivery { organization: company.organization, key: None, fact: Fact::Step(step) };
    let applied = company.store.platform().apply_facts(&[delivery], company.now()).await.unwrap();
    let report = RecordingReport {
        what: Recorded::Conversation,
        dial: Some("1".into()),
        call: CallContext {
            call_id: session.into(),
            from: "+12125550123".into(),
            caller_name: None,
            at: company.now(),
        },
        outcome: RecordingOutcome::Completed { url: url.into(), seconds: Some(60) },
    };
    company.tenant().recording_reported(None, &report, author(), company.now()).await.unwrap();
    applied.changes[0].call
}

async fn heard(company: &Company, call: u64) {
    let path = format!("/call-logs/{call}/recording");
    until("it is heard", async || (company.get(&path).await.status == StatusCode::OK).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_listens_hears_what_became_of_a_recording() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let body = json!({ "extension_number": "1001", "name": "Someone", "type": "user" });
    let extension = company.post("/extensions", &body).await.data()["id"].as_u64().unwrap();
    let mut socket = Socket::to(&company, "owner").await;
    for (session, url, state) in [
        ("one", host.put("/1.wav", There::File(wav(2, b'a'))), "stored"),
        ("two", "http://10.0.0.1/x".into(), "failed"),
    ] {
        let call = recorded(&company, session, extension, &url).await;
        let told = loop {
            let told = socket.hears().await;
            if told["event"] == "call.updated" {
                break told["data"]["call"].clone();
            }
        };
        assert_eq!((&told["id"], &told["call_id"]), (&json!(call), &json!(session)), "{told}");
        let url = format!("/api/v1/call-logs/{call}/recording");
        assert_eq!(told["recording"], json!({ "state": state, "url": url }), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_is_for_whoever_may_and_each_playing_is_written_down() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let mut extensions = Vec::new();
    for (number, user) in [("1001", json!(company.user("agent"))), ("1002", json!(null))] {
        let body = json!({ "extension_number": number, "name": "Someone", "type": "user", "user_id": user });
        extensions.push(company.post("/extensions", &body).await.data()["id"].as_u64().unwrap());
    }
    let url = host.put("/1.wav", There::File(wav(2, b'a')));
    let own = recorded(&company, "one", extensions[0], &url).await;
    let other = recorded(&company, "two", extensions[1], &url).await;
    let absent = recorded(&company, "three", extensions[0], "http://10.0.0.1/x").await;
    heard(&company, own).await;
    heard(&company, other).await;
    let (ok, forbidden, gone) = (StatusCode::OK, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND);
    for (who, of_own, of_other, of_absent) in [
        ("owner", ok, ok, gone),
        ("admin", ok, ok, gone),
        ("agent", ok, forbidden, gone),
        ("reporter", forbidden, forbidden, forbidden),
        ("stranger", gone, gone, gone),
    ] {
        for (call, expected) in [(own, of_own), (other, of_other), (absent, of_absent)] {
            let answer = company.ask(who, Method::GET, &format!("/call-logs/{call}/recording"), None).await;
            assert_eq!(answer.status, expected, "{who} {call}");
        }
    }
    // In the log, for everyone who sees it.
    let shown = company.get(&format!("/call-logs/{own}")).await.data()["recording"].clone();
    assert_eq!(shown, json!({ "state": "stored", "url": format!("/api/v1/call-logs/{own}/recording") }));
    let listed = company.ask("reporter", Method::GET, "/call-logs", None).await;
    let mut states: Vec<_> =
        listed.data().as_array().unwrap().iter().map(|call| call["recording"]["state"].clone()).collect();
    states.sort_by_key(ToString::to_string);
    assert_eq!(states, ["failed", "stored", "stored"]);
    let log = company.get("/audit-log?object_type=call_recording&per_page=100").await;
    let entries = log.body["data"].as_array().unwrap();
    // Two of the owner, two of the admin, one of the agent.
    assert_eq!(entries.len(), 5, "{entries:?}");
    assert!(entries.iter().all(|entry| entry["action"] == "played"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_old_goes_with_its_file() {
    let host = RecordingHost::start().await;
    let company = Company::with_platform(&host.url(""), "", None).await;
    let body = json!({ "extension_number": "1001", "name": "Alice", "type": "user" });
    let extension = company.post("/extensions", &body).await.data()["id"].as_u64().unwrap();
    let url = host.put("/1.wav", There::File(wav(2, b'a')));
    let call = recorded(&company, "one", extension, &url).await;
    heard(&company, call).await;
    let mut edit = company.tenant().edit(author(), company.now()).await.unwrap();
    let before = edit.settings().await.unwrap();
    let mut after = before.object.clone();
    after.retention.recordings = 30;
    edit.update_settings(&before, after, |_| serde_json::Value::Null).await.unwrap();
    edit.commit().await.unwrap();
    // The night after it has grown too old brings the job.
    company.wait(SignedDuration::from_hours(24 * 32));
    let folder = company.folder.path().join("audio").join(company.organization.to_string());
    let files = || std::fs::read_dir(&folder).unwrap().count();
    until("the file is gone", async || (files() == 0).then_some(())).await;
    assert!(company.tenant().recordings_of(&["one"]).await.unwrap().is_empty());
}
