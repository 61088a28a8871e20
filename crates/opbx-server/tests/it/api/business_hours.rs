//! Whether a schedule is open, and copies of it.

use super::company::Company;
use axum::http::{Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Monday to Tuesday from nine to five in New York, with a holiday list that closes the tenth of March.
async fn office(company: &Company) -> u64 {
    let list =
        json!({ "name": "Holidays", "days": [{ "date": "2026-03-10", "name": "Founders' Day", "type": "closed" }] });
    let list = company.post("/holiday-lists", &list).await.data()["id"].clone();
    let day = json!({ "enabled": true, "ranges": [{ "start": "09:00", "end": "17:00" }] });
    let hours = json!({
        "name": "Office", "schedule": { "monday": day, "tuesday": day }, "holiday_list_ids": [list],
        "open": { "type": "busy" }, "closed": { "type": "hangup" },
        "exceptions": [{ "date": "2026-03-16", "name": "Late start", "type": "special_hours",
            "ranges": [{ "start": "12:00", "end": "17:00" }] }],
    });
    company.post("/business-hours", &hours).await.data()["id"].as_u64().unwrap()
}

async fn asked(company: &Company, id: u64, at: &str) -> Value {
    company.get(&format!("/business-hours/{id}/status?at={at}")).await.data().clone()
}

#[tokio::test]
async fn a_schedule_tells_whether_it_is_open_why_and_until_when() {
    let company = Company::new().await;
    let id = office(&company).await;
    // The clock of the tests stands at ten o'clock in New York, on a Monday.
    let now = company.get(&format!("/business-hours/{id}/status")).await.data().clone();
    insta::assert_json_snapshot!(now);
    assert_eq!(asked(&company, id, "2026-03-09T14:00:00Z").await, now);
    assert_eq!(asked(&company, id, "2026-03-09T10:00:00-04:00").await, now);
    for (at, open, code, next) in [
        ("2026-03-09T21:00:00Z", false, "outside_of_ranges", "2026-03-16T16:00:00.000Z"),
        ("2026-03-10T15:00:00Z", false, "closed_by_exception", "2026-03-16T16:00:00.000Z"),
        ("2026-03-16T15:00:00Z", false, "outside_special_hours", "2026-03-16T16:00:00.000Z"),
        ("2026-03-16T16:00:00Z", true, "open_by_exception", "2026-03-16T21:00:00.000Z"),
        ("2026-03-15T15:00:00Z", false, "day_not_open", "2026-03-16T16:00:00.000Z"),
    ] {
        let told = asked(&company, id, at).await;
        assert_eq!((told["open"].as_bool(), told["because"]["code"].as_str()), (Some(open), Some(code)), "{at}");
        assert_eq!(told["next_change"], next, "{at}");
    }
    let holiday = asked(&company, id, "2026-03-10T15:00:00Z").await;
    assert_eq!(holiday["because"]["params"]["list"], "Holidays");
}

#[tokio::test]
async fn a_schedule_follows_what_a_person_set_and_the_zone() {
    let company = Company::new().await;
    let id = office(&company).await;
    let path = format!("/business-hours/{id}");
    let over = json!({ "override": { "mode": "closed", "until": "2026-03-09T15:00:00Z", "reason": "Fire drill" } });
    assert_eq!(company.patch(&path, &over).await.status, StatusCode::OK);
    let told = asked(&company, id, "2026-03-09T14:30:00Z").await;
    assert_eq!((&told["open"], &told["because"]["code"]), (&json!(false), &json!("forced_closed")));
    assert_eq!(told["next_change"], "2026-03-09T15:00:00.000Z");
    company.wait(SignedDuration::from_hours(2));
    assert_eq!(company.get(&format!("{path}/status")).await.data()["open"], true);
    // Nine o'clock in Berlin is before nine in New York.
    let change = json!({ "timezone": "Europe/Berlin", "override": null });
    assert_eq!(company.patch(&path, &change).await.status, StatusCode::OK);
    assert_eq!(asked(&company, id, "2026-03-09T08:30:00Z").await["open"], true);
    company.patch(&path, &json!({ "status": "inactive" })).await.data();
    let told = asked(&company, id, "2026-03-09T08:30:00Z").await;
    assert_eq!((&told["open"], &told["next_change"]), (&json!(false), &Value::Null));
    assert_eq!(told["because"]["code"], "hours_inactive");
}

#[tokio::test]
async fn an_instant_that_is_none_is_refused_and_a_schedule_that_is_none_is_not_found() {
    let company = Company::new().await;
    let id = office(&company).await;
    for at in ["tomorrow", "2026-03-09", "2026-03-09T10:00:00", "2026-03-09T10:00:00+01:00", "99999-01-01T00:00:00Z"] {
        let answer = company.get(&format!("/business-hours/{id}/status?at={at}")).await;
        assert_eq!((answer.status, &answer.body["code"]), (StatusCode::BAD_REQUEST, &json!("bad_request")), "{at}");
    }
    for at in ["9999-12-30T22:00:00Z", "-009999-01-02T02:00:00Z", "2026-03-09T10:00:00%2B01:00"] {
        assert!(asked(&company, id, at).await["open"].is_boolean(), "{at}");
    }
    assert_eq!(company.get("/business-hours/99/status").await.status, StatusCode::NOT_FOUND);
    let foreign = company.ask("stranger", Method::GET, &format!("/business-hours/{id}/status"), None).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_schedule_is_duplicated_under_a_free_name() {
    let company = Company::new().await;
    let id = office(&company).await;
    let original = company.get(&format!("/business-hours/{id}")).await.data().clone();
    let mut names = Vec::new();
    for of in [id, id] {
        let made = company.ask("admin", Method::POST, &format!("/business-hours/{of}/duplicate"), None).await;
        assert_eq!(made.status, StatusCode::CREATED);
        let location = format!("/api/v1/business-hours/{}", made.data()["id"]);
        assert_eq!(made.header("location"), location);
        let shown = company.get(&location["/api/v1".len()..]).await;
        assert_eq!((made.data(), made.header("etag")), (shown.data(), shown.header("etag")));
        for same in ["schedule", "exceptions", "holiday_list_ids", "open", "closed", "override", "timezone", "status"] {
            assert_eq!(made.data()[same], original[same], "{same}");
        }
        names.push(made.data()["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(names, ["Office (2)", "Office (3)"]);
    let log = company.get("/audit-log?object_type=business_hours").await;
    assert_eq!((&log.data()[0]["action"], &log.data()[0]["after"]["name"]), (&json!("created"), &json!("Office (3)")));
    assert_eq!(company.post("/business-hours/99/duplicate", &json!({})).await.status, StatusCode::NOT_FOUND);
}
