//! Public holidays to choose from, in the shape of the days of a holiday list.

use super::ApiState;
use super::answer::data;
use super::list::QueryParameters;
use super::operation::{Access, Operation, data as data_of};
use crate::access::{HolidayLists, Permit, Read};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use crate::public_holidays::{Unknown, YEARS, countries, public_holidays};
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use opbx_core::permission::{Action, Resource};
use serde_json::{Value, json};

const TAG: &str = "holiday-lists";

pub(super) fn operations() -> Vec<Operation> {
    let text = json!({ "type": "string" });
    let day = json!({
        "type": "object", "required": ["date", "name", "type"],
        "properties": {
            "date": { "type": "string", "format": "date" }, "name": { "type": "string", "minLength": 1, "maxLength": 255 },
            "type": { "type": "string", "enum": ["closed"] },
        },
        "example": { "date": "2026-11-26", "name": "Thanksgiving Day", "type": "closed" },
    });
    let country = json!({
        "type": "object", "required": ["country", "regions"],
        "properties": { "country": text, "regions": { "type": "array", "items": text } },
        "example": { "country": "GB", "regions": ["ENG", "NIR", "SCT", "WLS"] },
    });
    let may = Access::Right(Action::Read, Resource::HolidayLists);
    let list = |item: Value| data_of(json!({ "type": "array", "items": item }));
    vec![
        Operation::new(Method::GET, "/holidays", "list_public_holidays", list_holidays)
            .about(TAG, "List public holidays to choose from, as days of a holiday list")
            .access(may)
            .query(
                "country",
                "The ISO 3166 code of the country; the organization's where it is absent.",
                json!({ "type": "string", "examples": ["US"] }),
            )
            .query(
                "region",
                "The ISO 3166-2 code of a region, with or without the country; the whole country where it is absent.",
                json!({ "type": "string", "examples": ["CA"] }),
            )
            .query(
                "year",
                "Which year; the present one where it is absent.",
                json!({ "type": "integer", "minimum": YEARS.start(), "maximum": YEARS.end() }),
            )
            .answers_json(200, list(day))
            .refuses(&[422]),
        Operation::new(Method::GET, "/holidays/countries", "list_holiday_countries", list_countries)
            .about(TAG, "List the countries and regions whose public holidays are known")
            .access(may)
            .answers_json(200, list(country)),
    ]
}

/// `GET /holidays?country=&region=&year=`.
async fn list_holidays(
    State(api): State<ApiState>,
    permit: Permit<Read<HolidayLists>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let given = |name| parameters.get(name).map(str::trim).filter(|text| !text.is_empty());
    let country = match given("country") {
        Some(country) => country.to_ascii_uppercase(),
        None => api.tenant(&permit.caller).settings().await?.object.organization.country.to_string(),
    };
    let year = match given("year") {
        Some(year) => year.parse().map_err(|_| Problem::BadRequest("The parameter year must be a year.".into()))?,
        None => api.zone(&permit.caller).await?.to_datetime(api.now()).year(),
    };
    let region = given("region").map(str::to_ascii_uppercase);
    let own_prefix = format!("{country}-");
    let region = region.as_deref().map(|region| region.strip_prefix(&own_prefix).unwrap_or(region));
    let days = public_holidays(&country, region, year).map_err(|unknown| Problem::Invalid(error(unknown)))?;
    let day = |(date, name): (&jiff::civil::Date, &&str)| json!({ "date": date, "name": name, "type": "closed" });
    Ok(data(&days.iter().map(day).collect::<Vec<_>>()))
}

fn error(unknown: Unknown) -> FieldErrors {
    let (parameter, expected) = match unknown {
        Unknown::Country => ("country", "the ISO 3166 code of a country that GET /holidays/countries lists".to_owned()),
        Unknown::Region => {
            ("region", "the ISO 3166-2 code of a region that GET /holidays/countries lists for the country".to_owned())
        }
        Unknown::Year => ("year", format!("a year from {} to {}", YEARS.start(), YEARS.end())),
    };
    FieldErrors::one(parameter, FieldError::invalid(&expected))
}

/// `GET /holidays/countries`.
async fn list_countries(permit: Permit<Read<HolidayLists>>) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let country =
        |country: crate::public_holidays::Country| json!({ "country": country.code, "regions": country.regions() });
    Ok(data(&countries().map(country).collect::<Vec<_>>()))
}
