//! What the platform reports: taken once, from whoever may say it, and in the log of calls a moment later.

use crate::bench::{Bench, domain, key};
use crate::office::{Answer, posted};
use crate::stored::within_two_seconds;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use opbx_core::call_log::LegResult;
use opbx_core::call_state::{CallDirection, CallStatus, Disposition, Ending, Progress};
use opbx_core::id::OrganizationId;
use opbx_store::{CallQuery, KeptCall, Reason, Stretch, Tenant, TenantStore};
use serde_json::{Value, json};

const UPDATES: &str = "/api/webhooks/cloudonix/session-update";
const RECORDS: &str = "/api/webhooks/cloudonix/cdr";
const SESSION: &str = "5b1f0c7e9a2d4f36b8e1c0d9a7f64312";

fn update(status: &str, at: &str) -> Value {
    let answered = (status == "connected" || status == "answer").then_some(1_773_057_606_980_u64);
    json!({
        "id": 30_112_233, "token": SESSION, "eventId": format!("event-{status}"), "domain": domain('a'),
        "callerId": "14155550123", "destination": "12125550100", "direction": "incoming", "status": status,
        "modifiedAt": at, "callStartTime": 1_773_057_600_123_u64, "callAnswerTime": answered, "callEndTime": null,
        "action": "update", "profile": {"qos": {"rx_mos": "NaN"}},
    })
}

fn record() -> Value {
    json!({
        "timestamp": 1_773_057_667, "call_id": "a84b4c76e66710@203.0.113.9:5060", "domain": domain('a'),
        "from": "14155550123", "to": "12125550100", "disposition": "ANSWER", "duration": "67", "billsec": 60,
        "sell_cost": "0.0125",
        "session": {"id": 30_112_233, "token": SESSION, "direction": "incoming", "status": "answer",
            "callStartTime": 1_773_057_600_123_u64, "callAnswerTime": 1_773_057_606_980_u64,
            "callEndTime": 1_773_057_667_010_u64},
    })
}

impl Bench {
    async fn report(&self, path: &str, said: &Value) -> Answer {
        self.office.send(posted(path, &key('a'), said)).await
    }

    fn calls_of(&self, organization: u64) -> TenantStore {
        self.store.tenant(&Tenant::inside(OrganizationId::new(organization), Reason::Command))
    }

    async fn log(&self, organization: u64) -> Vec<KeptCall> {
        let stretch = Stretch::Page { offset: 0, limit: 100 };
        self.calls_of(organization).calls(&CallQuery::default(), stretch).await.unwrap().items
    }

    /// Waits until the only call in the log is so.
    async fn call_is(&self, so: impl Fn(&KeptCall) -> bool) -> KeptCall {
        within_two_seconds(async || matches!(self.log(1).await.as_slice(), [call] if so(call))).await;
        self.log(1).await.pop().unwrap()
    }
}

fn is(status: CallStatus) -> impl Fn(&KeptCall) -> bool {
    move |call| call.status == status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_moves_on_as_the_platform_reports_it() {
    let bench = Bench::new(&['a']).await;
    for (status, seen) in [
        ("new", CallStatus::Live(Progress::Initiated)),
        ("ringing", CallStatus::Live(Progress::Ringing)),
        ("connected", CallStatus::Live(Progress::Answered)),
        ("answer", CallStatus::Ended(Ending::Completed)),
    ] {
        let answer = bench.report(UPDATES, &update(status, "2026-03-09T12:00:00Z")).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NO_CONTENT, ""));
        bench.call_is(is(seen)).await;
    }
    // A late one changes nothing.
    bench.report(UPDATES, &json!([update("processing", "2026-03-09T12:00:09Z")])).await;
    let answer = bench.report(RECORDS, &record()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(serde_json::from_str::<Value>(&answer.body).unwrap(), json!({"status": "ok", "call_id": SESSION}));
    let call = bench.call_is(|call| call.cost.is_some()).await;
    assert_eq!((call.from_number.as_str(), call.to_number.as_str()), ("+14155550123", "+12125550100"));
    assert_eq!((call.direction, call.disposition), (CallDirection::Inbound, Some(Disposition::Answered)));
    assert_eq!((call.duration, call.billsec, call.cost), (Some(67), Some(60), Some(12_500)));
    assert_eq!(call.call_id, SESSION);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_delivery_gets_the_first_answer_and_counts_once() {
    let bench = Bench::new(&['a']).await;
    let first = bench.report(RECORDS, &record()).await;
    let mut other = record();
    other["disposition"] = json!("BUSY");
    let with_key = |body: &Value| {
        let mut request = posted(RECORDS, &key('a'), body);
        request.headers_mut().insert("x-idempotency-key", "one".parse().unwrap());
        request
    };
    let again = bench.report("/api/v1/webhooks/cloudonix/cdr", &record()).await;
    assert_eq!(
        (again.status, &again.body, &again.headers["content-type"]),
        (first.status, &first.body, &first.headers["content-type"])
    );
    // By a key of the sender the body does not matter.
    let keyed = bench.office.send(with_key(&record())).await;
    let mut strange = other.clone();
    strange["session"]["token"] = json!("another");
    let same = bench.office.send(with_key(&strange)).await;
    assert_eq!((keyed.status, keyed.body), (same.status, same.body));
    let call = bench.call_is(|call| call.disposition.is_some()).await;
    assert_eq!(call.disposition, Some(Disposition::Answered));
    // A later record of the same call changes nothing of it.
    let mut later = other;
    later["timestamp"] = json!(1_773_057_700);
    assert_eq!(bench.report(RECORDS, &later).await.status, StatusCode::OK);
    bench.report(UPDATES, &update("busy", "2026-03-09T12:02:00Z")).await;
    let call = bench.call_is(|call| call.disposition.is_some()).await;
    assert_eq!(call.disposition, Some(Disposition::Answered));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twins_are_one() {
    let bench = std::sync::Arc::new(Bench::new(&['a']).await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let bench = std::sync::Arc::clone(&bench);
        tasks.spawn(async move { bench.report(RECORDS, &record()).await });
    }
    let mut answers: Vec<_> = tasks.join_all().await.into_iter().map(|answer| (answer.status, answer.body)).collect();
    answers.dedup();
    assert_eq!(answers.len(), 1);
    bench.call_is(|call| call.disposition.is_some()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_and_lists_are_read_too() {
    let bench = Bench::new(&['a']).await;
    let form = format!("token={SESSION}&status=ringing&domain={}&callerId=1001&destination=1002", domain('a'));
    let request = Request::post(UPDATES).header("authorization", format!("Bearer {}", key('a')));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(form)).unwrap();
    assert_eq!(bench.office.send(request).await.status, StatusCode::NO_CONTENT);
    bench.call_is(is(CallStatus::Live(Progress::Ringing))).await;
    let mut other = update("new", "2026-03-09T12:00:00Z");
    other["token"] = json!("another");
    other["id"] = json!("30112234");
    let list = json!([update("connected", "2026-03-09T12:00:00Z"), other]);
    assert_eq!(bench.report("/api/webhooks/cloudonix/call-status", &list).await.status, StatusCode::NO_CONTENT);
    within_two_seconds(async || bench.log(1).await.len() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_may_say_something_is_heard() {
    let bench = Bench::new(&['a', 'b']).await;
    let said = update("new", "2026-03-09T12:00:00Z");
    let mut nobodys = said.clone();
    nobodys["domain"] = json!("nobody.cloudonix.example");
    let mut of_b = said.clone();
    of_b["domain"] = json!(domain('b'));
    let refused = async |request| {
        let answer = bench.office.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
        answer.problem()
    };
    let nameless = Request::post(UPDATES).body(Body::from(said.to_string())).unwrap();
    let mut refusals = vec![
        refused(nameless).await,
        refused(posted(UPDATES, "a-key-that-nobody-has", &said)).await,
        refused(posted(UPDATES, &key('b'), &said)).await,
        refused(posted(UPDATES, &key('a'), &nobodys)).await,
        refused(posted(UPDATES, &key('a'), &of_b)).await,
        refused(posted(UPDATES, &key('a'), &json!([said, of_b]))).await,
        refused(posted("/api/webhooks/cloudonix/recording/AgcB", &key('a'), &said)).await,
        refused(posted("/api/webhooks/cloudonix/conference/AgcB", &key('a'), &said)).await,
    ];
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    // Without a domain the key alone says whose it is.
    let mut nowhere = said;
    nowhere.as_object_mut().unwrap().remove("domain");
    assert_eq!(bench.office.send(posted(UPDATES, &key('b'), &nowhere)).await.status, StatusCode::NO_CONTENT);
    within_two_seconds(async || bench.log(2).await.len() == 1).await;
    assert!(bench.log(1).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_may_come_without_a_key_to_the_secret_address() {
    let bench = Bench::new(&['a', 'b']).await;
    let to = |secret: &str| format!("{RECORDS}/{secret}");
    let bare = |secret: &str, said: &Value| Request::post(to(secret)).body(Body::from(said.to_string())).unwrap();
    let status = async |request| bench.office.send(request).await.status;
    assert_eq!(status(bare("the-cdr-secret-of-x", &record())).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        status(posted(&to("the-cdr-secret-of-a"), "a-key-that-nobody-has", &record())).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(status(posted(&to("the-cdr-secret-of-a"), &key('b'), &record())).await, StatusCode::UNAUTHORIZED);
    // What it says is of somebody else.
    assert_eq!(status(bare("the-cdr-secret-of-b", &record())).await, StatusCode::UNAUTHORIZED);
    assert!(bench.log(1).await.is_empty() && bench.log(2).await.is_empty());
    assert_eq!(status(bare("the-cdr-secret-of-a", &record())).await, StatusCode::OK);
    assert_eq!(status(posted(&to("the-cdr-secret-of-a"), &key('a'), &record())).await, StatusCode::OK);
    bench.call_is(|call| call.disposition.is_some()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_used_is_refused_as_a_whole() {
    let bench = Bench::new(&['a']).await;
    let mut lacking = update("new", "2026-03-09T12:00:00Z");
    for field in ["token", "id", "status"] {
        lacking.as_object_mut().unwrap().remove(field);
    }
    let answer = bench.report(UPDATES, &json!([update("new", "2026-03-09T12:00:00Z"), lacking])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert!(answer.body.contains("report 1"), "{}", answer.body);
    for body in ["", "[]", "7", "{\"a\":", "[1]"] {
        let request = Request::post(UPDATES).header("authorization", format!("Bearer {}", key('a')));
        let answer = bench.office.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let large = Request::post(UPDATES).header("authorization", format!("Bearer {}", key('a')));
    let large = large.body(Body::from(vec![b' '; 1024 * 1024 + 1])).unwrap();
    assert_eq!(bench.office.send(large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let get = Request::builder().method(Method::GET).uri(UPDATES).body(Body::empty()).unwrap();
    assert_eq!(bench.office.send(get).await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(bench.log(1).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_rung_is_joined_with_what_is_reported() {
    let bench = Bench::new(&['a']).await;
    let begun = bench.sales('a').await;
    assert_eq!(begun.rings(), ["1001", "1002"]);
    let call = bench.call_is(|call| call.legs.len() == 2).await;
    assert_eq!(
        (call.direction, call.from_number.as_str(), call.to_number.as_str()),
        (CallDirection::Internal, "1099", "3000")
    );
    assert_eq!(call.ring_group_name.as_deref(), Some("Sales"));
    let session = call.call_id.clone();
    let mut ringing = update("ringing", "2026-03-09T12:00:01Z");
    ringing["token"] = json!(session);
    bench.report(UPDATES, &ringing).await;
    bench.call_is(is(CallStatus::Live(Progress::Ringing))).await;
    let more = json!({"Session": session, "CallSid": session, "From": "1099", "To": "3000", "Direction": "subscriber",
        "CallStatus": "completed", "DialCallStatus": "completed", "Domain": domain('a')});
    let ended = bench.office.send(posted(&begun.action(), &key('a'), &more)).await;
    assert!(ended.document().contains("Hangup"));
    let call = bench.call_is(|call| call.legs.iter().all(|leg| leg.result.is_some())).await;
    assert!(call.legs.iter().all(|leg| leg.result == Some(LegResult::OneAnswered)), "{:?}", call.legs);
    assert_eq!(call.legs.iter().filter(|leg| leg.extension_id.is_some()).count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_whose_record_has_come_goes_no_further() {
    let bench = Bench::new(&['a']).await;
    let begun = bench.sales('a').await;
    let call = bench.call_is(|call| call.legs.len() == 2).await;
    let mut record = record();
    record["session"]["token"] = json!(call.call_id);
    assert_eq!(bench.report(RECORDS, &record).await.status, StatusCode::OK);
    let more = json!({"Session": call.call_id, "From": "1099", "To": "3000", "Direction": "subscriber",
        "CallStatus": "no-answer", "DialCallStatus": "no-answer", "Domain": domain('a')});
    let next = bench.office.send(posted(&begun.action(), &key('a'), &more)).await;
    assert!(next.rings().is_empty() && next.document().contains("Hangup"), "{}", next.body);
    // What it told is in the log all the same.
    bench.call_is(|call| call.legs.iter().all(|leg| leg.result == Some(LegResult::NoAnswer))).await;
}
