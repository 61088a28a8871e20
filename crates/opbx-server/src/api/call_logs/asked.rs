//! Which calls a query asks for, in which order, and what stretch of them.

use super::super::ApiState;
use super::super::crud::paging;
use super::super::dates::{Edge, Moment, unreadable};
use super::super::list::{ListQuery, QueryParameters};
use super::super::operation::Operation;
use super::mask::Numbers;
use super::words::DIRECTIONS;
use super::{cursor, sorting};
use crate::access::Caller;
use crate::problem::Problem;
use jiff::tz::TimeZone;
use opbx_core::call_state::{CallStatus, Disposition};
use opbx_store::{CallCursor, CallQuery, NumberFilter};
use serde_json::{Value, json};

/// The fewest digits that are looked for anywhere in a number.
const FEWEST_DIGITS: usize = 3;

/// What stretch of the calls is asked for.
pub(super) enum Paging {
    /// A page, counted from the beginning.
    Page(ListQuery),
    /// What follows a place, whatever was added before it meanwhile; `None`: from the beginning.
    After(Option<CallCursor>, ListQuery),
}

/// The stretch that a query asks for.
///
/// # Errors
///
/// [`Problem::BadRequest`].
pub(super) fn paging_of(parameters: &QueryParameters, query: &CallQuery) -> Result<Paging, Problem> {
    let page = parameters.page(&[])?;
    match parameters.get("cursor") {
        None => Ok(Paging::Page(page)),
        Some(_) if query.order.is_some() => Err(Problem::BadRequest(
            "A cursor goes through the log, newest first. Leave sort_by and sort_order out.".into(),
        )),
        Some("") => Ok(Paging::After(None, page)),
        Some(text) => Ok(Paging::After(Some(cursor::read(text)?), page)),
    }
}

/// The calls that a query asks for, with their order.
///
/// # Errors
///
/// [`Problem::BadRequest`] for a filter that cannot be read; when the store is away.
pub(super) async fn ordered(
    api: &ApiState,
    caller: &Caller,
    parameters: &QueryParameters,
    numbers: Numbers,
) -> Result<CallQuery, Problem> {
    let order = sorting::order(parameters, api.silent_since(), numbers);
    Ok(CallQuery { order, ..filtered(api, caller, parameters, numbers).await? })
}

/// The calls that a query asks for, newest first.
///
/// # Errors
///
/// As [`ordered`].
pub(super) async fn filtered(
    api: &ApiState,
    caller: &Caller,
    parameters: &QueryParameters,
    numbers: Numbers,
) -> Result<CallQuery, Problem> {
    let given = |name: &'static str| parameters.get(name).filter(|text| !text.is_empty()).map(|text| (name, text));
    let moment = |name| given(name).map(|(name, text)| Moment::read(text, name)).transpose();
    let (from, to) = (moment("from_date")?, moment("to_date")?);
    // Only days ask for the zone.
    let zone = match (from, to) {
        (Some(Moment::Day(_)), _) | (_, Some(Moment::Day(_))) => api.zone(caller).await?,
        _ => TimeZone::UTC,
    };
    let direction = |word: &str| DIRECTIONS.into_iter().find(|direction| direction.as_str() == word);
    let disposition = |word: &str| Disposition::ALL.into_iter().find(|disposition| disposition.as_str() == word);
    Ok(CallQuery {
        status: read(given("status"), CallStatus::parse)?,
        direction: read(given("direction"), direction)?,
        disposition: read(given("disposition"), disposition)?,
        from_number: given("from_number").map(number_filter).transpose()?,
        to_number: given("to_number").map(number_filter).transpose()?,
        extension: read(given("extension_id"), identifier)?,
        ring_group: read(given("ring_group_id"), identifier)?,
        phone_number: read(given("phone_number_id"), identifier)?,
        from: from.map(|moment| moment.at(Edge::Begins, &zone, "from_date")).transpose()?,
        before: to.map(|moment| moment.at(Edge::Ends, &zone, "to_date")).transpose()?,
        min_duration: read(given("min_duration"), |text| text.parse().ok())?,
        search: parameters.page(&[])?.query.search,
        unreturned: false,
        masked: numbers == Numbers::Masked,
        order: None,
    })
}

fn read<T>(given: Option<(&str, &str)>, parse: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    given.map(|(name, text)| parse(text).ok_or_else(|| unreadable(name))).transpose()
}

/// An identifier, as columns count.
fn identifier(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| (1..=i64::MAX.cast_unsigned()).contains(number))
}

/// With `+`, the beginning of a number; else digits anywhere in one. A `+` that was not escaped comes as a blank. What people
/// write between digits is left out: numbers are kept without.
fn number_filter((name, text): (&str, &str)) -> Result<NumberFilter, Problem> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if text.starts_with(['+', ' ']) {
        return Ok(NumberFilter::Prefix(format!("+{digits}")));
    }
    if digits.len() < FEWEST_DIGITS {
        let text = format!("The filter {name} needs a + or at least {FEWEST_DIGITS} digits.");
        return Err(Problem::BadRequest(text.into()));
    }
    Ok(NumberFilter::Contains(digits))
}

/// Describes the filters.
pub(super) fn with_filters(operation: Operation) -> Operation {
    let (text, id) = (json!({ "type": "string" }), json!({ "type": "integer", "format": "int64", "minimum": 1 }));
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let number = "With `+` the beginning of it, else digits that it contains, at least three.";
    let filters: [(&str, &str, Value); 11] = [
        ("status", "Only those that are there.", words(CallStatus::ALL.map(CallStatus::as_str).to_vec())),
        ("direction", "Only those that went this way.", words(DIRECTIONS.iter().map(|it| it.as_str()).collect())),
        ("disposition", "Only those that ended so.", words(Disposition::ALL.map(Disposition::as_str).to_vec())),
        ("from_number", "Who called.", text.clone()),
        ("to_number", "Whom they dialled.", text.clone()),
        ("extension_id", "Only calls of this extension.", id.clone()),
        ("ring_group_id", "Only calls in which this ring group rang first.", id.clone()),
        ("phone_number_id", "Only calls of this number of the organization.", id),
        ("from_date", "Not before this day of the organization, or instant.", text.clone()),
        ("to_date", "Up to this day, included, or before this instant.", text.clone()),
        ("min_duration", "Only those that took so many seconds.", json!({ "type": "integer", "minimum": 0 })),
    ];
    let told = |(name, about, schema): (&'static str, &str, Value)| match name {
        "from_number" | "to_number" => (name, format!("{about} {number}"), schema),
        _ => (name, about.to_owned(), schema),
    };
    let about = "The whole of a call_id, or a part of a number or of the caller's name.";
    let all = filters.into_iter().map(told).chain([("search", about.to_owned(), text)]);
    all.fold(operation, |operation, (name, about, schema)| operation.query(name, &about, schema))
}

/// Describes how stretches are asked for.
pub(super) fn with_paging(operation: Operation) -> Operation {
    let pages = paging().into_iter().take(2);
    let paged = pages.fold(operation, |operation, (name, about, schema)| operation.query(name, about, schema));
    let about =
        "What follows this place: next_cursor of an answer; empty: from the beginning. Nothing is counted then.";
    paged.query("cursor", about, json!({ "type": "string" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_beginning_or_digits_of_it() {
        let filter = |text| number_filter(("from_number", text)).ok();
        for (text, prefix) in [("+1415", "+1415"), (" 1415", "+1415"), ("+1 (415) 555", "+1415555"), ("+", "+")] {
            assert_eq!(filter(text), Some(NumberFilter::Prefix(prefix.into())), "{text}");
        }
        for (text, part) in [("415", "415"), ("(415) 555", "415555"), ("1001", "1001")] {
            assert_eq!(filter(text), Some(NumberFilter::Contains(part.into())), "{text}");
        }
        for text in ["41", "Ann", "%%%", "-"] {
            assert_eq!(filter(text), None, "{text}");
        }
    }
}
