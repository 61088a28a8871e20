//! Public holidays to choose from.

use super::company::Company;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

fn named<'d>(days: &'d Value, name: &str) -> Vec<&'d str> {
    let days = days.as_array().unwrap().iter().filter(|day| day["name"] == name);
    days.map(|day| day["date"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn public_holidays_can_be_posted_as_they_are() {
    let company = Company::new().await;
    let days = company.get("/holidays?country=US&year=2027").await.data().clone();
    assert_eq!(named(&days, "Thanksgiving Day"), ["2027-11-25"]);
    assert_eq!(days[0], json!({ "date": "2027-01-01", "name": "New Year's Day", "type": "closed" }));
    let made = company.post("/holiday-lists", &json!({ "name": "US 2027", "days": days })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    let count = |value: &Value| value.as_array().unwrap().len();
    assert_eq!(count(&made.data()["days"]), count(&days));
    // A reporter reads lists, and so what may be put into them.
    let told = company.ask("reporter", Method::GET, "/holidays?country=US&year=2027", None).await;
    assert_eq!(told.data(), &days);
}

#[tokio::test]
async fn every_year_of_every_country_can_be_posted() {
    let company = Company::new().await;
    let countries = company.get("/holidays/countries").await.data().clone();
    let countries = countries.as_array().unwrap();
    assert!(countries.len() >= 240, "{}", countries.len());
    let united_kingdom = countries.iter().find(|country| country["country"] == "GB").unwrap();
    assert_eq!(united_kingdom["regions"], json!(["ENG", "NIR", "SCT", "WLS"]));
    let list = company.post("/holiday-lists", &json!({ "name": "Any" })).await.data()["id"].clone();
    for (place, country) in countries.iter().enumerate() {
        let (code, year) = (country["country"].as_str().unwrap(), 2025 + place % 11);
        let days = company.get(&format!("/holidays?country={code}&year={year}")).await.data().clone();
        let answer = company.patch(&format!("/holiday-lists/{list}"), &json!({ "days": days })).await;
        assert_eq!(answer.status, StatusCode::OK, "{code} {year}: {answer:?}");
    }
}

#[tokio::test]
async fn a_region_has_its_own_days_and_what_is_absent_is_the_organizations() {
    let company = Company::new().await;
    for region in ["SCT", "sct", "GB-SCT"] {
        let days = company.get(&format!("/holidays?country=gb&region={region}&year=2026")).await.data().clone();
        assert_eq!(named(&days, "Saint Andrew's Day"), ["2026-11-30"], "{region}");
        assert!(named(&days, "Easter Monday").is_empty());
    }
    // The organization is in the United States, and its clock shows 2026.
    let days = company.get("/holidays").await.data().clone();
    assert_eq!(named(&days, "Thanksgiving Day"), ["2026-11-26"]);
}

#[tokio::test]
async fn what_is_not_known_is_refused_with_its_parameter() {
    let company = Company::new().await;
    for (query, parameter) in [
        ("country=ZZ&year=2026", "country"),
        ("country=USA&year=2026", "country"),
        ("country=%C3%A4%C3%A4&year=2026", "country"),
        ("country=US&region=ZZ&year=2026", "region"),
        ("country=US&region=GB-SCT&year=2026", "region"),
        ("country=US&year=2024", "year"),
        ("country=US&year=2036", "year"),
    ] {
        let answer = company.get(&format!("/holidays?{query}")).await;
        let fields: Vec<&String> = answer.errors().as_object().unwrap().keys().collect();
        assert_eq!(fields, [parameter], "{query}");
    }
    for year in ["x", "20x6", "99999999"] {
        let answer = company.get(&format!("/holidays?country=US&year={year}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{year}");
    }
}
