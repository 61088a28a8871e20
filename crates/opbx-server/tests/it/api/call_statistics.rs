//! Statistics of calls, over the API: which days are meant, what is told, who sees how much of a number.

use super::company::Company;
use super::waiting::until;
use axum::http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use opbx_core::call_log::{CallKeys, Fact, FinalRecord, Parties};
use opbx_core::call_state::{CallDirection, CallRecord, Disposition, SessionTimes};
use opbx_store::Delivery;
use serde_json::{Value, json};

/// An inbound call that was over at once, or talked for a minute.
pub(crate) fn call(session: &str, from: &str, at: Timestamp, disposition: Disposition) -> Fact {
    let answered = disposition == Disposition::Answered;
    let second = |seconds| at + SignedDuration::from_secs(seconds);
    let times =
        SessionTimes { started_at: Some(at), answered_at: answered.then(|| second(6)), ended_at: Some(second(66)) };
    let (duration, billsec) = (Some(66), Some(if answered { 60 } else { 0 }));
    Fact::Record(FinalRecord {
        keys: CallKeys::of_session(session),
        received_at: second(66),
        record: CallRecord { timestamp: second(66), disposition, session: Some(times), duration, billsec },
        parties: Parties {
            from: Some(from.into()),
            to: Some("+12125550100".into()),
            caller_name: None,
            direction: Some(CallDirection::Inbound),
        },
        cost: Some(12_500),
        recording_url: Some("https://recordings.example/1.wav".into()),
        payload: format!("{{\"caller\":\"{from}\"}}").into(),
    })
}

pub(crate) async fn apply(company: &Company, facts: Vec<Fact>) {
    let organization = company.organization;
    let batch: Vec<Delivery> = facts.into_iter().map(|fact| Delivery { organization, key: None, fact }).collect();
    company.store.platform().apply_facts(&batch, company.now()).await.unwrap();
}

/// The company's own calls: on the Sunday on which the clocks of New York go forward, and on the day after.
async fn with_calls() -> Company {
    let company = Company::new().await;
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    apply(
        &company,
        vec![
            call("one", "+12125550123", at("2026-03-08T06:59:59Z"), Disposition::Answered),
            call("two", "+12125550123", at("2026-03-08T07:00:00Z"), Disposition::Busy),
            call("three", "+442079460000", at("2026-03-09T13:00:00Z"), Disposition::Answered),
        ],
    )
    .await;
    company
}

#[tokio::test]
async fn statistics_tell_of_the_last_days_or_of_those_asked_for() {
    let company = with_calls().await;
    let told = company.get("/call-logs/statistics").await;
    let told = told.data();
    let totals = json!({
        "calls": 3, "answered": 2, "missed": 1, "answer_rate": 1.0 - 1.0 / 3.0, "duration": 198, "talk": 120,
        "average_talk": 60, "average_wait": 6, "cost": "0.0375",
    });
    assert_eq!(told["totals"], totals);
    let series = told["series"].as_array().unwrap();
    assert_eq!((series.len(), &series[29]["start"]), (30, &json!("2026-03-09T04:00:00.000Z")));
    assert_eq!(
        series[28],
        json!({ "start": "2026-03-08T05:00:00.000Z", "calls": 2, "answered": 1, "missed": 1, "talk": 60 })
    );
    assert_eq!(told["by_direction"], json!({ "inbound": 3, "outbound": 0, "internal": 0 }));
    assert_eq!(told["by_disposition"]["BUSY"], 1);
    let numbers = json!([
        { "id": null, "name": "+12125550123", "calls": 2 }, { "id": null, "name": "+442079460000", "calls": 1 },
    ]);
    assert_eq!(told["top_numbers"], numbers);

    let told = company.get("/call-logs/statistics?from_date=2026-03-08&to_date=2026-03-08&interval=hour").await;
    let told = told.data();
    assert_eq!((told["series"].as_array().unwrap().len(), &told["totals"]["calls"]), (23, &json!(2)));
    assert_eq!(
        (&told["by_hour"]["1"], &told["by_hour"]["2"], &told["by_hour"]["3"]),
        (&json!(1), &json!(0), &json!(1))
    );
    let told = company.get("/call-logs/statistics?from_date=2026-03-09&to_date=2026-03-31&interval=week").await;
    let starts: Vec<&Value> = told.data()["series"].as_array().unwrap().iter().map(|point| &point["start"]).collect();
    assert_eq!((starts.len(), starts[0]), (4, &json!("2026-03-09T04:00:00.000Z")));
    let told = company.ask("stranger", Method::GET, "/call-logs/statistics", None).await;
    assert_eq!((&told.data()["totals"]["calls"], &told.data()["totals"]["answer_rate"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn days_that_are_none_are_refused() {
    let company = Company::new().await;
    for query in [
        "from_date=2026-02-30",
        "to_date=yesterday",
        "from_date=2026-03-01T00:00:00Z",
        "from_date=2026-03-02&to_date=2026-03-01",
        "interval=month",
        "from_date=1900-01-01&to_date=2026-01-01",
        "from_date=2020-01-01&to_date=2026-01-01&interval=hour",
    ] {
        let answer = company.get(&format!("/call-logs/statistics?{query}")).await;
        assert_eq!((answer.status, &answer.body["code"]), (StatusCode::BAD_REQUEST, &json!("bad_request")), "{query}");
    }
    for query in ["from_date=2026-03-01", "to_date=2020-02-29", "from_date=2027-01-01", "from_date=&interval="] {
        let answer = company.get(&format!("/call-logs/statistics?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
    }
}

#[tokio::test]
async fn reporters_do_not_see_the_ends_of_numbers_where_those_are_hidden() {
    let company = with_calls().await;
    let numbers = async |who: &str| {
        let told = company.ask(who, Method::GET, "/call-logs/statistics", None).await;
        let tops = told.data()["top_numbers"].as_array().unwrap().clone();
        tops.iter().map(|top| top["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("reporter").await, ["+12125550123", "+442079460000"]);
    company.patch("/organization", &json!({ "mask_numbers": true })).await.data();
    assert_eq!(numbers("reporter").await, ["+12125550***", "+442079460***"]);
    assert_eq!(numbers("agent").await, ["+12125550123", "+442079460000"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_zone_cuts_the_days_anew() {
    // One that fetches, since such a company is one that does its jobs.
    let company = Company::reaching("127.0.0.1/32").await;
    apply(&company, vec![call("one", "+12125550123", "2026-03-08T06:30:00Z".parse().unwrap(), Disposition::Busy)])
        .await;
    let address = "/call-logs/statistics?from_date=2026-03-08&to_date=2026-03-08&interval=hour";
    let hours = async || {
        let told = company.get(address).await;
        told.data()["by_hour"].as_object().unwrap().iter().find(|(_, calls)| **calls == 1).map(|(hour, _)| hour.clone())
    };
    assert_eq!(hours().await.as_deref(), Some("1"));
    company.patch("/organization", &json!({ "timezone": "Asia/Kolkata" })).await.data();
    until("the days are cut anew", async || hours().await.filter(|hour| hour == "12")).await;
    let series = company.get(address).await.data()["series"].as_array().unwrap().clone();
    assert_eq!((series.len(), &series[0]["start"]), (24, &json!("2026-03-07T18:30:00.000Z")));
}
