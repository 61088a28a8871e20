//! One call with all that is known of it: its course, why it went so, and the record word by word.

use super::calls::{CALLER, OURS, Told};
use super::company::{Answer, Company};
use super::waiting::until;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use opbx_core::call::DialResult;
use opbx_store::Extent;
use serde_json::{Value, json};

const AT: &str = "2026-03-09T14:00:00Z";

/// A company that was called: its phone rang, nobody answered, and the platform told of it.
async fn called() -> (Company, u64) {
    let company = Company::tracing().await;
    let alice = json!({ "extension_number": "1001", "name": "Alice Ray", "type": "user" });
    let alice = company.post("/extensions", &alice).await.data()["id"].as_u64().unwrap();
    let group = json!({ "name": "Sales", "strategy": "simultaneous", "members": [{ "extension_id": alice }],
        "fallback": { "type": "forward", "to": "+14155550177" } });
    let group = company.post("/ring-groups", &group).await.data()["id"].as_u64().unwrap();
    let number = json!({ "phone_number": OURS, "destination": { "type": "ring_group", "id": group } });
    let number = company.post("/phone-numbers", &number).await.data()["id"].as_u64().unwrap();
    let said = json!({ "Domain": "acme.cloudonix.example", "Session": "the-call", "Direction": "inbound",
        "From": CALLER, "To": OURS, "CallStatus": "in-progress" });
    let request = Request::post("/api/voice/route").header("content-type", "application/json");
    let request = request.header("authorization", "Bearer the-webhook-key-of-acme");
    let answer = company.send(request.body(Body::from(said.to_string())).unwrap()).await;
    assert!(answer.status == StatusCode::OK && answer.body.as_str().unwrap().contains("<Dial"), "{answer:?}");
    let decided = async || {
        let decisions = company.tenant().decisions(Some("the-call"), Extent::Latest(9)).await.unwrap();
        (!decisions.is_empty()).then_some(())
    };
    until("the decision is kept", decided).await;
    let call = Told { word: "NOANSWER", name: Some("Ann Winter"), ..Told::new("the-call", AT) };
    company.told(call.dial(group, number, alice, DialResult::NoAnswer)).await;
    company.told([call.report("new", 0), call.report("ringing", 2), call.record()]).await;
    let id = company.get("/call-logs").await.data()[0]["id"].as_u64().unwrap();
    (company, id)
}

async fn shown(company: &Company, who: &str, id: u64) -> Answer {
    company.ask(who, Method::GET, &format!("/call-logs/{id}"), None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_tells_its_course_and_why() {
    let (company, id) = called().await;
    let mut details = shown(&company, "owner", id).await.data().clone();
    let decision = details["trace"][0].as_object_mut().unwrap();
    assert!(decision["micros"].take().is_u64());
    let document = decision["document"].take();
    assert!(document.as_str().unwrap().contains("<Dial"), "{document}");
    insta::assert_json_snapshot!("details", details);
    company.patch("/organization", &json!({ "language": "es" })).await.data();
    let details = shown(&company, "owner", id).await;
    let told = details.data()["timeline"].as_array().unwrap().iter().map(|moment| moment["text"].clone());
    insta::assert_json_snapshot!("timeline_in_spanish", told.collect::<Vec<Value>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_owners_and_admins_see_the_record_word_by_word() {
    let (company, id) = called().await;
    for (who, sees) in [("owner", true), ("admin", true), ("agent", false), ("reporter", false)] {
        let details = shown(&company, who, id).await;
        assert_eq!(details.data()["raw_record"]["from"] == CALLER, sees, "{who}");
        assert_eq!(details.data()["raw_record"].is_null(), !sees, "{who}");
        assert_eq!(details.data()["from_number"], CALLER, "{who}");
    }
    assert_eq!(shown(&company, "stranger", id).await.status, StatusCode::NOT_FOUND);
    assert_eq!(shown(&company, "owner", id + 1).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sees_no_last_digits_finds_none_in_all_of_it() {
    let (company, id) = called().await;
    company.patch("/organization", &json!({ "mask_numbers": true })).await.data();
    let text = shown(&company, "reporter", id).await.data().to_string();
    for hidden in ["5550123", "5550100", "5550177"] {
        assert!(!text.contains(hidden), "{hidden} in {text}");
    }
    let details = shown(&company, "reporter", id).await;
    assert_eq!(details.data()["from_number"], "+14155550***");
    assert_eq!(details.data()["timeline"][0]["text"], "+14155550*** called +12125550***.");
    let decision = &details.data()["trace"][0];
    assert_eq!((&decision["from"], &decision["document"]), (&json!("+14155550***"), &Value::Null));
    assert!(!decision["trace"].as_array().unwrap().is_empty());
    let whole = shown(&company, "agent", id).await;
    assert_eq!(whole.data()["trace"][0]["from"], CALLER);
}

#[tokio::test]
async fn a_call_without_a_name_has_no_decisions_of_others() {
    let company = Company::new().await;
    let decision = opbx_store::NewDecision {
        organization: company.organization,
        call_id: "",
        at: company.now(),
        place: "start",
        from: CALLER,
        to: OURS,
        outcome: "apology",
        micros: 1,
        document: "<Response/>",
        trace: "no trace of ours",
    };
    let known = opbx_store::NewDecision { call_id: "known", ..decision.clone() };
    company.store.platform().keep_decisions(&[decision, known]).await.unwrap();
    company.told([Told::new("unknown", AT).record(), Told::new("known", AT).record()]).await;
    assert_eq!(shown(&company, "owner", 1).await.data()["trace"], json!([]));
    let known = shown(&company, "owner", 2).await;
    assert_eq!(
        (&known.data()["trace"][0]["outcome"], &known.data()["trace"][0]["trace"]),
        (&json!("apology"), &json!([]))
    );
}
