//! The log as a file of comma-separated values.

use super::calls::Told;
use super::company::Company;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use opbx_core::call_state::CallDirection;

const AT: &str = "2026-03-09T13:00:00Z";

async fn file(company: &Company, query: &str) -> Vec<Vec<String>> {
    let answer = company.get(&format!("/call-logs/export{query}")).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"call-logs.csv\"");
    let text = answer.body.as_str().unwrap();
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn the_file_has_a_header_and_a_row_for_each_call() {
    let company = Company::new().await;
    let busy = Told { word: "BUSY", duration: 3, ..Told::new("busy", "2026-03-09T13:10:00Z") };
    company.told([Told::new("one", AT).record(), busy.record()]).await;
    let rows = file(&company, "").await;
    insta::assert_snapshot!(rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n"));
    assert_eq!(file(&company, "?status=busy").await.len(), 2);
    assert_eq!(file(&company, "?status=failed").await.len(), 1, "the header alone");
    assert_eq!(company.get("/call-logs/export?status=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let company = Company::new().await;
    let texts = ["=1+1", "+1 212", "-2", "@SUM(A1)", "+12", "+1234567890123456", "+12125550100", "quoted \"one\", two"];
    let sessions: Vec<String> = texts.iter().map(|text| format!("={text}")).collect();
    let direction = CallDirection::Inbound;
    let told = sessions
        .iter()
        .zip(texts)
        .map(|(session, text)| Told { from: text, name: Some(text), direction, ..Told::new(session, AT) }.record());
    company.told(told).await;
    let rows = file(&company, "").await;
    let place = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    let cells = |name: &str| rows.iter().skip(1).rev().map(|row| row[place(name)].clone()).collect::<Vec<_>>();
    let wanted =
        ["'=1+1", "'+1 212", "'-2", "'@SUM(A1)", "'+12", "'+1234567890123456", "+12125550100", "quoted \"one\", two"];
    assert_eq!(cells("from_number"), wanted);
    assert_eq!(cells("caller_name"), wanted);
    assert!(cells("call_id").iter().all(|cell| cell.starts_with("'=")));
}

#[tokio::test]
async fn a_long_file_has_every_call_once() {
    let company = Company::new().await;
    let sessions: Vec<String> = (0..2_500).map(|number| format!("{number:04}")).collect();
    // Many of the same moment, so that the places between the pieces are among equals.
    let at: Vec<String> = (0..2_500).map(|number| format!("2026-03-09T13:{:02}:00Z", number / 700)).collect();
    company.told(sessions.iter().zip(&at).map(|(session, at)| Told::new(session, at).record())).await;
    let rows = file(&company, "").await;
    let mut seen: Vec<&str> = rows.iter().skip(1).map(|row| row[1].as_str()).collect();
    assert_eq!(seen.len(), 2_500);
    assert!(rows.iter().skip(1).is_sorted_by(
        |one, next| (&one[14], one[0].parse::<u64>().unwrap()) >= (&next[14], next[0].parse::<u64>().unwrap())
    ));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 2_500);
    let answer = company.ask("stranger", Method::GET, "/call-logs/export", None).await;
    assert_eq!(answer.body.as_str().unwrap().lines().count(), 1, "nobody else's");
}

#[tokio::test]
async fn so_many_files_of_an_organization_are_read_at_once() {
    let company = Company::new().await;
    let request = |who: &str| {
        let request = Request::get("/api/call-logs/export").header("authorization", company.bearer(who));
        company.open(request.body(Body::empty()).unwrap())
    };
    let going = [request("owner").await, request("agent").await];
    let third = request("owner").await;
    assert_eq!(
        (third.status(), &third.headers()["retry-after"]),
        (StatusCode::TOO_MANY_REQUESTS, &"10".parse().unwrap())
    );
    assert_eq!(request("stranger").await.status(), StatusCode::OK, "another organization has places of its own");
    drop(going);
    assert_eq!(request("owner").await.status(), StatusCode::OK);
}
